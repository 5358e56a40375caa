"""The plug point for formats: one line here and one module beside it for each kind of document."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, cast

from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..model import Document

READERS: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.DOCX: "docx",
        Kind.XLSX: "xlsx",
        Kind.XLS: "xls",
        Kind.ODT: "odt",
        Kind.ODS: "ods",
        Kind.HTML: "html",
        Kind.MHTML: "mhtml",
        Kind.PDF: "pdf",
        Kind.TEXT: "text",
    }
)
"""The module beside this one that reads a kind of document."""


class Reader(Protocol):
    """What each module of the registry offers."""

    def read(self, data: bytes) -> Document:
        """Return the document in the bytes. Raises `loader.errors.UnreadableDocument`."""


def reader_of(kind: Kind) -> Reader:
    """Return the module that reads a kind of document, imported when it is first asked for.

    All of them with the libraries they stand on take as long to import as a document to convert.
    """
    return cast("Reader", import_module(f".{READERS[kind]}", __package__))


def read(data: bytes) -> Document:
    """Return the document in the bytes, whatever its format.

    Raises `loader.errors.UnreadableDocument`, whose message says what the bytes are and what to do.
    """
    return reader_of(kind_of(data)).read(data)

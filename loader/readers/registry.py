"""The plug point for formats: one line here and one module beside it for each kind of document."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, cast

from ..model import Note, NoteKind
from ..programs import NO_PROGRAMS, Programs
from .kinds import OLD, Kind, kind_of

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
        Kind.DOC: "docx",
        Kind.WORKS: "docx",
        Kind.RTF: "docx",
    }
)
"""The module beside this one that reads a kind of document; old ones are made anew before (`renewal`)."""


class Reader(Protocol):
    """What each module of the registry offers."""

    def read(self, data: bytes) -> Document:
        """Return the document in the bytes. Raises `loader.errors.UnreadableDocument`."""


def reader_of(kind: Kind) -> Reader:
    """Return the module that reads a kind of document, imported when it is first asked for.

    All of them with the libraries they stand on take as long to import as a document to convert.
    """
    return cast("Reader", import_module(f".{READERS[kind]}", __package__))


def read(data: bytes, programs: Programs = NO_PROGRAMS) -> Document:
    """Return the document in the bytes, whatever its format; `programs` are those that may help to open it.

    Raises `loader.errors.UnreadableDocument`, whose message says what the bytes are and what to do.
    """
    kind = kind_of(data)
    if kind in OLD:
        return _read_old(data, kind, programs)
    return reader_of(kind).read(data)


def _read_old(data: bytes, kind: Kind, programs: Programs) -> Document:
    from .renewal import renewed

    made = renewed(data, kind, programs)
    document = reader_of(kind).read(made.data)
    losses = (Note(NoteKind.UNREAD_CONTENT, "", told=loss) for loss in made.losses)
    return replace(document, media_type=kind.value, renewed_by=made.program, notes=(*losses, *document.notes))

"""The plug point for formats: one line here and one module beside it for each kind of document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import docx, html, mhtml, ods, odt, pdf, text, xls, xlsx
from .kinds import Kind, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..model import Document

READERS: Mapping[Kind, Callable[[bytes], Document]] = {
    Kind.DOCX: docx.read,
    Kind.XLSX: xlsx.read,
    Kind.XLS: xls.read,
    Kind.ODT: odt.read,
    Kind.ODS: ods.read,
    Kind.HTML: html.read,
    Kind.MHTML: mhtml.read,
    Kind.PDF: pdf.read,
    Kind.TEXT: text.read,
}


def read(data: bytes) -> Document:
    """Return the document in the bytes, whatever its format.

    Raises `loader.errors.UnreadableDocument`, whose message says what the bytes are and what to do.
    """
    return READERS[kind_of(data)](data)

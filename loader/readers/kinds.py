"""What a file is, told by its content and never by its suffix."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

from ..errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    UnknownFormat,
    UnsafeDocument,
)
from . import limits
from .compound import SIGNATURE, Compound
from .encodings import decode
from .package import Package

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(Enum):
    """The kinds of documents that are read; the value is the media type."""

    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    XLS = "application/vnd.ms-excel"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    HTML = "text/html"
    MHTML = "multipart/related"
    PDF = "application/pdf"
    TEXT = "text/plain"
    DOC = "application/msword"
    WORKS = "application/vnd.ms-works"
    RTF = "application/rtf"


OLD: Final = frozenset({Kind.DOC, Kind.WORKS, Kind.RTF})
"""Kinds that are made anew as Word files of today before they are read."""


_PACKAGES: Mapping[str, Kind] = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}
"""The part that tells a zip container."""
_COMPOUNDS: Mapping[str, Kind] = {
    "WordDocument": Kind.DOC,
    "Workbook": Kind.XLS,
    "Book": Kind.XLS,
    "MatOST": Kind.WORKS,
    "MN0": Kind.WORKS,
}
"""The stream that tells an OLE compound file."""
_ENCRYPTED: Final = ("EncryptedPackage", "\x06DataSpaces", "\x09DRMContent")
"""Streams of a compound file that holds a document under a password or under rights management."""

_FOREIGN = (
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
)
_BIFF = re.compile(rb"^\x09(?:\x00\x04|[\x02\x04]\x06|\x08[\x08\x10])\x00")
"""A sheet of Excel 2 to 4, or a later one that some programs write without its container."""
_HEAD = 1 << 16
_BEFORE_TAGS = rb"^(?:\s|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<!--[^-]*(?:-(?!->)[^-]*)*-->|<\?[^>]*>)*"
"""Each repetition can match in one way only, so that nothing is tried twice."""
_PAGE = re.compile(
    _BEFORE_TAGS + rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|style|script|base"
    rb"|table|t[rdh]|thead|tbody|div|p|span|font|center|br|h[1-6]|ul|ol)[\s>/])",
    re.IGNORECASE | re.DOTALL,
)
_TABLE = re.compile(rb"<table[\s>]", re.IGNORECASE)
_CELL = re.compile(rb"<t[dh][\s>]", re.IGNORECASE)
_MHTML = re.compile(
    rb"^\s*[\w-]+:\s.*^content-type:\s*multipart/related", re.IGNORECASE | re.DOTALL | re.MULTILINE
)
_RTF = b"{\\rt"
_PDF = b"%PDF-"
_PDF_WITHIN = 1024
"""Bytes within which the mark of a PDF stands (ISO 32000-1, annex H.3.4.1): some servers write lines before it."""
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_READ_NOW = "what is read is Word, WPS, RTF, Excel, OpenDocument (.odt, .ods), PDF, web pages and text"


def kind_of(data: bytes) -> Kind:
    """Return what the bytes are; raise an `UnreadableDocument` that says what they are instead."""
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise EmptyDocument("the file is empty: download it again")
    if len(data) > limits.DOCUMENT_BYTES:
        raise UnsafeDocument(too_large(len(data), limits.DOCUMENT_BYTES))
    if data.startswith(_ZIP_STARTS):
        return _kind_of_container(data)
    if data.startswith(SIGNATURE):
        return _kind_of_compound(data)
    if _BIFF.match(data):
        return Kind.XLS
    if _PDF in data[:_PDF_WITHIN]:
        return Kind.PDF
    if data[:_PDF_WITHIN].lstrip().startswith(_RTF):
        return Kind.RTF
    _refuse_foreign(data)
    if (kind := _kind_of_page(data[:_HEAD].replace(b"\0", b""))) is not None:
        return kind
    if decode(data) is None:
        raise UnknownFormat(f"the file is neither a document nor text; {_READ_NOW}")
    return Kind.TEXT


def _kind_of_page(head: bytes) -> Kind | None:
    """Return what a file with tags is by its beginning: tags from the start on, or a table with cells."""
    if b"<?mso-application" in head:
        raise UnknownFormat(f"the file is an Office document of 2003 as XML: save it anew; {_READ_NOW}")
    if _MHTML.match(head):
        return Kind.MHTML
    table = _TABLE.search(head)
    is_page = _PAGE.match(head) or (table and _CELL.search(head, table.end()))
    return Kind.HTML if is_page else None


def too_large(size: int, most: int) -> str:
    """Return the message about a file of `size` bytes, more than the `most` that are read."""
    return (
        f"the file has {size / limits.MIB:.0f} MiB, more than the {most // limits.MIB} MiB "
        "that are read at most: split it into its documents"
    )


def _kind_of_container(data: bytes) -> Kind:
    package = Package(data)
    for part, kind in _PACKAGES.items():
        if part in package:
            return kind
    if "mimetype" in package and "content.xml" in package:
        return _kind_of_open_document(package.part("mimetype"))
    if "OFD.xml" in package:
        raise UnknownFormat(f"the file is an OFD document: save it as PDF; {_READ_NOW}")
    if "[Content_Types].xml" in package:
        raise UnknownFormat(
            f"the file is an office document but neither a Word text nor a workbook; {_READ_NOW}"
        )
    raise UnknownFormat(f"the file is a zip archive: unpack it first; {_READ_NOW}")


def _kind_of_open_document(media_type: bytes) -> Kind:
    """Return the kind of an OpenDocument by its first part; that of a template is the same."""
    name = media_type.decode("ascii", errors="replace").strip().removesuffix("-template")
    for kind in (Kind.ODT, Kind.ODS):
        if name == kind.value:
            return kind
    raise UnknownFormat(f"the file is an OpenDocument but neither a text nor a sheet; {_READ_NOW}")


def _kind_of_compound(data: bytes) -> Kind:
    """Return what an OLE compound file holds by the streams in its root, not by those of what it embeds."""
    with Compound(data) as compound:
        if any(name in compound for name in _ENCRYPTED):
            raise EncryptedDocument("the file is protected by a password: save it without one")
        for stream, kind in _COMPOUNDS.items():
            if stream in compound:
                return kind
        what = "slides (.ppt, .dps)" if "PowerPoint Document" in compound else "of no known program"
    raise UnknownFormat(f"the file is an old Office document, but {what}; {_READ_NOW}")


def _refuse_foreign(data: bytes) -> None:
    for magic, name in _FOREIGN:
        if data.startswith(magic):
            raise UnknownFormat(f"the file is {name}; {_READ_NOW}")
    if data[:2] == b"PK":
        raise DamagedDocument("the zip container is cut off or damaged: download or save the file again")

"""What a file is, told by its content and never by its suffix."""

from __future__ import annotations

from enum import Enum

from ..errors import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    UnknownFormat,
    UnsafeDocument,
)
from . import limits
from .encodings import decode
from .package import Package


class Kind(Enum):
    """The kinds of documents that are read; the value is the media type."""

    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    TEXT = "text/plain"


_FOREIGN = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTION = "EncryptedPackage".encode("utf-16-le")
_ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_READ_NOW = "what is read now is Word (.docx) and text"


def kind_of(data: bytes) -> Kind:
    """Return what the bytes are; raise an `UnreadableDocument` that says what they are instead."""
    if not data.strip(b"\x00\t\n\r \xef\xbb\xbf"):
        raise EmptyDocument("the file is empty: download it again")
    if len(data) > limits.DOCUMENT_BYTES:
        raise UnsafeDocument(too_large(len(data)))
    if data.startswith(_ZIP_STARTS):
        return _kind_of_container(data)
    _refuse_foreign(data)
    if decode(data) is None:
        raise UnknownFormat(f"the file is neither a document nor text; {_READ_NOW}")
    return Kind.TEXT


def too_large(size: int) -> str:
    """Return the message about a file of `size` bytes that is beyond the limit."""
    return (
        f"the file has {size / limits.MIB:.0f} MiB, more than the {limits.DOCUMENT_BYTES // limits.MIB} MiB "
        "that are read at most: split it into its documents"
    )


def _kind_of_container(data: bytes) -> Kind:
    package = Package(data)
    if "word/document.xml" in package:
        return Kind.DOCX
    if "[Content_Types].xml" in package:
        raise UnknownFormat(f"the file is an office document but not a Word text; {_READ_NOW}")
    raise UnknownFormat(f"the file is a zip archive: unpack it first; {_READ_NOW}")


def _refuse_foreign(data: bytes) -> None:
    if data.startswith(_OLE):
        if _OLE_ENCRYPTION in data[: limits.MIB]:
            raise EncryptedDocument("the file is protected by a password: save it without one")
        raise UnknownFormat(
            f"the file is an old Office document (.doc, .xls, .wps): save it as .docx; {_READ_NOW}"
        )
    for magic, name in _FOREIGN:
        if data.startswith(magic):
            raise UnknownFormat(f"the file is {name}; {_READ_NOW}")
    if data[:2] == b"PK":
        raise DamagedDocument("the zip container is cut off or damaged: download or save the file again")
    head = data[:1024].lstrip().lower()
    if head.startswith((b"<!doctype html", b"<html")):
        raise UnknownFormat(f"the file is a web page (HTML); {_READ_NOW}")

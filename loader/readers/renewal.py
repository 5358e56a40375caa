"""Files of old word processors, made anew as Word files of today, which are then read like any other.

msdoc2docx makes them of .doc and .wps since Word 97, the same on every machine; LibreOffice, where it is there, of
what msdoc2docx does not know (Word 6 and 95, RTF, Works).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ..errors import ConverterMissing, DamagedDocument, EncryptedDocument
from ..model import Wording
from . import libreoffice
from .compound import Compound
from .kinds import Kind
from .package import Package

if TYPE_CHECKING:
    from ..programs import Programs

_SUFFIXES: Final = {Kind.DOC: "doc", Kind.WORKS: "wps", Kind.RTF: "rtf"}
"""By which LibreOffice knows the kinds of old documents."""
_NAMES: Final = {
    Kind.DOC: "an old Word document (.doc, .wps)",
    Kind.WORKS: "a Works document (.wps)",
    Kind.RTF: "an RTF document (.rtf)",
}
_FLAGS, _ENCRYPTED_BIT = 11, 0x01
_LOSSES: Final = {
    "MALFORMED_TABLE_FLATTENED": Wording(
        "有表格不完整，读作文字", "a table is incomplete and was read as text"
    ),
    "TABLE_DEPTH_LIMITED": Wording(
        "有表格嵌套过深，读作文字", "tables are nested too deep and were read as text"
    ),
    "OLE_OBJECT_OMITTED": Wording("有嵌入的对象未能转换", "an embedded object could not be converted"),
}
"""What msdoc2docx reports of a document that a reader of it must know."""
_BROKEN: Final = (
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Renewed:
    """A Word file of today: its bytes, the program that made it, and what was lost on the way, in zh (and en)."""

    data: bytes
    program: str
    losses: tuple[Wording, ...] = ()


def renewed(data: bytes, kind: Kind, programs: Programs) -> Renewed:
    """Return an old document as a Word file of today.

    Raises `ConverterMissing` where no program is there that can, and other `UnreadableDocument`s where the document
    cannot be opened.
    """
    if kind is not Kind.DOC:
        return _by_libreoffice(data, kind, programs)
    _refuse_encrypted(data)
    try:
        return _by_msdoc2docx(data)
    except DamagedDocument as refusal:
        if programs.soffice is None:
            raise DamagedDocument(
                f"{refusal}: save it as .docx if Word opens it, or install LibreOffice, which knows older files"
            ) from refusal
        return _by_libreoffice(data, kind, programs)


def _refuse_encrypted(data: bytes) -> None:
    """Raise `EncryptedDocument` where a Word file says so (FibBase.fEncrypted, [MS-DOC] 2.5.2)."""
    with Compound(data) as compound:
        if any(byte & _ENCRYPTED_BIT for byte in compound.stream("WordDocument")[_FLAGS : _FLAGS + 1]):
            raise EncryptedDocument("the file is protected by a password: save it without one")


def _by_msdoc2docx(data: bytes) -> Renewed:
    from doc2docx.converter import convert  # the package doc2docx, another one, may lie over the front door
    from doc2docx.errors import Doc2DocxError

    with TemporaryDirectory(prefix="jixiao-") as name:
        old, new = Path(name, "old.doc"), Path(name, "new.docx")
        old.write_bytes(data)
        try:
            found = convert(old, new).report.diagnostics
        except (Doc2DocxError, *_BROKEN) as error:
            raise DamagedDocument(f"the Word file is damaged or older than Word 97 ({error})") from error
        codes = dict.fromkeys(diagnostic.code for diagnostic in found)
        losses = tuple(_LOSSES[code] for code in codes if code in _LOSSES)
        return Renewed(new.read_bytes(), f"msdoc2docx {version('msdoc2docx')}", losses)


def _by_libreoffice(data: bytes, kind: Kind, programs: Programs) -> Renewed:
    if kind is Kind.RTF and not data.rstrip(b"\x00\x1a\t\n\r ").endswith(b"}"):
        raise DamagedDocument("the RTF document is cut off: download it again")
    if programs.soffice is None:
        raise ConverterMissing(
            f"the file is {_NAMES[kind]}: save it as .docx, or install LibreOffice, which opens it "
            "(JIXIAO_SOFFICE names its program soffice where that is not on the PATH)"
        )
    made = libreoffice.as_word(programs.soffice, data, _SUFFIXES[kind])
    application = "docProps/app.xml"
    package = Package(made)
    told = package.part(application) if application in package else b""
    return Renewed(made, f"LibreOffice {libreoffice.version_of(told)}".strip())

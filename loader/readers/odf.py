"""What OpenDocument texts and sheets share: the container, the text of paragraphs, repeated and spanned cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from ..errors import EncryptedDocument
from .markup import attribute, local_name
from .package import Package

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

CONTENT: Final = "content.xml"
STYLES: Final = "styles.xml"
CELLS: Final = ("table-cell", "covered-table-cell")
"""A cell, and a position that a merged cell covers."""
_MANIFEST: Final = "META-INF/manifest.xml"
_ENCRYPTED: Final = b"encryption-data"
_ENTRY: Final = re.compile(rb"<[\w:]*file-entry\s([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb"""(?:\w+:)?([\w-]+)\s*=\s*["']([^"']*)["']""")
_EMBEDDED: Final = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.sun.star.oleobject",
)
_LENGTH: Final = re.compile(r"(\d{1,6}(?:\.\d{1,9})?)(cm|mm|in|pt|pc|px)")
_CENTIMETRES: Final = {"cm": 1.0, "mm": 0.1, "in": 2.54, "pt": 2.54 / 72, "pc": 2.54 / 6, "px": 2.54 / 96}
_LONGEST_COUNT: Final = 9
_MOST_SPACES: Final = 1_000
_PARAGRAPHS: Final = frozenset({"p", "h"})
_BLANKS: Final = {"tab": "\t", "line-break": "\n", "soft-page-break": ""}
# What is not shown where it stands: comments, footnotes, readings of characters, struck-out text, indexing marks.
_HIDDEN: Final = frozenset(
    {
        "annotation",
        "annotation-end",
        "note",
        "ruby-text",
        "tracked-changes",
        "deletion",
        "script",
        "forms",
        "sequence-decls",
        "shapes",
        "title",
        "desc",
    }
)


def opened(data: bytes) -> Package:
    """Return the container. Raises `EncryptedDocument` where its parts need a password."""
    package = Package(data)
    if _MANIFEST in package and _ENCRYPTED in package.part(_MANIFEST):
        raise EncryptedDocument("the file is protected by a password: save it without one")
    return package


def embedded(package: Package) -> list[str]:
    """Return the media types of the files that are embedded in a document; charts show what it says itself."""
    manifest = package.part(_MANIFEST) if _MANIFEST in package else b""
    entries = (_attributes(entry) for entry in _ENTRY.findall(manifest))
    types = [entry.get("media-type", "") for entry in entries if entry.get("full-path", "/") != "/"]
    return [name for name in types if name.startswith(_EMBEDDED)]


def _attributes(entry: bytes) -> dict[str, str]:
    return {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(entry)}


def centimetres(length: str) -> float:
    """Return a length as OpenDocument writes it, in centimetres; 0 where it is none.

    >>> centimetres("15.2cm"), centimetres("2in"), centimetres("50%")
    (15.2, 5.08, 0.0)
    """
    found = _LENGTH.fullmatch(length)
    return round(float(found[1]) * _CENTIMETRES[found[2]], 2) if found else 0.0


def count(element: Element, name: str, most: int) -> int:
    """Return how often a row or cell is repeated, or what it spans: at least 1, at most `most`."""
    value = attribute(element, name) or ""
    number = int(value) if value.isdecimal() and len(value) <= _LONGEST_COUNT else 1
    return max(1, min(number, most))


def text_of(cell: Element) -> str:
    """Return the paragraphs of a cell, a line each."""
    return "\n".join(map(paragraph, paragraphs(cell))).strip()


def paragraphs(parent: Element) -> Iterator[Element]:
    """Yield paragraphs and headings, those in lists and sections too; not those of tables inside."""
    for child in parent:
        name = local_name(child)
        if name in _PARAGRAPHS:
            yield child
        elif name and name != "table" and name not in _HIDDEN:
            yield from paragraphs(child)


def paragraph(element: Element) -> str:
    """Return the text of a paragraph; a text box inside is a line of its own."""
    return "".join(_runs(element))


def _runs(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        name = local_name(child)
        if name == "s":
            yield " " * count(child, "c", _MOST_SPACES)
        elif name in _BLANKS:
            yield _BLANKS[name]
        elif name in _PARAGRAPHS:
            yield from ("\n", *_runs(child), "\n")
        elif name and name not in _HIDDEN:
            yield from _runs(child)
        yield child.tail or ""

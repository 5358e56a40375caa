"""What a Word file prints around its body: the page headers and footers that its sections show, and footnotes."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Final

from .markup import attribute, local_name, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from .package import Package

_FOLDER: Final = "word"
_RELATIONS: Final = "word/_rels/document.xml.rels"
_SETTINGS: Final = "word/settings.xml"
_FOOTNOTES: Final = "word/footnotes.xml"
_REFERENCES: Final = ("headerReference", "footerReference")
_OFF: Final = frozenset({"0", "false", "off"})


def margin_paragraphs(package: Package, body: Element) -> Iterator[Element]:
    """Yield the paragraphs of headers, footers and footnotes; those of a text box stand in the one around it.

    Raises an `UnreadableDocument` where a part of them is not sound.
    """
    for part in dict.fromkeys((*_shown(package, body), _FOOTNOTES)):
        if part in package:
            paragraphs = parsed(package.part(part), part).iter("{*}p")
            yield from (one for one in paragraphs if next(one.iterancestors("{*}p"), None) is None)


def _shown(package: Package, body: Element) -> Iterator[str]:
    """Yield the parts that sections refer to; those of first and even pages where such pages are set apart."""
    targets = _targets(package)
    even = _sets_even_pages_apart(package)
    for section in body.iter("{*}sectPr"):
        apart = {"first": _is_on(section, "titlePg"), "even": even}
        for reference in section:
            if local_name(reference) in _REFERENCES and apart.get(attribute(reference, "type") or "", True):
                yield targets.get(attribute(reference, "id") or "", "")


def _targets(package: Package) -> dict[str, str]:
    """Return the parts that the body refers to, by the names it has for them."""
    if _RELATIONS not in package:
        return {}
    relations = parsed(package.part(_RELATIONS), _RELATIONS)
    return {one.get("Id", ""): posixpath.join("/", _FOLDER, one.get("Target", ""))[1:] for one in relations}


def _sets_even_pages_apart(package: Package) -> bool:
    return _SETTINGS in package and _is_on(parsed(package.part(_SETTINGS), _SETTINGS), "evenAndOddHeaders")


def _is_on(parent: Element, name: str) -> bool:
    return any(local_name(child) == name and attribute(child, "val") not in _OFF for child in parent)

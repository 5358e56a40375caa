"""The XML parts of office documents, whole or as a stream of elements: no DTD, no entities, no network."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, cast

from lxml import etree

from ..errors import DamagedDocument, UnsafeDocument
from . import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element


def stream(chunks: Iterable[bytes], part: str, *names: str) -> Iterator[Element]:
    """Yield each element with one of the local names when it ends; use it before the next one is asked for.

    Raises `DamagedDocument` where the XML is broken, `UnsafeDocument` where it declares a document type or has
    more than `limits.ELEMENT_BYTES` of markup without such an element.
    """
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{name}" for name in names],
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
    )
    try:
        yield from _events(parser, chunks, part)
        refuse_document_type(parser.close(), part)
    except etree.XMLSyntaxError as error:
        raise _damaged(part, error) from error


def _events(parser: etree.XMLPullParser, chunks: Iterable[bytes], part: str) -> Iterator[Element]:
    since = 0
    element: Element | None = None
    for chunk in chunks:
        parser.feed(chunk)
        since += len(chunk)
        for _, element in cast("Iterator[tuple[str, Element]]", parser.read_events()):
            if since:
                refuse_document_type(element, part)
                since = 0
            yield element
        if element is not None:
            _forget(element)
            element = None
        if since > limits.ELEMENT_BYTES:
            raise UnsafeDocument(
                f"the part {part} has more than {limits.ELEMENT_BYTES // limits.MIB} MiB in one piece: "
                "no office program writes that, so it is not read"
            )


def parsed(xml: bytes, part: str) -> Element:
    """Return the root of a part that is small enough to be read as a whole.

    Raises `DamagedDocument` where the XML is broken, `UnsafeDocument` where it declares a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged(part, error) from error
    refuse_document_type(root, part)
    return root


def _damaged(part: str, error: etree.XMLSyntaxError) -> DamagedDocument:
    return DamagedDocument(
        f"the part {part} is damaged ({error.msg}): open the file in its program and save it again"
    )


def local_name(element: Element) -> str:
    """Return the name of an element without its namespace, empty for a comment."""
    return _without_namespace(element.tag)


def attribute(element: Element, name: str) -> str | None:
    """Return an attribute by its local name, whatever its namespace (Strict OOXML has others)."""
    for key, value in element.items():
        if _without_namespace(key) == name:
            return str(value)
    return None


@lru_cache(maxsize=4096)
def _without_namespace(name: object) -> str:
    """Return the local part of a name, of which a document has few and asks often; that of a comment is none."""
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def refuse_document_type(element: Element, part: str) -> None:
    """Raise `UnsafeDocument` where a part declares a document type, and entities with it."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise UnsafeDocument(
            f"the part {part} declares a document type with entities, which no office program writes: "
            "it is not read"
        )


def _forget(element: Element) -> None:
    """Drop an element's content and all that stands before it."""
    element.clear()
    for owner in (element, *element.iterancestors()):
        parent = owner.getparent()
        while parent is not None and owner.getprevious() is not None:
            del parent[0]

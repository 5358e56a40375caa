"""One published document: where it is from, what it declares, and what the loader noticed in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loader.load_report_json import VERSION, from_json
from ontology.namespaces import JXI

from ..problems import NotFound
from .asking import ask, iri
from .things import page_of

if TYPE_CHECKING:
    from decimal import Decimal

    import pyoxigraph as ox

    from loader.load_report import LoadReport

    from ..answers import Row
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Declared:
    """Something that the document declares: its kind, its page behind the language, its name and budget in yuan."""

    kind: str
    """`declaration`, `evaluation` or `overall`: the first word of its identifier."""
    page: str
    year: str
    name: str
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class Document:
    """What the page of a document shows; texts are empty when unknown, dates are ISO texts."""

    key: str
    title: str
    file: str
    media_type: str
    year: str
    published: str
    loaded: str
    source: str
    declarations: tuple[Declared, ...]
    report: LoadReport | None
    """None where another version of the program loaded it."""


def document(store: Store, key: str) -> Document:
    """Return a document by its key, the first 16 digits of its SHA-256; `NotFound` when it is not loaded."""
    thing = iri(f"{JXI}disclosure/{key}")
    told = ask(store, "document", document=thing).rows
    if not told:
        raise NotFound(f"no document {key} is loaded")
    row = told[0]
    return Document(
        key=key,
        title=row.text("title") or row.text("ownTitle") or row.text("file") or key,
        file=row.text("file"),
        media_type=row.text("mediaType"),
        year=row.text("year"),
        published=row.text("published"),
        loaded=row.text("loaded"),
        source=row.text("source"),
        declarations=_declarations(store, thing),
        report=_report(row.text("loadReport")),
    )


def load_report(store: Store, key: str) -> LoadReport:
    """Return the load report of a document; `NotFound` when it is not loaded, or was by another version."""
    report = document(store, key).report
    if report is None:
        raise NotFound(f"document {key} was loaded by another version: load it again to see its report")
    return report


def _report(stored: str) -> LoadReport | None:
    told = json.loads(stored) if stored else {}
    return from_json(told) if told.get("version") == VERSION else None


def _declarations(store: Store, document_iri: ox.NamedNode) -> tuple[Declared, ...]:
    return tuple(
        _declared(store, row) for row in ask(store, "declarations-of-document", document=document_iri)
    )


def _declared(store: Store, row: Row) -> Declared:
    thing = row.text("declaration")
    local = thing.removeprefix(str(JXI))
    return Declared(
        kind=local.partition("/")[0],
        page=page_of(store, thing) or f"id/{local}",
        year=row.text("year"),
        name=row.text("name"),
        budget=row.number("budget"),
    )

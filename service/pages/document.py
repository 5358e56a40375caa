"""One published document: where it is from, what it declares, and what the loader noticed in it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from loader.load_report_json import VERSION, from_json
from ontology.namespaces import JXI

from ..problems import NotFound
from .asking import ask, iri
from .things import page_of

if TYPE_CHECKING:
    from decimal import Decimal

    from loader.load_report import LoadReport

    from ..answers import Row
    from ..negotiation import Language
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
    attachment: Attachment | None
    """Of a self-evaluation; None for all else."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """What a self-evaluation was attached to: the declaration's page (empty: none), how and by what it was found."""

    page: str
    match: str
    evidence: str
    results: int
    answering: int
    """Results that answer to a declared indicator."""


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


def document(store: Store, key: str, language: Language) -> Document:
    """Return a document by its key, the first 16 digits of its SHA-256; `NotFound` when it is not loaded."""
    thing = _named(key)
    row = _told(store, key)
    return Document(
        key=key,
        title=row.text("title") or row.text("ownTitle") or row.text("file") or key,
        file=row.text("file"),
        media_type=row.text("mediaType"),
        year=row.text("year"),
        published=row.text("published"),
        loaded=row.text("loaded"),
        source=row.text("source"),
        declarations=_declarations(store, thing, language),
        report=_report(row.text("loadReport")),
    )


def load_report(store: Store, key: str) -> LoadReport:
    """Return the load report of a document; `NotFound` when it is not loaded, or was by another version."""
    report = _report(_told(store, key).text("loadReport"))
    if report is None:
        raise NotFound(f"document {key} was loaded by another version: load it again to see its report")
    return report


def _told(store: Store, key: str) -> Row:
    rows = ask(store, "document", document=_named(key)).rows
    if not rows:
        raise NotFound(f"no document {key} is loaded")
    return rows[0]


def _named(key: str) -> ox.NamedNode:
    return iri(f"{JXI}disclosure/{key}")


def _report(stored: str) -> LoadReport | None:
    told = json.loads(stored) if stored else {}
    return from_json(told) if told.get("version") == VERSION else None


def _declarations(store: Store, document_iri: ox.NamedNode, language: Language) -> tuple[Declared, ...]:
    told = ask(store, "declarations-of-document", document=document_iri, language=ox.Literal(language))
    return tuple(_declared(store, row) for row in told)


def _declared(store: Store, row: Row) -> Declared:
    thing = row.text("declaration")
    local = thing.removeprefix(str(JXI))
    return Declared(
        kind=local.partition("/")[0],
        page=page_of(store, thing) or f"id/{local}",
        year=row.text("year"),
        name=row.text("name"),
        budget=row.number("budget"),
        attachment=_attachment(store, row) if row.text("match") else None,
    )


def _attachment(store: Store, row: Row) -> Attachment:
    declaration = row.text("attachedTo")
    return Attachment(
        page=(page_of(store, declaration) or "") if declaration else "",
        match=row.text("match"),
        evidence=row.text("evidence"),
        results=row.count("results"),
        answering=row.count("answering"),
    )

"""One published document: where it is from, what it declares, and what the loader noticed in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from ontology.namespaces import JXI

from ..problems import NotFound
from .asking import ask, iri

if TYPE_CHECKING:
    from decimal import Decimal

    from ..negotiation import Language
    from ..store import Store


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration of the document: key of the project, its name and its budget in yuan."""

    key: str
    year: str
    version: str
    name: str
    budget: Decimal | None


@dataclass(frozen=True, slots=True)
class Note:
    """Something the loader noticed: what kind of thing, its text, and where it stands as far as that is known."""

    kind: str
    text: str
    line: str
    page: str
    sheet: str
    address: str


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
    notes: tuple[Note, ...]


def document(store: Store, key: str, language: Language) -> Document:
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
        notes=tuple(
            Note(*(note.text(name) for name in ("kind", "text", "line", "page", "sheet", "address")))
            for note in ask(store, "notes-of-document", document=thing, language=ox.Literal(language))
        ),
    )


def _declarations(store: Store, document_iri: ox.NamedNode) -> tuple[Declared, ...]:
    declared = []
    for row in ask(store, "declarations-of-document", document=document_iri):
        local = row.text("declaration").removeprefix(f"{JXI}declaration/")
        key, year, version = local.split("/")
        declared.append(Declared(key, year, version, row.text("name"), row.number("budget")))
    return tuple(declared)

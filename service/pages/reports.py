"""The report on what is loaded, as `jixiao check` tells it: of everything, or of a unit or department."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rdflib import URIRef

import shapes
from ontology import identifiers
from ontology.namespaces import JXI

from ..loading import comparing, judging
from ..problems import TooMuch
from .asking import ask

if TYPE_CHECKING:
    from ..store import Store
    from .quality import Chosen

MOST_DOCUMENTS: Final = 100
"""More take too long for one request: a report is no stream, for what stands first in it (the means, the ranking,
what is in every project) needs all the rest. With 225 findings each, 100 documents take 5 s of CPU to gather and 17 s
to write as a spreadsheet; to gather them takes a minute where a program of another version told the reports, until
`jixiao check` tells them anew."""


def report(store: Store, chosen: Chosen) -> shapes.Report:
    """Return the report on the documents and rules that were chosen. Raises `TooMuch`."""
    documents = ask(store, "documents-of-body", **chosen.terms("anyBody", "body"), limit=MOST_DOCUMENTS + 1)
    if len(documents) > MOST_DOCUMENTS:
        raise TooMuch(
            f"a report is made of at most {MOST_DOCUMENTS} documents here: choose a unit or department (unit=…), "
            "or have the report on the whole store written beside it, by `jixiao check STORE -o report.xlsx`"
        )
    graphs = [str(_graph(row.text("document"))) for row in documents]
    told = shapes.merged([judging.report_on(store, graphs), comparing.found_before(store)])
    if chosen.unit:
        told = told.on_body(URIRef(f"{JXI}unit/{chosen.unit}"))
    return told.chosen(_choice(chosen))


def _graph(document: str) -> URIRef:
    return identifiers.disclosure_graph(identifiers.key_of_disclosure(document))


def _choice(chosen: Chosen) -> shapes.Choice:
    if not chosen.rule and not chosen.severity:
        return shapes.Choice()
    return shapes.Choice(frozenset(rule.id for rule in shapes.rules().values() if _is_chosen(rule, chosen)))


def _is_chosen(rule: shapes.Rule, chosen: Chosen) -> bool:
    named = not chosen.rule or str(rule.iri).rpartition("/")[2] == chosen.rule
    return named and (not chosen.severity or rule.severity == chosen.severity)

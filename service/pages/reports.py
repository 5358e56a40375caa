"""The report on what is loaded, as `jixiao check` tells it: of everything, or of a unit or department."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from rdflib import URIRef

import shapes
from ontology import identifiers
from ontology.namespaces import JXI

from .. import check_reports
from ..loading import comparing, judging
from .asking import ask

if TYPE_CHECKING:
    from ..negotiation import Language
    from ..store import Store
    from .quality import Chosen


def report(store: Store, chosen: Chosen) -> shapes.Report:
    """Return the report on the documents and rules that were chosen."""
    documents = ask(store, "documents-of-body", **chosen.terms("anyBody", "body"))
    graphs = [str(_graph(row.text("document"))) for row in documents]
    told = shapes.merged([judging.report_on(store, graphs), comparing.found_before(store)])
    if chosen.unit:
        told = told.on_body(URIRef(f"{JXI}unit/{chosen.unit}"))
    return told.chosen(_choice(chosen))


def write(
    store: Store, answer: IO[bytes], *, chosen: Chosen, suffix: str, language: Language, site: str
) -> None:
    """Write the report in the format of a suffix; its cells lead to `site`."""
    answer.writelines(check_reports.pieces(report(store, chosen), suffix, language, site))


def _graph(document: str) -> URIRef:
    return identifiers.disclosure_graph(identifiers.key_of_disclosure(document))


def _choice(chosen: Chosen) -> shapes.Choice:
    if not chosen.rule and not chosen.severity:
        return shapes.Choice()
    return shapes.Choice(frozenset(rule.id for rule in shapes.rules().values() if _is_chosen(rule, chosen)))


def _is_chosen(rule: shapes.Rule, chosen: Chosen) -> bool:
    named = not chosen.rule or str(rule.iri).rpartition("/")[2] == chosen.rule
    return named and (not chosen.severity or rule.severity == chosen.severity)

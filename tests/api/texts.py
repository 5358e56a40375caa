"""What schemathesis sends where no schema can describe the text: SPARQL, RDF, IRIs, names of things."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import schemathesis
from hypothesis import strategies as st

_NAMES = st.text(
    st.characters(codec="utf-8", categories=["L", "N"]),
    min_size=1,
)
_IRIS = st.builds("http://e.org/{}".format, _NAMES)
_STRINGS = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters='"\\'))
_QUERIES = st.one_of(
    st.builds('SELECT ?s {{ ?s ?p "{}" }}'.format, _STRINGS),
    st.builds("ASK {{ <{}> ?p ?o }}".format, _IRIS),
    st.builds("CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}".format, _IRIS),
    st.builds("DESCRIBE <{}>".format, _IRIS),
)
_UPDATES = st.one_of(
    st.builds(
        'INSERT DATA {{ GRAPH <{}> {{ <http://e.org/s> <http://e.org/p> "{}" }} }}'.format, _IRIS, _STRINGS
    ),
    st.builds("DELETE WHERE {{ GRAPH <{}> {{ ?s ?p ?o }} }}".format, _IRIS),
    st.builds("DROP SILENT GRAPH <{}>".format, _IRIS),
)
_TURTLE = st.builds('<{}> <http://e.org/p> "{}" .'.format, _IRIS, _STRINGS)
_JSON_LD = st.builds('{{"@id": "{}", "http://e.org/p": "{}"}}'.format, _IRIS, _STRINGS)
_RDF_XML = st.builds(
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">'
    "<rdf:Description><e:p>{}</e:p></rdf:Description></rdf:RDF>".format,
    st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="<>&")),
)
_ASKED = st.fixed_dictionaries(
    {"query": st.text(st.characters(codec="utf-8"), max_size=400)},
    optional={
        "type": st.sampled_from(["BudgetUnit", "https://w3id.org/jixiao/def/Project", "Person"]),
        "limit": st.integers(1, 60),
        "properties": st.lists(
            st.fixed_dictionaries({"pid": st.sampled_from(["inDivision", "unitCode", "x"]), "v": _NAMES}),
            max_size=2,
        ),
    },
)
_RECONCILED = st.dictionaries(_NAMES, _ASKED, max_size=3).map(json.dumps)
_EXTENDED = st.fixed_dictionaries(
    {
        "ids": st.lists(st.just("https://w3id.org/jixiao/id/unit/130202/205") | _IRIS, max_size=3),
        "properties": st.lists(
            st.fixed_dictionaries({"id": st.sampled_from(["inDivision", "unitCode", "x"])}), max_size=3
        ),
    }
).map(json.dumps)
_BODIES = {
    "application/sparql-query": _QUERIES,
    "application/sparql-update": _UPDATES,
    "text/turtle": _TURTLE,
    "application/n-triples": _TURTLE,
    "application/trig": _TURTLE,
    "application/n-quads": _TURTLE,
    "application/ld+json": _JSON_LD,
    "application/rdf+xml": _RDF_XML,
}
_KNOWN = {
    "/queries/{name}": {"name": "large-projects"},
    "/queries/{name}.{suffix}": {"name": "budgets-by-unit-and-year"},
    "/data/{kind}/{path}.{suffix}": {"kind": "id", "path": "project/13020225P00911610001G"},
    "/id/{path}": {"path": "project/13020225P00911610001G"},
    "/def/{path}": {"path": "Declaration"},
    "/code/{path}": {"path": "comparator"},
    "/shape/{path}": {"path": "CO-01"},
    "/graph-store/{path}": {"path": "disclosure/cf8c4de81de73a86"},
    "/{language}/reconcile/suggest/{kind}": {"kind": "entity"},
    "/{language}/projects/{key}.{suffix}": {"key": "13020225P00911610001G"},
    "/{language}/documents/{key}.{suffix}": {"key": "cf8c4de81de73a86"},
}
"""What is there in the examples, by operation."""

schemathesis.openapi.format("iri", _IRIS)
schemathesis.openapi.format("sparql-query", _QUERIES)
schemathesis.openapi.format("sparql-update", _UPDATES)
schemathesis.openapi.format("reconciliation-queries", _RECONCILED)
schemathesis.openapi.format("reconciliation-extend", _EXTENDED)
schemathesis.openapi.format("rdf", st.one_of(_TURTLE, _JSON_LD))
for media_type, texts in _BODIES.items():
    schemathesis.openapi.media_type(media_type, texts.map(str.encode))


@schemathesis.hook
def map_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Name what is loaded in every second case; what is invented names nothing."""
    known = _KNOWN.get(context.operation.path)
    if not (path_parameters and known):
        return path_parameters
    chance = hashlib.sha256(repr(sorted(path_parameters.items())).encode()).digest()[0]
    return path_parameters | known if chance % 2 else path_parameters


@schemathesis.check
def every_status_is_named(ctx: Any, response: Any, case: Any) -> None:
    """No answer is described by `default` alone, but 405 and 501, which are of no operation."""
    named = case.operation.definition.raw["responses"]
    assert response.status_code in {405, 501} or str(response.status_code) in named, (
        f"{response.status_code} is not among {', '.join(named)}"
    )

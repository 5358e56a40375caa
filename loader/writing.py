"""Quads in the formats people ask for: N-Quads and TriG keep the named graphs, Turtle and N-Triples do not."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rdflib import Dataset, Graph

from ontology.namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {".nq": "nquads", ".trig": "trig", ".ttl": "turtle", ".nt": "nt"}
)
"""Suffix → the name of the format."""


def write(nquads: bytes, suffix: str) -> bytes:
    """Return quads in the format of a suffix of `FORMATS`."""
    if suffix == ".nq":
        return nquads
    dataset = Dataset()
    dataset.parse(data=nquads, format="nquads")
    target: Graph = dataset if suffix == ".trig" else _merged(dataset)
    for prefix, namespace in PREFIXES.items():
        target.bind(prefix, namespace)
    return target.serialize(format=FORMATS[suffix], encoding="utf-8")


def _merged(dataset: Dataset) -> Graph:
    merged = Graph()
    for subject, predicate, value, _ in dataset.quads():
        merged.add((subject, predicate, value))
    return merged

"""The words: what a published table of performance targets speaks of, and how it says it.

The Turtle files beside this one state classes and properties, the code lists, the labels that forms print
(`labels.ttl`: one more province's wording is one more line there) and the words and limits of the rules
(`words.ttl`). `conventions.ttl` is what they keep to themselves.

- `namespaces`: the closed namespace `JX` and the one prefix table; `rdf_text`: RDF as text → triples
- `identifiers`: every IRI the project mints
- `vocabulary`: the graph, the labels, the concepts behind printed words
- `project_codes`: the parts, the check and the repairs of a code; `places`: where something stands in a document
- `units`: how values are measured; `divisions`: where a public body is

This room knows no other. Nothing is read before it is asked for.
"""

from . import divisions, identifiers, units
from .divisions import Division
from .namespaces import JX, JXC, JXG, JXI, JXS, PREFIXES
from .units import Unit
from .vocabulary import concept_by_label, field_labels, graph, normalise_label, nquads, threshold, words

__all__ = [
    "JX",
    "JXC",
    "JXG",
    "JXI",
    "JXS",
    "PREFIXES",
    "Division",
    "Unit",
    "concept_by_label",
    "divisions",
    "field_labels",
    "graph",
    "identifiers",
    "normalise_label",
    "nquads",
    "threshold",
    "units",
    "words",
]

"""Columns that are headed by our own words: a term of the ontology by its name or label, or a column of our tables.

A word that is none of ours is a property of the data set itself. Imported by `tables`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final

from rdflib import OWL, RDF, RDFS, XSD, URIRef

from ontology import identifiers
from ontology.namespaces import PREFIXES
from ontology.vocabulary import graph
from queries.tables import Datatype, tables

from .columns import LEXICAL, Column

if TYPE_CHECKING:
    from collections.abc import Mapping

_UNFIT: Final = re.compile(r"[\s<>\"{}|^`\\%/#?\x00-\x1f]+")
_DATATYPES: Final[Mapping[Datatype, str]] = {
    Datatype.STRING: "string",
    Datatype.CODE: "string",
    Datatype.IRI: "anyURI",
    Datatype.INTEGER: "integer",
    Datatype.DECIMAL: "decimal",
    Datatype.YEAR: "gYear",
    Datatype.DATE: "date",
    Datatype.BOOLEAN: "boolean",
}


def column_of(head: str, name: str) -> Column:
    """Return the column of a data set, by its name, that is headed so."""
    known = _terms().get(_compared(head))
    if known is not None:
        return Column(head, known.property, known.datatype)
    local = _UNFIT.sub("-", head.strip())
    own = str(identifiers.part(identifiers.dataset(name), "column", local))
    flat = _of_tables().get(_compared(head), "string")
    return Column(head, own, flat)


def is_known(head: str) -> bool:
    """Return whether a column is headed by a word of ours.

    >>> is_known("项目编码"), is_known("fiscal_year"), is_known("unit_code"), is_known("鸟的种数")
    (True, True, True, False)
    """
    return _compared(head) in _terms() or _compared(head) in _of_tables()


def _compared(head: str) -> str:
    """Return a head as it is compared: `fiscal_year`, `Fiscal Year` and `fiscalYear` are one."""
    return re.sub(r"[\s_]+", "", unicodedata.normalize("NFKC", head)).casefold()


@cache
def _terms() -> Mapping[str, Column]:
    """Return our properties that have a value of a datatype, by what they are called."""
    found: dict[str, Column] = {}
    ontology = graph()
    for term in map(URIRef, sorted(map(str, ontology.subjects(RDF.type, OWL.DatatypeProperty)))):
        if term.startswith(PREFIXES["jx"]):
            column = Column("", str(term), _datatype(ontology.value(term, RDFS.range)))
            for called in (term.removeprefix(PREFIXES["jx"]), *map(str, ontology.objects(term, RDFS.label))):
                found.setdefault(_compared(called), column)
    return found


def _datatype(values: object) -> str:
    local = str(values).removeprefix(str(XSD))
    return local if local in LEXICAL else "string"


@cache
def _of_tables() -> Mapping[str, str]:
    """Return the datatypes of the columns of our flat tables, by their names and titles."""
    return {
        _compared(called): "string" if column.separator else _DATATYPES[column.type]
        for table in tables().values()
        for column in table.columns.values()
        for called in (column.name, column.title.zh, column.title.en)
    }

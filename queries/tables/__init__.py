"""The graph as flat tables: one SPARQL file each, with a header that says of every column what it is.

A table is a file such as `indicators.rq`: YAML in `#+` lines gives titles, descriptions, datatypes and units of its
columns in both languages, below stands plain SPARQL that asks for all rows. It begins at the wholes that `each` names
(declarations, evaluations, reports); binding names some of them, so that a table is asked a batch at a time.

>>> table = tables()["indicators"]
>>> sparql = table.bind(["https://w3id.org/jixiao/id/declaration/13020225P00911610001G/2025/initial"], "zh")
"""

from __future__ import annotations

from .definitions import tables
from .table import Column, Datatype, Table

__all__ = ["Column", "Datatype", "Table", "tables"]

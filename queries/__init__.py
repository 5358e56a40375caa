"""The questions: one SPARQL file each, with a header that is proved against its body.

A question is a file such as `budgets-per-village.rq`: YAML in `#+` lines says what it asks and what its
parameters and columns are, below stands plain SPARQL. The catalogue reads a folder of them; binding puts
typed terms in the places of the parameters and gives back text. What runs it is somebody else's matter.

>>> question = catalogue()["budgets-by-unit-and-year"]
>>> sparql = question.bind(year="2025", unit="203001")
"""

from __future__ import annotations

from .catalogue import RESERVED, catalogue, catalogue_with
from .errors import (
    BindingError,
    MissingParameterError,
    QueryError,
    QueryFileError,
    UnfitValueError,
    UnknownParameterError,
)
from .parameters import Bilingual, Parameter, Type
from .query import Need, Query

__all__ = [
    "RESERVED",
    "Bilingual",
    "BindingError",
    "MissingParameterError",
    "Need",
    "Parameter",
    "Query",
    "QueryError",
    "QueryFileError",
    "Type",
    "UnfitValueError",
    "UnknownParameterError",
    "catalogue",
    "catalogue_with",
]

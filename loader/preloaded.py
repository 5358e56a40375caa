"""Importing this reads everything that converting a document needs: what workers are forked from, once for all.

Nobody imports it by hand: `workers.Workers` names it to the server that forks.
"""

from ontology import divisions, units, vocabulary

from . import conversion
from .readers import registry

for _kind in registry.READERS:
    registry.reader_of(_kind)
vocabulary.field_labels()
units.unit("元")
divisions.find("唐山市")

__all__ = ["conversion"]

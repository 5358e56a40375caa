"""The seam between the service and whatever keeps the triples.

A store does two things: `query` reads (text in, bytes out, in the media type asked for) and `apply` changes
(several graphs at once, all visible together or none). Everything else - replacing one graph, exporting all -
is said in these two, so the embedded store and any SPARQL 1.1 endpoint behave alike, and a new kind of store
is a class of two short methods:

    store = open_store("file:///srv/jixiao/store")      # or memory:, or https://host/sparql
    store.apply(Changes(emptied=(graph,), added=nquads))
    store.query("SELECT (COUNT(*) AS ?n) { ?d a jx:Declaration }", "text/csv")

The default graph of every query is the union of the named graphs. Only the reading forms of SPARQL pass, and
SERVICE only to endpoints that whoever opens a store to serve it has allowed: it fetches.
"""

from __future__ import annotations

from .access import Access
from .asker import Asker
from .bounds import Bounds, Most
from .errors import (
    AnswerTooLarge,
    BackupDamaged,
    ChangeRefused,
    EndpointFailed,
    EndpointTooSlow,
    NoSnapshot,
    QueryAbandoned,
    QueryRefused,
    QuerySyntaxError,
    QueryTooDemanding,
    QueryTooLong,
    ServiceStopping,
    StoreBusy,
    StoreError,
    StoreLocked,
    StoreUnavailable,
    TooManyQueries,
    UnsuitableFormat,
    UpdateTooDemanding,
    UpdateTooLong,
)
from .formats import GRAPH_FORMATS, ROW_FORMATS, formats_of, rdf_format
from .interface import EVERYTHING, Changes, Dataset, Opening, Store
from .line import Line
from .opening import folder_of, open_store, open_to_read, open_to_serve
from .places import Places, Wanted
from .query_text import Form, form_of

__all__ = [
    "EVERYTHING",
    "GRAPH_FORMATS",
    "ROW_FORMATS",
    "Access",
    "AnswerTooLarge",
    "Asker",
    "BackupDamaged",
    "Bounds",
    "ChangeRefused",
    "Changes",
    "Dataset",
    "EndpointFailed",
    "EndpointTooSlow",
    "Form",
    "Line",
    "Most",
    "NoSnapshot",
    "Opening",
    "Places",
    "QueryAbandoned",
    "QueryRefused",
    "QuerySyntaxError",
    "QueryTooDemanding",
    "QueryTooLong",
    "ServiceStopping",
    "Store",
    "StoreBusy",
    "StoreError",
    "StoreLocked",
    "StoreUnavailable",
    "TooManyQueries",
    "UnsuitableFormat",
    "UpdateTooDemanding",
    "UpdateTooLong",
    "Wanted",
    "folder_of",
    "form_of",
    "formats_of",
    "open_store",
    "open_to_read",
    "open_to_serve",
    "rdf_format",
]

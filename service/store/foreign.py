"""What engines at other addresses send, as this service understands it: the one place of what is peculiar to each.

Rows are asked for in SPARQL's XML and graphs in N-Triples, and written anew in the format that was asked for here:
so rows that were cut off are an error (they cannot be read), as is a graph unless it ends between two statements,
and all stores give the same bytes. Virtuoso 7.2 is why more is said here than that:

- ASK answers with a row where it is true and with none where it is not, blank nodes are called `nodeID://…`, and
  its JSON has booleans as 1 and 0;
- an answer with more rows than `ResultSetMaxRows` is cut off there, with a header and status 200, and one that was
  not done at `MaxQueryExecutionTime` likewise;
- graphs of its own stand beside those of the data;
- its functions (`bif:`, `sql:`) reach into the machine, and `define` into its inside.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from .errors import AnswerTooLarge, EndpointFailed, EndpointTooSlow, QueryRefused
from .formats import GRAPH_FORMATS, ROW_FORMATS, rdf_format, row_format
from .pieces import with_blank_nodes
from .query_text import Form, readings, syntax_error, tokens
from .serialising import graph_serialised, serialised

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .bounds import Most
    from .endpoint import Sent

ROWS: Final = ROW_FORMATS["xml"]
GRAPHS: Final = f"{GRAPH_FORMATS['nt']}, {GRAPH_FORMATS['ttl']};q=0.5"
_BLANK_NODE: Final = re.compile(rb"(?<=<bnode>)[^<]+(?=</bnode>)")
_NOT_OF_A_NAME: Final = re.compile(rb"[^A-Za-z0-9]")
_WHOLE: Final = re.compile(rb"</(\w+:)?sparql>\s*$")
_ASKS: Final = b'<variable name="__ASK_RETVAL"/>'
_SAYS_YES: Final = re.compile(rb'<binding name="__ASK_RETVAL">\s*<literal[^>]*>1</literal>')
_BOOLEAN: Final = (
    b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>%s</boolean></sparql>'
)
_OF_ENGINES: Final = re.compile(
    r"http://www\.openlinksw\.com/|http://www\.w3\.org/ns/ldp#|http://www\.w3\.org/2002/07/owl#|"
    r"http://localuriqaserver/|http://localhost(:\d+)?/(DAV|sparql)|urn:(core|activitystreams|rules):"
)
_CALLS: Final = re.compile(r"<?(bif|sql):", re.IGNORECASE)
_NO_CALLS: Final = (
    "{text} is a function of one engine, and not of SPARQL 1.1: the queries that are run here mean the same on every "
    "store. Say it with the functions of SPARQL"
)
_END: Final = "\n)"
"""What no query goes on with: a parser that comes to it has understood all before it."""


def refuse_what_is_not_sparql(sparql: str) -> None:
    """Raise `QuerySyntaxError` or `QueryRefused` for what some engines take beside SPARQL 1.1.

    The text is parsed up to its end and not run; what is missing there is for the endpoint to say.
    """
    for reading in readings(sparql):
        for token in tokens(reading):
            if token.kind in {"iri", "name"} and _CALLS.match(token.text):
                raise QueryRefused(_NO_CALLS.format(text=token.text))
    try:
        ox.Store().query(sparql + _END)
    except SyntaxError as error:
        fault = syntax_error(str(error.msg))
        if fault.line is not None and fault.line <= sparql.count("\n") + 1:
            raise fault from error


def understood(sent: Sent, form: Form, media_type: str, most: Most | None, address: str) -> bytes:
    """Return an answer in a media type. Raises `AnswerTooLarge`, `EndpointTooSlow` or `EndpointFailed`."""
    _refuse_a_part(sent, address)
    try:
        if form.makes_graph:
            return graph_serialised(_triples(sent), media_type, most)
        return serialised(_rows(sent.content, form), media_type, most)
    except (SyntaxError, ValueError) as error:
        told = f"what it sent cannot be read to its end ({error})"
        raise EndpointFailed(_UNREADABLE.format(address=address, told=told)) from error


KNOWN_BY: Final = "ASK { GRAPH <http://www.openlinksw.com/schemas/virtrdf#> { ?s ?p ?o } }"
"""What is true of a Virtuoso, whatever stands between it and here."""


def of_data(graphs: Iterable[str]) -> tuple[str, ...]:
    """Return the graphs without those that an engine keeps for itself."""
    return tuple(graph for graph in graphs if not _OF_ENGINES.match(graph))


def _refuse_a_part(sent: Sent, address: str) -> None:
    if (rows := sent.headers.get("X-SPARQL-MaxRows")) is not None:
        raise AnswerTooLarge(_CUT_OFF.format(address=address, rows=rows))
    if sent.headers.get("X-SQL-State") or sent.headers.get("X-SQL-Message"):
        told = sent.headers.get("X-SQL-Message", "")
        raise EndpointTooSlow(_NOT_DONE.format(address=address, told=told))


def _triples(sent: Sent) -> Iterable[ox.Triple]:
    media_type = (sent.headers.get("Content-Type") or GRAPH_FORMATS["nt"]).partition(";")[0].strip()
    form = rdf_format(media_type if media_type in GRAPH_FORMATS.values() else GRAPH_FORMATS["ttl"])
    return (quad.triple for quad in ox.parse(with_blank_nodes(sent.content), format=form))


def _rows(content: bytes, form: Form) -> ox.QuerySolutions | ox.QueryBoolean:
    if not _WHOLE.search(content[-40:]):
        raise ValueError("its last line is missing")
    if form is Form.ASK and _ASKS in content:
        content = _BOOLEAN % (b"true" if _SAYS_YES.search(content) else b"false")
    content = _BLANK_NODE.sub(lambda found: _NOT_OF_A_NAME.sub(b"", found[0]), with_blank_nodes(content))
    return ox.parse_query_results(content, format=row_format(ROWS))


_UNREADABLE: Final = (
    "the endpoint {address} answered, and {told}. Try again; if it goes on, ask for less at a time, and see whether "
    "something between here and there cuts answers off"
)
_CUT_OFF: Final = (
    "the endpoint {address} sends {rows} rows at most, and the answer has more; nothing of it is sent. Give a LIMIT "
    "below that, ask in parts (by unit, year or graph), or have ResultSetMaxRows raised there"
)
_NOT_DONE: Final = (
    "the endpoint {address} ended the query before it was done; there is no answer, not even a part of one. Ask it "
    "for less at a time, or have MaxQueryExecutionTime raised there. It says: {told}"
)

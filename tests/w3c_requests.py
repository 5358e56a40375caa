"""The W3C's tests of protocols: requests written down as RDF (`ht:Request`), sent for real and compared."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Namespace
from rdflib.collection import Collection
from rdflib.compare import isomorphic

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import httpx
    from rdflib.term import Node

MF: Final = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT: Final = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
CNT: Final = Namespace("http://www.w3.org/2011/content#")
HT: Final = Namespace("http://www.w3.org/2011/http#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
STATUS: Final = {"OK": {200}, "Created": {201}, "NoContent": {204}, "NotFound": {404}} | {
    f"StatusCode{hundred}xx": set(range(hundred * 100, hundred * 100 + 100)) for hundred in (2, 3, 4, 5)
}
FORMATS: Final = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    },
    "RDF": {"text/turtle", "application/n-triples", "application/rdf+xml", "text/html"},
}


@dataclass(frozen=True)
class Case:
    """One test: its name, the graphs it begins with (name → N-Triples), and the node of its connection."""

    name: str
    manifest: Graph
    connection: Node
    data: Mapping[str, bytes] = field(default_factory=dict)

    def run(self, client: httpx.Client, paths: Mapping[str, str]) -> int:
        """Send the requests in their order, compare each answer, and return how many were sent.

        `paths` maps the path of the manifest to the service's own.
        """
        variables: dict[str, str] = {}
        listed = self.manifest.value(self.connection, HT.requests)
        requests = list(Collection(self.manifest, listed))
        for request in requests:
            answer = self._send(client, request, paths, variables)
            expected = self.manifest.value(request, HT.resp)
            _compare(self.manifest, expected, answer)
            variable = self.manifest.value(expected, MF.expectedLocation)
            if variable is not None:
                variables[str(variable)] = answer.headers["Location"]
        return len(requests)

    def _send(
        self,
        client: httpx.Client,
        request: Node,
        paths: Mapping[str, str],
        variables: Mapping[str, str],
    ) -> httpx.Response:
        path = str(self.manifest.value(request, HT.absolutePath))
        (begins,) = (begin for begin in paths if path.startswith(begin))
        path = paths[begins] + path.removeprefix(begins)
        for variable, value in variables.items():
            path = path.replace(variable, value)
        method = str(self.manifest.value(request, HT.methodName))
        headers = dict(_headers(self.manifest, request))
        return client.request(method, path, content=_body(self.manifest, request), headers=headers)


def cases(folder: Path, manifest: str) -> list[Case]:
    """The tests of a manifest, in its order."""
    graph = Graph().parse(folder / manifest)
    (entries,) = graph.objects(None, MF.entries)
    return [
        Case(
            name=str(entry).rpartition("#")[2],
            manifest=graph,
            connection=_one(graph, entry, MF.action),
            data=dict(_given(graph, entry, folder)),
        )
        for entry in Collection(graph, entries)
    ]


def _given(graph: Graph, entry: Node, folder: Path) -> Iterator[tuple[str, bytes]]:
    """The graphs that a test begins with, by name, as N-Triples."""
    for data in graph.objects(entry, UT.graphData):
        file = str(graph.value(data, UT.graph)).rpartition("/")[2]
        yield str(graph.value(data, RDFS.label)), (folder / file).read_bytes()


def _one(graph: Graph, subject: Node, predicate: Node) -> Node:
    (found,) = graph.objects(subject, predicate)
    return found


def _headers(graph: Graph, message: Node) -> Iterator[tuple[str, str]]:
    listed = graph.value(message, HT.headers)
    for header in Collection(graph, listed) if listed is not None else ():
        yield str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))


def _body(graph: Graph, message: Node) -> bytes | None:
    content = graph.value(message, HT.body)
    if content is None:
        return None
    encoding = str(graph.value(content, CNT.characterEncoding))
    return str(graph.value(content, CNT.chars)).encode(encoding)


def _compare(graph: Graph, expected: Node | None, answer: httpx.Response) -> None:
    allowed = {
        status
        for name in graph.objects(expected, MF.expectedStatus)
        for status in STATUS[str(name).rpartition("#")[2]]
    }
    assert allowed
    assert answer.status_code in allowed, answer.text
    media_type = answer.headers.get("Content-Type", "").partition(";")[0]
    if (wanted := graph.value(expected, MF.expectedFormat)) is not None:
        assert media_type in FORMATS[str(wanted)]
    if (boolean := graph.value(expected, MF.expectedBoolean)) is not None:
        assert answer.json()["boolean"] is boolean.toPython()  # type: ignore[union-attr]
    for name, value in _headers(graph, expected) if expected is not None else ():
        assert answer.headers[name] == value
    if (body := _body(graph, expected) if expected is not None else None) is not None:
        told = Graph().parse(data=answer.content, format=media_type)
        assert isomorphic(told, Graph().parse(data=body, format=media_type))

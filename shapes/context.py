"""From what an engine found to what a person needs: the human context, read from the data graph.

The data graph holds one document's triples, `jx:grid` included (the printed text of a cell stands there) and what
the register says of units and projects. Where a graph has no grids the literals of the data stand in for them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, PROV, RDF, SKOS

from ontology.namespaces import JX

from .finding import Context, Finding, Named, Place, Quote, Suggestion
from .readings import Readings
from .repairs.material import Material
from .repairs.suggesting import suggested

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib.term import Node

    from .engines.result import Result
    from .rule_book import Rule

_PARTS: Final = (
    JX.target,
    JX.hasIndicator,
    JX.hasFund,
    JX.hasMilestone,
    JX.hasGoal,
    JX.hasSection,
    JX.hasResult,
    JX.hasExecution,
)
_TEXTS: Final = (JX.rawText, JX.actualText, JX.name, DCTERMS.description, JX.text)
"""The literals that repeat what a cell prints, the nearest first."""
_AS_PRINTED: Final = {JX.level1: JX.level1Text, JX.level2: JX.level2Text}
"""The text of a field whose value is a concept."""


def findings(
    found: Iterable[Result], rule_of_shape: Mapping[URIRef, Rule], data: Graph, vocabulary: Graph
) -> tuple[Finding, ...]:
    """Return what an engine found as findings, each of the rule that its shape tells of."""
    reader = _Reader(data, Readings(data, vocabulary))
    return tuple(reader.finding(result, rule_of_shape[result.shape]) for result in found)


def context_of(data: Graph, node: Node) -> Context:
    """Return what a node of a graph is about, from the department down to the row."""
    return _Reader(data, Readings(data, data)).context(node)


@dataclass(frozen=True)
class _Reader:
    """Reads the context of findings from one data graph."""

    data: Graph
    readings: Readings
    _grids: dict[Node, Mapping[tuple[int, int], str]] = field(default_factory=dict)

    def finding(self, result: Result, rule: Rule) -> Finding:
        return Finding(
            rule=rule,
            component=result.component,
            focus=result.focus,
            path=result.path,
            value=result.value,
            context=self.context(result.focus),
            quotes=self._quotes(result, rule),
            reading=self.readings.of(result.focus, result.value, rule.fields),
            suggestions=self._suggestions(result, rule),
        )

    # --- what it is about --------------------------------------------------------------------------------

    def context(self, focus: Node) -> Context:
        chain = self._wholes(focus)
        whole, row = chain[-1], self._row(chain)
        unit = whole if self._is_body(whole) else self._object(whole, JX.declaredBy)
        return Context(
            document=self._document(whole),
            department=self._named(self._object(unit, ORG.subOrganizationOf)),
            unit=self._named(unit),
            project=self._project(whole),
            declaration=self._iri(whole) if self._object(whole, JX.ofProject) else None,
            ordinal=self._number(whole, JX.ordinal) or 0,
            row=self._number(row, JX.ordinal) or 0,
            indicator=self._string(row, JX.name),
        )

    def _is_body(self, node: Node) -> bool:
        return (node, RDF.type, JX.PublicBody) in self.data

    def _wholes(self, node: Node) -> tuple[Node, ...]:
        """Return the node, what it is part of, and so on up to a declaration, an evaluation or the like."""
        chain: dict[Node, None] = {}
        whole: Node | None = node
        while whole is not None and whole not in chain:  # somebody else's graph may go round in a circle
            chain[whole] = None
            whole = self._whole(whole)
        return tuple(chain)

    def _whole(self, node: Node) -> Node | None:
        if (node, RDF.type, JX.Project) in self.data:
            about = set(self.data.subjects(JX.ofProject, node))
            declared = {whole for whole in about if (whole, RDF.type, JX.Declaration) in self.data}
            return self._only(declared or about)
        if (node, RDF.type, JX.SourceTable) in self.data:
            return self._only(self.data.subjects(PROV.hadPrimarySource, node))
        return self._only(whole for part in _PARTS for whole in self.data.subjects(part, node))

    def _row(self, chain: tuple[Node, ...]) -> Node | None:
        """Return the indicator that the node is, is part of, or is the result for."""
        restated = (self._object(node, JX.resultFor) or node for node in chain)
        return next((node for node in restated if (node, RDF.type, JX.Indicator) in self.data), None)

    def _named(self, node: Node | None, declaration: Node | None = None) -> Named | None:
        if not isinstance(node, URIRef):
            return None
        code = self._string(node, JX.unitCode) or self._string(node, JX.projectCode)
        return Named(
            node, code, self._string(declaration, JX.projectName) or self._string(node, SKOS.prefLabel)
        )

    def _project(self, whole: Node) -> Named | None:
        if (whole, RDF.type, JX.Project) in self.data:
            return self._named(whole)
        return self._named(self._object(whole, JX.ofProject), whole)

    def _document(self, whole: Node) -> URIRef | None:
        if (whole, RDF.type, JX.Disclosure) in self.data and isinstance(whole, URIRef):
            return whole
        tables = sorted(self.data.objects(whole, PROV.hadPrimarySource), key=str)
        for table in (*tables, whole):
            document = self._object(table, JX.inDisclosure)
            if isinstance(document, URIRef):
                return document
        return self._iri(self._only(self.data.subjects(RDF.type, JX.Disclosure)))

    # --- what is printed, and where ----------------------------------------------------------------------

    def _quotes(self, result: Result, rule: Rule) -> tuple[Quote, ...]:
        cells = self._compared(result, rule) if rule.compares_documents else self._cells(result, rule.fields)
        if cells:
            return tuple(self._quote(cell) for cell in cells)
        return self._whole_place(result)

    def _compared(self, result: Result, rule: Rule) -> tuple[Node, ...]:
        """Return the cells that are evidence, else those in which both things that are compared state the fields."""
        both = [result.focus] if result.value is None else [result.focus, result.value]
        stated = {cell for node in both for name in rule.fields for cell in self._stating(node, name)}
        found = result.cells or frozenset(stated) or frozenset(self._cells(result, rule.fields))
        return tuple(sorted(found, key=self._reading_order))

    def _cells(self, result: Result, asked: tuple[URIRef, ...]) -> tuple[Node, ...]:
        """Return the cells of the value, else those of the fields that the rule asks for, else the node's own."""
        focus, value = result.focus, result.value
        if value is not None and value != focus and (own := self._quoted(value)):
            return own
        for node in self._wholes(focus):
            if stated := [cell for name in asked for cell in self._stating(node, name)]:
                return tuple(dict.fromkeys(stated))
            if own := self._quoted(node):
                return self._telling(own, node, value, asked)
        return ()

    def _stating(self, node: Node, asked: URIRef) -> tuple[Node, ...]:
        """Return the cells that state a field of a node: cells that say so, or those of the parts it leads to."""
        direct = [cell for cell in self._quoted(node) if (cell, JX.states, asked) in self.data]
        parts = [part for part in self.data.objects(node, asked) if not isinstance(part, Literal)]
        return tuple(direct) or tuple(cell for part in sorted(parts, key=str) for cell in self._quoted(part))

    def _telling(
        self, cells: tuple[Node, ...], node: Node, value: Node | None, asked: tuple[URIRef, ...]
    ) -> tuple[Node, ...]:
        """Return of a row's cells the one that prints the value, the field or the name; else all of them.

        Where several print it the name comes first and what is said about the name behind it.
        """
        if (node, RDF.type, JX.Declaration) in self.data:
            return ()
        literals = (self._string(node, _AS_PRINTED.get(name, name)) for name in (*asked, JX.name))
        for text in (str(value) if isinstance(value, Literal) else "", *literals):
            printing = [cell for cell in cells if text and _alike(self._printed(cell), text)]
            if printing:
                return (printing[0] if JX.name in asked else printing[-1],)
        return cells

    def _quoted(self, node: Node) -> tuple[Node, ...]:
        """Return the cells a node is quoted from, in reading order."""
        cells = self.data.objects(node, PROV.wasQuotedFrom)
        return tuple(sorted((cell for cell in cells if self._is_cell(cell)), key=self._reading_order))

    def _is_cell(self, node: Node) -> bool:
        return (node, RDF.type, JX.SourceCell) in self.data

    def _reading_order(self, cell: Node) -> tuple[str, int, int, int]:
        table = self._object(cell, JX.inTable)
        return (
            str(self._object(table, JX.inDisclosure)),
            self._number(table, JX.tableNumber) or 0,
            self._number(cell, JX.rowNumber) or 0,
            self._number(cell, JX.columnNumber) or 0,
        )

    def _quote(self, cell: Node) -> Quote:
        return Quote(self._printed(cell), self._place(cell, self._object(cell, JX.inTable)), self._iri(cell))

    def _printed(self, cell: Node) -> str:
        row, column = self._number(cell, JX.rowNumber), self._number(cell, JX.columnNumber)
        grid = self._grid(self._object(cell, JX.inTable))
        if row is not None and column is not None and (row, column) in grid:
            return " ".join(grid[row, column].split())
        return self._repeated(cell)

    def _repeated(self, cell: Node) -> str:
        """Return a literal that repeats what the cell prints, for graphs without grids."""
        for quoting in sorted(self.data.subjects(PROV.wasQuotedFrom, cell), key=str):
            for text in (self._string(quoting, name) for name in _TEXTS):
                if text:
                    return text
        return ""

    def _grid(self, table: Node | None) -> Mapping[tuple[int, int], str]:
        if table is None:
            return {}
        if table not in self._grids:
            self._grids[table] = _texts(self._string(table, JX.grid))
        return self._grids[table]

    def _place(self, cell: Node | None, table: Node | None) -> Place:
        def of(name: URIRef) -> int | None:
            found = self._number(cell, name)
            return self._number(table, name) if found is None else found

        return Place(
            document=self._iri(self._object(table, JX.inDisclosure)),
            table=self._number(table, JX.tableNumber),
            row=self._number(cell, JX.rowNumber),
            column=self._number(cell, JX.columnNumber),
            line=of(JX.lineNumber),
            page=of(JX.pageNumber),
            sheet=self._string(cell, JX.sheetName) or self._string(table, JX.sheetName) or None,
            address=self._string(cell, JX.cellAddress) or None,
        )

    def _whole_place(self, result: Result) -> tuple[Quote, ...]:
        """Return what is quoted where no cell is: a note's own text and line, or the tables of the declaration."""
        note = result.value
        if note is not None and (note, RDF.type, JX.Note) in self.data:
            place = Place(self._document(result.focus), line=self._number(note, JX.lineNumber))
            return (Quote(self._string(note, JX.text), place),)
        tables = {table for node in self._wholes(result.focus) for table in self._tables(node)}
        return tuple(Quote("", self._place(None, table)) for table in sorted(tables, key=str))

    def _tables(self, node: Node) -> Iterable[Node]:
        if (node, RDF.type, JX.SourceTable) in self.data:
            return (node,)
        return self.data.objects(node, PROV.hadPrimarySource)

    # --- what should probably be printed -----------------------------------------------------------------

    def _suggestions(self, result: Result, rule: Rule) -> tuple[Suggestion, ...]:
        material = Material(self.data, self.readings.vocabulary, self._quotes_of)
        return tuple(suggested(material, rule.id, result.focus, result.value))

    def _quotes_of(self, node: Node, name: URIRef | None) -> tuple[Quote, ...]:
        cells = self._quoted(node) if name is None else self._stating(node, name)
        return tuple(self._quote(cell) for cell in cells)

    # --- reading the graph -------------------------------------------------------------------------------

    def _object(self, subject: Node | None, predicate: URIRef) -> Node | None:
        """Return the object, the first of several by name."""
        if subject is None:
            return None
        return min(self.data.objects(subject, predicate), key=str, default=None)

    def _only(self, nodes: Iterable[Node]) -> Node | None:
        """Return the one node, None where there are none or several: then nobody can say which is meant."""
        found = set(nodes)
        return found.pop() if len(found) == 1 else None

    def _string(self, subject: Node | None, predicate: URIRef) -> str:
        return str(self._object(subject, predicate) or "")

    def _number(self, subject: Node | None, predicate: URIRef) -> int | None:
        found = self._object(subject, predicate)
        return found.value if isinstance(found, Literal) and isinstance(found.value, int) else None

    def _iri(self, node: Node | None) -> URIRef | None:
        return node if isinstance(node, URIRef) else None


def _texts(grid: str) -> Mapping[tuple[int, int], str]:
    """Return the text of each origin cell; none of a grid that is missing or, in somebody's graph, no grid."""
    try:
        return {(row, column): str(text) for row, column, _, _, text in json.loads(grid)["cells"]}
    except (ValueError, TypeError, KeyError):
        return {}


def _alike(printed: str, text: str) -> bool:
    """Tell whether a cell prints a text, blanks apart."""
    return "".join(printed.split()) == "".join(text.split())

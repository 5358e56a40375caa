"""Every IRI the project mints is minted here, from official codes or from a hash of stable facts.

Never from a counter over documents, a Chinese title or a path: the same fact has the same name on every machine.
Each function returns the IRI; *keys* are the last part of it, where other IRIs are built from it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from rdflib import URIRef

from .namespaces import JXC, JXG, JXI

if TYPE_CHECKING:
    from collections.abc import Iterator

UNKNOWN_DIVISION: Final = "000000"

INVISIBLE: Final = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
"""Characters that print nothing, for a class of a regular expression: zero-width blanks, marks of direction."""

_UNSEEN = re.compile(f"[{INVISIBLE}]")
_QUOTES = re.compile(r"[\"'“”‘’「」『』《》〈〉]")
_BRACKETS = str.maketrans("（）［］【】〔〕｛｝", "()[][][]{}")
_TABLE_TAIL = re.compile(r"(绩效目标表|绩效目标)$")
_BODY_TAIL = re.compile(r"\(?(本级|机关)\)?$")
_INDICATOR_HEAD = re.compile(r"^[★☆*]*(?:指标\d+[:.、])?[★☆*]*")
_DECLARATION = re.compile(rf"{re.escape(JXI)}declaration/([^/]+)/(\d{{4}})/([^/]+)(?:/(.+))?")
_INDICATOR_TAIL = re.compile(r"(?:\((?:%|‰|[个人次元户])\)|[:;,。、])+$")


def normalise_name(name: str) -> str:
    r"""Return a name as it is compared: NFKC, without blanks and quotes, brackets of one kind, no 绩效目标表.

    Characters that print nothing (zero-width blanks, marks of direction) do not count.

    >>> normalise_name(' 村级支出（村级组织运转经费） 绩效目标表'), normalise_name("湿地\u200b调查\u200f")
    ('村级支出(村级组织运转经费)', '湿地调查')
    """
    text = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    text = _QUOTES.sub("", "".join(_UNSEEN.sub("", text).split()))
    return _TABLE_TAIL.sub("", text)


def normalise_body_name(name: str) -> str:
    """Return the name of a public body as it is compared: also without a trailing 本级 or 机关.

    >>> normalise_body_name('中国共产党唐山市路南区委员会组织部本级')
    '中国共产党唐山市路南区委员会组织部'
    """
    text = normalise_name(name)
    return _BODY_TAIL.sub("", text) or text


def normalise_indicator_name(name: str) -> str:
    """Return the name of an indicator as it is compared: also without star, number, unit and a mark at its end.

    >>> normalise_indicator_name("★指标1：居民健康 档案"), normalise_indicator_name("群众满意度（%）")
    ('居民健康档案', '群众满意度')
    """
    text = normalise_name(name)
    return _INDICATOR_TAIL.sub("", _INDICATOR_HEAD.sub("", text)) or text


def name_hash(normalised: str) -> str:
    """Return the 12 hexadecimal digits that stand for a normalised name in an IRI."""
    return hashlib.sha256(normalised.encode()).hexdigest()[:12]


# --- shared things ------------------------------------------------------------------------------------


def division(code: str) -> URIRef:
    """Return the IRI of an administrative division, `code` in GB/T 2260."""
    return JXI[f"division/{code}"]


def body_key(division_code: str, *, code: str | None, name: str) -> str:
    """Return the key of a unit or department: its division and its code, else a hash of its name."""
    return f"{division_code}/{code or name_hash(normalise_body_name(name))}"


def body(key: str) -> URIRef:
    """Return the IRI of a unit or department from its `body_key`."""
    return JXI[f"unit/{key}"]


def project_key(*, code: str | None, division_code: str, unit_key: str, name: str) -> str:
    """Return the key of a project: its official code, else division, unit and a hash of its name."""
    if code:
        return code
    return f"{division_code}-{unit_key.rpartition('/')[2]}-{name_hash(normalise_name(name))}"


def project(key: str) -> URIRef:
    """Return the IRI of a project from its `project_key`."""
    return JXI[f"project/{key}"]


def official_code(project_iri: str) -> str | None:
    """Return the official code that names a project, None for one that is known by its name.

    >>> official_code(project("13020225P008901100043")), official_code(project("130202-203001-0123456789ab"))
    ('13020225P008901100043', None)
    """
    key = project_iri.removeprefix(JXI["project/"])
    return None if "-" in key else key


def division_and_code(body_iri: str, name: str) -> tuple[str, str | None]:
    """Return the division of a unit or department and its code, None where a hash of its name stands for it.

    >>> division_and_code(body("130202/203001"), "某局"), division_and_code(body("130202/0123456789ab"), "")
    (('130202', '203001'), ('130202', '0123456789ab'))
    >>> division_and_code(body(body_key("130202", code=None, name="某局")), "某局")
    ('130202', None)
    """
    division_code, _, code = body_iri.removeprefix(JXI["unit/"]).partition("/")
    return division_code, None if code == name_hash(normalise_body_name(name)) else code


def minted_unit(notation: str) -> URIRef:
    """Return the IRI of a counting unit that no code list knows."""
    return JXC[f"unit/x-{name_hash(notation)}"]


# --- what a document states ---------------------------------------------------------------------------


def declaration(key: str, year: int | None, version: str = "initial") -> URIRef:
    """Return the IRI of a declaration: project key, fiscal year (`0000` when unknown), slug of the version."""
    return JXI[f"declaration/{key}/{year or 0:04d}/{version}"]


def initial_and_adjusted(declaration_iri: str) -> tuple[URIRef, URIRef]:
    """Return the IRIs of both versions of a declaration.

    >>> [iri.rpartition("/")[2] for iri in initial_and_adjusted(declaration("a", 2025, "adjusted"))]
    ['initial', 'adjusted']
    """
    base = declaration_iri.rpartition("/")[0]
    return URIRef(f"{base}/initial"), URIRef(f"{base}/adjusted")


def change(declaration_iri: str, compared: str, earlier: str, later: str, number: int) -> URIRef:
    """Return the IRI of a change of a declaration, by what was compared and the documents that state it."""
    step = name_hash(f"{compared} {earlier} {later}")
    return part(URIRef(declaration_iri), "change", f"{step}-{number}")


class PartOfDeclaration(NamedTuple):
    """What the IRI of a declaration or of a part of it says; `part` is empty for the declaration itself."""

    project_key: str
    year: str
    """`0000` when unknown."""
    version: str
    part: str


def part_of_declaration(thing: str) -> PartOfDeclaration | None:
    """Return what the IRI of a declaration or of a part of it says, None for that of another thing.

    >>> part_of_declaration(part(declaration("P1", 2025), "indicator", 7))
    PartOfDeclaration(project_key='P1', year='2025', version='initial', part='indicator/7')
    >>> part_of_declaration(project("P1"))
    """
    match = _DECLARATION.fullmatch(thing)
    return PartOfDeclaration(*match.groups("")) if match else None


def overall(unit_key: str, year: int | None) -> URIRef:
    """Return the IRI of a department's overall target."""
    return JXI[f"overall/{unit_key}/{year or 0:04d}"]


def evaluation(key: str, year: int | None) -> URIRef:
    """Return the IRI of a self-evaluation."""
    return JXI[f"evaluation/{key}/{year or 0:04d}/self"]


def overall_evaluation(unit_key: str, year: int | None) -> URIRef:
    """Return the IRI of a department's self-evaluation as a whole."""
    return JXI[f"evaluation/overall/{unit_key}/{year or 0:04d}/self"]


def part(whole: URIRef, kind: str, key: str | int) -> URIRef:
    """Return the IRI of a part: `part(d, "indicator", 7)`, `part(d, "milestone", "06-30")`."""
    return URIRef(f"{whole}/{kind}/{key}")


def wholes(thing: str) -> Iterator[str]:
    """Yield an IRI and each IRI that it may be a part of, the nearest first.

    >>> list(wholes(part(part(JXI["declaration/a"], "indicator", 7), "target", 1)))[1]
    'https://w3id.org/jixiao/id/declaration/a/indicator/7/target'
    """
    while "/" in thing.removeprefix(str(JXI)):
        yield thing
        thing = thing.rpartition("/")[0]


def disclosure(sha256: str) -> URIRef:
    """Return the IRI of a published document from the SHA-256 of its bytes, or from its key."""
    return JXI[f"disclosure/{document_key(sha256)}"]


def document_key(sha256: str) -> str:
    """Return the key of a published document: the first 16 digits of its SHA-256."""
    return sha256[:16]


def catalogue_record(document: URIRef) -> URIRef:
    """Return the IRI of the catalogue's record about a document: what is known from its loading."""
    return URIRef(f"{document}/record")


def key_of_disclosure(document: str) -> str:
    """Return the key of a published document from its IRI."""
    return document.removeprefix(JXI["disclosure/"])


def archived(document: URIRef, owner: str) -> URIRef:
    """Return the IRI of the archive's entry for what a document states about a declaration or the like."""
    return part(document, "archived", name_hash(owner))


def table(document: URIRef, number: int) -> URIRef:
    """Return the IRI of a table of a document; numbers count from 1."""
    return URIRef(f"{document}/table/{number}")


def cell(document: URIRef, table_number: int, row: int, column: int) -> URIRef:
    """Return the IRI of a cell by its table and its origin row and column, all from 1."""
    return URIRef(f"{document}/table/{table_number}/cell/{row}-{column}")


# --- graphs -------------------------------------------------------------------------------------------

ONTOLOGY_GRAPH: Final = JXG["ontology"]
CODES_GRAPH: Final = JXG["codes"]
DIVISIONS_GRAPH: Final = JXG["divisions"]
SHAPES_GRAPH: Final = JXG["shapes"]
REGISTER_GRAPH: Final = JXG["register"]
CATALOGUE_GRAPH: Final = JXG["catalogue"]
ARCHIVE_GRAPH: Final = JXG["archive"]
CHANGES_GRAPH: Final = JXG["changes"]
EVALUATION_LINKS_GRAPH: Final = JXG["links/evaluations"]
DIGESTS_GRAPH: Final = JXG["digests"]


def links_graph(source: str) -> str:
    """Return the graph of the links from a list, by the name of the list.

    >>> links_graph("units-2025").rpartition("/graph/")[2]
    'links/units-2025'
    """
    return str(JXG[f"links/{source}"])


def reference_list(name: str) -> URIRef:
    """Return the IRI of a list of a researcher's own, by its name."""
    return JXI[f"list/{name}"]


REFERENCE_LIST_GRAPHS: Final = str(JXG["list/"])
"""What the names of the graphs of such lists begin with."""


def reference_list_graph(name: str) -> str:
    """Return the graph of a list of a researcher's own.

    >>> reference_list_graph("hebei-2024").rpartition("/graph/")[2]
    'list/hebei-2024'
    """
    return f"{REFERENCE_LIST_GRAPHS}{name}"


def dataset(name: str) -> URIRef:
    """Return the IRI of a data set of somebody else's, by its name."""
    return JXI[f"dataset/{name}"]


def dataset_graph(name: str) -> URIRef:
    """Return the graph that holds a data set of somebody else's.

    >>> str(dataset_graph("population-2024")).rpartition("/graph/")[2]
    'dataset/population-2024'
    """
    return JXG[f"dataset/{name}"]


def dataset_term(name: str, term: str) -> URIRef:
    """Return the IRI of what a data set of somebody else's uses one of our terms for: `jx-budget`."""
    return part(dataset(name), "term", term)


DATASETS: Final = str(JXI["dataset/"])
"""What the IRIs of data sets of others begin with, and of all that has no other name in them."""


def disclosure_graph(sha256: str) -> URIRef:
    """Return the graph that holds what is a document's own."""
    return JXG[f"disclosure/{document_key(sha256)}"]


def is_disclosure_graph(graph: str) -> bool:
    """Return whether a graph holds what is a document's own.

    >>> is_disclosure_graph(disclosure_graph("76d69da8b0e4e61c")), is_disclosure_graph(REGISTER_GRAPH)
    (True, False)
    """
    return graph.startswith(JXG["disclosure/"])


def key_of_graph(graph: str) -> str:
    """Return the key of the document whose own statements a graph holds.

    >>> key_of_graph(disclosure_graph("76d69da8b0e4e61c" + 48 * "0"))
    '76d69da8b0e4e61c'
    """
    return graph.removeprefix(JXG["disclosure/"])


def report_graph(sha256: str) -> URIRef:
    """Return the graph that holds the findings about a document."""
    return JXG[f"report/{document_key(sha256)}"]


def key_of_report_graph(graph: str) -> str:
    """Return the key of the document whose findings a graph holds.

    >>> key_of_report_graph(report_graph("76d69da8b0e4e61c" + 48 * "0"))
    '76d69da8b0e4e61c'
    """
    return graph.removeprefix(JXG["report/"])


_UNIT_REPORTS: Final = JXG["report/unit/"]


def unit_report_graph(unit: str) -> URIRef:
    """Return the graph that holds what rules that compare documents found in what a budget unit declares.

    >>> str(unit_report_graph(body("130202/203001"))).rpartition("/graph/")[2]
    'report/unit/130202/203001'
    """
    return URIRef(f"{_UNIT_REPORTS}{unit.removeprefix(JXI['unit/'])}")


def unit_of_report_graph(graph: str) -> URIRef:
    """Return the budget unit whose report a graph holds.

    >>> unit_of_report_graph(unit_report_graph(body("130202/203001"))) == body("130202/203001")
    True
    """
    return body(graph.removeprefix(_UNIT_REPORTS))


UNIT_REPORT_GRAPHS: Final = str(_UNIT_REPORTS)
"""What the names of those graphs begin with."""

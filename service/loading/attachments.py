"""Self-evaluations attached to the declarations of the same project and year, whichever is loaded first.

A graph of its own, worked out from all that the store shows, so that what a document states stays a pure function
of its bytes:

<declaration>, <evaluation> jx:matchKey "2024/3f0a…" .
<evaluation> jx:match jxc:match/project-code ; jx:matchEvidence "13020224P…" ; jx:evaluates <declaration> .
<result> jx:match jxc:match/level-2-and-name ; jx:matchEvidence "…" ; jx:declaredIndicator <indicator> .
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology import identifiers
from ontology.namespaces import JX, JXC, PREFIXES

from . import reading
from .amendment import Amendment
from .matching import Form, How, Match, Row, declaration_of, indicators_of
from .statements import Statement, iri, literal, text_of
from .superseding import by_owner, owners_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ..store import Store

    Shown = Mapping[str, list[Statement]]
    """What the store shows of some documents, by graph."""

GRAPH: Final = str(identifiers.EVALUATION_LINKS_GRAPH)
_OF_PROJECT: Final = iri(JX.ofProject)
_FISCAL_YEAR: Final = iri(JX.fiscalYear)
_EVALUATES: Final = iri(JX.evaluates)
_KEY: Final = iri(JX.matchKey)


@dataclass(frozen=True, slots=True)
class Attachment:
    """What an evaluation was attached to, and how many of its results to declared indicators."""

    evaluation: Form
    match: Match
    results: tuple[Match, ...]

    @property
    def found(self) -> int:
        """Return how many results answer to a declared indicator."""
        return sum(result.other is not None for result in self.results)

    @property
    def shortcoming(self) -> str:
        """Return what could not be attached, in a sentence; empty where all was."""
        about = f"{self.evaluation.name or self.evaluation.iri} ({self.evaluation.year or 'no year'})"
        if self.match.how is How.AMBIGUOUS:
            return f"{about}: the self-evaluation fits several declarations and is attached to none"
        if self.match.other is None:
            return f"{about}: the self-evaluation finds no declaration of its project and year in the store"
        left = len(self.results) - self.found
        several = sum(result.how is How.AMBIGUOUS for result in self.results)
        fitting = f" ({several} of them fit several)" if several else ""
        return (
            f"{about}: {left} of {len(self.results)} results answer to no declared indicator{fitting}"
            if left
            else ""
        )


def latest(attachments: Iterable[Attachment]) -> list[Attachment]:
    """Return, of each evaluation, what was found out last: its declaration may have come after it."""
    return list({attachment.evaluation.iri: attachment for attachment in attachments}.values())


def amend(store: Store, *, before: Shown, after: Shown) -> tuple[Amendment, tuple[Attachment, ...]]:
    """Return how attachments change with what the store shows of some documents, and those that were looked at."""
    then, now = _forms_in(before), _forms_in(after)
    world = _World(store, now, frozenset(after))
    evaluations = [one for one in world.alike([*then.values(), *now.values()]) if one.is_evaluation]
    declarations = [one for one in world.alike(evaluations) if not one.is_evaluation]
    attached = [(one, *_attached(one, declarations)) for one in evaluations]
    shown = now | {form.iri: form for form in evaluations}
    subjects = {subject for forms in (then, shown) for form in forms.values() for subject in _subjects(form)}
    return (
        Amendment.between(
            GRAPH,
            reading.about(store, GRAPH, sorted(subjects)),
            [*_keys_of(shown.values()), *_links_of(attached)],
        ),
        tuple(Attachment(one, match, tuple(results.values())) for one, match, results in attached),
    )


def _subjects(form: Form) -> Iterator[str]:
    """Yield the terms of what the graph may say something of: a form, and its results."""
    yield iri(form.iri)
    if form.is_evaluation:
        yield from (iri(row.iri) for row in form.rows)


# --- what is stated ---


def _attached(evaluation: Form, declarations: Iterable[Form]) -> tuple[Match, Mapping[str, Match]]:
    """Return what an evaluation is attached to, and by result what each of its results is."""
    declarations = list(declarations)
    match = declaration_of(evaluation, declarations)
    declared = next((one for one in declarations if one.iri == match.other), None)
    return match, indicators_of(evaluation.rows, declared.rows) if declared is not None else {}


def _keys_of(forms: Iterable[Form]) -> Iterator[Statement]:
    for form in forms:
        if form.key is not None:
            yield Statement(iri(form.iri), _KEY, literal(form.key))


def _links_of(attached: Iterable[tuple[Form, Match, Mapping[str, Match]]]) -> Iterator[Statement]:
    for evaluation, match, results in attached:
        yield from _match_of(evaluation.iri, match)
        if match.other is not None and match.other != evaluation.evaluates:
            yield Statement(iri(evaluation.iri), _EVALUATES, iri(match.other))
        for result, found in results.items():
            yield from _match_of(result, found)
            if found.other is not None:
                yield Statement(iri(result), iri(JX.declaredIndicator), iri(found.other))


def _match_of(subject: str, match: Match) -> Iterator[Statement]:
    yield Statement(iri(subject), iri(JX.match), iri(JXC[f"match/{match.how.value}"]))
    if match.evidence:
        yield Statement(iri(subject), iri(JX.matchEvidence), literal(match.evidence))


# --- what the store will show ---


@dataclass(frozen=True, slots=True)
class _World:
    """All declarations and evaluations as the store will show them: some anew, by IRI, the others as it has them."""

    store: Store
    now: Mapping[str, Form]
    graphs: frozenset[str]
    """The graphs of those shown anew."""

    def alike(self, forms: Iterable[Form]) -> list[Form]:
        """Return the forms about the same project and year as one of some forms, or of its name and year."""
        forms = list(forms)
        abouts, keys = {form.about for form in forms}, {form.key for form in forms} - {None}
        here = [one for one in self.now.values() if one.about in abouts or one.key in keys]
        found = {one.iri: one for one in (*here, *self._elsewhere(abouts, keys))}
        return [found[one] for one in sorted(found)]

    def _elsewhere(self, abouts: Iterable[tuple[str, str]], keys: Iterable[str | None]) -> Iterable[Form]:
        pairs = " ".join(f"({iri(project)} {_year(year)})" for project, year in sorted(abouts) if year)
        names = " ".join(sorted(literal(key) for key in keys if key is not None))
        query = f"""SELECT DISTINCT ?graph ?form {{
            {{ VALUES (?project ?year) {{ {pairs} }}
               GRAPH ?graph {{ ?form {_OF_PROJECT} ?project ; {_FISCAL_YEAR} ?year }} }}
            UNION
            {{ VALUES ?key {{ {names} }}
               GRAPH <{GRAPH}> {{ ?form {_KEY} ?key }}
               GRAPH ?graph {{ ?form {_OF_PROJECT} ?project }} }}
        }}"""
        found = [
            (row["graph"], row["form"])
            for row in reading.rows(self.store, query)
            if identifiers.is_disclosure_graph(row["graph"]) and row["graph"] not in self.graphs
        ]
        return self._read(found)

    def _read(self, found: Iterable[tuple[str, str]]) -> Iterable[Form]:
        """Return forms by the graphs that show them."""
        places = " ".join(f"({iri(graph)} {iri(form)})" for graph, form in found)
        if not places:
            return ()
        construct = f"""CONSTRUCT {{ ?part ?says ?what }} {{
            VALUES (?graph ?form) {{ {places} }}
            {{ GRAPH ?graph {{ ?form ?says ?what }} BIND(?form AS ?part) }}
            UNION
            {{ VALUES ?has {{ {iri(JX.hasIndicator)} {iri(JX.hasResult)} }}
               GRAPH ?graph {{ ?form ?has ?part . ?part ?says ?what }} }}
        }}"""
        return _forms_in({"": reading.construct(self.store, construct)}).values()


# --- reading forms ---


def _forms_in(shown: Shown) -> dict[str, Form]:
    """Return the declarations and evaluations that documents state, by IRI."""
    found: dict[str, Form] = {}
    for statements in shown.values():
        _, owned = by_owner(statements, owners_in(statements))
        forms = (_form_of(text_of(owner), told) for owner, told in owned.items())
        found |= {form.iri: form for form in forms if form is not None}
    return found


class _Told:
    """Statements by subject and predicate, as bare texts."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._texts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for subject, predicate, value in statements:
            self._texts[text_of(subject), text_of(predicate)].append(text_of(value))

    def all(self, subject: str, predicate: str) -> list[str]:
        """Return everything said."""
        return sorted(self._texts.get((subject, predicate), ()))

    def one(self, subject: str, predicate: str) -> str | None:
        """Return what is said, None where nothing is."""
        return next(iter(self.all(subject, predicate)), None)


def _form_of(form: str, statements: Iterable[Statement]) -> Form | None:
    told = _Told(statements)
    project, kinds = told.one(form, str(JX.ofProject)), told.all(form, PREFIXES["rdf"] + "type")
    if project is None:
        return None
    is_evaluation = str(JX.Evaluation) in kinds
    parts = told.all(form, str(JX.hasResult if is_evaluation else JX.hasIndicator))
    return Form(
        iri=form,
        is_evaluation=is_evaluation,
        project=project,
        year=told.one(form, str(JX.fiscalYear)) or "",
        name=told.one(form, str(JX.projectName)) or "",
        unit=told.one(form, str(JX.declaredBy)),
        unit_name=told.one(form, str(JX.unitName)) or "",
        evaluates=told.one(form, str(JX.evaluates)),
        rows=tuple(_row_of(part, told, is_result=is_evaluation) for part in parts),
    )


def _row_of(part: str, told: _Told, *, is_result: bool) -> Row:
    indicator = told.one(part, str(JX.resultFor)) if is_result else part
    return Row(
        iri=part,
        name=told.one(part, str(JX.name)) or "",
        level2=told.one(indicator or part, str(JX.level2)),
        level2_text=told.one(indicator or part, str(JX.level2Text)) or "",
    )


def _year(year: str) -> str:
    return literal(year, datatype=PREFIXES["xsd"] + "gYear")

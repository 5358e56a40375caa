"""What a client asks, in both versions: batches of queries as JSON → what is asked of the index.

Whatever the specifications leave open is lenient: types and properties by their local names, numbers as codes.
What is malformed is a `BadRequest` that names the query and what to write.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from ..linking.places import places_of
from ..linking.scoring import Asked
from ..problems import BadRequest, TooMuch
from . import facts, schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from ..linking.index import Index
    from ..linking.scoring import Candidate

    _Places: TypeAlias = Callable[[str], tuple[str, ...]]

MOST_QUERIES: Final = 200
"""In one request: OpenRefine sends ten."""
MOST_CANDIDATES: Final = 50
MOST_IDS: Final = 1000
LONGEST_NAME: Final = 400
MOST_CONDITIONS: Final = 20
"""Of a query, names and identifiers among them."""
MOST_VALUES: Final = 10
"""Of a property, in all conditions of a query: each name of a place is looked up."""
_FEWEST: Final = 5
_QUANTIFIERS: Final = ("any", "all", "none")


@dataclass(frozen=True, slots=True)
class Condition:
    """What is said of a property of the thing that is meant."""

    property: str
    values: tuple[str, ...]
    required: bool = False
    """Whether what does not fulfil it is no candidate."""
    quantifier: str = "any"


@dataclass(frozen=True, slots=True)
class Query:
    """One query: a name, identifiers, types and conditions, and how many candidates are wanted."""

    text: str
    ids: tuple[str, ...]
    types: frozenset[str]
    limit: int
    conditions: tuple[Condition, ...]
    no_such_type: bool = False
    """Whether only types were named that there are not."""


def parsed(text: str, called: str) -> Any:
    """Return what JSON says. Raises `BadRequest` with the place where it is none."""
    try:
        given = json.loads(text, parse_constant=_no_number)
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{called} is no JSON: {error}") from error
    return given


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def queries_of_02(batch: Any) -> dict[str, Query]:
    """Return the queries of a batch of version 0.2, by their keys."""
    if not isinstance(batch, dict):
        raise BadRequest('queries must be an object, as {"q0": {"query": "路南区教育局"}}')
    _check_number(batch)
    return {key: _query_of_02(f"queries.{key}", query) for key, query in batch.items()}


def _query_of_02(where: str, query: Any) -> Query:
    _check_object(where, query, {"query", "type", "limit", "properties", "type_strict"})
    text = _text(where, query.get("query", ""))
    given = _list(where, query, "properties")
    _check_conditions(f"{where}.properties", given)
    conditions = [_property(f"{where}.properties", one) for one in given]
    if "query" not in query and not conditions:
        raise BadRequest(f"{where} asks for nothing: give a query, or properties")
    if query.get("type_strict", "any") not in ("any", "should", "all"):
        raise BadRequest(f"{where}.type_strict is {query['type_strict']!r}: write any, should or all")
    named = query.get("type", [])
    types = named if isinstance(named, list) else [named]
    return _made(where, text, (), types, query.get("limit"), conditions)


def _property(where: str, given: Any) -> Condition:
    if not isinstance(given, dict) or not {"pid", "v"} <= given.keys() or not isinstance(given["pid"], str):
        raise BadRequest(
            f'{where} must hold objects as {{"pid": "unitCode", "v": "203001"}}, not {given!r:.80}'
        )
    return Condition(given["pid"], _values(where, given["v"]))


def queries_of_10(batch: Any) -> list[Query]:
    """Return the queries of a batch of the draft of version 1.0, in their order."""
    if not isinstance(batch, dict) or not isinstance(batch.get("queries"), list):
        raise BadRequest('send an object with a list, as {"queries": [{"conditions": […]}]}')
    _check_number(batch["queries"])
    return [_query_of_10(f"queries[{n}]", query) for n, query in enumerate(batch["queries"])]


def _query_of_10(where: str, query: Any) -> Query:
    _check_object(where, query, {"type", "limit", "lang", "dir", "conditions"})
    for name in ("lang", "dir"):
        if not isinstance(query.get(name, ""), str):
            raise BadRequest(f"{where}.{name} must be a text")
    given = query.get("conditions")
    if not isinstance(given, list) or not given:
        raise BadRequest(f"{where}.conditions must be a list that is not empty")
    _check_conditions(f"{where}.conditions", given)
    names: list[str] = []
    ids: list[str] = []
    conditions: list[Condition] = []
    for n, one in enumerate(given):
        kind, condition = _condition(f"{where}.conditions[{n}]", one)
        if kind == "name":
            names += condition.values
        elif kind == "id":
            ids += condition.values
        else:
            conditions.append(condition)
    text = _text(where, names[0] if names else "")
    types = [query["type"]] if "type" in query else []
    return _made(where, text, tuple(ids), types, query.get("limit"), conditions)


def _condition(where: str, given: Any) -> tuple[str, Condition]:
    if not isinstance(given, dict):
        raise BadRequest(f"{where} must be an object, not {given!r:.80}")
    kind = given.get("matchType")
    if kind not in ("name", "id", "property"):
        raise BadRequest(f"{where}.matchType is {kind!r:.80}: write name, id or property")
    if "propertyValue" not in given:
        raise BadRequest(f"{where} has no propertyValue: what is matched")
    named = given.get("propertyId", "")
    if not isinstance(named, str) or (kind == "property" and not named):
        raise BadRequest(f"{where}.propertyId must name the property that is matched")
    quantifier = given.get("matchQuantifier", "any")
    if quantifier not in _QUANTIFIERS or not isinstance(given.get("matchQualifier", ""), str):
        raise BadRequest(f"{where}: write any, all or none as matchQuantifier, and a text as matchQualifier")
    required = given.get("required", False)
    if not isinstance(required, bool):
        raise BadRequest(f"{where}.required is {required!r:.80}: write true or false")
    return kind, Condition(named, _values(where, given["propertyValue"]), required, quantifier)


def _values(where: str, given: Any) -> tuple[str, ...]:
    values = given if isinstance(given, list) else [given]
    _check_values(where, len(values))
    return tuple(_value(where, one) for one in values)


def _value(where: str, given: Any) -> str:
    if isinstance(given, dict) and isinstance(given.get("id"), str):
        return _text(where, given["id"])
    if isinstance(given, bool | int | float):
        whole = isinstance(given, float) and given.is_integer()
        return str(int(given) if whole else given)
    if isinstance(given, str):
        return _text(where, given)
    raise BadRequest(f"{where}: {given!r:.80} is no value: write a text, a number, or an object with an id")


def _made(
    where: str, text: str, ids: tuple[str, ...], types: Any, limit: Any, conditions: Sequence[Condition]
) -> Query:
    if not all(isinstance(one, str) for one in types):
        raise BadRequest(f"{where}.type must be the identifier of a type, as BudgetUnit")
    of_property = Counter(schema.property_of(one.property) for one in conditions for _ in one.values)
    for name in of_property.keys() - {None}:
        _check_values(f"{where}, {name}", of_property[name])
    known = frozenset(iri for iri in map(schema.type_of, types) if iri is not None)
    return Query(
        text, ids, known, _limit(where, limit), tuple(conditions), no_such_type=bool(types) and not known
    )


def _limit(where: str, limit: Any) -> int:
    if limit is None:
        return _FEWEST
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit < 1:
        raise BadRequest(f"{where}.limit is {limit!r:.80}: write a whole number from 1")
    return int(min(limit, MOST_CANDIDATES))


def _check_number(queries: Sequence[Any] | Mapping[str, Any]) -> None:
    if len(queries) > MOST_QUERIES:
        raise TooMuch(f"{len(queries):,} queries in one request: send {MOST_QUERIES} at most")


def _check_conditions(where: str, given: Sequence[Any]) -> None:
    if len(given) > MOST_CONDITIONS:
        raise TooMuch(f"{where}: {len(given):,} conditions in one query; send {MOST_CONDITIONS} at most")


def _check_values(where: str, number: int) -> None:
    if number > MOST_VALUES:
        raise TooMuch(f"{where}: {number:,} values of one property; send {MOST_VALUES} at most")


def _check_object(where: str, given: Any, known: set[str]) -> None:
    if not isinstance(given, dict):
        raise BadRequest(f"{where} must be an object, not {given!r:.80}")
    strange = sorted(given.keys() - known)
    if strange:
        raise BadRequest(f"{where} has {', '.join(strange)}: known are {', '.join(sorted(known))}")


def _text(where: str, given: Any) -> str:
    if not isinstance(given, str):
        raise BadRequest(f"{where}: the name must be a text, not {given!r:.80}")
    if len(given) > LONGEST_NAME:
        raise TooMuch(f"{where}: a name of {len(given):,} characters; {LONGEST_NAME} are read at most")
    return given


def _list(where: str, query: Mapping[str, Any], name: str) -> list[Any]:
    given = query.get(name, [])
    if not isinstance(given, list):
        raise BadRequest(f"{where}.{name} must be a list")
    return given


# --- asking ---


def candidates(index: Index, queries: Iterable[Query]) -> list[tuple[Candidate, ...]]:
    """Return the candidates of each query of a batch, the likeliest first; each place is looked up once."""
    places = cache(partial(places_of, index))
    return [_candidates(index, query, places) for query in queries]


def _candidates(index: Index, query: Query, places: _Places) -> tuple[Candidate, ...]:
    if query.no_such_type:
        return ()
    found = index.candidates(_asked(index, query, places), query.types, MOST_CANDIDATES)
    kept = (one for one in found if all(_fulfils(index, one, condition) for condition in query.conditions))
    return tuple(kept)[: query.limit]


def _asked(index: Index, query: Query, places: _Places) -> Asked:
    said: dict[str, list[str]] = {}
    for condition in query.conditions:
        name = schema.property_of(condition.property)
        if name is not None and condition.quantifier != "none":
            said.setdefault(name, []).extend(condition.values)
    codes = [code for name in _CODES for code in said.get(name, ())]
    where = [value for name in _PLACES for value in said.get(name, ())]
    whole = next((value for name in _WHOLES for value in said.get(name, ())), "")
    return Asked(
        query.text,
        codes=frozenset(codes).union(_codes_of(index, query.ids)),
        places=frozenset(code for value in where for code in places(value)),
        whole=whole,
        year=next(_years(said.get(schema.FISCAL_YEAR, ())), None),
    )


_CODES: Final = (schema.UNIT_CODE, schema.CREDIT_CODE, schema.PROJECT_CODE, schema.NOTATION)
_WHOLES: Final = (schema.PART_OF, schema.DECLARED_BY)
_PLACES: Final = (schema.IN_DIVISION, schema.BROADER)


def _codes_of(index: Index, ids: Sequence[str]) -> Iterator[str]:
    """Yield codes for identifiers: those of the things that they are, or themselves."""
    for one in ids:
        thing = index.thing(one)
        if thing is None:
            yield one
        else:
            yield from thing.codes | thing.local_codes


def _years(values: Sequence[str]) -> Iterator[int]:
    for value in values:
        if re.fullmatch(r"(19|20)\d\d", value):
            yield int(value)


def _fulfils(index: Index, candidate: Candidate, condition: Condition) -> bool:
    if not condition.required:
        return True
    name = schema.property_of(condition.property)
    told = facts.values(index, candidate.thing, name) if name else ()
    has = {text for value in told for text in (value.text, value.iri) if text}
    fits = [value in has for value in condition.values]
    if condition.quantifier == "none":
        return not any(fits)
    return all(fits) if condition.quantifier == "all" else any(fits)

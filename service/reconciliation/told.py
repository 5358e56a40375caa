"""What the service answers, in both versions: candidates, things and values as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from . import facts, schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ..linking.index import Index
    from ..linking.scoring import Candidate
    from ..linking.things import Thing
    from ..negotiation import Language
    from .facts import Value

FEATURES: Final[Mapping[str, Mapping[Language, str]]] = {
    "name": {"zh": "名称相近程度", "en": "Likeness of the names"},
    "place": {"zh": "所在区划相符程度", "en": "Fit of the place"},
    "code": {"zh": "代码相符", "en": "Fit of the code"},
    "whole": {"zh": "所属部门或单位相符", "en": "Fit of the department or unit"},
    "itself": {"zh": "本级与部门之别", "en": "The department, or the unit that it itself is"},
    "year": {"zh": "该年度有效", "en": "Valid in the year"},
}
"""What the features of a score are called."""


def candidate(one: Candidate, language: Language, *, named: bool) -> dict[str, Any]:
    """Return a candidate; its features with their names where `named` (1.0)."""
    features: list[dict[str, Any]] = [{"id": feature.id, "value": feature.value} for feature in one.features]
    if named:
        features = [{**feature, "name": FEATURES[feature["id"]][language]} for feature in features]
    return {
        **_thing(one.thing, language),
        "score": one.score,
        "match": one.match,
        "type": _types(one.thing, language),
        "features": features,
    }


def _thing(thing: Thing, language: Language) -> dict[str, Any]:
    return {"id": thing.iri, "name": thing.name, "description": facts.description(thing, language)}


def _types(thing: Thing, language: Language) -> list[dict[str, str]]:
    known = (schema.types().get(iri) for iri in thing.types)
    return [{"id": term.id, "name": term.name(language)} for term in known if term is not None]


def results_of_02(found: Mapping[str, Sequence[Candidate]], language: Language) -> dict[str, Any]:
    """Return the answer to a batch of version 0.2."""
    return {
        key: {"result": [candidate(one, language, named=False) for one in candidates]}
        for key, candidates in found.items()
    }


def results_of_10(found: Iterable[Sequence[Candidate]], language: Language) -> dict[str, Any]:
    """Return the answer to a batch of the draft of 1.0."""
    told = ([candidate(one, language, named=True) for one in candidates] for candidates in found)
    return {"results": [{"candidates": candidates} for candidates in told]}


def entities(things: Iterable[Thing], language: Language) -> dict[str, Any]:
    """Return things as suggestions, in both versions."""
    return {"result": [{**_thing(thing, language), "notable": _types(thing, language)} for thing in things]}


def terms(found: Iterable[schema.Term], language: Language) -> dict[str, Any]:
    """Return types or properties as suggestions, in both versions."""
    return {"result": [term(one, language) for one in found]}


def term(one: schema.Term, language: Language) -> dict[str, str]:
    """Return a type or a property."""
    return {"id": one.id, "name": one.name(language)}


def proposal(type_: str, found: Iterable[schema.Term], language: Language) -> dict[str, Any]:
    """Return the properties that can be fetched of things of a type, in both versions."""
    return {"type": type_, "properties": [term(one, language) for one in found]}


def extension_of_02(
    index: Index, ids: Sequence[str], properties: Sequence[str], language: Language
) -> dict[str, Any]:
    """Return the values of properties of things, in version 0.2."""
    rows = {
        id_: {name: [_cell(value) for value in _values(index, id_, name)] for name in properties}
        for id_ in ids
    }
    return {"meta": _meta(properties, language), "rows": rows}


def extension_of_10(
    index: Index, ids: Sequence[str], properties: Sequence[str], language: Language
) -> dict[str, Any]:
    """Return the values of properties of things, in the draft of 1.0."""
    rows = [
        {
            "id": id_,
            "properties": [
                {"id": name, "values": [_cell(value) for value in _values(index, id_, name)]}
                for name in properties
            ],
        }
        for id_ in ids
    ]
    return {"meta": _meta(properties, language), "rows": rows}


def _values(index: Index, id_: str, name: str) -> tuple[Value, ...]:
    thing = index.thing(id_)
    return facts.values(index, thing, schema.property_of(name) or "") if thing else ()


def _cell(value: Value) -> dict[str, str | int]:
    if value.iri:
        return {"id": value.iri, "name": value.text}
    return {"int": value.year} if value.year is not None else {"str": value.text}


def _meta(properties: Sequence[str], language: Language) -> list[dict[str, Any]]:
    return [_about(name, language) for name in properties]


def _about(name: str, language: Language) -> dict[str, Any]:
    known = schema.PROPERTIES.get(schema.property_of(name) or "")
    if known is None:
        return {"id": name, "name": name}
    about: dict[str, Any] = {"id": name, "name": known.name(language)}
    if known.leads_to:
        about["type"] = term(schema.types()[known.leads_to], language)
    return about

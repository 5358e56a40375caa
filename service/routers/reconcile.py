# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/reconcile`: the reconciliation API, for OpenRefine and its like.

Version 0.2 at `/reconcile`, `/zh/reconcile` and `/en/reconcile`; the draft of 1.0 below `/{language}/reconcile/1.0`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal
from urllib.parse import parse_qs

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse

from ..addresses import address_of
from ..context import Context, InContext
from ..linking.index import Index
from ..linking.things import Thing
from ..negotiation import Language, preferred_language
from ..pages import things
from ..posted_rdf import whole_body
from ..problems import BadRequest, NotFound, TooMuch, UnknownMediaType
from ..reconciliation import asked, facts, manifests, schema, told
from ..store import Asker

if TYPE_CHECKING:
    from collections.abc import Iterable

router = APIRouter(tags=["reconciliation"])

Kind = Literal["entity", "property", "type"]
_LONGEST_BODY: Final = 1_000_000
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"
_FRAMED: Final = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors *; base-uri 'none'"
}
"""A preview is shown within the pages of others."""
_SUGGESTED: Final = 20
_OBJECT: Final = {"content": {_JSON: {"schema": {"type": "object"}}}}
_NAME: Final = {"type": "string", "maxLength": asked.LONGEST_NAME}
_ONE_VALUE: Final = {
    "anyOf": [
        _NAME,
        {"type": "number"},
        {"type": "boolean"},
        {"type": "object", "required": ["id"], "properties": {"id": _NAME}},
    ]
}
_VALUE: Final = {
    "anyOf": [
        *_ONE_VALUE["anyOf"],
        {"type": "array", "maxItems": asked.MOST_VALUES, "items": _ONE_VALUE},
    ]
}
_LIMIT: Final = {
    "type": ["integer", "null"],
    "minimum": 1,
    "description": f"{asked.MOST_CANDIDATES} candidates are told at most",
}
_QUERY_02: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["query"],
    "properties": {
        "query": _NAME,
        "type": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "limit": _LIMIT,
        "type_strict": {"type": "string", "enum": ["any", "should", "all"]},
        "properties": {
            "type": "array",
            "maxItems": asked.MOST_CONDITIONS,
            "items": {
                "type": "object",
                "required": ["pid", "v"],
                "properties": {"pid": {"type": "string"}, "v": _VALUE},
            },
        },
    },
}
_BATCH_02: Final = {
    "type": "object",
    "maxProperties": asked.MOST_QUERIES,
    "additionalProperties": _QUERY_02,
}
_EXTEND: Final = {
    "type": "object",
    "required": ["ids", "properties"],
    "properties": {
        "ids": {"type": "array", "maxItems": asked.MOST_IDS, "items": {"type": "string"}},
        "properties": {
            "type": "array",
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string"}, "settings": {"type": "object"}},
            },
        },
    },
}
_CONDITION: Final = {
    "propertyValue": _VALUE,
    "required": {"type": "boolean"},
    "matchQuantifier": {"type": "string", "enum": ["any", "all", "none"]},
    "matchQualifier": {"type": "string"},
}
_NAME_OR_ID: Final = {
    "type": "object",
    "required": ["matchType", "propertyValue"],
    "properties": {"matchType": {"type": "string", "enum": ["name", "id"]}, **_CONDITION},
}
_OF_A_PROPERTY: Final = {
    "type": "object",
    "required": ["matchType", "propertyId", "propertyValue"],
    "properties": {
        "matchType": {"const": "property"},
        "propertyId": {"type": "string", "minLength": 1},
        **_CONDITION,
    },
}
_BATCH_10: Final = {
    "type": "object",
    "required": ["queries"],
    "properties": {
        "queries": {
            "type": "array",
            "maxItems": asked.MOST_QUERIES,
            "items": {
                "type": "object",
                "required": ["conditions"],
                "additionalProperties": False,
                "properties": {
                    "type": {"type": "string"},
                    "limit": _LIMIT,
                    "lang": {"type": "string"},
                    "dir": {"type": "string"},
                    "conditions": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": asked.MOST_CONDITIONS,
                        "items": {"anyOf": [_NAME_OR_ID, _OF_A_PROPERTY]},
                    },
                },
            },
        }
    },
}
_FIELDS: Final = {
    "queries": {
        "type": "string",
        "format": "reconciliation-queries",
        "contentMediaType": _JSON,
        "contentSchema": _BATCH_02,
        "description": "A batch of queries",
    },
    "extend": {
        "type": "string",
        "format": "reconciliation-extend",
        "contentMediaType": _JSON,
        "contentSchema": _EXTEND,
        "description": "Things, and the properties whose values are wanted",
    },
}
_PARAMETERS: Final = [
    {
        "name": name,
        "in": "query",
        "description": f"{schema_['description']}, as JSON; not both `queries` and `extend`",
        "schema": schema_,
    }
    for name, schema_ in _FIELDS.items()
]
_FORM_BODY: Final = {
    "required": True,
    "content": {
        _FORM: {
            "schema": {
                "type": "object",
                "oneOf": [
                    {"properties": _FIELDS, "required": [name], "not": {"required": [other]}}
                    for name, other in (("queries", "extend"), ("extend", "queries"))
                ],
            }
        }
    },
}
_TOO_MUCH: Final[dict[int | str, dict[str, Any]]] = {
    413: {"description": "Too many queries, candidates or identifiers for one request"}
}
_POSTED: Final[dict[int | str, dict[str, Any]]] = {
    **_TOO_MUCH,
    415: {"description": "The body is in a media type that is not read here"},
}


async def _body(request: Request) -> str:
    body = await whole_body(request, _LONGEST_BODY)
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("the body is not in UTF-8: send it in UTF-8") from error


Body = Annotated[str, Depends(_body)]


def _index(context: Context) -> Index:
    """Return the index; making it is nobody's query but the service's own."""
    return context.index.of(context.store.asked_by(Asker("linking", "for the index of names")))


# --- version 0.2 ---


@router.get(
    "/{language}/reconcile",
    summary="The manifest of version 0.2, or answers to a batch",
    responses={200: _OBJECT, **_TOO_MUCH},
    openapi_extra={"parameters": _PARAMETERS},
)
def describe_or_match(request: Request, context: InContext, language: Language) -> Response:
    """Describe the service, or answer `queries` or `extend`, as version 0.2 of the reconciliation API says."""
    return _asked_by_02(context, request.url.query, language, context.site_of(request))


@router.get(
    "/reconcile",
    summary="The manifest of version 0.2, or answers to a batch, in the language that is preferred",
    responses={200: _OBJECT, **_TOO_MUCH},
    openapi_extra={"parameters": _PARAMETERS},
)
def describe_or_match_in_some_language(request: Request, context: InContext) -> Response:
    """Do as `/zh/reconcile` or `/en/reconcile`, as Accept-Language says."""
    language = preferred_language(request.headers.get("accept-language"))
    answer = _asked_by_02(context, request.url.query, language, context.site_of(request))
    answer.headers["Vary"] = "Accept-Language"
    return answer


@router.post(
    "/{language}/reconcile",
    summary="Match a batch, or fetch values, as version 0.2 does",
    responses={200: _OBJECT, **_POSTED},
    openapi_extra={"requestBody": _FORM_BODY},
)
def match(request: Request, context: InContext, language: Language, body: Body) -> Response:
    """Answer `queries` or `extend` of a form, as version 0.2 of the reconciliation API says."""
    return _asked_by_02(context, _form(request, body), language, "")


@router.post(
    "/reconcile",
    summary="Match a batch, or fetch values, as version 0.2 does, in the language that is preferred",
    responses={200: _OBJECT, **_POSTED},
    openapi_extra={"requestBody": _FORM_BODY},
)
def match_in_some_language(request: Request, context: InContext, body: Body) -> Response:
    """Do as `/zh/reconcile` or `/en/reconcile`, as Accept-Language says."""
    language = preferred_language(request.headers.get("accept-language"))
    return _asked_by_02(context, _form(request, body), language, "")


def _form(request: Request, body: str) -> str:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _FORM:
        raise UnknownMediaType(f"send a form ({_FORM}) with queries or extend, not {media_type!r}")
    return body


def _asked_by_02(context: Context, encoded: str, language: Language, site: str) -> Response:
    """Answer what is asked by a query or a form; nothing where `site` is given asks for the manifest."""
    try:
        given = parse_qs(encoded, keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise TooMuch(f"the request has more fields than are read: {error}") from error
    asking = [name for name in _FIELDS if name in given]
    if not asking and site:
        return JSONResponse(manifests.manifest_of_02(site, language))
    if len(asking) != 1 or len(given[asking[0]]) != 1:
        raise BadRequest("ask for one thing: `queries`, or `extend`, once")
    wanted = asked.parsed(given[asking[0]][0], asking[0])
    index = _index(context)
    if asking == ["extend"]:
        ids, properties = _extension(wanted)
        return JSONResponse(told.extension_of_02(index, ids, properties, language))
    queries = asked.queries_of_02(wanted)
    found = dict(zip(queries, asked.candidates(index, queries.values()), strict=True))
    return JSONResponse(told.results_of_02(found, language))


def _extension(wanted: object) -> tuple[list[str], list[str]]:
    """Return the identifiers and the properties that are asked for."""
    ids = wanted.get("ids") if isinstance(wanted, dict) else None
    properties = wanted.get("properties") if isinstance(wanted, dict) else None
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        raise BadRequest("extend.ids must be a list of identifiers")
    if not isinstance(properties, list) or not all(map(_names_a_property, properties)):
        raise BadRequest('extend.properties must be a list of objects, as {"id": "inDivision"}')
    if len(ids) > asked.MOST_IDS:
        raise TooMuch(f"values of {len(ids):,} things in one request: ask for {asked.MOST_IDS:,} at most")
    if len(properties) > len(schema.PROPERTIES) * 2:
        raise TooMuch(f"{len(properties):,} properties in one request: there are {len(schema.PROPERTIES)}")
    return ids, [one["id"] for one in properties]


def _names_a_property(given: object) -> bool:
    if not isinstance(given, dict) or not isinstance(given.get("settings", {}), dict):
        return False
    return isinstance(given.get("id"), str)


# --- suggestions, previews, proposals ---

Prefix = Annotated[str, Query(description="What was typed so far", max_length=asked.LONGEST_NAME)]
Cursor = Annotated[int, Query(description="How many to pass over", ge=0, le=10_000)]
Id = Annotated[str, Query(description="The IRI of a thing, a property or a type", min_length=1)]


@router.get(
    "/{language}/reconcile/suggest/{kind}",
    summary="Suggestions while somebody types, as version 0.2 wants them",
    responses={200: _OBJECT},
)
@router.get(
    "/{language}/reconcile/1.0/suggest/{kind}",
    summary="Suggestions while somebody types, as the draft of 1.0 wants them",
    responses={200: _OBJECT},
)
def suggest(
    context: InContext,
    language: Language,
    kind: Kind,
    prefix: Prefix = "",
    cursor: Cursor = 0,
) -> Response:
    """Suggest things by name or code, types, or properties."""
    if kind == "entity":
        found = _index(context).beginning(prefix, most=cursor + _SUGGESTED) if prefix else []
        return JSONResponse(told.entities(found[cursor:], language))
    known = schema.types() if kind == "type" else schema.CONDITIONS
    return JSONResponse(told.terms([*_terms(known.values(), prefix)][cursor:], language))


def _terms(known: Iterable[schema.Term], prefix: str) -> list[schema.Term]:
    sought = prefix.casefold()
    return [
        term
        for term in known
        if sought in term.id.casefold() or any(sought in name.casefold() for name in term.names.values())
    ]


@router.get(
    "/{language}/reconcile/flyout/{kind}",
    summary="A few words on a suggestion",
    responses={200: _OBJECT},
)
def explain(context: InContext, language: Language, kind: Kind, id: Id) -> Response:  # noqa: A002 - of the API
    """Return a line of HTML that tells what a suggestion is."""
    if kind == "entity":
        thing = _thing(context, id)
        line = f"{thing.name} — {facts.description(thing, language)}"
    else:
        known = (schema.types() if kind == "type" else {**schema.PROPERTIES, **schema.CONDITIONS}).get(id)
        if known is None:
            raise NotFound(f"there is no {kind} {id}")
        line = known.name(language)
    return JSONResponse({"id": id, "html": f"<p>{escape(line)}</p>"})


def _thing(context: Context, iri: str) -> Thing:
    thing = _index(context).thing(iri)
    if thing is None:
        raise NotFound(f"nothing that names could mean here is {iri}")
    return thing


@router.get(
    "/{language}/reconcile/preview",
    summary="A card that shows a thing, for version 0.2",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
@router.get(
    "/{language}/reconcile/1.0/preview",
    summary="A card that shows a thing, for the draft of 1.0",
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def preview(request: Request, context: InContext, language: Language, id: Id) -> Response:  # noqa: A002 - of the API
    """Show a thing in the few lines that fit into the pages of others."""
    index, thing = _index(context), _thing(context, id)
    properties = [
        (term.name(language), ", ".join(value.text for value in values))
        for name, term in schema.PROPERTIES.items()
        if name != schema.NAME and (values := facts.values(index, thing, name))
    ]
    card = context.renderer.page(
        request,
        "preview.html",
        language,
        thing=thing,
        about=facts.description(thing, language),
        properties=properties,
        address=address_of(thing.iri),
    )
    card.headers.update(_FRAMED)
    return card


@router.get(
    "/{language}/reconcile/view",
    summary="The page of a thing",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "To the page that shows the thing"}},
)
def view(context: InContext, language: Language, id: Id) -> Response:  # noqa: A002 - of the API
    """Lead to the page of a thing by its IRI."""
    iri = _thing(context, id).iri
    page = things.page_of(context.store, iri) or iri.removeprefix(schema.IDENTIFIERS)
    return RedirectResponse(f"{context.settings.public_path}/{language}/{page}", 303)


@router.get(
    "/{language}/reconcile/propose",
    summary="Properties that things of a type have, as version 0.2 wants them",
    responses={200: _OBJECT},
)
@router.get(
    "/{language}/reconcile/1.0/extend/propose",
    summary="Properties that things of a type have, as the draft of 1.0 wants them",
    responses={200: _OBJECT},
)
def propose(
    language: Language,
    type: Annotated[str, Query(description="The IRI of a type")] = "",  # noqa: A002 - of the API
    limit: Annotated[int, Query(ge=0, le=1000, description="How many at most; 0 is all")] = 0,
) -> Response:
    """Propose what can be fetched of things of a type."""
    found = schema.properties_of(schema.type_of(type))
    return JSONResponse(told.proposal(type, found[: limit or None], language))


# --- the draft of version 1.0 ---


@router.get(
    "/{language}/reconcile/1.0",
    summary="The manifest of the draft of version 1.0",
    responses={200: _OBJECT},
)
def describe_10(request: Request, context: InContext, language: Language) -> Response:
    """Describe the service as the draft of 1.0 of the reconciliation API says."""
    return JSONResponse(manifests.manifest_of_10(context.site_of(request), language))


@router.post(
    "/{language}/reconcile/1.0/match",
    summary="Match a batch, as the draft of 1.0 does",
    responses={200: _OBJECT, **_POSTED},
    openapi_extra={"requestBody": {"required": True, "content": {_JSON: {"schema": _BATCH_10}}}},
)
def match_10(request: Request, context: InContext, language: Language, body: Body) -> Response:
    """Answer a batch of queries as the draft of 1.0 of the reconciliation API says."""
    queries = asked.queries_of_10(asked.parsed(_json(request, body), "the body"))
    index = _index(context)
    return JSONResponse(told.results_of_10(asked.candidates(index, queries), language))


@router.post(
    "/{language}/reconcile/1.0/extend",
    summary="Fetch values of properties, as the draft of 1.0 does",
    responses={200: _OBJECT, **_POSTED},
    openapi_extra={"requestBody": {"required": True, "content": {_JSON: {"schema": _EXTEND}}}},
)
def extend_10(request: Request, context: InContext, language: Language, body: Body) -> Response:
    """Return the values of properties of things as the draft of 1.0 of the reconciliation API says."""
    ids, properties = _extension(asked.parsed(_json(request, body), "the body"))
    return JSONResponse(told.extension_of_10(_index(context), ids, properties, language))


def _json(request: Request, body: str) -> str:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != _JSON:
        raise UnknownMediaType(f"send JSON ({_JSON}), not {media_type!r}")
    return body

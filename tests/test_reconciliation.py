"""The reconciliation API, 0.2 and the draft of 1.0: every answer is valid, and says what is meant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import referencing
from referencing.jsonschema import DRAFT7

from service.linking.gathering import every_division, registered
from service.linking.index import Index
from service.reconciliation import asked, schema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx

    from service.linking.scoring import Asked, Candidate
    from service.store import Store

ID = "https://w3id.org/jixiao/id/"
JX = "https://w3id.org/jixiao/def/"
VERSIONS = ["0.2", "1.0-draft"]
Check = "Callable[[str, str, Any], None]"


@pytest.fixture(scope="module")
def check(shared: Path) -> Callable[[str, str, Any], None]:
    """Hold an answer to a schema of a version."""
    folder = shared / "conformance" / "reconciliation"
    registry: referencing.Registry[Any] = referencing.Registry()
    found = {}
    for version in VERSIONS:
        for file in sorted((folder / version / "schemas").glob("*.json")):
            content = json.loads(file.read_text(encoding="utf-8"))
            found[version, file.stem] = content
            registry = registry.with_resource(content["$id"], DRAFT7.create_resource(content))
    assert len(found) == 24

    def hold(version: str, name: str, answer: Any) -> None:
        # the schemas of 0.2 refer to `type.json` beside them, which gives itself another address
        validator = jsonschema.Draft7Validator(
            found[version, name], registry=_beside(registry, version, found)
        )
        validator.validate(answer)

    return hold


def _beside(
    registry: referencing.Registry[Any], version: str, found: dict[tuple[str, str], Any]
) -> referencing.Registry[Any]:
    """The registry with the schemas of a version also under the address beside their own."""
    folder = f"https://reconciliation-api.github.io/specs/{version.removeprefix('1.0-')}/schemas/"
    beside = {
        f"{folder}{name}.json": DRAFT7.create_resource(content)
        for (of, name), content in found.items()
        if of == version
    }
    return registry.with_resources(beside.items())


def ask_02(client: httpx.Client, batch: dict[str, Any], language: str = "zh", *, by: str = "POST") -> Any:
    sent = {"queries": json.dumps(batch)}
    address = f"/{language}/reconcile"
    answer = client.post(address, data=sent) if by == "POST" else client.get(address, params=sent)
    assert answer.status_code == 200, answer.text
    return answer.json()


def ask_10(client: httpx.Client, *queries: dict[str, Any], language: str = "zh") -> Any:
    answer = client.post(f"/{language}/reconcile/1.0/match", json={"queries": queries})
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_manifests_are_valid(client: httpx.Client, check: Any, language: str) -> None:
    """Of both versions, in both languages, with addresses at which there is something."""
    old = client.get(f"/{language}/reconcile").json()
    check("0.2", "manifest", old)
    new = client.get(f"/{language}/reconcile/1.0").json()
    check("1.0-draft", "manifest", new)
    assert old["name"] == new["name"]
    preview = old["preview"]["url"].replace("{{id}}", f"{ID}unit/130202/205")
    assert client.get(preview).status_code == 200
    view = new["view"]["url"].replace("{id}", f"{ID}unit/130202/205")
    assert client.get(view).headers["location"] == f"/{language}/departments/130202/205"
    page, _, anchor = old["documentation"].partition("#")
    told = client.get(page).text
    assert f'id="{anchor}"' in told
    assert f"/{language}/reconcile</pre>" in told


def test_the_plain_address_answers_in_the_language_that_is_preferred(client: httpx.Client) -> None:
    """So that people need to remember no more than /reconcile."""
    names = {
        language: client.get("/reconcile", headers={"Accept-Language": language}).json()["name"]
        for language in ("zh-CN", "en-GB")
    }
    assert len(set(names.values())) == 2
    batch = {"queries": json.dumps({"q": {"query": "路南区教育局"}})}
    assert client.post("/reconcile", data=batch).json()["q"]["result"][0]["match"] is True


@pytest.mark.parametrize("by", ["GET", "POST"])
def test_a_batch_of_02_is_answered(client: httpx.Client, check: Any, by: str) -> None:
    """Each query by its key, with types, features and scores."""
    batch = {
        "q0": {"query": "路南区教育局（本级）", "type": f"{JX}BudgetUnit", "limit": 3},
        "q1": {
            "query": "教育局",
            "type": ["BudgetUnit"],
            "properties": [{"pid": "inDivision", "v": "路南区"}],
        },
        "q2": {"query": "无此单位", "type": "BudgetUnit"},
        "q3": {"query": "唐山市路南区", "type": "AdministrativeDivision"},
    }
    check("0.2", "reconciliation-query-batch", batch)
    answer = ask_02(client, batch, by=by)
    check("0.2", "reconciliation-result-batch", answer)
    matched = {
        key: [one["id"].removeprefix(ID) for one in result["result"] if one["match"]]
        for key, result in answer.items()
    }
    assert matched == {
        "q0": ["unit/130202/205001"],
        "q1": ["unit/130202/205001"],
        "q2": [],
        "q3": ["division/130202"],
    }
    first = answer["q0"]["result"][0]
    assert first["score"] == 100
    assert "河北省唐山市路南区" in first["description"]
    assert {"id": f"{JX}BudgetUnit", "name": "预算单位"} in first["type"]
    assert {feature["id"] for feature in first["features"]} >= {"name", "place"}
    assert len(answer["q0"]["result"]) <= 3


def test_a_batch_of_10_is_answered(client: httpx.Client, check: Any) -> None:
    """By name, by identifier, by property; what is required leaves out what does not have it."""
    queries = [
        {
            "type": f"{JX}BudgetUnit",
            "conditions": [
                {"matchType": "name", "propertyValue": "教育局"},
                {"matchType": "property", "propertyId": f"{JX}inDivision", "propertyValue": "130202"},
            ],
        },
        {
            "conditions": [{"matchType": "id", "propertyValue": f"{ID}unit/130202/205002"}],
            "type": "BudgetUnit",
        },
        {
            "conditions": [
                {"matchType": "name", "propertyValue": "农业农村局"},
                {
                    "matchType": "property",
                    "propertyId": "unitCode",
                    "propertyValue": ["326", "999"],
                    "required": True,
                },
            ]
        },
    ]
    check("1.0-draft", "reconciliation-query-batch", {"queries": queries})
    answer = ask_10(client, *queries)
    check("1.0-draft", "reconciliation-result-batch", answer)
    found = [[one["id"].removeprefix(ID) for one in result["candidates"]] for result in answer["results"]]
    assert found[0][0] == "unit/130202/205001"
    assert "unit/130202/205002" in found[1]
    assert found[2] == ["unit/130109/326"]
    assert all(feature["name"] for feature in answer["results"][0]["candidates"][0]["features"])


def test_the_language_is_that_of_the_address(client: httpx.Client) -> None:
    """Descriptions, types and features in English below /en/."""
    answer = ask_10(client, {"conditions": [{"matchType": "name", "propertyValue": "路南区"}]}, language="en")
    first = answer["results"][0]["candidates"][0]
    assert first["type"][0]["name"] == "administrative division"
    assert "since 1980" in first["description"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kind", "prefix", "first"),
    [
        ("entity", "路南区", f"{ID}division/130202"),
        ("entity", "205002", f"{ID}unit/130202/205002"),
        ("type", "预算单位", f"{JX}BudgetUnit"),
        ("property", "区划", f"{JX}inDivision"),
    ],
)
def test_suggestions_come_while_somebody_types(
    client: httpx.Client, check: Any, version: str, kind: str, prefix: str, first: str
) -> None:
    """Things by name and by code; types and properties by either of their names."""
    within = "/1.0" if version == "1.0-draft" else ""
    answer = client.get(f"/zh/reconcile{within}/suggest/{kind}", params={"prefix": prefix}).json()
    plural = {"entity": "entities", "type": "types", "property": "properties"}[kind]
    check(version, f"suggest-{plural}-response", answer)
    assert answer["result"][0]["id"] == first


def test_flyouts_and_previews_tell_what_a_thing_is(client: httpx.Client) -> None:
    """A line, and a card that may stand in the pages of others; what is not there is a problem."""
    id_ = f"{ID}unit/130202/205002"
    told = client.get("/zh/reconcile/flyout/entity", params={"id": id_}).json()
    assert told["id"] == id_
    assert "启明小学" in told["html"]
    assert client.get("/zh/reconcile/flyout/type", params={"id": f"{JX}Project"}).json()["html"] == (
        "<p>预算项目</p>"
    )
    card = client.get("/en/reconcile/preview", params={"id": id_})
    assert "frame-ancestors *" in card.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in client.get("/zh/about").headers["content-security-policy"]
    assert "205002" in card.text
    assert client.get("/zh/reconcile/preview", params={"id": "urn:nothing"}).status_code == 404
    assert client.get("/zh/reconcile/flyout/property", params={"id": "urn:nothing"}).status_code == 404


def test_values_are_fetched(client: httpx.Client, check: Any) -> None:
    """Codes as text, divisions and departments as things, years as numbers, in both versions."""
    wanted = {
        "ids": [f"{ID}unit/130202/205002", f"{ID}division/130223", "urn:nothing"],
        "properties": [{"id": f"{JX}{name}"} for name in ("unitCode", "inDivision", "validUntil", "no-such")],
    }
    for version in VERSIONS:
        check(version, "data-extension-query", wanted)
    old = client.post("/zh/reconcile", data={"extend": json.dumps(wanted)}).json()
    check("0.2", "data-extension-response", old)
    unit = old["rows"][f"{ID}unit/130202/205002"]
    assert unit[f"{JX}unitCode"] == [{"str": "205002"}]
    assert unit[f"{JX}inDivision"] == [{"id": f"{ID}division/130202", "name": "路南区"}]
    assert old["rows"][f"{ID}division/130223"][f"{JX}validUntil"] == [{"int": 2018}]
    assert old["rows"]["urn:nothing"] == {
        f"{JX}{name['id'].removeprefix(JX)}": [] for name in wanted["properties"]
    }
    new = client.post("/zh/reconcile/1.0/extend", json=wanted).json()
    check("1.0-draft", "data-extension-response", new)
    assert [row["id"] for row in new["rows"]] == wanted["ids"]
    assert new["rows"][0]["properties"][0] == {"id": f"{JX}unitCode", "values": [{"str": "205002"}]}


def test_properties_are_proposed(client: httpx.Client, check: Any) -> None:
    """Those that things of a type have, as many as are wanted."""
    for version, address in (("0.2", "propose"), ("1.0-draft", "1.0/extend/propose")):
        answer = client.get(f"/zh/reconcile/{address}", params={"type": f"{JX}BudgetUnit"}).json()
        check(version, "data-extension-property-proposal", answer)
        assert [one["name"] for one in answer["properties"]][:3] == ["单位代码", "所在区划", "主管部门"]
        fewer = client.get(f"/zh/reconcile/{address}", params={"type": "Project", "limit": 1}).json()
        assert [one["name"] for one in fewer["properties"]] == ["项目编码"]


def test_every_type_and_property_has_names_in_both_languages() -> None:
    """Nobody is shown an IRI."""
    terms = [*schema.types().values(), *schema.PROPERTIES.values(), *schema.CONDITIONS.values()]
    assert len(terms) >= 40
    assert not [term.id for term in terms for name in term.names.values() if name.startswith("http")]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_examples_of_the_specification_are_understood(
    client: httpx.Client, check: Any, shared: Path, version: str
) -> None:
    """Every valid batch is answered; every one that is not valid is refused with a reason."""
    folder = shared / "conformance" / "reconciliation" / version / "examples" / "reconciliation-query-batch"
    files = sorted(folder.rglob("*.json"))
    assert len(files) == {"0.2": 7, "1.0-draft": 12}[version]
    for file in files:
        batch = file.read_text(encoding="utf-8")
        if version == "0.2":
            answer = client.post("/zh/reconcile", data={"queries": batch})
        else:
            headers = {"Content-Type": "application/json"}
            answer = client.post("/zh/reconcile/1.0/match", content=batch.encode(), headers=headers)
        if file.parent.name == "valid":
            assert answer.status_code == 200, (file.name, answer.text)
            check(version, "reconciliation-result-batch", answer.json())
        else:
            assert answer.status_code == 400, (file.name, answer.text)
            assert answer.json()["detail"]


def said_of_a_query(properties: list[dict[str, Any]]) -> dict[str, str]:
    return {"queries": json.dumps({"q": {"query": "教育局", "properties": properties}})}


@pytest.mark.parametrize(
    ("sent", "status", "told"),
    [
        ({"queries": "{"}, 400, "no JSON"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": '{"q": {"query": 5}}'}, 400, "text"),
        ({"queries": '{"q": {"query": "a", "limit": 0}}'}, 400, "limit"),
        ({"queries": '{"q": {"query": "a", "limit": NaN}}'}, 400, "NaN"),
        ({"queries": '{"\\ud800": {"query": "a"}}'}, 400, "JSON"),
        ({"queries": json.dumps({str(n): {"query": "a"} for n in range(201)})}, 413, "200"),
        ({"queries": json.dumps({"q": {"query": "长" * 401}})}, 413, "400"),
        (
            said_of_a_query([{"pid": "inDivision", "v": [f"{n}区" for n in range(11)]}]),
            413,
            "send 10 at most",
        ),
        (
            said_of_a_query([{"pid": "broader", "v": ["甲", "乙"]}] * 6),
            413,
            "12 values of one property; send 10",
        ),
        (said_of_a_query([{"pid": "something", "v": "甲"}] * 21), 413, "21 conditions in one query; send 20"),
        ({"queries": "{}", "extend": "{}"}, 400, "one thing"),
        ({"extend": '{"ids": "a", "properties": []}'}, 400, "ids"),
        ({"extend": json.dumps({"ids": ["a"] * 1001, "properties": []})}, 413, "1,000"),
        ({}, 400, "queries"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: httpx.Client, sent: dict[str, str], status: int, told: str
) -> None:
    """With what is wrong, and what to send instead."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/zh/reconcile", data=sent, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert told in answer.json()["detail"]


@pytest.mark.parametrize(
    ("conditions", "told"),
    [
        ([("name", "甲")] * 21, "21 conditions in one query; send 20 at most"),
        ([("name", ["甲"] * 11)], "11 values of one property; send 10 at most"),
        ([("property", ["甲", "乙"])] * 6, "12 values of one property; send 10 at most"),
    ],
)
def test_a_query_of_10_says_no_more_than_is_looked_up(
    client: httpx.Client, conditions: list[tuple[str, Any]], told: str
) -> None:
    """Each name of a place is searched for; the bounds are those of version 0.2."""
    said = [
        {"matchType": kind, "propertyId": "inDivision", "propertyValue": value} for kind, value in conditions
    ]
    answer = client.post("/zh/reconcile/1.0/match", json={"queries": [{"conditions": said}]})
    assert answer.status_code == 413
    assert told in answer.json()["detail"]


def test_a_place_that_many_queries_name_is_looked_up_once(library: Store) -> None:
    """A column of one county names it in every row."""
    index = Searched(library)
    place = {"pid": "inDivision", "v": ["路南区", "路南区"]}
    batch = {str(n): {"query": "教育局", "type": "BudgetUnit", "properties": [place]} for n in range(3)}
    found = asked.candidates(index, asked.queries_of_02(batch).values())
    assert [one[0].thing.iri for one in found] == [f"{ID}unit/130202/205001"] * 3
    assert index.texts == ["路南区", "教育局", "教育局", "教育局"]


class Searched(Index):
    """An index that notes for which texts it was searched."""

    def __init__(self, store: Store) -> None:
        super().__init__([*every_division(), *registered(store)])
        self.texts: list[str] = []

    def candidates(
        self, asked: Asked, types: frozenset[str] = frozenset(), most: int = 5
    ) -> tuple[Candidate, ...]:
        self.texts.append(asked.text)
        return super().candidates(asked, types, most)


def test_pages_of_others_may_ask(client: httpx.Client) -> None:
    """CORS, also before a request that sends JSON."""
    headers = {"Origin": "http://127.0.0.1:3333"}
    assert client.get("/zh/reconcile", headers=headers).headers["access-control-allow-origin"] == "*"
    before = {
        **headers,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    assert client.options("/zh/reconcile/1.0/match", headers=before).status_code == 200

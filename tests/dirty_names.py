"""Units as registers write them, and the same as lists in the wild do: seeded, with the answers known."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ontology import divisions, identifiers
from service.linking.things import BODY, UNIT, Family, Thing

if TYPE_CHECKING:
    from collections.abc import Callable

COUNTIES = """
130202 130203 130204 130205 130208 130224 130225 130283 130284 130109 130121 320106 320104 320324 350102
350111 410204 410122 440106 440303 510104 510181 330106 330110 120105 110108 130105 230321 131028 222401
""".split()  # noqa: SIM905 - a list of codes reads better so
"""Neighbours, and counties of one name (鼓楼区, 河北区, 新华区) in several provinces."""
CITIES = ["130200", "320100", "510100"]
BODIES = {
    "发展和改革局": "发改局",
    "教育局": "教育局",
    "体育局": "体育局",
    "科学技术局": "科技局",
    "工业和信息化局": "工信局",
    "公安局": "公安局",
    "民政局": "民政局",
    "司法局": "司法局",
    "财政局": "财政局",
    "人力资源和社会保障局": "人社局",
    "自然资源和规划局": "资规局",
    "住房和城乡建设局": "住建局",
    "交通运输局": "交通局",
    "水利局": "水利局",
    "农业农村局": "农业农村局",
    "商务局": "商务局",
    "文化广电和旅游局": "文旅局",
    "卫生健康局": "卫健局",
    "退役军人事务局": "退役军人局",
    "应急管理局": "应急局",
    "审计局": "审计局",
    "市场监督管理局": "市监局",
    "统计局": "统计局",
    "医疗保障局": "医保局",
    "行政审批局": "行政审批局",
    "信访局": "信访局",
    "城市管理综合行政执法局": "城管执法局",
    "人民政府办公室": "政府办",
    "人民法院": "法院",
    "人民检察院": "检察院",
    "妇女联合会": "妇联",
    "残疾人联合会": "残联",
    "工商业联合会": "工商联",
    "科学技术协会": "科协",
    "总工会": "总工会",
    "供销合作社联合社": "供销社",
    "疾病预防控制中心": "疾控中心",
    "第一中学": "一中",
    "第二中学": "二中",
    "第三中学": "三中",
    "启明小学": "启明小学",
    "实验幼儿园": "实验幼儿园",
    "人民医院": "人民医院",
    "中医医院": "中医院",
    "农业技术推广中心": "农技推广中心",
    "不动产登记中心": "不动产登记中心",
    "融媒体中心": "融媒体中心",
    "机关事务服务中心": "机关事务服务中心",
}
PARTY = {
    "组织部": "组织部",
    "宣传部": "宣传部",
    "统一战线工作部": "统战部",
    "政法委员会": "政法委",
    "机构编制委员会办公室": "编办",
}
SLIPS = {
    "育": "肓", "农": "衣", "管": "官", "设": "没", "健": "建", "划": "化", "障": "章", "输": "轮", "监": "坚",
    "督": "都", "资": "姿", "源": "原", "社": "杜", "保": "堡", "广": "厂", "旅": "旋", "游": "由", "展": "殿",
    "革": "格", "镇": "填", "路": "露", "丰": "封", "审": "申", "批": "比", "康": "糠", "统": "流", "控": "空",
}  # fmt: skip
"""Characters that are taken for others: of one sound, or of like shape."""


@dataclass(frozen=True, slots=True)
class Dirty:
    """A name as somebody wrote it, and the unit that is meant (None: one that the store does not have)."""

    text: str
    unit: str | None
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    thing: Thing
    division: str
    body: str
    short: str
    party: bool


def units() -> list[Unit]:
    found = []
    for division in (*COUNTIES, *CITIES):
        place = _place(division)
        for number, (body, short) in enumerate((BODIES | PARTY).items(), 201):
            party = body in PARTY
            name = f"中国共产党{place}委员会{body}" if party else f"{place}{body}"
            found.append(Unit(_thing(division, number, name), division, body, short, party))
    return found


def _thing(division: str, number: int, name: str) -> Thing:
    code = f"{number}001"
    iri = str(identifiers.body(identifiers.body_key(division, code=code, name=name)))
    return Thing(iri, Family.BODY, (name,), (UNIT, BODY), frozenset(), frozenset([code]), division)


def _place(division: str) -> str:
    """The city and the county, as registers write them."""
    known = divisions.by_code(division)
    assert known is not None
    above = [divisions.by_code(code) for code in divisions.ancestors(known)]
    city = next((one.name for one in above if one is not None and not one.code.endswith("0000")), "")
    return f"{city}{known.name}"


def dirty(number: int, seed: int, known: list[Unit], unknown: list[Unit]) -> list[Dirty]:
    """Names of units, one in ten of a unit that is not among the known."""
    chance = random.Random(seed)
    made = []
    for place in range(number):
        unit = chance.choice(unknown if place % 10 == 0 else known)
        ways = chance.sample(sorted(WAYS), chance.choice([1, 1, 2]))
        text = _named(unit, chance, short="short name" in ways, bare="no ending" in ways)
        for way in ways:
            text = WAYS[way](text, chance)
        answer = None if place % 10 == 0 else unit.thing.iri
        made.append(Dirty(text, answer, tuple(ways)))
    return made


def _named(unit: Unit, chance: random.Random, *, short: bool, bare: bool) -> str:
    """A name with more or less before it: the province, the city, the county alone."""
    known = divisions.by_code(unit.division)
    assert known is not None
    place = _place(unit.division)
    if bare and len(known.name) == 3 and not unit.division.endswith("00"):
        place = place.removesuffix(known.name[-1])
    elif chance.random() < 0.3:
        province = divisions.by_code(f"{unit.division[:2]}0000")
        assert province is not None
        place = f"{province.name}{place}"
    body = unit.short if short else unit.body
    if not unit.party:
        return f"{place}{body}"
    return f"中共{place}委{body}" if short else f"中国共产党{place}委员会{body}"


def _suffix(text: str, chance: random.Random) -> str:
    return text + chance.choice(["本级", "机关", "（本级）", "(机关)", "部门", "（汇总）"])


def _width(text: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(text))
    text = text.replace("(", "（").replace(")", "）")
    return f"{text[:place]}{chance.choice([' ', '　', chr(0x200B)])}{text[place:]}{chance.choice(['', ' '])}"


def _code(text: str, chance: random.Random) -> str:
    return (
        f"{chance.choice(['', '['])}９{chance.randrange(10, 99)}００１{chance.choice(['-', ' ', '－'])}{text}"
    )


def _typing_error(text: str, chance: random.Random) -> str:
    slips = [place for place, character in enumerate(text) if character in SLIPS]
    kind = chance.choice(["slip", "slip", "swap", "drop", "double"])
    if kind == "slip" and slips:
        place = chance.choice(slips)
        return f"{text[:place]}{SLIPS[text[place]]}{text[place + 1 :]}"
    place = chance.randrange(1, len(text) - 1)
    if kind == "drop":
        return text[:place] + text[place + 1 :]
    if kind == "double":
        return text[:place] + text[place] + text[place:]
    return f"{text[: place - 1]}{text[place]}{text[place - 1]}{text[place + 1 :]}"


def _as_it_is(text: str, chance: random.Random) -> str:
    return text


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "suffix": _suffix,
    "width": _width,
    "code before it": _code,
    "typing error": _typing_error,
    "short name": _as_it_is,
    "no ending": _as_it_is,
}
"""Ways in which a name becomes dirty; the last two are of how it is written in the first place."""

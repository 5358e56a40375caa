"""What the words of a text say about the structure around them: labels, levels, signs, numbers, the page's frame.

Only what is needed to cut a text into cells is asked here; what the cells mean is settled by the layouts.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from rdflib.namespace import SKOS

from ontology.namespaces import JX, JXC
from ontology.vocabulary import (
    concept_by_label,
    field_labels,
    graph,
    is_word,
    labels_of_level,
    normalise_label,
)

if TYPE_CHECKING:
    from rdflib import URIRef

_LONGEST_LABEL: Final = 40
_FRAMEWORKS: Final = ("indicator-2015", "indicator-2021", "indicator-other")
_FUND: Final = JXC["fund-"]
_MONEY: Final = frozenset(
    {JX.budget, JX.initialAmount, JX.adjustedAmount, JX.executedAmount, JX.executionRate, JX.purpose}
)
_GOALS: Final = frozenset({JX.hasGoal, JXC["horizon/long-term"], JX.actualText})
_PROSE: Final = _GOALS | {JX.heading}
_INLINE = re.compile(r"^\s*([^:：]{2,12})[:：]\s*\S", re.DOTALL)
_MONTH = re.compile(r"^(?:20\d\d年)?\d{1,2}月(?:底|末)?前?$")
_NUMBER = re.compile(r"^[+-]?\d[\d,]*(?:\.\d+)?$")
_COMPARED = re.compile(r"^(?:[≥≤≧≦⩾⩽><=═]+|[大小]于(?:或?等于)?|等于|不[低少高超][于过])[+-]?\d.{0,16}$")
_COUNTED = re.compile(r"^[+-]?\d[\d,]*(?:\.\d+)?(\D*)$")
_DASHES: Final = " -—–/\\"
_SIGN = re.compile(r"^(?:[≥≤≧≦⩾⩽><=═]{1,2}|[大小]于(?:或?等于)?|等于|(?:正|反|逆)向(?:指标)?|定性(?:指标)?)$")
_CODED_BODY = re.compile(r"^[(\[【]?\d{3}(?:\d{3}){0,3}[)\]】]?[-—]?[一-鿿]{4,}.*$")
_TITLE = re.compile(r"(?:表|绩效目标|绩效指标|指标情况|目标情况)(?:[(（].{2,12}[)）])?$")
_CLOSES = re.compile(
    r"^(?:其[他它]需要?说明|(?:备\s*注|说\s*明|总\s*分|[合总小]\s*计|总\s*得\s*分)(?:[:：(（]|$)|注[:：]|填[报表](?:人|单位|日期|时间|说明)"
    r"|(?:\D{0,20}[审复]核?|[^，。]{0,20}(?:初审|审核|审批|复核|评审))(?:人|意见)|第[一二三四五六七八九十]+部分|联系(?:人|电话|方式)|单位负责人|自评结论)"
)
# Everything around the text of a government page: navigation, dates of the page, its neighbours, its imprint.
_FRAME = re.compile(
    r"^(?:首页|您?(?:的|所在|当前|现在)*(?:位置|在)[:：是]|上一[篇条页]|下一[篇条页]|[【\[]?(?:打印|关闭|收藏|返回|分享)"
    r"|主办|承办|版权所有|网站标识|备案|扫一扫|附件|责任编辑|编辑[:：]|作者[:：]|(?:信息|文章)?来源[:：]|索引号"
    r"|(?:发布|发稿|更新|公开)?(?:时间|日期)[:：]|浏览|阅读|点击|字号|\d{4}-\d{1,2}-\d{1,2}(?:\s|$))"
)

# A heading and its page, a TAB between them; a number behind a label is its value.
_CONTENTS_ENTRY = re.compile(r"^\s*(\S[^\t]*)\t\s*\d{1,4}\s*$")


def plain(text: str) -> str:
    """Return a text without blanks and full width."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def fields(text: str) -> frozenset[URIRef]:
    """Return the fields a printed label may mean; empty where the text is no label.

    >>> [str(field).rpartition("/")[2] for field in fields("项目名称：")]
    ['projectName']
    """
    if not text or len(text) > _LONGEST_LABEL:
        return frozenset()
    return frozenset(field_labels().get(normalise_label(text), ()))


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Return whether a text is a label: of a field that is read, or of one that is known to be left.

    >>> is_label("项目名称"), is_label("项目属性"), is_label("村级组织运转经费")
    (True, True, False)
    """
    if not text or len(text) > _LONGEST_LABEL:
        return False
    return bool(fields(text)) or is_word(text, "other-field")


def is_inline_field(text: str) -> bool:
    """Return whether a cell prints a label and its value, as `单位：万元` does."""
    match = _INLINE.match(text)
    return match is not None and not is_label(text) and bool(fields(match[1]))


def is_money_label(text: str) -> bool:
    """Return whether a label names an amount of a project, or what the money is for."""
    meant = fields(text)
    return bool(meant & _MONEY) or any(field.startswith(_FUND) for field in meant)


def is_goal_label(text: str) -> bool:
    """Return whether a label heads prose: goals, and what became of them."""
    return bool(fields(text) & _GOALS)


def is_month(text: str) -> bool:
    """Return whether a text is a node of a spending plan, such as `3月底`."""
    return _MONTH.match(plain(text)) is not None


@cache
def _levels(*, upper: bool) -> frozenset[str]:
    """Return the labels of concepts that have no broader one (`upper`), or that have."""
    broader = set(graph().subjects(SKOS.broader))
    return frozenset(
        label
        for scheme in _FRAMEWORKS
        for label, concept in concept_by_label(JXC[scheme]).items()
        if (concept not in broader) is upper
    )


def is_level(text: str) -> bool:
    """Return whether a text is the label of a level of indicators: 产出指标, 数量指标(10分)."""
    return is_level_1(text) or is_level_2(text)


def is_surely_level(text: str) -> bool:
    """Return whether a text is a level and cannot be a name, or the label of anything else.

    >>> is_surely_level("质量指标(必填)"), is_surely_level("项目成本"), is_level("项目成本")
    (True, False, True)
    >>> is_surely_level("质量目标"), is_surely_level("绩效目标"), is_level("绩效目标")
    (True, False, True)
    """
    word = plain(text)
    if "指标" in word:
        return is_level(word)
    label, without_goal = labels_of_level(word)
    return label != without_goal and is_level(without_goal)


@lru_cache(maxsize=4096)
def is_level_1(text: str) -> bool:
    """Return whether a text is the label of a first level.

    >>> is_level_1("产 出 指 标"), is_level_1("数量指标"), is_level_1("成本指标")
    (True, False, True)
    """
    return _is_in(_levels(upper=True), text)


@lru_cache(maxsize=4096)
def is_level_2(text: str) -> bool:
    """Return whether a text is the label of a second level."""
    return _is_in(_levels(upper=False), text)


def is_only_level_1(text: str) -> bool:
    """Return whether a text names a first level and is never printed as a second one.

    >>> is_only_level_1("效益指标"), is_only_level_1("成本指标"), is_only_level_1("满意度指标")
    (True, False, False)
    """
    return is_level_1(text) and not is_level_2(text) and not _is_in(_satisfaction(), text)


@cache
def _satisfaction() -> frozenset[str]:
    """Return the labels of the first level that old forms print below 效益指标."""
    concepts = {JXC[f"{scheme}/satisfaction"] for scheme in _FRAMEWORKS}
    return frozenset(
        label
        for scheme in _FRAMEWORKS
        for label, concept in concept_by_label(JXC[scheme]).items()
        if concept in concepts
    )


def _is_in(levels: frozenset[str], text: str) -> bool:
    """Return whether a text is one of some levels."""
    return 0 < len(text) <= _LONGEST_LABEL and not levels.isdisjoint(labels_of_level(text))


def is_points(text: str) -> bool:
    """Return whether a text is a weight or a score: 10, 9.5分, 20%."""
    return is_number(plain(text).removesuffix("分").removesuffix("%"))


def is_amount(text: str) -> bool:
    """Return whether a text may stand for an amount of money, its share or points: a number, a dash, nothing.

    >>> is_amount("70.4"), is_amount("88.00%"), is_amount("—"), is_amount(""), is_amount("其他资金")
    (True, True, True, True, False)
    """
    return not text.strip(_DASHES) or is_points(text) or is_quantity(text)


def is_number(text: str) -> bool:
    """Return whether a text is a bare number."""
    return _NUMBER.match(plain(text)) is not None


@lru_cache(maxsize=4096)
def is_quantity(text: str) -> bool:
    """Return whether a text is a number with its comparator or its unit, which no name of an indicator is.

    >>> is_quantity("≥95%"), is_quantity("10辆"), is_quantity("54个村"), is_quantity("7 岁以下儿童健康管理率")
    (True, True, False, False)
    """
    bare = plain(text)
    counted = _COUNTED.match(bare)
    return _COMPARED.match(bare) is not None or (
        counted is not None and (not counted[1] or is_unit(counted[1]) or counted[1] == "分")
    )


@lru_cache(maxsize=4096)
def is_coded_body(text: str) -> bool:
    """Return whether a text is a public body with its code in front, as forms print it above their first label.

    >>> is_coded_body("203001某某区委员会组织部本级"), is_coded_body("120人")
    (True, False)
    """
    return _CODED_BODY.match(plain(text)) is not None


def is_sign(text: str) -> bool:
    """Return whether a text is a comparator or a polarity."""
    return _SIGN.match(plain(text)) is not None


@lru_cache(maxsize=4096)
def is_unit(text: str) -> bool:
    """Return whether a text is a unit, or several joined (人/次, 万元/队/年)."""
    known = concept_by_label(JXC["unit"])
    parts = re.split(r"[/／·*]", text.strip())
    return all(part and (part in known or normalise_label(part) in known) for part in parts)


def is_title(text: str) -> bool:
    """Return whether a text reads as the title of a table."""
    return _TITLE.search(text.strip()) is not None and not is_label(text)


def closes_table(text: str) -> bool:
    """Return whether a text opens a remark or a total below the indicators."""
    return _CLOSES.match(text.strip()) is not None


def is_total(text: str) -> bool:
    """Return whether a text is the label of a row that adds up: 总分, 合计."""
    return 0 < len(text) <= _LONGEST_LABEL and is_word(text, "total")


def is_grade(text: str) -> bool:
    """Return whether a text is what a score amounts to: 优, 良, 中, 差."""
    return 0 < len(text) <= _LONGEST_LABEL and normalise_label(text) in concept_by_label(JXC["grade"])


def is_contents_entry(line: str) -> bool:
    r"""Return whether a line of text is one of a contents list: a heading and its page, in no form of table.

    >>> is_contents_entry("3.公路养护经费绩效目标表\t12"), is_contents_entry("一、总体绩效目标\t2")
    (True, True)
    >>> is_contents_entry("预算数\t12")
    False
    """
    entry = _CONTENTS_ENTRY.match(line)
    if entry is None or is_level(entry[1]):
        return False
    return not is_label(entry[1]) or bool(fields(entry[1]) & _PROSE)


def is_page_frame(text: str) -> bool:
    """Return whether a line belongs to the web page around a document."""
    return _FRAME.match(text.strip()) is not None


def stands_alone(text: str) -> bool:
    """Return whether a line is no part of a cell: a title, a line of the page."""
    return is_title(text) or is_page_frame(text)

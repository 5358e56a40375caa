"""Labels of forms: what provinces print, and the field or level it means."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Final

import pytest
from rdflib import SKOS

from ontology import JX, JXC, concept_by_label, field_labels, graph, normalise_label, vocabulary, words

FOLDER = Path(__file__).parent


def rows_of(name: str) -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader((FOLDER / name).read_text(encoding="utf-8").splitlines()))


LABELS = rows_of("labels.csv")
LEVELS = rows_of("levels.csv")
AMBIGUOUS: Final = {
    *("指标性质", "指标方向", "绩效", "单位", "总体绩效目标", "全年预算数", "项目预算", "指标内容"),
    *("指标类型", "指标类别", "指标分类", "绩效指标类型", "绩效指标类别"),
}
"""Normalised labels that mean two fields; content tells which."""

HEBEI: Final = {
    *("项目编码", "项目名称", "预算规模及资金用途", "预算数", "其中：财政    资金", "其他资金"),
    *("资金支出计划（%）", "绩效目标", "一级指标", "二级指标", "三级指标"),
    *("绩效指标描述", "指标值", "指标值确定依据"),
}


def short(iri: object) -> str:
    return str(iri).removeprefix(str(JXC)).removeprefix(str(JX.name).removesuffix("name"))


@pytest.mark.parametrize("row", LABELS, ids=lambda row: row["label"])
def test_a_printed_label_means_its_field(row: dict[str, str]) -> None:
    """A wording of a real form is found, and what is no label is not."""
    found = field_labels().get(normalise_label(row["label"]), ())
    assert sorted(map(short, found)) == sorted(row["fields"].split())


@pytest.mark.parametrize("row", LEVELS, ids=lambda row: f"{row['printed']} in {row['framework']}")
def test_a_printed_level_is_a_concept_of_its_framework(row: dict[str, str]) -> None:
    """Inner blanks, scores and tails do not count; a level of the other framework is none."""
    scheme = JXC[row["framework"]]
    found = concept_by_label(scheme).get(normalise_label(row["printed"]))
    assert found == (JXC[f"{row['framework']}/{row['concept']}"] if row["concept"] else None)


def test_the_tables_of_labels_are_whole() -> None:
    """The suite does not shrink in silence."""
    assert len(LABELS) == 159
    assert len(LEVELS) == 33


def test_every_field_of_the_collection_is_met_in_the_table_of_labels() -> None:
    """But for funds that real tables print seldom, each field has a real label as a test."""
    tested = {field for row in LABELS for field in row["fields"].split()}
    missing = {short(field) for field in graph().objects(vocabulary.FIELDS, SKOS.member)} - tested
    assert {field.partition("/")[0] for field in missing} == {"fund-source", "fund-level", "fiscalYear"}


def test_no_label_means_two_fields_but_the_named_ones() -> None:
    """Only these must be told apart by content."""
    assert {label for label, fields in field_labels().items() if len(fields) > 1} == AMBIGUOUS


def test_no_label_names_two_concepts_of_one_code_list() -> None:
    """Which concept a label means does not hang on the order of the file."""
    schemes = set(graph().objects(None, SKOS.inScheme)) - {JXC["unit"]}
    assert len(schemes) >= 16
    for scheme in schemes:
        meanings: dict[str, set[object]] = {}
        for concept in graph().subjects(SKOS.inScheme, scheme):
            for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel):
                for label in graph().objects(concept, predicate):
                    meanings.setdefault(normalise_label(str(label)), set()).add(concept)
        assert {label for label, concepts in meanings.items() if len(concepts) > 1} == set()


def test_what_is_a_label_of_a_field_is_not_listed_as_a_label_without_one() -> None:
    """The list of other labels holds only what the ontology does not keep."""
    assert {normalise_label(word) for word in words("other-field")}.isdisjoint(field_labels())


def test_normalising_twice_changes_nothing() -> None:
    """Both sides of a comparison are normalised, some of them more than once."""
    printed = [row["label"] for row in LABELS] + [row["printed"] for row in LEVELS]
    for text in printed:
        assert normalise_label(normalise_label(text)) == normalise_label(text)


def test_every_label_of_the_seed_is_known(seed: Path) -> None:
    """The Hebei form has no label that means nothing."""
    cells = {line.strip("\t ") for line in (seed / "seed.txt").read_text(encoding="utf-8").splitlines()}
    assert cells >= HEBEI
    assert {label for label in HEBEI if normalise_label(label) not in field_labels()} == set()

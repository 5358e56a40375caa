"""Project codes: their parts, their check character, and the repair of a code that was copied wrongly."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ontology.project_codes import ALPHABET, LENGTH, ProjectCode, check_character, find, parse, repairs

ROWS = list(
    csv.DictReader(Path(__file__).with_name("project_codes.csv").read_text(encoding="utf-8").splitlines())
)

digits = st.text(alphabet="0123456789", min_size=1)


@st.composite
def true_codes(draw: st.DrawFn) -> str:
    """Draw a code of letter P with its right check character."""
    body = draw(st.from_regex(r"[1-6][0-9]{5}[0-9]{2}P[0-9]{11}", fullmatch=True))
    return body + check_character(body)


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] or "blank" for row in ROWS])
def test_a_code_is_read_in_parts(row: dict[str, str]) -> None:
    """Each row of project_codes.csv is a code and its parts, or a text that is none."""
    meant = {column: value for column, value in row.items() if column != "text"}
    code = parse(row["text"])
    assert (described(code) if code else dict.fromkeys(meant, "")) == meant


def described(code: ProjectCode) -> dict[str, str]:
    """Return a code in the words of project_codes.csv."""
    return {
        "division": code.division,
        "year": str(code.year),
        "letter": code.letter,
        "parent": code.parent,
        "serial": code.serial,
        "check": code.check,
        "check_ok": "" if code.check_ok is None else str(code.check_ok).lower(),
    }


def test_the_table_of_codes_is_whole() -> None:
    """The suite does not shrink in silence."""
    assert len(ROWS) == 20
    assert sum(not row["division"] for row in ROWS) == 8


def test_all_codes_of_the_seed_are_right(seed: Path) -> None:
    """The nineteen codes that were really published satisfy the check, and their parts give them back."""
    files = json.loads((seed / "expected.json").read_text(encoding="utf-8"))["files"].values()
    printed = {project["code"] for content in files for project in content["projects"]}
    codes = [code for text in sorted(printed) if (code := parse(text))]
    assert len(codes) == len(printed) == 19
    assert all(code.check_ok for code in codes)
    assert {str(code) for code in codes} == printed
    assert {repairs(text) for text in printed} == {()}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("项目编码：13020225P008901100043，主管部门", "13020225P008901100043"),
        ("13020225P00890110004 3 村级支出", "13020225P008901100043"),
        ("（51112323T000011892339）", "51112323T000011892339"),
        ("统一社会信用代码116422210101621779", None),
        ("13020225P0089011000433", None),
        ("订单130202250089011000431", None),
        ("", None),
    ],
)
def test_a_code_is_found_in_running_text(text: str, code: str | None) -> None:
    """Also when blanks part it; a longer run of characters or of digits only is none."""
    found = find(text)
    assert (str(found) if found else None) == code


@given(st.text(max_size=60))
def test_any_text_has_a_code_or_none(text: str) -> None:
    """Nothing is raised, whatever the text."""
    assert parse(text) is None or len(text.strip()) == LENGTH
    assert all(len(repair) == LENGTH for repair in repairs(text))
    assert find(text) is None or find(text) == parse(str(find(text)))


@given(true_codes(), st.data())
def test_every_single_wrong_character_is_caught_and_repaired(code: str, data: st.DataObject) -> None:
    """Any character but the letter, replaced by any other: the check fails, and the true code is proposed."""
    place = data.draw(st.sampled_from([place for place in range(LENGTH) if place != 8]))
    allowed = ALPHABET if place >= 15 else "0123456789"
    wrong = data.draw(st.sampled_from([character for character in allowed if character != code[place]]))
    copied = code[:place] + wrong + code[place + 1 :]
    parsed = parse(copied)
    assert parsed is not None
    assert parsed.check_ok is False
    assert code in repairs(copied)


@given(true_codes(), st.sampled_from([place for place in range(LENGTH - 1) if place not in {7, 8}]))
def test_every_swap_of_neighbours_is_caught_and_repaired(code: str, place: int) -> None:
    """Two different neighbours swapped: the check fails or the form does, and the true code is proposed."""
    copied = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(copied != code)
    parsed = parse(copied)
    assert parsed is None or parsed.check_ok is False
    assert code in repairs(copied)


@given(true_codes(), st.sampled_from([0, 5, 12, 19]))
def test_every_repair_is_a_right_code_one_slip_away(code: str, place: int) -> None:
    """No repair breaks the check, and none differs in more than two neighbouring characters."""
    copied = code[:place] + str((int(code[place]) + 1) % 10) + code[place + 1 :]
    proposed = repairs(copied)
    parsed = [parse(repair) for repair in proposed]
    assert all(each is not None and each.check_ok for each in parsed)
    assert all(sum(a != b for a, b in zip(repair, copied, strict=True)) <= 2 for repair in proposed)
    assert len(set(proposed)) == len(proposed)


def test_a_likely_slip_is_proposed_first() -> None:
    """1 is taken for 7 more often than a 0 for a 4."""
    assert repairs("13020225P008901700043")[0] == "13020225P008901100043"
    assert repairs("13020225P008901100034")[0] == "13020225P008901100043"


@pytest.mark.parametrize("code", ["51112323T000011892339", "130202250089011000431", "13020225P00890", ""])
def test_codes_without_a_check_have_no_repairs(code: str) -> None:
    """Where nothing is checked, nothing is proposed."""
    assert repairs(code) == ()

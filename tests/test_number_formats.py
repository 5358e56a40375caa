"""Numbers of workbooks are read as they are displayed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loader.readers.number_formats import BUILT_IN, GENERAL, displayed, displayed_text, plain

_ROWS = list(csv.DictReader((Path(__file__).parent / "number_formats.csv").open(encoding="utf-8")))


@pytest.mark.parametrize("row", _ROWS, ids=[f"{row['number']} {row['format']}" for row in _ROWS])
def test_a_number_is_shown_as_its_format_says(row: dict[str, str]) -> None:
    """Each row is a number, a format and what is displayed; LibreOffice shows the same where Excel does."""
    assert displayed(float(row["number"]), row["format"]) == row["displayed"]


def test_all_rows_of_the_table_of_formats_are_read() -> None:
    """The table does not shrink in silence."""
    assert len(_ROWS) == 88


def test_dates_of_1904_are_1462_days_later() -> None:
    """Workbooks of old Macintosh computers count from another day."""
    assert displayed(43099, "yyyy/m/d", date1904=True) == displayed(44561, "yyyy/m/d") == "2021/12/31"


def test_every_built_in_format_shows_a_number() -> None:
    """The formats that files name by number are all known and none hides a number."""
    assert len(BUILT_IN) == 55
    for code in BUILT_IN.values():
        assert displayed(44561.75, code)


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("≥95%", "0.00%", "≥95%"),
        ("250", '@"万元"', "250万元"),
        ("甲", "0;-0;0;@", "甲"),
        ("甲", ";;;", ""),
        ("甲", '0;-0;"零"', "甲"),
        ("甲", GENERAL, "甲"),
    ],
)
def test_texts_are_left_alone_unless_the_format_speaks_of_texts(text: str, code: str, shown: str) -> None:
    """A fourth section, or one with @, is for texts."""
    assert displayed_text(text, code) == shown


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.text("0#?.,%@;[]\"'_*\\EeyMdhsaAPGenral/+- 元¥<>=$", max_size=20),
)
def test_no_format_and_no_number_is_too_strange(number: float, code: str) -> None:
    """Formats are what people type: every one shows something or nothing, and none fails."""
    assert isinstance(displayed(number, code), str)
    assert isinstance(displayed_text("甲", code), str)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_a_number_of_four_decimals_comes_back_exactly(number: object) -> None:
    """What is displayed and what is behind it are the number that was typed, without binary noise."""
    typed = format(number, "f")
    assert displayed(float(typed), "0.0000").lstrip("-") == typed.lstrip("-")
    assert float(plain(float(typed))) == float(typed)

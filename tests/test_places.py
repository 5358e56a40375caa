"""Places in documents as people write them: told in one way, and read back in many."""

from __future__ import annotations

import csv
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.places import Position, read

ROWS = list(csv.DictReader((Path(__file__).parent / "places.csv").open(encoding="utf-8")))
_NUMBERS = st.none() | st.integers(1, 9999)


def test_the_table_is_whole() -> None:
    """It does not shrink in silence."""
    assert len(ROWS) == 28


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_place_is_read_as_the_table_says(row: dict[str, str]) -> None:
    """A row without parts is no place; whatever stands beside a place makes it none."""
    parts = {name: value for name, value in row.items() if name != "text" and value}
    told = read(row["text"])
    assert ({} if told is None else {k: str(v) for k, v in asdict(told).items() if v is not None}) == parts


@given(
    position=st.builds(
        Position,
        sheet=st.none(),
        page=_NUMBERS,
        table=_NUMBERS,
        row=_NUMBERS,
        column=_NUMBERS,
        line=_NUMBERS,
    )
    | st.builds(
        Position,
        sheet=st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12),
        address=st.from_regex(r"\A[A-Z]{1,3}[1-9][0-9]{0,5}\Z"),
        table=_NUMBERS,
    )
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_is_told_can_be_read_back(language: str, position: Position) -> None:
    """In both languages; what is copied from a report names the same cell."""
    told = position.told(language)
    copied = read(told)
    assert (copied is None) == (told == "")
    assert copied is None or (position.fits(copied) and copied.fits(position))


@pytest.mark.parametrize(
    ("text", "precise"),
    [("表2 第5行 第4列", True), ("B5", True), ("line 3", True), ("表2", False), ("第5行", False)],
)
def test_only_some_places_name_one_cell(text: str, *, precise: bool) -> None:
    """A table or a row alone is not precise."""
    position = read(text)
    assert position is not None
    assert position.names_a_cell is precise

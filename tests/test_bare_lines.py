"""Disclosures as text: as bare lines most are read whole, and in no form of text is anything made up."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import pytest
from disclosure_cases import CASES, HOW_MANY
from written_texts import FORMS, printed_rows, with_lines

import loader
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from written_texts import Rows

    from loader.model import Declaration

_UNTOLD: Final = "blank-columns"
"""Its blank columns are blank lines like those around a title: its project and its rows are reported instead."""


def _bare(data: bytes, *, blanks: bool) -> bytes:
    """Return a document with each cell on a line, blank cells as blank lines or not at all."""
    document = read(data)
    lines: list[str] = []
    for table in document.tables:
        lines += ["", *(line.text for line in table.before), ""]
        lines += [cell for row in printed_rows(table) for cell in row if cell or blanks]
    return "\n".join((*lines, "", *(line.text for line in document.after))).encode()


def _said(declaration: Declaration) -> Counter[tuple[str, ...]]:
    """Return level 2, name and values of each indicator."""
    project = "" if declaration.name is None else declaration.name.text
    return Counter(
        tuple(
            "".join(text.split())
            for text in (
                project,
                "" if each.level2 is None else each.level2.text,
                "" if each.name is None else each.name.text,
                *sorted(target.reading.raw for target in each.targets),
            )
        )
        for each in declaration.indicators
    )


def _indicators(data: bytes) -> Counter[tuple[str, ...]]:
    declared = loader.convert(data).disclosure.declarations
    return sum((_said(each) for each in declared), Counter[tuple[str, ...]]())


@pytest.fixture(scope="module")
def sources() -> dict[str, bytes]:
    """Each disclosure by its name."""
    return {case.name: next(case.glob("source.*")).read_bytes() for case in CASES}


@pytest.fixture(scope="module")
def published(sources: dict[str, bytes]) -> dict[str, Counter[tuple[str, ...]]]:
    """What each disclosure says as it was published."""
    assert len(sources) == HOW_MANY
    return {name: _indicators(data) for name, data in sources.items()}


@pytest.mark.parametrize(("blanks", "least"), [(True, 45), (False, 40)])
def test_most_disclosures_are_read_whole_from_bare_lines(
    sources: dict[str, bytes], published: dict[str, Counter[tuple[str, ...]]], blanks: bool, least: int
) -> None:
    """Every indicator with its level and value; what is not certain is left out, and no value moves to another."""
    whole = 0
    for name, expected in published.items():
        found = _indicators(_bare(sources[name], blanks=blanks))
        whole += expected == found
        assert not {pair[2:] for pair in found} - {pair[2:] for pair in expected}, name
    assert whole >= least


@pytest.mark.parametrize("blank_where_merged", [False, True])
@pytest.mark.parametrize("form", FORMS)
def test_no_disclosure_gains_a_value_in_any_form(
    sources: dict[str, bytes],
    published: dict[str, Counter[tuple[str, ...]]],
    form: str,
    blank_where_merged: bool,
) -> None:
    """Merged cells gone or blank: what a form does not tell is reported, and no indicator has another's value."""
    made_up: dict[str, set[tuple[str, ...]]] = {}
    for name, expected in published.items():
        written = _written(sources[name], FORMS[form], blank_where_merged=blank_where_merged)
        told = {pair[2:] for pair in _indicators(written)} - {pair[2:] for pair in expected}
        made_up |= {name: told} if told else {}
    assert made_up == {}


def _written(data: bytes, write: Callable[[Rows], str], *, blank_where_merged: bool) -> bytes:
    """Return a document written in a form, with the lines around its tables."""
    document = read(data)
    tables = (with_lines(table, write, blank_where_merged=blank_where_merged) for table in document.tables)
    return "\n".join(("".join(tables), *(line.text for line in document.after))).encode()


def test_the_first_disclosure_is_read_from_bare_lines(seed: Path) -> None:
    """All but the four rows whose names are the labels of levels, and those above them: they are reported."""
    data = (seed / "seed.docx").read_bytes()
    expected, bare = _indicators(data), _bare(data, blanks=True)
    found = _indicators(bare)
    assert found <= expected
    assert (sum(expected.values()), sum(found.values())) == (122, 118)
    reported = {note.text for note in loader.convert(bare).disclosure.notes}
    missing = {name for *_, name, _ in (expected - found).elements()}
    assert missing <= reported

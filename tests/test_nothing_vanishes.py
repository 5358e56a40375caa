"""Whatever a text prints is in the graph or in the load report: no line vanishes, however its table is damaged."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_forms import Form, Layout, documents, layouts, printed
from written_texts import FORMS, with_lines

import loader
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from loader.model import Document, Table

_TITLE: Final = re.compile(r"绩效目标表$|^[（(]?续.{0,2}表?[)）]?$")
"""What says which table follows; it is no part of what the table says."""
_CODED: Final = re.compile(r"(\d{6})(\D+)")


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _told(conversion: loader.Conversion) -> str:
    """Return all that the graph and the report print of the document."""
    quads = ox.parse(conversion.nquads, format=ox.RdfFormat.N_QUADS)
    return "\n".join({_plain(quad.object.value) for quad in quads if isinstance(quad.object, ox.Literal)})


def _vanished(lines: list[str]) -> Iterator[str]:
    """Yield each text between two separators that is told nowhere."""
    told = _told(loader.convert("\n".join(lines).encode()))
    for line in lines:
        yield from (text for text in map(_plain, re.split(r"[|\t]", line)) if not _is_told(text, told))


def _is_told(text: str, told: str) -> bool:
    """Return whether a text is told; a unit above its form is told as its code and its name."""
    unit = _CODED.fullmatch(text)
    return text in told or (unit is not None and all(part in told for part in unit.groups()))


# --- made forms, a line of them damaged --------------------------------------------------------------------------


def _damaged(lines: list[str], at: int, how: str) -> list[str]:
    """Return lines with one that is missing, twice there, replaced by a level, or strange."""
    instead = {
        "drop": [],
        "twice": [lines[at]] * 2,
        "level": ["服务对象满意度指标"],
        "odd": [lines[at], "别的词"],
    }
    return [*lines[:at], *instead[how], *lines[at + 1 :]]


_DAMAGES: Final = ("drop", "twice", "level", "odd")


@pytest.mark.parametrize("name", FORMS)
@settings(deadline=None, max_examples=30, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    made=documents(),
    layout=layouts(),
    blank=st.booleans(),
    how=st.sampled_from(_DAMAGES),
    at=st.integers(0, 10_000),
)
def test_every_text_of_a_damaged_form_is_read_or_reported(
    name: str, made: list[Form], layout: Layout, blank: bool, how: str, at: int
) -> None:
    """Any line below the title is lost, doubled, strange, or a level: what is printed is told all the same."""
    tables = printed(made, layout)
    text = "".join(with_lines(table, FORMS[name], blank_where_merged=blank) for table in tables)
    lines = text.split("\n")
    first = next(index for index, line in enumerate(lines) if line.strip() and not _TITLE.search(line))
    damaged = _damaged(lines, first + at % (len(lines) - first), how)
    assert [text for text in _vanished(damaged) if not _TITLE.search(text)] == []


# --- the first disclosure, a name in it changed -------------------------------------------------------------------


def _with_another_name(document: Document) -> Document:
    """Return the seed with another name in the row whose description is the label of its second level."""

    def renamed(table: Table) -> Table:
        found = {
            cell.row
            for cell in table.cells
            if cell.column == 4 and cell.text == "服务对象满意度指标" and cell.row > 1
        }
        cells = (
            replace(cell, text="群众评价") if cell.row in found and cell.column == 3 else cell
            for cell in table.cells
        )
        return replace(table, cells=tuple(cells))

    return replace(document, tables=tuple(map(renamed, document.tables)))


@pytest.mark.parametrize("name", FORMS)
def test_a_description_may_repeat_the_label_of_its_level(name: str, seed: Path) -> None:
    """In one row of the seed it does: with a name of its own, that row and the one above it are read as well."""
    document = _with_another_name(read((seed / "seed.docx").read_bytes()))
    text = "".join(with_lines(table, FORMS[name]) for table in document.tables)
    disclosure = loader.convert(text.encode()).disclosure
    indicators = [each for declaration in disclosure.declarations for each in declaration.indicators]
    (renamed,) = (each for each in indicators if each.name is not None and each.name.text == "群众评价")
    assert renamed.description is not None
    assert renamed.description.text == "服务对象满意度指标"
    assert len(indicators) == 122

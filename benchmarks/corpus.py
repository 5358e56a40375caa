"""Documents like the examples and unlike each other: other places, units, codes, amounts, values and faults.

The same number gives the same document on every machine.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from loader.readers.registry import read
from ontology.project_codes import check_character

from . import written

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.model import Cell, Document, Table

EXAMPLES: Final = Path(__file__).resolve().parent.parent / "examples"
LARGEST: Final = EXAMPLES / "130202-203001-2025.docx"
_PLACES: Final = (
    ("130203", "唐山市路北区"),
    ("130109", "石家庄市藁城区"),
    ("130102", "石家庄市长安区"),
    ("130602", "保定市竞秀区"),
    ("131002", "廊坊市安次区"),
    ("130302", "秦皇岛市海港区"),
)
_FAULTS: Final = ("≥95全部满意", "290%", "按通知确定", "110万", "优", "")
_ONE_IN: Final = 40
"""One target value in so many is written wrongly."""

_PLACE = re.compile("唐山市路南区|石家庄市藁城区")
_PROJECT_CODE = re.compile(r"\d{6}(2\d)P\d{11}[0-9A-Z]")
_UNIT_CODE = re.compile(r"^\d{3}(?=\d{3}[\u4e00-\u9fff])")
_AMOUNT = re.compile(r"(?<![\d.])\d+\.\d\d(?![\d%])")
_YEAR = re.compile(r"(?<!\d)202[45](?=年)")
_RATE = re.compile(r"(?<=≥)[89]\d(?=%)")
_COUNT = re.compile(r"(?<=≥)[1-9]\d+(?=[人个次村家户])")


@dataclass(frozen=True, slots=True)
class _Change:
    """What is other in one document than in its example."""

    random: Random
    division: str
    place: str
    unit: str
    factor: int
    """What every amount is multiplied with, so that sums stay sums."""

    def text(self, text: str) -> str:
        """Return a printed text as this document prints it."""
        changed = _PLACE.sub(self.place, text)
        changed = _PROJECT_CODE.sub(self._code, changed)
        changed = _UNIT_CODE.sub(self.unit, changed)
        changed = _AMOUNT.sub(lambda found: f"{float(found[0]) * self.factor:.2f}", changed)
        changed = _COUNT.sub(lambda found: str(int(found[0]) * self.factor), changed)
        return _RATE.sub(lambda _: str(self.random.randint(80, 99)), changed)

    def cell(self, cell: Cell) -> Cell:
        """Return a cell as this document prints it; now and then a target value is written wrongly."""
        if cell.text.startswith("≥") and self.random.randrange(_ONE_IN) == 0:
            return replace(cell, text=self.random.choice(_FAULTS))
        return replace(cell, text=self.text(cell.text))

    def table(self, table: Table) -> Table:
        """Return a table as this document prints it."""
        lines = tuple(replace(line, text=self.text(line.text)) for line in table.before)
        return replace(table, before=lines, cells=tuple(map(self.cell, table.cells)))

    def _code(self, found: re.Match[str]) -> str:
        """Return a code of the same parent in this division, with the check character it needs."""
        body = f"{self.division}{found[1]}P{self.unit}{found[0][12:20]}"
        return body + check_character(body)


@cache
def _examples() -> tuple[Document, ...]:
    """Return the examples that are tables with merged cells, as departments publish them."""
    return tuple(read(file.read_bytes()) for file in sorted(EXAMPLES.glob("*.docx")))


def example() -> Document:
    """Return the largest example: 19 projects."""
    return read(LARGEST.read_bytes())


def document(number: int) -> Document:
    """Return the document of a number."""
    random = Random(number)  # noqa: S311 - no secret
    original = _examples()[number % len(_examples())]
    division, place = random.choice(_PLACES)
    change = _Change(random, division, place, f"{number % 900 + 100}", random.randint(1, 9))
    after = tuple(replace(line, text=change.text(line.text)) for line in original.after)
    return replace(original, tables=tuple(map(change.table, original.tables)), after=after)


def edition(department: int, year: int, revision: int, projects: slice) -> Document:
    """Return what a department publishes for a year: some projects of an example, the same ones each year.

    Amounts and values are others in each year and in each revision.
    """
    original = _examples()[department % len(_examples())]
    _, place = _PLACES[department % len(_PLACES)]
    seed = Random(f"{department}/{year}/{revision}")  # noqa: S311 - no secret
    change = _Change(seed, place_code(department), place, f"{department + 101}", seed.randint(1, 9))
    pairs = [original.tables[first : first + 2] for first in range(0, len(original.tables), 2)]
    skipped = [line for pair in pairs[: projects.start] for line in pair[0].before]
    first, *rest = (table for pair in pairs[projects] for table in pair)
    tables = [replace(first, before=(*skipped, *first.before)), *rest]
    return replace(original, tables=tuple(_in_year(change.table(table), year) for table in tables), after=())


def place_code(department: int) -> str:
    """Return the code of the division of a department."""
    return _PLACES[department % len(_PLACES)][0]


def place_name(department: int) -> str:
    """Return the name of the division of a department, as its documents print it."""
    return _PLACES[department % len(_PLACES)][1]


def _in_year(table: Table, year: int) -> Table:
    def text(text: str) -> str:
        return _YEAR.sub(str(year), text)

    return replace(
        table,
        before=tuple(replace(line, text=text(line.text)) for line in table.before),
        cells=tuple(replace(cell, text=text(cell.text)) for cell in table.cells),
    )


def write(folder: Path, count: int, formats: Sequence[str] = tuple(written.FORMATS)) -> list[Path]:
    """Write documents 0 to `count`, each in one of the formats in turn, and return their files."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number in range(count):
        form = formats[number % len(formats)]
        files.append(folder / f"{number:05d}.{form}")
        files[-1].write_bytes(written.FORMATS[form](document(number)))
    return files

"""What was measured, on which machine, with which versions: for a person, and as a file to quote."""

from __future__ import annotations

import json
import os
import platform
import unicodedata
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

RESULTS: Final = Path(__file__).resolve().parent / "results"

Value = str | int | float


@dataclass(frozen=True, slots=True)
class Report:
    """A table of one benchmark: a row for each thing measured, and what must be known to read it."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    remarks: tuple[str, ...] = ()
    machine: str = field(default_factory=lambda: machine())
    versions: tuple[str, ...] = ()

    def as_markdown(self) -> str:
        """Return the report as it is printed and kept."""
        shown = [self.columns, *(tuple(map(_shown, row)) for row in self.rows)]
        widths = [max(map(_width, column)) for column in zip(*shown, strict=True)]
        head, *body = (_line(row, widths) for row in shown)
        rule = (
            "|"
            + "|".join("-" * (width + 1) + ("-" if first else ":") for first, width in _ruled(widths))
            + "|"
        )
        told = [f"- {remark}" for remark in (*self.remarks, self.machine, ", ".join(self.versions)) if remark]
        return "\n".join([f"# {self.title}", "", head, rule, *body, "", *told, ""])

    def as_json(self) -> str:
        """Return the report for programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"

    def keep(self, folder: Path = RESULTS) -> Path:
        """Write the report as Markdown and as JSON, and return the first file."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(self.as_json(), encoding="utf-8")
        kept = folder / f"{self.name}.md"
        kept.write_text(self.as_markdown(), encoding="utf-8")
        return kept


def _ruled(widths: list[int]) -> Iterator[tuple[bool, int]]:
    for place, width in enumerate(widths):
        yield place == 0, width


def _shown(value: Value) -> str:
    if isinstance(value, float):
        return (
            f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}" if abs(value) >= 10 else f"{value:.2f}"
        )
    return f"{value:,}" if isinstance(value, int) else value


def _line(row: Iterable[str], widths: list[int]) -> str:
    cells = [
        text + " " * (width - _width(text)) if place == 0 else " " * (width - _width(text)) + text
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "| " + " | ".join(cells) + " |"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def machine() -> str:
    """Return the processor, its cores, the memory, the system and the Python of this machine."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    cores = f"{os.cpu_count()} cores, {gib:.0f} GiB"
    return f"{_processor()}, {cores}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def versions_of(*packages: str) -> tuple[str, ...]:
    """Return name and version of the packages that are installed here."""
    found = []
    for package in packages:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return tuple(found)

"""The tables of corrections that a command reads, and what it says became of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .files import DASH, source_errors
from .telling import warn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..loading.corrections import Tables


def correction_tables(paths: list[Path], given: str | None) -> Tables:
    """Return the tables beside documents, and the one that is given; fail where one cannot be read."""
    from ..loading.corrections import find_tables

    with source_errors():
        return find_tables([path for path in paths if path != Path(DASH)], given)


def tell_of_corrections(
    applied: int, tables: Tables, uncorrected: list[str], known: Mapping[str, str] | None = None
) -> bool:
    """Say what became of corrections; return whether there is something wrong with them."""
    problems = [*tables.problems(known), *uncorrected]
    if applied:
        warn(f"{applied} {'correction' if applied == 1 else 'corrections'} applied")
    for told in (*tables.asides(known), *problems):
        warn(told)
    return bool(problems)

"""Where documents are converted and judged, and how far the work has come."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from loader import Conversion, Programs
    from loader.location import Location
    from loader.many import Workplace
    from loader.task import Beside, Given, Kept, Refused

    from ..loading.corrections import Tables

_Outcome = TypeVar("_Outcome")


def conversions(
    given: list[Given],
    keep: Callable[[Conversion], Kept],
    jobs: int,
    scheduler: str | None,
    tables: Tables,
) -> Iterator[tuple[Location, Kept | Refused | Beside]]:
    """Yield what became of each document that is given, and where it was found."""
    from loader.many import convert_all

    with chosen_workplace(jobs, scheduler) as workplace:
        yield from convert_all(given, workplace, keep, tables)


@contextmanager
def chosen_workplace(jobs: int, scheduler: str | None) -> Iterator[Workplace]:
    """Yield the processes or the workers that the options name; fail where there are none."""
    from ..loading.workplaces import WorkplaceError, open_workplace

    try:
        with open_workplace(jobs, scheduler, programs=_programs()) as workplace:
            yield workplace
    except WorkplaceError as error:
        fail(str(error))


def _programs() -> Programs:
    from loader import Programs

    return Programs.found(os.environ)


def with_progress(label: str, outcomes: Iterator[_Outcome], count: int) -> Iterator[_Outcome]:
    """Yield the outcomes, with a bar on stderr where a person looks at it and there is something to wait for."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(outcomes, length=count, label=label, file=sys.stderr, hidden=hidden) as bar:
        for number, outcome in enumerate(bar, start=1):
            bar.length = max(count, number + 1)  # nobody knows how many an archive holds
            yield outcome

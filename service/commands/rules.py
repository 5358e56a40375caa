"""Which rules a command asks: some of the rule book's, and shapes of somebody's own."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Final

import click

from .options import with_options
from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .options import Command

_OPTIONS: Final = (
    click.option(
        "--rules",
        metavar="FILE_OR_IDS",
        help="Tell only of these rules: TV-01,FU (a family), or a file with an id on each line.",
    ),
    click.option(
        "--severity",
        type=click.Choice(["violation", "warning", "info"], case_sensitive=False),
        default="info",
        show_default=True,
        help="Tell only of what is at least as serious.",
    ),
    click.option("--ignore", "ignored", metavar="FILE_OR_IDS", help="Leave these rules out."),
    click.option("--shapes", "own", metavar="FILE.ttl", help="Also ask SHACL shapes of your own."),
)


def rules_options(command: Command) -> Command:
    """Add the options that choose rules; the command gets them as one `asked`."""

    @wraps(command)
    def choosing(
        *, rules: str | None, severity: str, ignored: str | None, own: str | None, **others: object
    ) -> object:
        from .. import checking

        with rule_errors():
            asked = checking.asked(rules, severity, ignored, own)
        return command(asked=asked, **others)

    return with_options(_OPTIONS, choosing)


@contextmanager
def rule_errors() -> Iterator[None]:
    """Fail with one line where rules are unknown, shapes cannot be asked, or judging does not come to its end."""
    from shapes import OwnShapesError, UnknownRuleError

    from ..loading.judging import JudgementEnded

    try:
        yield
    except (UnknownRuleError, OwnShapesError, JudgementEnded) as error:
        fail(str(error))

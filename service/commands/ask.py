"""The command `ask`: questions of a store."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from .files import DASH, write
from .options import lang_option, queries_option, store_option
from .stores import opened_to_read, store_errors
from .telling import fail, reason

if TYPE_CHECKING:
    from pathlib import Path

    from ..negotiation import Language


@click.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("question", required=False, metavar="[NAME | FILE.rq]")
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "csv", "json", "xlsx"]),
    default="table",
    show_default=True,
)
@click.option("-o", "--out", metavar="FILE", default=DASH, help="Where the answer goes; - writes it here.")
@queries_option
@lang_option(of="titles")
@store_option
@click.pass_context
def ask(
    context: click.Context,
    question: str | None,
    output: str,
    out: str,
    own: Path | None,
    lang: Language,
    store_url: str,
) -> None:
    """Ask a question of the catalogue, or run any query in a file; without a name, list the questions.

    \b
    Example:  jixiao ask
              jixiao ask large-projects --threshold 500000
              jixiao ask my-question.rq --format csv > answer.csv
              jixiao ask large-projects --format xlsx -o large-projects.xlsx
              jixiao ask --queries our-questions/
    """  # noqa: D301 - click reads the character
    from queries import QueryError

    from .. import asking
    from ..own_questions import questions_with
    from ..problems import TooMuch

    try:
        questions = questions_with(own)
        if question is None:
            click.echo(asking.listing(questions, lang))
            return
        asked = asking.question_of(question, _parameters(context.args), lang, questions)
    except UnicodeDecodeError:
        fail(f"{question}: the file is not UTF-8: save it as UTF-8")
    except (asking.UnknownQuestionError, QueryError, OSError) as error:
        fail(reason(error))
    if output == "xlsx" and out == DASH and sys.stdout.isatty():
        fail("a spreadsheet cannot be shown here: say where it goes, such as -o answer.xlsx")
    try:
        with store_errors():
            answer = asking.answer(opened_to_read(store_url), asked, output, lang)
    except TooMuch as error:
        fail(str(error))
    write(out, answer)


def _parameters(arguments: list[str]) -> dict[str, str]:
    """Return `--name value` and `--name=value` pairs as a mapping."""
    found: dict[str, str] = {}
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if not name.startswith("--"):
            fail(f"{argument!r} stands alone: parameters are written --name value")
        given = value if equals else next(rest, None)
        if given is None:
            fail(f"{name} has no value: write {name} value")
        found[name.removeprefix("--").replace("-", "_")] = given
    return found

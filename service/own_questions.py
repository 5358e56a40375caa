"""The questions that are answered: those of the catalogue, and behind them those of a folder of a user's own."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from queries import QueryFileError, catalogue, catalogue_with

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries import Query


def questions_with(folder: Path | None) -> Mapping[str, Query]:
    """Return all questions by name; those of the folder have their header and their SPARQL proved.

    Raises `QueryFileError`, which names file and line, and where there are no questions in the folder.
    """
    if folder is None:
        return catalogue()
    questions = catalogue_with(folder)
    own = [question for question in questions.values() if question.own]
    if not own:
        raise QueryFileError(str(folder), 1, "there are no questions here: their files end in .rq.")
    for question in own:
        _prove_sparql(question)
    return questions


def _prove_sparql(question: Query) -> None:
    """Raise `QueryFileError` at the line of the file that is not SPARQL, or is not run here."""
    from .store import ROW_FORMATS, QueryRefused, QuerySyntaxError, open_store

    try:
        open_store("memory:").query(question.text, ROW_FORMATS["csv"])
    except QuerySyntaxError as error:
        message = f"this is not SPARQL: {error}."
        raise QueryFileError(question.path, _above(question) + (error.line or 1), message) from error
    except QueryRefused as error:
        raise QueryFileError(question.path, _above(question) + 1, f"this is not run: {error}.") from error


def _above(question: Query) -> int:
    """Return how many lines of header stand above the SPARQL of a question."""
    lines = Path(question.path).read_text(encoding="utf-8-sig").splitlines()
    return sum(1 for _ in takewhile(lambda line: line.startswith("#+"), lines))

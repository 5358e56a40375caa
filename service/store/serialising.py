"""Answers written out, whole or not at all: one that is longer than it may be is an error.

The engine works while its answer is read, so its errors come from here.
"""

from __future__ import annotations

import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from .errors import AnswerTooLarge
from .formats import rdf_format, row_format
from .interface import written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from typing_extensions import Buffer

    from .bounds import Most

Answer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def serialised(answer: Answer, media_type: str, most: Most | None = None) -> bytes:
    """Return an answer in a media type. Raises `AnswerTooLarge` where it is more than `most`."""
    if isinstance(answer, ox.QueryTriples):
        return graph_serialised(answer, media_type, most)
    if most is None or isinstance(answer, ox.QueryBoolean):
        return answer.serialize(format=row_format(media_type)) or b""
    return _bounded_rows(answer, row_format(media_type), most)


def graph_serialised(found: Iterable[ox.Triple], media_type: str, most: Most | None = None) -> bytes:
    """Return a graph in a media type: each triple once, though an engine may find it more often."""
    triples = dict.fromkeys(found if most is None else islice(found, most.rows + 1))
    if most is not None and len(triples) > most.rows:
        raise AnswerTooLarge(_too_many("triples", most))
    content = written(triples, rdf_format(media_type))
    if most is not None:
        _Sheet(most).write(content)
    return content


def _bounded_rows(answer: ox.QuerySolutions, form: ox.QueryResultsFormat, most: Most) -> bytes:
    sheet = _Sheet(most)
    answer.serialize(sheet, format=form)
    content = sheet.getvalue()
    # counting them takes a while, and that many rows take some bytes
    if len(content) > most.rows and _rows_in(content, form) > most.rows:
        raise AnswerTooLarge(_too_many("rows", most))
    return content


def _rows_in(content: bytes, form: ox.QueryResultsFormat) -> int:
    if form == ox.QueryResultsFormat.CSV:
        rows: Iterable[object] = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8", newline=""))
        return sum(1 for _ in rows) - 1
    found = ox.parse_query_results(content, format=form)
    return sum(1 for _ in found) if isinstance(found, ox.QuerySolutions) else 1


class _Sheet(io.BytesIO):
    """What an answer is written to, which takes no more than it may hold."""

    def __init__(self, most: Most) -> None:
        super().__init__()
        self._most = most

    def write(self, chunk: Buffer) -> int:
        """Take a piece. Raises `AnswerTooLarge`."""
        if self.tell() + memoryview(chunk).nbytes > self._most.size:
            raise AnswerTooLarge(
                f"the answer is longer than {self._most.size:,} bytes, and nothing of it is sent. "
                "Ask for fewer columns, give a LIMIT, or ask in parts (by unit, year or graph)",
                of="bytes",
            )
        return super().write(chunk)


def _too_many(things: str, most: Most) -> str:
    return (
        f"the answer has more than {most.rows:,} {things}, and nothing of it is sent. "
        "Give a LIMIT, or ask in parts (by unit, year or graph)"
    )

"""The last answers, kept as long as the data are what they were made of, and no more of them than fit.

Ranges of an answer are cut from what is kept: made anew, its rows might come in another order.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

ASKED: Final = "jixiao.asked"
"""In the scope of a request: what the tag of its answer begins with, for files that are kept elsewhere."""
MOST_BYTES: Final = 64_000_000
_LONGEST: Final = 16_000_000


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """An answer of 200: its headers as ASGI has them, and its whole body."""

    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    tag: str
    """The entity tag, in its quotes."""
    is_exact: bool = False
    """Whether it is of the very bytes that are sent, packed or not: whoever made the answer gave it."""


class KeptAnswers:
    """Answers by what was asked; the least recently used go first. Safe to use from several threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, asked: str) -> KeptAnswer | None:
        """Return the answer to what was asked, if it is kept."""
        with self._lock:
            if asked in self._answers:
                self._answers.move_to_end(asked)
            return self._answers.get(asked)

    def keep(self, asked: str, answer: KeptAnswer) -> None:
        """Keep an answer, unless it is so long that it would push out too many others."""
        if len(answer.body) > min(_LONGEST, self._most_bytes):
            return
        with self._lock:
            self._forget(asked)
            self._answers[asked] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._most_bytes:
                self._forget(next(iter(self._answers)))

    def _forget(self, asked: str) -> None:
        gone = self._answers.pop(asked, None)
        self._bytes -= len(gone.body) if gone else 0

"""Text: tables have come down to it in several forms; the first one that suits is the one that is read.

What is in no form is not cut: run-together cells (`102370人` is a score 10 and 2370人) stay lines, never data.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from ..errors import UnknownFormat, UnsafeDocument
from . import limits
from .encodings import decode
from .kinds import Kind
from .text_forms import bare_lines, barred, blank_joined, spaced, tab_dump, tab_rows
from .text_forms.story import Story
from .text_forms.unread_lines import unread_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..model import Document


class _Form(NamedTuple):
    """A way in which tables are written as text."""

    suits: Callable[[Sequence[str]], bool]
    tell: Callable[[Sequence[str], Story], None]


_SEPARATED: Final = re.compile(r"[^\s|]+|[|\t]")
_FORMS: Final = tuple(
    _Form(form.suits, form.tell) for form in (tab_rows, tab_dump, barred, spaced, blank_joined, bare_lines)
)


def read(data: bytes) -> Document:
    """Return the tables of a text, each cell with its line, and the lines between them."""
    decoded = decode(data)
    if decoded is None:
        raise UnknownFormat("the file is not text in any encoding that is read (UTF-8, UTF-16, GB 18030)")
    _refuse_too_many_cells(decoded.text)
    lines, story = decoded.text.split("\n"), Story()
    form = next((form for form in _FORMS if form.suits(lines)), None)
    if form is None:
        for number, line in enumerate(lines, start=1):
            story.tell_line(line, number)
    else:
        form.tell(lines, story)
    document = story.document(Kind.TEXT.value)
    return replace(document, notes=(*decoded.notes(), *document.notes, *unread_lines(document)))


def _refuse_too_many_cells(text: str) -> None:
    """Refuse a text whose separators make more cells than a document has; run-together prose makes none."""
    count = sum(1 for _ in _SEPARATED.finditer(text))
    if count > limits.CELLS:
        raise UnsafeDocument(
            f"the text has {count:,} words and bars, more than the {limits.CELLS:,} cells that are read at most: "
            "split it into its documents"
        )

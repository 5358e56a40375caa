"""What a form of text finds: the text of a cell, and the line it begins on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed cell; `line` counts from 1. An empty text is a blank cell that the form shows."""

    text: str
    line: int

    @property
    def blank(self) -> bool:
        """Return whether nothing is printed."""
        return not self.text.strip()


Row = tuple[Entry, ...]
"""The cells that one printed row shows, from left to right; merged ones from above are not among them."""

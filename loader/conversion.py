"""From the bytes of a document to quads and a load report: a pure function, so it runs on any executor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .corrections import correct
from .layouts.recognition import recognise
from .load_report import report_of
from .load_report_json import as_json
from .mapping.disclosure import to_nquads
from .programs import NO_PROGRAMS, Programs
from .readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .load_report import LoadReport
    from .model import Correction, Disclosure


@dataclass(frozen=True, slots=True)
class Conversion:
    """A document read, as records and as N-Quads (UTF-8), with what was read of it and what was not."""

    disclosure: Disclosure
    report: LoadReport
    own: bytes
    """The quads of the document's own graph: no other document states them."""
    register: bytes
    """The quads about shared things, which other documents may state too."""

    @property
    def nquads(self) -> bytes:
        """Return all quads."""
        return self.own + self.register


def convert(
    data: bytes, programs: Programs = NO_PROGRAMS, corrections: Sequence[Correction] = ()
) -> Conversion:
    """Return what the bytes of one published document state, read as persons say in `corrections`.

    `programs` are those that may help to open it. The same bytes and corrections give the same quads on every
    machine that has the same programs. Raises `loader.errors.UnreadableDocument`.
    """
    document = correct(read(data, programs), corrections)
    disclosure = recognise(document, hashlib.sha256(data).hexdigest())
    report = report_of(disclosure)
    quads = to_nquads(disclosure, as_json(report))
    return Conversion(disclosure, report, quads.own.encode(), quads.register.encode())

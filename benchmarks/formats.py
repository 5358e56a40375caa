"""Documents per CPU-second by format, and where the time goes: the same documents in every format."""

from __future__ import annotations

import hashlib
import io
import tempfile
import time
from operator import sub
from pathlib import Path
from typing import TYPE_CHECKING

from loader.conversion import convert
from loader.layouts.recognition import recognise
from loader.load_report import report_of
from loader.load_report_json import as_json
from loader.mapping.disclosure import to_nquads
from loader.readers.registry import read

from . import corpus, written
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.model import Document

    from .report import Value

STAGES = ("reading", "recognising", "mapping", "writing")


def measure(documents: int = 8, rounds: int = 5) -> Report:
    """Measure each format."""
    disclosed = [corpus.document(2 * number) for number in range(documents)]
    with tempfile.TemporaryDirectory() as folder:
        taken = {
            form: _stages([write(document) for document in disclosed], rounds, Path(folder))
            for form, write in written.FORMATS.items()
        }
    fastest_first = sorted(taken.items(), key=lambda item: sum(item[1]))
    least = sum(fastest_first[0][1])
    told = convert(written.docx(disclosed[0]))
    return Report(
        "formats",
        "Documents per CPU-second by format",
        ("format", "documents/s", "ms", "ratio", *(f"{stage} %" for stage in STAGES)),
        tuple(_row(form, stages, least) for form, stages in fastest_first),
        (
            (
                f"{documents} documents of {len(told.disclosure.declarations)} projects and "
                f"{told.report.indicators} indicators each, the same in every format, written by "
                f"benchmarks/written.py; one core, a warm process, the least of {rounds} rounds. Ratio: CPU time "
                "over that of the fastest format."
            ),
            f"In the PDF each project has a page: {1000 * sum(taken['pdf']) / _pages(disclosed[0]):.1f} ms a page.",
        ),
        versions=versions_of("jixiao", "lxml", "pypdfium2", "xlrd"),
    )


def _stages(files: Sequence[bytes], rounds: int, folder: Path) -> tuple[float, ...]:
    """Return the CPU seconds that each of `STAGES` takes for a document."""
    taken = [_round(files, folder / "out.nq") for _ in range(rounds + 1)][1:]
    return tuple(min(stage) / len(files) for stage in zip(*taken, strict=True))


def _round(files: Sequence[bytes], out: Path) -> tuple[float, ...]:
    spent = [0.0] * len(STAGES)
    for data in files:
        clock = [time.process_time()]
        document = read(data)
        clock.append(time.process_time())
        disclosure = recognise(document, hashlib.sha256(data).hexdigest())
        clock.append(time.process_time())
        quads = to_nquads(disclosure, as_json(report_of(disclosure)))
        clock.append(time.process_time())
        out.write_bytes((quads.own + quads.register).encode())
        clock.append(time.process_time())
        spent = [sum(pair) for pair in zip(spent, map(sub, clock[1:], clock), strict=True)]
    return tuple(spent)


def _row(form: str, stages: tuple[float, ...], least: float) -> tuple[Value, ...]:
    whole = sum(stages)
    shares = (round(100 * seconds / whole) for seconds in stages)
    return (form, 1 / whole, 1000 * whole, whole / least, *shares)


def _pages(document: Document) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(io.BytesIO(written.pdf(document))))

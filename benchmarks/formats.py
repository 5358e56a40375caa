"""Documents per CPU-second by format, and where the time goes: one document, the same in every format."""

from __future__ import annotations

import hashlib
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from loader.conversion import convert
from loader.layouts.recognition import recognise
from loader.mapping.disclosure import to_nquads
from loader.readers.registry import read

from . import corpus, written
from .measuring import cpu_seconds
from .report import Report, versions_of

if TYPE_CHECKING:
    from .report import Value

STAGES = ("reading", "recognising", "mapping", "writing")


def measure(rounds: int = 7) -> Report:
    """Measure each format."""
    document = corpus.example()
    files = {form: write(document) for form, write in written.FORMATS.items()}
    with tempfile.TemporaryDirectory() as folder:
        taken = {form: _stages(data, rounds, Path(folder)) for form, data in files.items()}
    slowest_first = sorted(taken.items(), key=lambda item: sum(item[1]))
    first = sum(slowest_first[0][1])
    disclosure = convert(files["docx"]).disclosure
    indicators = sum(len(declaration.indicators) for declaration in disclosure.declarations)
    return Report(
        "formats",
        "Documents per CPU-second by format",
        ("format", "documents/s", "ms", "ratio", *(f"{stage} %" for stage in STAGES)),
        tuple(_row(form, stages, first) for form, stages in slowest_first),
        (
            f"One document of {len(disclosure.declarations)} projects and {indicators} indicators, written in each "
            "format by benchmarks/written.py; on one core, the least of "
            f"{rounds} rounds in a warm process. Ratio: CPU time over that of the fastest format.",
            "A PDF has a page for each project: "
            f"{1000 * sum(taken['pdf']) / _pages(files['pdf']):.1f} ms a page, all stages.",
        ),
        versions=versions_of("jixiao", "lxml", "pypdfium2", "xlrd"),
    )


def _stages(data: bytes, rounds: int, folder: Path) -> tuple[float, ...]:
    """Return the CPU seconds of each of `STAGES`."""
    sha256 = hashlib.sha256(data).hexdigest()
    document = read(data)
    disclosure = recognise(document, sha256)
    quads = to_nquads(disclosure)
    return (
        cpu_seconds(lambda: read(data), rounds),
        cpu_seconds(lambda: recognise(document, sha256), rounds),
        cpu_seconds(lambda: to_nquads(disclosure), rounds),
        cpu_seconds(lambda: (folder / "out.nq").write_bytes((quads.own + quads.register).encode()), rounds),
    )


def _row(form: str, stages: tuple[float, ...], least: float) -> tuple[Value, ...]:
    whole = sum(stages)
    shares = (round(100 * seconds / whole) for seconds in stages)
    return (form, 1 / whole, 1000 * whole, whole / least, *shares)


def _pages(data: bytes) -> int:
    import pypdfium2

    return len(pypdfium2.PdfDocument(io.BytesIO(data)))

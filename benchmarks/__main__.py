"""The front door: `python -m benchmarks NAME…`."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import again, bulk, engines, formats, hostile, lookups, many, memory, rml, stages
from .report import RESULTS

BENCHMARKS = {
    "stages": (stages.measure, "one document from bytes to its report, beside python-docx and stock pyshacl"),
    "formats": (formats.measure, "documents per CPU-second by format, and the share of each stage"),
    "engines": (
        engines.measure,
        "judging by each engine, beside pySHACL by itself: the same findings (minutes)",
    ),
    "again": (again.measure, "1,000 documents in a store, checked, one changed, and checked again (minutes)"),
    "rml": (rml.measure, "records to N-Quads, beside Morph-KGC on the same content (installs it in a venv)"),
    "many": (many.measure, "1,000 documents on 1 and 2 processes and on dask: wall and CPU"),
    "hostile": (
        hostile.measure,
        "lookups of one client while another sends queries that never end (minutes)",
    ),
    "lookups": (
        lookups.measure,
        "lookups per CPU-second over HTTP, beside oxigraph serve on the same quads (minutes)",
    ),
    "bulk": (bulk.measure, "a corpus of N-Quads made a store, beside oxigraph load (minutes)"),
    "memory": (memory.measure, "peak memory of the processes that convert"),
}


def main(arguments: list[str] | None = None) -> None:
    """Measure what is named, print it and keep it; name what there is where nothing is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="NAME")
    parser.add_argument("--out", type=Path, default=RESULTS, help="folder of the results")
    chosen = parser.parse_args(arguments)
    if not chosen.names:
        print("\n".join(f"{name:10} {told}" for name, (_, told) in BENCHMARKS.items()))
    for name in chosen.names:
        report = BENCHMARKS[name][0]()
        print(report.as_markdown())
        report.keep(chosen.out)


if __name__ == "__main__":
    main()

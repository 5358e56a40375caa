"""The benchmarks still run: they are started by hand, and would fall behind unseen."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = sorted((ROOT / "benchmarks").glob("*.py"))


def _module(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location(f"benchmark_{path.stem}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("path", BENCHMARKS, ids=lambda path: path.stem)
def test_every_benchmark_can_be_imported(path: Path) -> None:
    """Importing measures nothing: a benchmark begins in `main`."""
    assert callable(_module(path).main)


def test_what_stock_pyshacl_judges_with_is_there() -> None:
    """`--stock` takes minutes, but the names that it imports are known at once."""
    from shapes.rule_book import shapes_graph

    assert len(shapes_graph()) > 0


def test_the_stages_of_one_document_are_all_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """One round, without stock pyshacl, over a small document."""
    document = ROOT / "tests" / "disclosures" / "plain-form" / "source.txt"
    _module(ROOT / "benchmarks" / "stages.py").main([str(document), "--rounds", "1"])
    printed = capsys.readouterr().out.splitlines()
    assert [line[:22].strip() for line in printed] == [
        "read",
        "recognise",
        "map to N-Quads",
        "parse for judging",
        "check",
    ]
    assert all(line[22:].split()[1] == "ms" for line in printed)

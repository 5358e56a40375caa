"""Many documents in a store: checked, then one of them changed and all checked again."""

from __future__ import annotations

import tempfile
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import loader
from ontology import identifiers
from service.loading.comparing import compare_documents
from service.loading.judging import judge_store
from service.loading.words import bring_words
from service.store import Changes, open_store

from . import corpus
from .report import Report, versions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from service.store import Store


_MOST_UNITS = 3
"""Units of one document: of a department, and what stands under it."""
_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class _Check:
    """What a check took: CPU seconds, documents and units."""

    judging: float
    read: int
    judged: int
    comparing: float
    asked: int
    findings: int

    @property
    def cost(self) -> tuple[int, int, int]:
        return self.read, self.judged, self.asked

    @property
    def seconds(self) -> float:
        return self.judging + self.comparing


class NotOnlyWhatChanged(Exception):
    """Checking again judged something that had not changed, so that its time says nothing."""


def measure(documents: int = 1000) -> Report:
    """Measure a check of everything, one when nothing changed, and one when one document did.

    Raises `NotOnlyWhatChanged`.
    """
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"file:{folder}/store", create=True)
        bring_words(store)
        for file in corpus.write(Path(folder) / "documents", documents):
            store.apply(Changes(added=loader.convert(file.read_bytes()).nquads))
            file.unlink()
        first = _checked(store)
        nothing = _checked(store)
        _change_one(store)
        one = _checked(store)
    if nothing.cost != (0, 0, 0) or one.cost[:2] != (1, 1) or one.asked > _MOST_UNITS:
        raise NotOnlyWhatChanged(f"read, judged and asked about: {nothing.cost}, {one.cost}")
    return Report(
        "again",
        f"{documents:,} documents in a store, checked again",
        (
            "check",
            "CPU s to judge documents",
            "read",
            "judged",
            "CPU s to compare them",
            "units asked about",
            "findings",
            "times less CPU than the first",
        ),
        tuple(
            (name, *astuple(check), round(first.seconds / check.seconds, 1))
            for name, check in (
                ("everything", first),
                ("nothing changed", nothing),
                ("one document changed", one),
            )
        ),
        (
            "Each check gathers all findings into one report: where nothing changed, that is what it costs.",
            "Documents made by benchmarks/corpus.py, in the store as they were converted; on one process.",
        ),
        versions=versions_of("jixiao", "shacl", "pyoxigraph"),
    )


def _checked(store: Store) -> _Check:
    judging, judged = _timed(lambda: judge_store(store))
    comparing, compared = _timed(lambda: compare_documents(store))
    found = len(judged.report.findings) + len(compared.report.findings)
    return _Check(judging, judged.read, judged.judgements, comparing, compared.asked, found)


def _timed(work: Callable[[], _Done]) -> tuple[float, _Done]:
    begin = time.process_time()
    done = work()
    return time.process_time() - begin, done


def _change_one(store: Store) -> None:
    graph = next(graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph))
    store.apply(Changes(added=f'<urn:x> <urn:p> "changed" <{graph}> .\n'.encode()))

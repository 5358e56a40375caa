"""Many documents in a store: checked, then one of them changed and all checked again."""

from __future__ import annotations

import tempfile
import time
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

    from .report import Value


_MOST_UNITS = 3
"""Units of one document: of a department, and what stands under it."""
_Done = TypeVar("_Done")


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
    if nothing[1::2] != (0, 0) or one[1] != 1 or one[3] > _MOST_UNITS:
        raise NotOnlyWhatChanged(f"judged and asked about: {nothing[1::2]}, {one[1::2]}")
    return Report(
        "again",
        f"{documents:,} documents in a store, checked again",
        (
            "check",
            "CPU s to judge documents",
            "judged",
            "CPU s to compare them",
            "units asked about",
            "findings",
        ),
        (("everything", *first), ("nothing changed", *nothing), ("one document changed", *one)),
        (
            "Reading what was found before and telling it to people is part of each check.",
            "Documents made by benchmarks/corpus.py, in the store as they were converted; on one process.",
        ),
        versions=versions_of("jixiao", "shacl", "pyoxigraph"),
    )


def _checked(store: Store) -> tuple[Value, ...]:
    judging, judged = _timed(lambda: judge_store(store))
    comparing, compared = _timed(lambda: compare_documents(store))
    found = len(judged.report.findings) + len(compared.report.findings)
    return judging, judged.judgements, comparing, compared.asked, found


def _timed(work: Callable[[], _Done]) -> tuple[float, _Done]:
    begin = time.process_time()
    done = work()
    return time.process_time() - begin, done


def _change_one(store: Store) -> None:
    graph = next(graph for graph in store.graphs() if identifiers.is_disclosure_graph(graph))
    store.apply(Changes(added=f'<urn:x> <urn:p> "changed" <{graph}> .\n'.encode()))

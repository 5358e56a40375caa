"""The documents that the names on a command line stand for."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .files import DASH, source_errors
from .telling import fail

if TYPE_CHECKING:
    from loader.task import Given


def missing_among(names: tuple[str, ...]) -> dict[str, str]:
    """Return the names of nothing, each with what there is to say of it; fail where there is no other name."""
    from ..loading.sources import what_is_missing

    missing = {} if is_stdin(names) else what_is_missing(names)
    if len(missing) == len(set(names)):
        fail("\n".join(f"{name}: {why}" for name, why in missing.items()))
    return missing


def documents_named(names: tuple[str, ...]) -> list[Path]:
    """Return the files that are named, and those in the folders and patterns that are."""
    from ..loading.sources import find_documents

    if is_stdin(names):
        return [Path(DASH)]
    with source_errors():
        return find_documents(names)


def is_stdin(names: tuple[str, ...]) -> bool:
    """Tell whether the document is read from stdin; fail where other names stand beside it."""
    if DASH in names and len(names) > 1:
        fail(f"{DASH} reads one document from stdin: it cannot stand beside other names")
    return names == (DASH,)


def given_documents(paths: list[Path]) -> list[Given]:
    """Return what is to be converted: the files at paths, or what stdin gives."""
    from loader.location import Location
    from loader.task import Given

    if paths == [Path(DASH)]:
        return [Given(Location(paths[0]), sys.stdin.buffer.read())]
    return [Given(Location(path)) for path in paths]

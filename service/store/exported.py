"""A store made of an export: every statement of a file, as fast as the engine takes them.

Statements go past transactions into the engine's files, so the store is made in a folder of its own, and is there
when all of them are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from . import digests
from .disk import DiskStore
from .errors import ChangeRefused, StoreUnavailable
from .formats import GRAPH_FORMATS, rdf_format
from .making import made_whole

if TYPE_CHECKING:
    from pathlib import Path

SUFFIXES: Final = (".nq", ".trig")
"""Of the files that keep the graphs apart."""


def restore_export(source: Path, folder: Path) -> int:
    """Make a store of an export, in a folder that is not there or empty; return how many statements it has.

    Raises `ChangeRefused` where the file cannot be read to its end, or a statement names no graph; `StoreUnavailable`
    where something is in the folder or it cannot be written; and `OSError` of the file.
    """
    with made_whole(folder) as unfinished:
        statements = _filled(unfinished, source)
        DiskStore(unfinished).close()  # readers find a snapshot
    return statements


def _filled(folder: Path, source: Path) -> int:
    engine = ox.Store(str(folder))
    chosen = rdf_format(GRAPH_FORMATS[source.suffix.lower().removeprefix(".")])
    with source.open("rb"):  # that it can be read is said of the file, and all else of the store
        pass
    try:
        engine.bulk_load(path=str(source), format=chosen)
    except SyntaxError as error:
        raise ChangeRefused(f"{source} cannot be read as {chosen.name}: {error.msg}") from error
    except OSError as error:
        raise StoreUnavailable(f"the store at {folder} cannot be written: {error}") from error
    _refuse_nameless(engine, source)
    engine.remove_graph(ox.NamedNode(digests.GRAPH))  # whoever wrote the file need not have kept them right
    engine.flush()
    return len(engine)


def _refuse_nameless(engine: ox.Store, source: Path) -> None:
    found = next(engine.quads_for_pattern(None, None, None, ox.DefaultGraph()), None)
    if found is not None:
        raise ChangeRefused(
            f"{source} is no export of a store: every statement of one names its graph, and this names none: "
            f"{found.triple}"
        )

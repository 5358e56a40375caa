"""Tables of a store written to files; all of them are of one version of the data."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from queries.tables import tables

from ..negotiation import LANGUAGES
from ..whole_files import whole_file_path
from . import codebook
from .files import FORMATS, format_of
from .rows import one_version, rows

if TYPE_CHECKING:
    from queries.tables import Table

    from ..store import Store
    from .files import Look

_METADATA: Final = "csv-metadata.json"


def write_table(path: Path, store: Store, table: Table, suffix: str, look: Look) -> None:
    """Write a table of a store into a file. Raises `DataChanged` where the data change meanwhile."""
    FORMATS[suffix].write(path, table, rows(store, table, look.language), look)


def write_whole_table(path: Path, store: Store, table: Table, suffix: str, look: Look) -> None:
    """Write a table into a file that appears whole or not at all. Raises `UnsuitableFormat`, too."""
    format_of(suffix)
    with whole_file_path(path) as partial:
        write_table(partial, store, table, suffix, look)


def write_all(folder: Path, store: Store, look: Look) -> None:
    """Write all tables as CSV with their codebook into a folder that is there; they appear when all are written.

    Raises `DataChanged` where the data change meanwhile: nothing has appeared then.
    """
    known = tables()
    with TemporaryDirectory(dir=folder, prefix=".") as passing:
        written = Path(passing)
        with one_version(store):
            for name, table in known.items():
                write_table(written / f"{name}.csv", store, table, "csv", look)
        described = json.dumps(codebook.csvw_of_all(known), ensure_ascii=False, indent=2)
        (written / _METADATA).write_text(f"{described}\n", encoding="utf-8")
        for language in LANGUAGES:
            text = codebook.markdown(known, language)
            (written / f"codebook.{language}.md").write_text(text, encoding="utf-8")
        for file in written.iterdir():
            file.replace(folder / file.name)

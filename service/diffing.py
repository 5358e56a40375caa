"""What `jixiao diff` compares and writes: two documents, as files or in a store; text, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Final

import loader
import shapes
from ontology import identifiers

from .changes import Kind
from .loading import archive, reading
from .loading.register import Register
from .loading.statements import as_ntriples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rdflib import Graph

    from .changes import Change
    from .store import Store

_KEY: Final = re.compile(r"(?:.*/)?([0-9a-f]{16})(?:[0-9a-f]{48})?")
COLUMNS: Final = (
    "kind", "kind_zh", "kind_en", "table_zh", "table_en", "project", "year", "indicator", "field_zh", "field_en",
    "before", "after", "declaration",
)  # fmt: skip
_NOTHING: Final = shapes.Text("没有变化。", "Nothing changed.")


class NoSuchDocument(ValueError):
    """A store has no document of this name."""


def of_file(data: bytes) -> Graph:
    """Return what a document states. Raises `loader.LoaderError`."""
    return shapes.graph_of(loader.convert(data).nquads)


def of_store(store: Store, name: str) -> Graph:
    """Return what a document of a store states, also what the store does not show of it because a later one holds.

    `name` is its IRI, its SHA-256 or the first 16 digits of that. Raises NoSuchDocument.
    """
    key = _KEY.fullmatch(name)
    graph = str(identifiers.disclosure_graph(key[1])) if key else ""
    shown = reading.graph_of(store, graph) if key else []
    if not shown:
        raise NoSuchDocument(
            f"{name}: no file, and no document of the store: give the first 16 digits of its SHA-256"
        )
    kept = archive.versions_of(store, archive.owners_archived(store, graph))
    stated = [*shown, *(said for one in kept if one.graph == graph for said in one.statements)]
    return shapes.graph_of(as_ntriples([*stated, *Register(store).named_by(stated)]))


# --- writing ------------------------------------------------------------------------------------------------


def as_text(changes: Sequence[Change], lang: str) -> str:
    """Return the changes by project, with their number by kind at the end."""
    return "\n".join(_lines(changes, lang)) if changes else _NOTHING[lang]


def _lines(changes: Sequence[Change], lang: str) -> Iterator[str]:
    for (_, project, year, table), group in groupby(
        changes, key=lambda one: (one.declaration, one.project, one.year, one.table)
    ):
        yield f"{project} ({year}, {table.en})" if lang == "en" else f"{project}（{year}，{table.zh}）"
        yield from (f"  {_told(change, lang)}" for change in group)
        yield ""
    counts = Counter(change.kind for change in changes)
    told = (f"{kind.label[lang]} {counts[kind]}" for kind in Kind if counts[kind])
    yield {"zh": "，", "en": ", "}[lang].join(told)


def _told(change: Change, lang: str) -> str:
    what = change.indicator or change.field[lang]
    if change.indicator and change.kind in {Kind.FIELD, Kind.AMOUNT}:
        what = f"{change.indicator} · {change.field[lang]}"
    return f"[{change.kind.label[lang]}] {what}: {change.before or '–'} → {change.after or '–'}"


def as_csv(changes: Sequence[Change]) -> bytes:
    """Return one row for each change as CSV in UTF-8, with the mark by which spreadsheets know that it is."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(map(_row, changes))
    return out.getvalue().encode("utf-8-sig")


def as_json(changes: Sequence[Change]) -> bytes:
    """Return the changes as one JSON object in UTF-8: how many of each kind, and each of them."""
    counts = Counter(change.kind for change in changes)
    told = {
        "counts": {kind.slug: counts[kind] for kind in Kind},
        "changes": [_row(change) for change in changes],
    }
    return (json.dumps(told, ensure_ascii=False, indent=2) + "\n").encode()


def _row(change: Change) -> dict[str, str]:
    kind, field = change.kind, change.field
    values = (
        kind.slug, kind.label.zh, kind.label.en, change.table.zh, change.table.en, change.project, change.year,
        change.indicator, field.zh, field.en, change.before, change.after, change.declaration,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))

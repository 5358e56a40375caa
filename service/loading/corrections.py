"""What people wrote down of how documents are to be read: in tables, and in the store since an earlier load.

A table is given by name, or stands beside the documents as `corrections.csv` or `corrections.xlsx`. The tables that
are there say all that is to be corrected in the documents they stand for: a row that is gone is taken back. Documents
without any table keep the corrections that the store has of them.
"""

from __future__ import annotations

import difflib
import hashlib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loader import LoaderError, read_file
from loader.correction_tables import CorrectionRow, read_corrections
from loader.model import Correction
from ontology import places
from ontology.namespaces import JX, PREFIXES

from . import reading
from .sources import CORRECTION_FILES, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from loader.model import CorrectionMade

    from ..store import Store

Kept = dict[str, tuple[Correction, ...]]
"""The corrections that a store has, by the SHA-256 of their document."""
_LIKELY: Final = 0.5
"""How alike a name must be to be offered in the place of one that is not there."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of corrections and its rows."""

    path: Path
    rows: tuple[CorrectionRow, ...]


@dataclass(frozen=True)
class Tables:
    """The tables that speak of some documents: one that is given speaks of all, others of what they stand beside."""

    documents: tuple[Path, ...]
    beside: Mapping[Path, tuple[Table, ...]]
    given: tuple[Table, ...] = ()

    def of(self, document: Path) -> tuple[Correction, ...]:
        """Return what tables say of a document, as they say it."""
        rows = [row for table in self.that_speak_of(document) for row in table.rows]
        sha256 = _sha256(document) if any(row.may_be_sha for row in rows) else ""
        return self.among(rows, document.name, sha256)

    def of_bytes(self, data: bytes) -> tuple[Correction, ...]:
        """Return what a given table says of bytes that are no file, by their SHA-256."""
        rows = [row for table in self.given for row in table.rows]
        return self.among(rows, "", hashlib.sha256(data).hexdigest())

    def among(self, rows: Iterable[CorrectionRow], name: str, sha256: str) -> tuple[Correction, ...]:
        """Return what rows say of the document that is called so, or has this SHA-256."""
        meant = (row for row in rows if row.is_about(name, sha256) and not self._is_ambiguous(row))
        return tuple(row.correction for row in meant if row.correction is not None)

    def that_speak_of(self, document: Path) -> tuple[Table, ...]:
        """Return the tables that may have rows about a document."""
        return (*self.given, *self.beside.get(document.parent, ()))

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(document.name for document in self.documents)

    def _is_ambiguous(self, row: CorrectionRow) -> bool:
        """Return whether a row of a given table names a file of which there are several."""
        named = sum(count for name, count in self._names.items() if row.names(name))
        return named > 1 and any(row in table.rows for table in self.given)

    def problems(self, known: Mapping[str, str] | None = None) -> Iterator[str]:
        """Yield what is wrong with rows: they cannot be used, or speak of a document that is nowhere.

        `known` are the documents of a store, SHA-256 and name of the file; without a store a given table may well
        speak of documents that are elsewhere.
        """
        for table in self._all:
            for row in table.rows:
                problem = row.problem or self._problem(table, row, known)
                if problem:
                    yield f"{table.path}, row {row.number}: {problem}"

    def _problem(self, table: Table, row: CorrectionRow, known: Mapping[str, str] | None) -> str:
        if self._is_ambiguous(row):
            return (
                f"several documents are called {row.document!r}: write the first digits of the SHA-256 instead, "
                "which the load report as JSON tells"
            )
        if self._is_about_one(table, row) or self._is_elsewhere(table, row, known):
            return ""
        names = sorted({document.name for document in self._documents_of(table)})
        nearest = difflib.get_close_matches(row.document, names, n=1, cutoff=_LIKELY)
        meant = f"; did you mean {nearest[0]}?" if nearest else ""
        return f"there is no document {row.document!r}{meant}"

    def elsewhere(self, known: Mapping[str, str] | None = None) -> Iterator[str]:
        """Yield which rows of tables speak of documents that are there and not read now: nothing is applied."""
        for table in self._all:
            rows = [
                str(row.number)
                for row in table.rows
                if not self._is_about_one(table, row) and self._is_elsewhere(table, row, known)
            ]
            if rows:
                yield f"{table.path}: documents that are not read now are corrected in rows {', '.join(rows)}"

    @property
    def _all(self) -> tuple[Table, ...]:
        return (*self.given, *(table for tables in self.beside.values() for table in tables))

    def _documents_of(self, table: Table) -> list[Path]:
        return [document for document in self.documents if table in self.that_speak_of(document)]

    def _is_about_one(self, table: Table, row: CorrectionRow) -> bool:
        """Return whether a row speaks of one of the documents."""
        documents = self._documents_of(table)
        if any(row.names(document.name) for document in documents):
            return True
        return row.may_be_sha and any(row.is_sha_of(_sha256(document)) for document in documents)

    def _is_elsewhere(self, table: Table, row: CorrectionRow, known: Mapping[str, str] | None) -> bool:
        """Return whether a row speaks of a document that is beside the table, in the store, or who knows where."""
        if table in self.given and known is None:
            return True
        in_store = any(row.is_about(name, sha256) for sha256, name in (known or {}).items())
        return in_store or any(row.names(file.name) for file in table.path.parent.iterdir())


def find_tables(documents: Sequence[Path], given: str | None) -> Tables:
    """Return the tables that speak of some documents, `given` being one that somebody names.

    Raises `SourceError` where one cannot be read.
    """
    folders = sorted({document.parent for document in documents})
    beside = {folder: tuple(_tables_in(folder, given)) for folder in folders}
    named = (_table(Path(given)),) if given is not None else ()
    return Tables(tuple(documents), {folder: found for folder, found in beside.items() if found}, named)


def _tables_in(folder: Path, given: str | None) -> Iterator[Table]:
    for name in CORRECTION_FILES:
        file = folder / name
        if file.is_file() and (given is None or not file.samefile(given)):
            yield _table(file)


def _table(path: Path) -> Table:
    try:
        return Table(path, tuple(read_corrections(read_file(path), path.name)))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error
    except LoaderError as error:
        raise SourceError(f"{path}: {error}") from error


def _sha256(document: Path) -> str:
    """Return the SHA-256 of a file; empty where it cannot be read, which is told when it is converted."""
    try:
        return hashlib.sha256(read_file(document)).hexdigest()
    except (LoaderError, OSError):
        return ""


# --- with what the store has ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce:
    """Which corrections hold at a load: of tables where there are any, else those that the store has."""

    tables: Tables
    kept: Kept

    def of(self, document: Path) -> tuple[Correction, ...]:
        """Return the corrections of a document, each with the day on which it was first loaded, or as it says."""
        if not self.tables.that_speak_of(document):
            return self.kept.get(_sha256(document), ()) if self.kept else ()
        said = self.tables.of(document)
        known = self.kept.get(_sha256(document), ()) if said and self.kept else ()
        return tuple(_dated(correction, known) for correction in said)

    def taken_back(self, sha256: str, made: Iterable[CorrectionMade]) -> int:
        """Return how many corrections of a document the store had, and nobody makes any more."""
        still = {_gist(one.correction, one.position.told("zh")) for one in made}
        had = {_gist(one, one.position.told("zh")) for one in self.kept.get(sha256, ())}
        return len(had - still)


def _gist(correction: Correction, place: str) -> tuple[str, str]:
    return place, correction.reading


def _dated(correction: Correction, known: Iterable[Correction]) -> Correction:
    """Return a correction with a date: its own, that of the same one in the store, or today."""
    if correction.when is not None:
        return correction
    same = (one.when for one in known if _is_same(correction, one))
    return replace(correction, when=next(same, None) or datetime.now(UTC).date())


def _is_same(one: Correction, kept: Correction) -> bool:
    said = (one.reading, one.reason, one.who)
    return one.position.fits(kept.position) and said == (kept.reading, kept.reason, kept.who)


_KEPT: Final = f"""SELECT ?sha ?place ?printed ?reading ?reason ?who ?created {{
    GRAPH ?graph {{
        ?document <{JX.hasCorrection}> ?correction ; <{PREFIXES["dcterms"]}identifier> ?sha .
        ?correction <{JX.place}> ?place ; <{JX.printedText}> ?printed ; <{JX.reading}> ?reading ;
            <{JX.reason}> ?reason ; <{PREFIXES["prov"]}wasAttributedTo>/<{PREFIXES["foaf"]}name> ?who .
        OPTIONAL {{ ?correction <{PREFIXES["dcterms"]}created> ?created }}
    }}
}} ORDER BY ?sha ?correction"""


def kept_in(store: Store) -> Kept:
    """Return the corrections that a store has, applied or not."""
    kept: Kept = {}
    for row in reading.rows(store, _KEPT):
        correction = _kept(row)
        if correction is not None:
            kept[row["sha"]] = (*kept.get(row["sha"], ()), correction)
    return kept


def _kept(row: Mapping[str, str]) -> Correction | None:
    position = places.read(row["place"])
    if position is None:  # no place of ours: somebody else wrote into the graph
        return None
    return Correction(
        position=position,
        reading=row["reading"],
        reason=row["reason"],
        who=row["who"],
        when=date.fromisoformat(row["created"]) if row["created"] else None,
        printed=row["printed"] or None,
        origin="the store",
    )


_DOCUMENTS: Final = f"""SELECT ?sha ?name {{
    ?document <{PREFIXES["dcterms"]}identifier> ?sha .
    OPTIONAL {{ ?record <{PREFIXES["foaf"]}primaryTopic> ?document ; <{PREFIXES["schema"]}name> ?name }}
}}"""


def documents_of(store: Store) -> dict[str, str]:
    """Return the documents of a store: SHA-256 and name of the file."""
    return {row["sha"]: row["name"] for row in reading.rows(store, _DOCUMENTS)}


def told_of(made: Iterable[CorrectionMade]) -> tuple[str, ...]:
    """Return what there is to say of corrections that are not applied: where they are written, and why."""
    return tuple(
        f"{one.correction.origin}: not applied to {one.position.told('zh')}: {one.problem.en}"
        for one in made
        if one.problem is not None
    )

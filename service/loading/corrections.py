"""What people wrote down of how documents are to be read: in tables, and in the store since an earlier load.

A table is given by name, or stands beside the documents as `corrections.csv` or `corrections.xlsx`, in an archive
too. The tables that are there say all that is to be corrected in the documents they stand for: a row that is gone is
taken back. Documents without any table keep the corrections that the store has of them.
"""

from __future__ import annotations

import difflib
import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from loader import LoaderError, read_file
from loader.correction_tables import CorrectionRow, read_corrections
from loader.file_names import CORRECTIONS, names_corrections
from loader.location import Location
from loader.model import Correction
from ontology import places
from ontology.namespaces import JX, PREFIXES

from . import reading
from .sources import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from loader.model import CorrectionMade
    from loader.task import Beside, Given

    from ..store import Store

Kept = dict[str, tuple[Correction, ...]]
"""The corrections that a store has, by the SHA-256 of their document."""
_LIKELY: Final = 0.5
"""How alike a name must be to be offered in the place of one that is not there."""
_MOST_NUMBERS: Final = 12
"""Rows that a message lists one by one."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of corrections, its rows, and the folder whose documents it stands for: None where it is for all."""

    where: Path | Location
    folder: Location | None
    rows: tuple[CorrectionRow, ...]

    def speaks_of(self, document: Location) -> bool:
        """Return whether it may have rows about a document."""
        return self.folder is None or document.called_in(self.folder) is not None

    def names(self, row: CorrectionRow, document: Location) -> bool:
        """Return whether a row names a document: by its whole name, or as the folder of the table calls it."""
        return row.names(document.name) or row.names(self.name_of(document))

    def name_of(self, document: Location) -> str:
        """Return how the table names a document best."""
        called = document.called_in(self.folder) if self.folder is not None else None
        return called or document.name


class Tables:
    """The tables that speak of the documents of a run, and which documents asked them."""

    def __init__(self, files: Sequence[Path] = (), tables: Iterable[Table] = ()) -> None:
        """Begin with the files that will be read, and the tables given or beside them."""
        self._files = tuple(Location(file) for file in files)
        self._tables = list(tables)
        self._asked: dict[Location, str] = {}
        self._said: dict[str, tuple[Correction, ...]] = {}
        self._unreadable: list[str] = []

    def hear(self, beside: Beside) -> None:
        """Take a table that an archive has inside; `problems` tells of one that cannot be read."""
        if names_corrections(PurePosixPath(beside.location.inside[-1]).parts):
            try:
                rows = read_corrections(beside.data, str(beside.location))
            except LoaderError as error:
                self._unreadable.append(f"{beside.location}: {error}")
            else:
                self._tables.append(Table(beside.location, beside.location.folder, tuple(rows)))

    def of(self, document: Given) -> tuple[Correction, ...]:
        """Return what tables say of a document, as they say it; of a copy they say it too."""
        sha256 = self._asked[document.location] = _sha256(document) if self._tables else ""
        tables = self._that_speak_of(document.location)
        found = (
            row.correction
            for table in tables
            for row in table.rows
            if row.correction is not None and self._means(table, row, document.location)
        )
        said = tuple(dict.fromkeys((*self._said.get(sha256, ()), *found)))
        if tables and sha256:
            self._said[sha256] = said
        return said

    def spoke_of(self, document: Location) -> bool:
        """Return whether there is a table that may have rows about a document that asked, or about a copy of it."""
        return self._asked[document] in self._said

    def _that_speak_of(self, document: Location) -> list[Table]:
        return [table for table in self._tables if table.speaks_of(document)]

    def _means(self, table: Table, row: CorrectionRow, document: Location) -> bool:
        """Return whether a row is about a document that asked, and about no other."""
        if row.is_sha_of(self._asked[document]):
            return True
        return table.names(row, document) and not self._is_ambiguous(table, row)

    def _is_ambiguous(self, table: Table, row: CorrectionRow) -> bool:
        """Return whether a row names a file, or a document in one, that is called as another is."""
        called_so = [file for file in self._files if table.speaks_of(file) and row.names_file(file.name)]
        return len(called_so) > 1

    # --- when all documents have asked ---

    def problems(self, known: Mapping[str, str] | None = None) -> Iterator[str]:
        """Yield what is wrong with tables and rows: they cannot be used, or speak of a document that is nowhere.

        `known` are the documents of a store, SHA-256 and name; without a store a given table may well speak of
        documents that are elsewhere.
        """
        yield from self._unreadable
        for table in self._tables:
            for row in table.rows:
                problem = row.problem or self._problem(table, row, known)
                if problem and not row.waits:
                    yield f"{table.where}, row {row.number}: {problem}"

    def _problem(self, table: Table, row: CorrectionRow, known: Mapping[str, str] | None) -> str:
        if self._is_ambiguous(table, row):
            return (
                f"several documents are called {row.document!r}: write the first digits of the SHA-256 instead, "
                "which the load report as JSON tells"
            )
        meant = self._meant(table, row)
        if meant:
            return self._is_archive(table, meant[0])
        if self._is_elsewhere(table, row, known):
            return ""
        nearest = self._nearest(table, row)
        return f"there is no document {row.document!r}" + (f"; did you mean {nearest}?" if nearest else "")

    def _meant(self, table: Table, row: CorrectionRow) -> list[Location]:
        """Return the documents that a row is about, of those that asked."""
        return [asked for asked in self._asked if table.speaks_of(asked) and self._means(table, row, asked)]

    def _is_archive(self, table: Table, meant: Location) -> str:
        """Return why nothing can be corrected in what is meant, where it is an archive."""
        member = next((asked for asked in self._asked if meant in asked.around()), None)
        if member is None:
            return ""
        return f"{meant.name} is an archive: name the document in it, as {table.name_of(member)}"

    def _nearest(self, table: Table, row: CorrectionRow) -> str | None:
        """Return the name of the document that is probably meant: one in an archive, or one that is spelt alike."""
        documents = [asked for asked in self._asked if table.speaks_of(asked)]
        for document in documents:
            if document.inside and row.names(PurePosixPath(document.inside[-1]).name):
                return table.name_of(document)
        names = {_stem(name): name for name in sorted(table.name_of(document) for document in documents)}
        alike = difflib.get_close_matches(_stem(row.document), names, n=1, cutoff=_LIKELY)
        return names[alike[0]] if alike else None

    def asides(self, known: Mapping[str, str] | None = None) -> Iterator[str]:
        """Yield which rows are not applied and need not be: they wait for a name, or for another document."""
        for table in self._tables:
            waiting = [row for row in table.rows if row.waits]
            signed = [row for row in table.rows if not row.waits and not row.problem]
            absent = [row for row in signed if self._is_absent(table, row, known)]
            if waiting:
                yield f"{table.where}: nobody has signed {_numbers(waiting)} (column who): not applied"
            if len(absent) == 1:
                yield f"{table.where}: {_numbers(absent)} speaks of a document that is not read now"
            elif absent:
                yield f"{table.where}: {_numbers(absent)} speak of documents that are not read now"

    def _is_absent(self, table: Table, row: CorrectionRow, known: Mapping[str, str] | None) -> bool:
        ambiguous = self._is_ambiguous(table, row)
        return not ambiguous and not self._meant(table, row) and self._is_elsewhere(table, row, known)

    def _is_elsewhere(self, table: Table, row: CorrectionRow, known: Mapping[str, str] | None) -> bool:
        """Return whether a row speaks of a document that is beside the table, in the store, or who knows where."""
        if any(row.is_about(name, sha256) for sha256, name in (known or {}).items()):
            return True
        if table.folder is None:
            return known is None
        return not table.folder.inside and any(
            row.names_file(file.name) and Location(file) not in self._asked
            for file in table.folder.path.iterdir()
        )


def _stem(name: str) -> str:
    """Return the name of a document without folders, archives and suffix, which many have in common."""
    return PurePosixPath(name.replace("\\", "/").replace("!", "/")).stem


def _numbers(rows: Sequence[CorrectionRow]) -> str:
    """Return the numbers of some rows, or how many they are."""
    if len(rows) > _MOST_NUMBERS:
        return f"{len(rows):,} rows"
    listed = ", ".join(str(row.number) for row in rows)
    return f"row {listed}" if len(rows) == 1 else f"rows {listed}"


def find_tables(documents: Sequence[Path], given: str | None) -> Tables:
    """Return the tables that speak of some documents, `given` being one that somebody names.

    Raises `SourceError` where one cannot be read.
    """
    folders = sorted({document.parent for document in documents})
    beside = [table for folder in folders for table in _tables_in(folder, given)]
    named = [_table(Path(given), None)] if given is not None else []
    return Tables(documents, [*named, *beside])


def _tables_in(folder: Path, given: str | None) -> Iterator[Table]:
    for name in CORRECTIONS:
        file = folder / name
        if file.is_file() and (given is None or not file.samefile(given)):
            yield _table(file, Location(folder))


def _table(path: Path, folder: Location | None) -> Table:
    try:
        return Table(path, folder, tuple(read_corrections(read_file(path), str(path))))
    except OSError as error:
        raise SourceError(f"{path}: {error.strerror or error}") from error
    except LoaderError as error:
        raise SourceError(f"{path}: {error}") from error


def _sha256(document: Given) -> str:
    """Return the SHA-256 of a document; empty where it cannot be read, which is told when it is converted."""
    try:
        return hashlib.sha256(document.content()).hexdigest()
    except (LoaderError, OSError):
        return ""


# --- with what the store has ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InForce:
    """Which corrections hold at a load: of tables where there are any, else those that the store has."""

    tables: Tables
    kept: Kept = field(default_factory=dict)

    def hear(self, beside: Beside) -> None:
        """Take a table that an archive has inside."""
        self.tables.hear(beside)

    def of(self, document: Given) -> tuple[Correction, ...]:
        """Return the corrections of a document, each with the day on which it was first loaded, or as it says."""
        said = self.tables.of(document)
        spoken_of = self.tables.spoke_of(document.location)
        known = self.kept.get(_sha256(document), ()) if self.kept and (said or not spoken_of) else ()
        return tuple(_dated(correction, known) for correction in said) if spoken_of else known

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
    """Return the documents of a store: SHA-256 and name."""
    return {row["sha"]: row["name"] for row in reading.rows(store, _DOCUMENTS)}


def not_applied(made: Iterable[CorrectionMade]) -> tuple[CorrectionMade, ...]:
    """Return the corrections that are not applied."""
    return tuple(one for one in made if one.problem is not None)


def told_of(made: CorrectionMade, document: str) -> str:
    """Return what there is to say of a correction of a document that is not applied: where it is written, and why."""
    why = made.problem.en if made.problem is not None else ""
    return f"{made.correction.origin}: not applied to {document}, {made.position.told('zh')}: {why}"

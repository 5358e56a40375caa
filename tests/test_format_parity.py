"""One document in every format states the same, up to where it stands; what a format cannot carry is in a table."""

from __future__ import annotations

import csv
import email.message
import re
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pytest
from office import office  # noqa: F401 - a fixture
from statements import Stated, Statement
from written_tables import as_page, as_word, as_workbook, squared, stacked
from written_texts import FORMS, with_lines

import loader
from loader.readers.kinds import Kind, kind_of
from loader.readers.registry import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from office import Office

    from loader.model import Document

ROOT = Path(__file__).resolve().parent.parent


class Excuse(NamedTuple):
    """A row of parity.csv: a difference that is no fault of a reader, as a pattern, and why."""

    format: str
    source: str
    side: str
    pattern: str
    reason: str

    def covers(self, form: str, source: str, side: str, statement: Statement) -> bool:
        """Return whether a difference is this one; a `*` stands for each format or source."""
        told = self.format in ("*", form) and self.source in ("*", source) and self.side == side
        return told and re.fullmatch(self.pattern, str(statement)) is not None


EXCUSES = [
    Excuse(**row)
    for row in csv.DictReader(Path(__file__).with_name("parity.csv").read_text(encoding="utf-8").splitlines())
]

# --- the documents, and how they are written in each format ------------------------------------------------------

SEED: Final = "seed.docx"
EXAMPLES: Final = tuple(sorted(path.name for path in (ROOT / "examples").glob("130*")))


@dataclass(frozen=True)
class Source:
    """A document as it is published, and its tables as a Word file has them."""

    name: str
    data: bytes
    document: Document = field(init=False)

    def __post_init__(self) -> None:
        document = read(self.data)
        if not self.is_word:
            document = replace(document, tables=tuple(map(squared, document.tables)))
        object.__setattr__(self, "document", document)

    @property
    def is_word(self) -> bool:
        return self.name.endswith(".docx")

    def word(self) -> bytes:
        """Return the document as a Word file."""
        return self.data if self.is_word else as_word(self.document.tables, self.document.after)


def _workbook(source: Source) -> bytes:
    return as_workbook([source.document.tables])


def _workbook_of_forms(source: Source) -> bytes:
    """Return a workbook with a sheet for each table."""
    return as_workbook([[table] for table in source.document.tables])


def _word_of_one_table(source: Source) -> bytes:
    return as_word([stacked(source.document.tables)], source.document.after)


def _page_of_one_table(source: Source) -> bytes:
    return as_page([stacked(source.document.tables)])


def _page(
    source: Source, *, charset: str = "utf-8", declared: str | None = None, closed: bool = True
) -> bytes:
    return as_page(source.document.tables, charset=charset, declared=declared, closed=closed)


def _web_archive(source: Source) -> bytes:
    """Return the page in GB 18030 as a browser saves it in one file."""
    archive = email.message.EmailMessage()
    archive["Subject"] = "绩效目标"
    archive.set_type("multipart/related")
    part = email.message.EmailMessage()
    part.set_content(_page(source, charset="gb18030"), "text", "html", cte="base64")
    part.set_param("charset", "gb2312")
    archive.attach(part)
    return archive.as_bytes()


def _text(source: Source, *, form: str, blank_where_merged: bool) -> bytes:
    write = partial(with_lines, write=FORMS[form], blank_where_merged=blank_where_merged)
    return "".join(map(write, source.document.tables)).encode()


WRITTEN: Final[Mapping[str, Callable[[Source], bytes]]] = {
    "docx": Source.word,
    "docx, all in one table": _word_of_one_table,
    "xlsx": _workbook,
    "xlsx, a sheet for each table": _workbook_of_forms,
    "html": _page,
    "html, all in one table": _page_of_one_table,
    "html, GB 18030": partial(_page, charset="gb18030"),
    "html, GB 18030 that says UTF-8": partial(_page, charset="gb18030", declared="utf-8"),
    "html, UTF-8 that says GB 2312": partial(_page, declared="gb2312"),
    "html, tags left open": partial(_page, closed=False),
    "mhtml": _web_archive,
    **{f"text, {form}": partial(_text, form=form, blank_where_merged=False) for form in FORMS},
}
BLANK_WHERE_MERGED: Final[Mapping[str, Callable[[Source], bytes]]] = {
    f"text, {form}, blank where merged": partial(_text, form=form, blank_where_merged=True) for form in FORMS
}


class Converted(NamedTuple):
    """What LibreOffice writes of which of the files above, the format as it is called there, and its kind."""

    of: str
    called: str
    kind: Kind


CONVERTED: Final = {
    "odt, by LibreOffice": Converted("docx", "odt", Kind.ODT),
    "doc, by LibreOffice": Converted("docx", "doc", Kind.DOC),
    "pdf, by LibreOffice": Converted("docx", "pdf", Kind.PDF),
    "html, by LibreOffice": Converted("docx", "html", Kind.HTML),
    "ods, by LibreOffice": Converted("xlsx", "ods", Kind.ODS),
    "xls, by LibreOffice": Converted("xlsx", "xls", Kind.XLS),
    "html of sheets, by LibreOffice": Converted("xlsx", "html", Kind.HTML),
}


# --- what differs -------------------------------------------------------------------------------------------


class Difference(NamedTuple):
    """A statement that one format lost or added."""

    format: str
    source: str
    side: str
    statement: Statement

    def __str__(self) -> str:
        return f"{self.source} as {self.format} {self.side}: {self.statement}"

    @property
    def excuses(self) -> tuple[Excuse, ...]:
        return tuple(excuse for excuse in EXCUSES if excuse.covers(*self))


class Parity:
    """Some documents in each format, and what each format lost and added; worked out once."""

    def __init__(
        self, folders: Mapping[str, Path], names: Sequence[str], started: Callable[[], Office]
    ) -> None:
        self._sources = [Source(name, (folders[name] / name).read_bytes()) for name in names]
        self._started = started
        self._files: dict[str, Mapping[str, bytes]] = {}
        self._differences: dict[str, tuple[Difference, ...]] = {}

    @cached_property
    def published(self) -> Mapping[str, frozenset[Statement]]:
        """Return what each document states as it is published."""
        return {source.name: _stated(source.data) for source in self._sources}

    def files(self, form: str) -> Mapping[str, bytes]:
        """Return the documents in a format, by name."""
        if form not in self._files:
            self._files[form] = self._convert(form) if form in CONVERTED else self._write(form)
        return self._files[form]

    def _write(self, form: str) -> Mapping[str, bytes]:
        write = (WRITTEN | BLANK_WHERE_MERGED)[form]
        return {source.name: write(source) for source in self._sources}

    def _convert(self, form: str) -> Mapping[str, bytes]:
        made = CONVERTED[form]
        files = {str(number): data for number, data in enumerate(self.files(made.of).values())}
        converted = self._started().convert_all(files, made.of, made.called)
        return {source.name: converted[str(number)] for number, source in enumerate(self._sources)}

    def differences(self, form: str) -> tuple[Difference, ...]:
        """Return what a format lost and added, over all documents."""
        if form not in self._differences:
            self._differences[form] = tuple(self._compare(form))
        return self._differences[form]

    def _compare(self, form: str) -> Iterator[Difference]:
        for name, data in self.files(form).items():
            told, stated = self.published[name], _stated(data)
            yield from (Difference(form, name, "lost", lost) for lost in sorted(told - stated))
            yield from (Difference(form, name, "added", added) for added in sorted(stated - told))


def _stated(data: bytes) -> frozenset[Statement]:
    return Stated(loader.convert(data)).statements()


@pytest.fixture(scope="module")
def folders(seed: Path) -> Mapping[str, Path]:
    """The folder of each document."""
    return {name: seed if name == SEED else ROOT / "examples" for name in (SEED, *EXAMPLES)}


IN_SOAK = [pytest.param(form, marks=pytest.mark.soak) for form in CONVERTED]
"""LibreOffice takes seconds for each."""


@pytest.fixture(scope="module")
def of_seed(folders: Mapping[str, Path], request: pytest.FixtureRequest) -> Parity:
    """The first published document in every format."""
    return Parity(folders, [SEED], lambda: request.getfixturevalue("office"))


@pytest.fixture(scope="module")
def of_all(folders: Mapping[str, Path], request: pytest.FixtureRequest) -> Parity:
    """The seed and the examples in every format."""
    return Parity(folders, [SEED, *EXAMPLES], lambda: request.getfixturevalue("office"))


# --- the tests ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [*WRITTEN, *IN_SOAK])
def test_every_format_states_what_the_published_document_states(form: str, of_seed: Parity) -> None:
    """The same declarations, funds, plans, goals, indicators and values, quoted from cells of the same text."""
    _assert_parity(form, of_seed)


def test_the_text_of_the_seed_states_what_its_word_file_states(seed: Path) -> None:
    """It was published in both; the text has no title, and the marks of the program that made it."""
    word, text = (_stated((seed / name).read_bytes()) for name in (SEED, "seed.txt"))
    lost = [Difference("text, as published", SEED, "lost", statement) for statement in word - text]
    added = [Difference("text, as published", SEED, "added", statement) for statement in text - word]
    assert (len(lost), len(added)) == (20, 21)
    assert [str(difference) for difference in (*lost, *added) if not difference.excuses] == []


@pytest.mark.soak
@pytest.mark.parametrize("form", [*WRITTEN, *BLANK_WHERE_MERGED, *CONVERTED])
def test_every_format_of_every_example_states_the_same(form: str, of_all: Parity) -> None:
    """Faults, blanks and contents lists of the examples included."""
    _assert_parity(form, of_all)


def _assert_parity(form: str, parity: Parity) -> None:
    unexcused = [difference for difference in parity.differences(form) if not difference.excuses]
    assert not unexcused, f"{len(unexcused)} differences: " + "\n".join(map(str, unexcused[:12]))


@pytest.mark.parametrize("form", IN_SOAK)
def test_the_office_program_writes_what_it_is_asked_for(form: str, of_seed: Parity) -> None:
    """A file of another format would prove nothing about this one."""
    assert [kind_of(data) for data in of_seed.files(form).values()] == [CONVERTED[form].kind]


def test_all_documents_and_formats_are_compared() -> None:
    """The suite does not shrink in silence."""
    assert len(EXAMPLES) == 5
    assert (len(WRITTEN), len(BLANK_WHERE_MERGED), len(CONVERTED)) == (21, 10, 7)


@pytest.mark.soak
def test_every_excuse_is_needed(of_all: Parity) -> None:
    """A row of parity.csv that excuses nothing any more is taken out."""
    forms = [*WRITTEN, *BLANK_WHERE_MERGED, *CONVERTED]
    used = {
        excuse for form in forms for difference in of_all.differences(form) for excuse in difference.excuses
    }
    of_texts = {excuse for excuse in EXCUSES if excuse.format == "text, as published"}
    assert set(EXCUSES) - used == of_texts

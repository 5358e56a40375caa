"""Converted documents into files: all of them into one RDF file, or each into one of its own in a folder.

Imported by the command line. Lines of N-Quads are written as they come, so that many documents take no more memory
than one; the other formats are made from all of them at the end.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from . import rdf_files
from .loading.corrections import not_applied
from .whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import BinaryIO

    from loader import Conversion
    from loader.load_report import LoadReport
    from loader.location import Location
    from loader.model import CorrectionMade


class OutputError(Exception):
    """A place that documents cannot be written to; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What is written and told of a document: all that has to travel from where it was converted."""

    sha256: str
    own: bytes
    register: bytes
    report: LoadReport
    uncorrected: tuple[CorrectionMade, ...]
    """The corrections that are not applied."""


def converted(conversion: Conversion) -> Converted:
    """Keep of a conversion what is written and told."""
    report = conversion.report
    uncorrected = not_applied(conversion.disclosure.corrections)
    return Converted(report.sha256, conversion.own, conversion.register, report, uncorrected)


class Output(Protocol):
    """Where converted documents go."""

    def write(self, location: Location, document: Converted) -> None:
        """Write a document, which was found at a location."""


@contextmanager
def output(out: str, named: Sequence[str], paths: Sequence[Path]) -> Iterator[Output]:
    """Yield where to write the documents at `paths`, found below what was `named`; whole after the block.

    `out` is `-` for N-Quads on stdout, a file whose suffix says the format, or a folder: one that exists or whose
    name ends in a slash. Where no document is written, no file is. Raises `OutputError`.
    """
    target = Path(out)
    if out == "-":
        yield _Lines(lambda: sys.stdout.buffer)
    elif out.endswith("/") or target.is_dir():
        yield _Folder(_targets(target, named, paths))
    else:
        _see_that_it_can_be_written(out, target)
        written = _one_file if target.suffix.lower() == ".nq" else _one_translated_file
        with written(target) as lines:
            yield lines


def _see_that_it_can_be_written(out: str, target: Path) -> None:
    if target.suffix.lower() not in rdf_files.WRITTEN:
        suffixes = ", ".join(rdf_files.WRITTEN)
        raise OutputError(
            f"{out}: the name must end in {suffixes}, which says the format to write; or in /, which says a folder "
            "with a file for each document"
        )
    if not target.parent.is_dir():
        raise OutputError(f"{out}: there is no folder {target.parent}: make it first")


@contextmanager
def _one_file(target: Path) -> Iterator[Output]:
    with ExitStack() as files:
        yield _Lines(lambda: files.enter_context(whole_file(target)))


@contextmanager
def _one_translated_file(target: Path) -> Iterator[Output]:
    nquads = BytesIO()
    yield _Lines(lambda: nquads)
    if nquads.tell():
        with whole_file(target) as stream:
            stream.write(rdf_files.write(nquads.getvalue(), target.suffix.lower()))


class _Lines:
    """N-Quads on one stream, each line once: documents say the same of shared things, and some are there twice."""

    def __init__(self, opened: Callable[[], BinaryIO]) -> None:
        """Take how to get the stream, which is asked for when there is something to write."""
        self._opened = opened
        self._stream: BinaryIO | None = None
        self._documents: set[str] = set()
        self._shared: set[bytes] = set()

    def write(self, location: Location, document: Converted) -> None:  # noqa: ARG002 - all go to one place
        if document.sha256 in self._documents:
            return
        self._documents.add(document.sha256)
        if self._stream is None:
            self._stream = self._opened()
        self._stream.write(document.own)
        new = [line for line in document.register.splitlines(keepends=True) if line not in self._shared]
        self._shared.update(new)
        self._stream.writelines(new)


class _Folder:
    """A file of N-Quads for each document; those of an archive in a folder of its name."""

    def __init__(self, targets: Mapping[Path, Path]) -> None:
        """Take where the document in each file goes."""
        self._targets = targets

    def write(self, location: Location, document: Converted) -> None:
        target = _target(self._targets[location.path], location.inside)
        target.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(target) as stream:
            stream.write(document.own)
            stream.write(document.register)


def _target(target: Path, inside: Sequence[str]) -> Path:
    """Return the file of a member of an archive, whose own would be `target`: `a.zip/b/c.doc.nq`."""
    parts = [part for name in inside for part in name.split("/")]
    return target.with_suffix("").joinpath(*parts[:-1], f"{parts[-1]}.nq") if parts else target


def _targets(folder: Path, named: Sequence[str], paths: Sequence[Path]) -> dict[Path, Path]:
    """Return the file of each document: its name with `.nq`, below the folders it was found in."""
    roots = [Path(name) for name in named if Path(name).is_dir()]
    targets: dict[Path, Path] = {}
    sources: dict[Path, Path] = {}
    for path in paths:
        below = next((path.relative_to(root) for root in roots if path.is_relative_to(root)), Path(path.name))
        target = folder / below.with_name(f"{below.name}.nq")
        if target in sources:
            raise OutputError(
                f"{target}: {sources[target]} and {path} would both be written there: convert them into two folders"
            )
        targets[path], sources[target] = target, path
    return targets

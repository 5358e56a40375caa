"""Files that a command reads and writes, `-` among them, and what is said where it cannot."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from .telling import fail, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DASH = "-"
"""Stands for stdin where a document is read, and for stdout where one is written."""


def read_document(name: str) -> bytes:
    """Return the bytes of a file or of stdin."""
    from loader import read_file

    return sys.stdin.buffer.read() if name == DASH else read_file(Path(name))


def write(out: str, content: bytes) -> None:
    """Write to a file that appears whole or not at all, or to stdout."""
    write_chunks(out, [content])


def write_chunks(out: str, chunks: Iterable[bytes]) -> None:
    """Write to a file that appears whole or not at all, or to stdout."""
    from ..whole_files import whole_file

    if out == DASH:
        sys.stdout.buffer.writelines(chunks)
        return
    with output_errors(out), whole_file(Path(out)) as stream:
        stream.writelines(chunks)


def no_format(out: str, suffixes: Iterable[str]) -> str:
    """Return what is said of a name to write to that tells no format."""
    return f"{out}: the name must end in {', '.join(suffixes)}, which says the format to write"


@contextmanager
def output_errors(out: str) -> Iterator[None]:
    """Fail with one line where the block cannot write to `out`."""
    from ..converting import OutputError

    try:
        yield
    except OutputError as error:
        fail(str(error))
    except OSError as error:
        fail(f"{out}: {reason(error)}")


@contextmanager
def source_errors() -> Iterator[None]:
    """Fail with one line where the block does not find the files that are named, or a table beside them."""
    from ..loading.sources import SourceError

    try:
        yield
    except SourceError as error:
        fail(str(error))


@contextmanager
def document_errors(name: str) -> Iterator[None]:
    """Fail with one line where the block cannot read the document of a name."""
    from loader import LoaderError

    from ..rdf_files import NotRdfError

    try:
        yield
    except (LoaderError, NotRdfError, OSError) as error:
        fail(f"{name}: {reason(error)}")

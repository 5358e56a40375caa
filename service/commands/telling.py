"""What a person is told on stderr, and how a command ends that cannot go on."""

from __future__ import annotations

import sys
from typing import NoReturn

import click


def warn(message: str) -> None:
    """Print a message on stderr, over the progress where it stands on the line."""
    over = "\r\x1b[2K" if sys.stderr.isatty() else ""
    click.echo(f"{over}{message}", err=True)


def fail(message: str) -> NoReturn:
    """Print a message on stderr and end with exit code 2."""
    warn(message)
    sys.exit(2)


def reason(error: Exception) -> str:
    """Return what went wrong; for errors of the system, without the path, which is told already."""
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)


def warn_of_unread(name: object, unread: int) -> None:
    """Say that parts of a document were not read, and how to see which."""
    warn(
        f"{name}: {unread} cells, tables or other parts were not read; "
        "`jixiao convert FILE -o - --report` shows them"
    )

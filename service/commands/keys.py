"""The command `keys`: who may write through a running service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from .telling import fail, warn

if TYPE_CHECKING:
    from ..keys import KeyFile


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--add", "added", metavar="NAME", help="Make a key; its text is printed on stdout, this once.")
@click.option("--remove", "removed", metavar="NAME", help="Let a key hold no more.")
def keys(file: Path, added: str | None, removed: str | None) -> None:
    """Make, list and remove the keys by which programs may write to a service.

    FILE keeps their hashes; `jixiao serve --keys FILE` takes changes from whoever sends one of them. Several hold at
    once, and one that is added or removed counts without a restart.

    \b
    Example:  jixiao keys keys.txt --add portal
              jixiao keys keys.txt
    """  # noqa: D301 - click reads the character
    from ..keys import KeyFile, KeysError

    kept = KeyFile(file)
    try:
        if removed is not None:
            kept.remove(removed)
        if added is not None:
            click.echo(kept.add(added))
            warn(f"The key {added!r} is shown this once; {file} keeps its hash alone.")
        if added is None and removed is None:
            _tell_keys(kept)
    except KeysError as error:
        fail(str(error))


def _tell_keys(kept: KeyFile) -> None:
    """List the keys by name and day."""
    known = kept.keys()
    for key in known:
        click.echo(f"{key.name}  made {key.made}")
    if not known:
        warn(f"{kept.path} has no keys; `jixiao keys {kept.path} --add NAME` makes one")

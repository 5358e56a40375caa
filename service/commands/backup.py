"""The commands `backup` and `restore`: a store on disk into one file, and back; an export into a store, too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from .options import store_option
from .stores import store_errors
from .telling import fail


@click.command()
@click.argument("target", metavar="TO", type=click.Path(path_type=Path))
@store_option
def backup(target: Path, store_url: str) -> None:
    """Write all that a store on disk holds into one file, while it is served and loaded.

    TO is a file, or a folder in which a file is named by the time. What is backed up is what readers see: a load that
    goes on is not in it. The file is there when it is whole; one of that name is replaced then.

    \b
    Example:  jixiao backup /var/backups/jixiao.tar --store file:store
    """  # noqa: D301 - click reads the character
    from ..store.backup import back_up

    folder = _folder_of(store_url)
    file = target / f"jixiao-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar" if target.is_dir() else target
    if not file.absolute().parent.is_dir():
        fail(f"{file}: there is no folder {file.absolute().parent}")
    with store_errors():
        manifest = back_up(folder, file)
    click.echo(f"{file}: {manifest.quads:,} statements, {file.stat().st_size:,} bytes")


@click.command()
@click.argument("source", metavar="FROM", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Only see whether the backup is whole.")
@store_option
def restore(source: Path, store_url: str, *, check: bool) -> None:
    """Make a store of a backup or an export, in a folder that is not there yet or empty.

    A backup is verified first, and a store is there when it is whole and was opened. An export is a file of N-Quads
    (.nq) or TriG (.trig), as `jixiao export` writes them: all of its statements are there, or no store is.

    \b
    Example:  jixiao restore /var/backups/jixiao.tar --store file:restored
              jixiao restore everything.nq --store file:restored
    """  # noqa: D301 - click reads the character
    from ..store import backup as backups
    from ..store import exported

    if source.suffix.lower() in exported.SUFFIXES:
        if check:
            fail(
                f"{source} is an export, which says nowhere what should be in it: only a backup can be checked"
            )
        with store_errors():
            statements = exported.restore_export(source, _folder_of(store_url))
        click.echo(f"{source} is restored to {store_url}: {statements:,} statements")
        return
    with store_errors():
        manifest = backups.verify(source) if check else backups.restore(source, _folder_of(store_url))
    done = "is whole" if check else f"is restored to {store_url}"
    click.echo(f"{source} of {manifest.made} {done}: {manifest.quads:,} statements")


def _folder_of(store_url: str) -> Path:
    from ..store import folder_of

    folder = folder_of(store_url)
    if folder is None:
        fail(
            f"{store_url} is no store on disk (file:FOLDER): take the backup of the endpoint itself, or "
            "`jixiao export -o FILE.nq`"
        )
    return folder

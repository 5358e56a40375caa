"""The command `jixiao`: the one place where loader, shapes, queries and store are wired together."""

from __future__ import annotations

import logging
import os
import sys

import click

from .commands.ask import ask
from .commands.backup import backup, restore
from .commands.check import check
from .commands.convert import convert
from .commands.diff import diff
from .commands.export import export
from .commands.keys import keys
from .commands.link import link
from .commands.lists import lists
from .commands.load import load
from .commands.others import import_
from .commands.serve import serve
from .commands.telling import fail, reason


class _Commands(click.Group):
    """Commands that tell what the system cannot do (a full disk) in one line, as they do all else."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command, and see that what it said has arrived."""
        try:
            done = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise  # who reads has had enough, and click knows what to do
        except OSError as error:
            _forget_stdout()
            where = f"{error.filename}: " if error.filename else ""
            fail(f"{where}{reason(error)}")
        return done


def _forget_stdout() -> None:
    """Let what stands in the buffer go nowhere: it could not be written, and would be tried again at the end."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - it has no path
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


@click.group(
    cls=_Commands,
    commands=(ask, backup, check, convert, diff, export, import_, keys, link, lists, load, restore, serve),
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="jixiao")
@click.option("-v", "--verbose", is_flag=True, help="Say on stderr what is being done.")
def main(*, verbose: bool) -> None:
    """绩效: published performance targets of public money, as a graph that can be asked.

    \b
    Try:  jixiao load examples/
          jixiao ask
          jixiao serve
    """  # noqa: D301 - click reads the character
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(name)s: %(message)s")


if __name__ == "__main__":
    main()

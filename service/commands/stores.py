"""The store that a command works on, and what is said where it does not answer."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from .telling import fail, warn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..store import Access, Bounds, Store
    from ..store.watcher import Watcher

_PATIENCE: Final = 120.0
"""Seconds for which a load goes on trying when its endpoint is away."""
_AS_IT_WAS: Final = (
    "{store} is being written to by another process: it is judged as it was before that, "
    "and what is found is not kept"
)


def opened(store_url: str, *, create: bool = False, update_url: str | None = None) -> Store:
    """Return the store at an address to write to it; fail where there is none.

    When the command is done it is closed, and others see what was written.
    """
    from ..store import open_store

    with store_errors():
        return _closed_at_the_end(open_store(store_url, create=create, access=_access(update_url, _PATIENCE)))


def opened_to_read(store_url: str) -> Store:
    """Return the store at an address to ask it, whoever writes to it; fail where there is none."""
    from ..store import open_to_read

    with store_errors():
        return _closed_at_the_end(open_to_read(store_url, _access()))


def opened_to_judge(store_url: str) -> Store:
    """Return the store at an address to judge it and keep what is found; fail where there is none.

    Nobody else changes one on disk meanwhile. Where somebody writes to it, it is judged as it was before, and nothing
    is kept.
    """
    from ..store import StoreLocked, open_store

    with store_errors():
        try:
            store = open_store(store_url, create=False, access=_access(patience=_PATIENCE))
        except StoreLocked:
            warn(_AS_IT_WAS.format(store=store_url))
            return opened_to_read(store_url)
        return _closed_at_the_end(store)


def opened_to_serve(store_url: str, bounds: Bounds, watcher: Watcher) -> Store:
    """Return the store at an address to answer strangers within bounds; fail where there is none."""
    from ..store import open_to_serve

    with store_errors():
        store = open_to_serve(store_url, bounds, ("service.validating.preloaded",), _access(), watcher)
        return _closed_at_the_end(store)


def _access(update_url: str | None = None, patience: float = 0) -> Access:
    """Return how an endpoint is reached: what stands in the environment is seen by no other person's `ps`."""
    from ..store import Access

    return Access(
        update_url or os.environ.get("JIXIAO_STORE_UPDATE_URL"),
        os.environ.get("JIXIAO_STORE_USER", ""),
        os.environ.get("JIXIAO_STORE_PASSWORD", ""),
        patience,
    )


def _closed_at_the_end(store: Store) -> Store:
    def close() -> None:
        with store_errors():
            store.close()

    click.get_current_context().call_on_close(close)
    return store


@contextmanager
def store_errors() -> Iterator[None]:
    """Fail with one line where the store does not do what the block asks."""
    from ..store import StoreError

    try:
        yield
    except StoreError as error:
        fail(str(error))

"""The store that a command works on, and what is said where it does not answer."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .telling import fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..store import Store


def opened(store_url: str, *, create: bool = False, update_url: str | None = None) -> Store:
    """Return the store at an address; fail where there is none."""
    from ..store import StoreError, open_store

    try:
        return open_store(store_url, create=create, update_url=update_url)
    except StoreError as error:
        fail(str(error))


@contextmanager
def store_errors() -> Iterator[None]:
    """Fail with one line where the store does not do what the block asks."""
    from ..store import StoreError

    try:
        yield
    except StoreError as error:
        fail(str(error))

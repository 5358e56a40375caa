"""One URL chooses the store: `memory:`, `file:///folder`, or the address of a SPARQL endpoint."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from .access import Access, Address
from .errors import StoreUnavailable
from .watcher import NOBODY

if TYPE_CHECKING:
    from .bounds import Bounds
    from .interface import Store
    from .watcher import Watcher

_PLAIN: Final = Access()


def open_store(
    url: str,
    *,
    access: Access = _PLAIN,
    create: bool = True,
) -> Store:
    """Open the store a URL names; one on disk that is not there is made, unless `create` is False.

    - `memory:` - in this process, gone when it ends;
    - `file:///srv/jixiao/store` (or `file:store`, below the working folder) - on disk, made when missing;
    - `https://host/sparql` - any SPARQL 1.1 endpoint. `access` says where it takes changes, and who we are
      to it; so may the address (`https://user:password@host/sparql`).

    Raises `StoreLocked` when another process has the folder open for writing, `StoreUnavailable` for all else.
    """
    parts = urlsplit(url)
    if parts.scheme == "memory":
        return _in_memory()
    folder = folder_of(url)
    if folder is not None:
        if not create:
            _refuse_missing(folder)
        return _on_disk(folder)
    if parts.scheme in {"http", "https"}:
        return _remote(url, access)
    message = (
        f"{url!r} names no store. Write memory:, file:///folder for one on disk, "
        "or the http(s):// address of a SPARQL endpoint."
    )
    raise StoreUnavailable(message)


def open_to_read(url: str, access: Access = _PLAIN) -> Store:
    """Open the store a URL names to ask it: one on disk as it was when it was last closed, whoever writes to it."""
    folder = folder_of(url)
    if folder is None:
        return open_store(url, access=access)
    from .disk import SnapshotStore, catch_up

    _refuse_missing(folder)
    catch_up(folder)
    return SnapshotStore(folder)


def open_to_serve(
    url: str,
    bounds: Bounds,
    beside: tuple[str, ...] = (),
    access: Access = _PLAIN,
    watcher: Watcher = NOBODY,
) -> Store:
    """Open the store a URL names to answer strangers, none of whom takes more than `bounds`.

    One in memory is in a temporary folder here, so that it has the same bounds; an endpoint has its own, and is
    waited for as long as `bounds` says. `beside`: modules that are read along where processes are forked from;
    `watcher`: who is told how queries of a store on disk are answered.
    """
    folder = folder_of(url)
    if folder is not None:
        from .served import ServedStore

        _refuse_missing(folder)
        return ServedStore(folder, bounds, beside, watcher)
    scheme = urlsplit(url).scheme
    if scheme == "memory":
        from .served import PassingStore

        return PassingStore(bounds, beside, watcher)
    if scheme in {"http", "https"}:
        return _remote(url, access, bounds)
    return open_store(url)


def _refuse_missing(folder: Path) -> None:
    if not folder.is_dir():
        raise StoreUnavailable(f"there is no store at {folder}: `jixiao load` makes one")


def folder_of(url: str) -> Path | None:
    """Return the folder of a store on disk, None for any other."""
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and parts.path:
        return Path(url2pathname(parts.path))
    return None


# each kind of store is imported when it is opened: neither engine is needed for the other


def _in_memory() -> Store:
    from .embedded import EmbeddedStore

    return EmbeddedStore()


def _on_disk(folder: Path) -> Store:
    from .disk import DiskStore

    return DiskStore(folder)


def _remote(url: str, access: Access, bounds: Bounds | None = None) -> Store:
    from .remote import RemoteStore

    address = Address.of(url, access)
    if bounds is None:
        return RemoteStore(address)
    return RemoteStore(address, bounds.seconds, bounds.most, bounds.services)

"""The index of what a store holds now: made when it is first asked for, and anew when the data are others."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from ..loading import turns
from .gathering import index_of

if TYPE_CHECKING:
    from ..store import Store
    from .index import Index


class KeptIndex:
    """One index for each version of the data; whoever asks while it is made waits for it.

    A store that bears no mark, as nothing was loaded into it yet, is known by its moment.
    """

    def __init__(self) -> None:
        self._making = Lock()
        self._version = ""
        self._index: Index | None = None

    def of(self, store: Store) -> Index:
        """Return the index of what the store holds. Raises `StoreError` where it does not answer."""
        version = turns.version_of(store) or store.moment()
        with self._making:
            if self._index is None or version != self._version or not version:
                self._index = index_of(store)
                self._version = version
            return self._index

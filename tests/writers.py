"""A service that takes changes, and clients of it with and without a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from sites import serving

from service.keys import KeyFile
from service.settings import Settings
from service.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyFile:
    """The keys of the writable service."""
    return KeyFile(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture(scope="module")
def key(keys: KeyFile) -> str:
    """The text of a key that holds."""
    return keys.add("tests")


@pytest.fixture(scope="module")
def kept() -> Store:
    """What the writable service keeps its graphs in."""
    return open_store("memory:")


@pytest.fixture(scope="module")
def anyone(kept: Store, keys: KeyFile) -> Iterator[httpx.Client]:
    """A client without a key of a service that takes changes."""
    with (
        serving(kept, Settings(keys=keys.path)) as address,
        httpx.Client(base_url=address, timeout=300) as client,
    ):
        yield client


@pytest.fixture
def writer(anyone: httpx.Client, key: str, kept: Store) -> Iterator[httpx.Client]:
    """A client with a key; the store is empty."""
    kept.clear()
    authorization = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=anyone.base_url, timeout=300, headers=authorization) as client:
        yield client

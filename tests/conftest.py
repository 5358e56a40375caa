"""What every test may ask for: the shared real tables, and the root of the project."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

if TYPE_CHECKING:
    from collections.abc import Iterator

# No test is timed: a busy machine is no fault of the code (speed is measured in benchmarks/). CI must say the same of
# the same commit: there everything that is drawn is always the same. What is new is for developers, who can mend what
# they find before they land.
settings.register_profile("untimed", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def _nothing_drawn_from_modules() -> Iterator[None]:
    """Draw the same documents whatever else is imported.

    Hypothesis also draws the numbers that stand in modules of the project, of those imported so far: which ones
    these are differs between two runs of the same commit, and between two commits.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(providers, "_get_local_constants", Constants)
        patch.setattr(providers, "CONSTANTS_CACHE", LRUCache(1024))
        yield


ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real disclosures and conformance data beside the project."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        reason = f"the shared test data are not at {folder}: clone them beside the project"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def seed(shared: Path) -> Path:
    """The folder of the first complete disclosure, as text and as Word."""
    return shared / "disclosures" / "seed"


# the kinds of store: every test that takes `store` runs on each of them
# a filled store, a client of the service over it, and a browser
from sites import browser, client, library, shacl_client, site  # noqa: E402, F401
from stores import sparql_server, store  # noqa: E402, F401

# a service that takes changes
from writers import anyone, kept, key, keys, writer  # noqa: E402, F401

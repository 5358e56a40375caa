"""What every test may ask for: the shared real tables, and the root of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# No test is timed: a busy machine is no fault of the code (speed is measured in benchmarks/).
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

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

"""The examples in docstrings are true: every module of the five packages is run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

PACKAGES = ("ontology", "loader", "shapes", "queries", "service")


def modules() -> list[str]:
    """Return the names of the packages and of all modules within."""
    found = list(PACKAGES)
    for name in PACKAGES:
        path = importlib.import_module(name).__path__
        found += [module.name for module in pkgutil.walk_packages(path, prefix=f"{name}.")]
    return sorted(name for name in found if not name.endswith("__main__"))


@pytest.mark.parametrize("name", modules())
def test_the_examples_of_a_module_are_true(name: str) -> None:
    """What a docstring shows is what happens."""
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    ("package", "least"), [("ontology", 18), ("loader", 15), ("shapes", 1), ("queries", 1)]
)
def test_a_package_shows_examples(package: str, least: int) -> None:
    """The suite does not shrink in silence."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    names = [name for name in modules() if name.partition(".")[0] == package]
    found = [test for name in names for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) >= least

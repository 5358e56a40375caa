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


def test_there_are_examples_in_the_words_and_the_loader() -> None:
    """The suite does not shrink in silence."""
    finder = doctest.DocTestFinder(exclude_empty=True)
    examples = {
        package: sum(
            bool(test.examples)
            for name in modules()
            if name.partition(".")[0] == package
            for test in finder.find(importlib.import_module(name))
        )
        for package in PACKAGES
    }
    assert examples["ontology"] >= 12
    assert examples["loader"] >= 10

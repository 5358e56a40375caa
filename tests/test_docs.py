"""The README says what is there: commands, settings, questions, rules, addresses, formats."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from loader.readers.kinds import Kind
from queries import catalogue
from service.cli import main
from shapes import rules

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_is_described_and_no_other() -> None:
    """The table of commands is the list of commands."""
    described = set(re.findall(r"^\| `jixiao (\w+)", README, re.MULTILINE))
    assert described == set(main.commands)
    assert len(described) == 6


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_has_an_example_in_its_help(name: str) -> None:
    """Help shows a line to copy."""
    command = main.commands[name]
    assert "Example:  jixiao" in command.get_help(click.Context(command))


def test_every_option_is_described() -> None:
    """Each option of each command occurs in the README, with the defaults it has."""
    options = {
        option
        for command in main.commands.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
    known = options - {"--out"}  # written as -o everywhere
    assert {option for option in known if f"`{option}" not in README} == set()
    assert "`file:store`" in README
    assert "`127.0.0.1`, `8000`" in README


def test_every_question_is_listed_with_both_titles() -> None:
    """The table of questions is the catalogue."""
    listed = dict(re.findall(r"^\| CQ\d+ \| `([^`]+)` \| (.+) \|$", README, re.MULTILINE))
    assert listed == {name: f"{query.title.zh} | {query.title.en}" for name, query in catalogue().items()}
    assert len(listed) >= 28


def test_every_rule_is_listed_with_its_severity_and_both_messages() -> None:
    """The table of rules is the rule book."""
    listed = re.findall(r"^\| ([A-Z]{2}-\w+) \| ([VWI]) \| (.+) \| (.+) \|$", README, re.MULTILINE)
    book = [(rule.id, str(rule.severity)[0], rule.message.zh, rule.message.en) for rule in rules().values()]
    assert listed == book
    assert len(listed) >= 40


def test_every_format_that_is_read_is_named() -> None:
    """Adding a reader without telling is not possible."""
    told = {Kind.DOCX: "Word (`.docx`)", Kind.TEXT: "text dumps"}
    assert set(told) == set(Kind)
    assert all(words in README for words in told.values())


def test_the_make_targets_of_the_readme_exist() -> None:
    """`make demo`, `make test`, `make lint`, `make soak`."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make (\w+)`?", README))
    assert targets >= {"demo", "test", "lint", "soak"}
    assert {target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)} == set()


def test_the_changelog_tells_of_the_ontology_under_its_own_heading() -> None:
    """Users' saved queries hang on the ontology."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "### Ontology" in changelog

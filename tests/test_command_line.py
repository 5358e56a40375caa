"""The command as a person meets it: quick help, messages that say what to do, exit codes as documented."""

from __future__ import annotations

import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import click
import openpyxl
import pytest

from service import cli

if TYPE_CHECKING:
    from pathlib import Path


def jixiao(*arguments: str) -> tuple[int, str, str]:
    """Run the command and return its exit code and what it printed on stdout and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments], capture_output=True, check=False, text=True
    )
    return done.returncode, done.stdout, done.stderr


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store on disk with the smallest disclosure."""
    folder = tmp_path_factory.mktemp("store") / "store"
    code, out, err = jixiao("load", "tests/disclosures/plain-form/source.txt", "--store", f"file:{folder}")
    assert (code, out.splitlines()[0].startswith("1 documents: 1 projects, 3 indicators")) == (0, True), err
    return f"file:{folder}"


def test_help_imports_nothing_heavy() -> None:
    """What makes start-up slow is imported when it is used."""
    program = (
        "import sys, service.cli; "
        "print([m for m in ('rdflib', 'pyoxigraph', 'fastapi', 'pyshacl', 'lxml', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"


def test_no_help_text_prints_a_mark_of_its_maker() -> None:
    """What is written for the program that sets the help (`\\b`) is not shown to its reader."""
    context = click.Context(cli.main)
    commands = {name: cli.main.get_command(context, name) for name in cli.main.list_commands(context)}
    told = {
        name: command.get_help(click.Context(command, info_name=name))
        for name, command in commands.items()
        if command is not None
    }
    assert len(told) == 13
    assert [name for name, text in told.items() if "\\" in text or "\b" in text] == []
    assert "\\" not in cli.main.get_help(context)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "no-such-question"), "there is no question 'no-such-question'"),
        (("ask", "large-project"), "Did you mean large-projects"),
        (("ask", "large-projects", "--threshold", "abc"), "cannot be 'abc'; it must be a number"),
        (("ask", "large-projects", "--threshold"), "--threshold has no value"),
        (("ask", "large-projects", "5"), "'5' stands alone"),
        (("ask", "missing.rq"), "No such file"),
        (("export", "-o", "all.xlsx"), "the name must end in .nq, .trig, .ttl, .nt"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(store: str, arguments: tuple[str, ...], says: str) -> None:
    """Exit code 2, one line on stderr, no traceback."""
    code, _, err = jixiao(*arguments, "--store", store)
    assert (code, says in err, "Traceback" in err) == (2, True, False), err


@pytest.mark.parametrize("command", [("ask", "large-projects"), ("export", "-o", "-"), ("serve",)])
def test_asking_a_store_that_is_not_there_makes_none(tmp_path: Path, command: tuple[str, ...]) -> None:
    """A mistyped folder is no empty store."""
    missing = tmp_path / "missing"
    code, _, err = jixiao(*command, "--store", f"file:{missing}")
    assert (code, f"there is no store at {missing}" in err) == (2, True), err
    assert not missing.exists()


def test_checking_a_store_that_is_not_there_is_no_clean_bill(tmp_path: Path) -> None:
    """Nothing found in nothing is not: nothing wrong."""
    code, out, err = jixiao("check", f"file:{tmp_path / 'typo'}")
    assert (code, out) == (2, "")
    assert "there is no store" in err


def test_checking_a_folder_says_how_to_name_a_store(tmp_path: Path) -> None:
    """A folder may hold documents or a store."""
    code, _, err = jixiao("check", str(tmp_path))
    assert (code, f"write file:{tmp_path} for a store" in err) == (2, True)


def test_a_port_that_is_taken_is_named(store: str) -> None:
    """Before anything heavy is done."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, _, err = jixiao("serve", "--store", store, "--port", port)
    assert (code, f"cannot listen on 127.0.0.1:{port}" in err) == (2, True), err


def test_an_answer_is_a_table_csv_or_json(store: str) -> None:
    """The same rows in three forms; links stand in the last two only."""
    table = jixiao("ask", "budgets-by-unit-and-year", "--store", store)
    as_csv = jixiao("ask", "budgets-by-unit-and-year", "--store", store, "--format", "csv")
    as_json = jixiao("ask", "budgets-by-unit-and-year", "--store", store, "--format", "json")
    assert [code for code, _, _ in (table, as_csv, as_json)] == [0, 0, 0]
    assert "1205000" in table[1]
    assert "https://" not in table[1]
    assert as_csv[1].splitlines()[1].endswith("/unit/130202/305001")
    assert '"budget": 1205000' in as_json[1]


def test_an_answer_goes_into_a_file(store: str, tmp_path: Path) -> None:
    """A spreadsheet in the language that is asked for; a query of somebody's own has its names for titles."""
    out = tmp_path / "answer.xlsx"
    question = ("budgets-by-unit-and-year", "--lang", "en")
    assert jixiao("ask", *question, "--store", store, "--format", "xlsx", "-o", str(out))[0] == 0
    head, row = openpyxl.load_workbook(out)["Result"].iter_rows(values_only=True)
    assert (head[:3], row[1], row[4]) == (("Unit", "Unit code", "Fiscal year"), "305001", 1205000)
    own = tmp_path / "own.rq"
    own.write_text("SELECT (1 AS ?one) {}", encoding="utf-8")
    assert jixiao("ask", str(own), "--store", store, "--format", "xlsx", "-o", str(out))[0] == 0
    assert list(openpyxl.load_workbook(out)["结果"].values) == [("one",), (1,)]


def test_check_exits_with_1_on_a_violation_and_0_without(tmp_path: Path) -> None:
    """As documented; the report is also written where `-o` says."""
    sound = "tests/disclosures/cost-at-level-1/source.txt"
    faulty = "tests/disclosures/blank-cells/source.txt"
    outs = [tmp_path / f"report{suffix}" for suffix in (".ttl", ".json", ".csv")]
    options = [part for out in outs for part in ("-o", str(out))]
    code, report, _ = jixiao("check", faulty, *options)
    assert code == 1
    assert "IN-12" in report
    assert all(out.stat().st_size > 500 for out in outs)
    code, report, _ = jixiao("check", sound, "--lang", "en")
    assert (code, report.strip().splitlines()[-1]) == (0, "Violations 0, warnings 2, infos 5")


def test_everything_can_be_exported_and_checked_again(store: str, tmp_path: Path) -> None:
    """What the store holds is RDF that the other commands read."""
    out = tmp_path / "all.nq"
    assert jixiao("export", "-o", str(out), "--store", store)[0] == 0
    assert b"/declaration/13020225P00909010001G/2025/initial>" in out.read_bytes()


def test_answers_are_sent_without_waiting() -> None:
    """Connections to the socket of `serve` send small packets at once: else each answer waits for an ACK."""
    from stores import free_port

    from service.commands.serve import _listen

    with (
        _listen("127.0.0.1", free_port()) as listener,
        socket.create_connection(listener.getsockname()),
        listener.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0

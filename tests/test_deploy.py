"""The unit of systemd in `deploy/`: what it starts can be started so, and systemd understands it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from service.cli import main

ROOT = Path(__file__).resolve().parent.parent
UNIT = ROOT / "deploy" / "jixiao.service"


def settings() -> dict[str, str]:
    """The settings of the unit; none of those that are looked at stands there twice."""
    return dict(re.findall(r"^(\w+)=(.*)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE))


def started() -> dict[str, object]:
    """What the command of the unit is given, as the command line understands it."""
    program, name, *arguments = shlex.split(settings()["ExecStart"])
    assert Path(program).name == "jixiao"
    return dict(main.commands[name].make_context(name, arguments).params)


def test_the_command_of_the_unit_is_understood() -> None:
    """With options that there are, over a store in the folder of the unit, for its own machine alone."""
    given = started()
    assert given["store_url"] == f"file:/var/lib/{settings()['StateDirectory']}/store"
    assert (given["host"], given["proxies"], given["log_format"]) == ("127.0.0.1", "127.0.0.1", "json")


def test_the_unit_lets_answers_finish() -> None:
    """The signal goes to the service alone, and systemd waits longer than the service does."""
    told = settings()
    assert told["KillMode"] == "mixed"
    assert float(told["TimeoutStopSec"]) > float(str(started()["stop_seconds"])) + 5


def test_systemd_understands_the_unit(tmp_path: Path) -> None:
    """Each setting is one that it has; the program itself need not be there."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no `systemd-analyze`: Debian's `systemd` has it")
    text = UNIT.read_text(encoding="utf-8").replace(
        "/opt/jixiao/bin/jixiao", shutil.which("true") or "/bin/true"
    )
    (tmp_path / UNIT.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / UNIT.name)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_the_readme_leads_to_the_unit() -> None:
    """Who runs a service finds it."""
    assert "(deploy/jixiao.service)" in (ROOT / "README.md").read_text(encoding="utf-8")

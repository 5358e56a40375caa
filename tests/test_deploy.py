"""The unit of systemd and the container file in `deploy/`: what they start can be started so.

No engine for containers is at hand: what the file says is held against the program, the wheel and CI.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from stores import free_port

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
        timeout=300,
    )
    assert [line for line in done.stderr.splitlines() if UNIT.name in line] == []


def test_the_readme_leads_to_the_unit() -> None:
    """Who runs a service finds it, and the container file."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "(deploy/jixiao.service)" in readme
    assert "(deploy/Containerfile)" in readme


# --- the container ---------------------------------------------------------------------------------------


def instructions(name: str, *, of_stage: int) -> list[str]:
    """What follows an instruction of the container file, each time that it stands in a stage, from 0."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8"))
    stages = re.split(r"^FROM .*$", text, flags=re.MULTILINE)[1:]
    assert len(stages) == 2
    return re.findall(rf"^{name} (.*)$", stages[of_stage], re.MULTILINE)


def one(name: str) -> str:
    """What follows an instruction that stands once in the last stage."""
    (told,) = instructions(name, of_stage=1)
    return told


def test_the_command_of_the_container_is_understood() -> None:
    """It answers at the port that is told to be open, over a store in the volume, and nobody writes without a key."""
    (program,) = json.loads(one("ENTRYPOINT"))
    name, *arguments = json.loads(one("CMD"))
    environment = dict(told.split("=", 1) for told in instructions("ENV", of_stage=1))
    given = main.commands[name].make_context(name, arguments).params
    assert (program, name) == ("jixiao", "serve")
    assert (given["host"], str(given["port"]), given["keys"]) == ("0.0.0.0", one("EXPOSE"), None)  # noqa: S104
    assert environment["JIXIAO_STORE"] == f"file:{one('VOLUME')}/store"
    assert environment["PATH"].split(":")[0] == "/opt/jixiao/bin"
    stops_after = re.search(r"--stop-timeout (\d+)", (ROOT / "deploy" / "Containerfile").read_text())
    assert stops_after is not None
    assert float(stops_after[1]) > given["stop_seconds"] + 5


def test_the_container_runs_as_nobody_much() -> None:
    """The user is a number that is not root's, and has the store, which is there before anything is loaded."""
    (made,) = instructions("RUN", of_stage=1)
    assert int(one("USER")) > 0
    assert f"--uid {one('USER')} " in made
    assert f"install --directory --owner jixiao --mode 0700 {one('VOLUME')} {one('VOLUME')}/store" in made


def test_the_container_is_made_of_what_ci_proves() -> None:
    """The same wheel of the same packages, with the same constraints."""
    copied = {
        file
        for told in instructions("COPY", of_stage=0)
        for file in told.split()[:-1]
        if file != ".gitignore"
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert {*project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], "README.md"} <= copied
    assert [file for file in copied if not (ROOT / file).exists()] == []
    proved = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    built, constrained, installed = instructions("RUN", of_stage=0)
    assert constrained.split(" requirements.lock")[0] in proved
    for words in ("install --quiet build", "-m build --quiet --wheel --outdir"):
        assert words in built
        assert words in proved
    assert "pip install --quiet --constraint" in installed
    assert 'pip" install --quiet --constraint' in proved


def test_the_container_knows_whether_it_lives(site: str) -> None:
    """Its question is answered where a service runs, and fails where none does."""
    asked = json.loads(one("HEALTHCHECK").partition(" CMD ")[2])
    told = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
    assert "podman build --format docker " in told, "an image in podman's own format has no such question"
    assert (asked[:2], f":{one('EXPOSE')}/healthz" in asked[2]) == (["python", "-c"], True)
    for address, code in ((site, 0), (f"http://127.0.0.1:{free_port()}", 1)):
        script = asked[2].replace(f"http://127.0.0.1:{one('EXPOSE')}", address)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False, timeout=300)
        assert done.returncode == code

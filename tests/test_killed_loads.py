"""A load that is killed at any moment: no document that was acknowledged is lost, and none is there by half."""

from __future__ import annotations

import hashlib
import random
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks import corpus, written
from ontology import identifiers
from ontology.namespaces import JXG
from service.store import NoSnapshot, open_to_read

ROOT = Path(__file__).resolve().parent.parent
COUNT = 8
"""Documents of one project each: many small loads have many moments to be killed in."""
TOLD = " is loaded"
"""What a load says of a document that it has stored."""
OF_ITS_MOMENT = re.compile(r"hasVersion|generatedAtTime|modified|issued")
"""Predicates whose value is another in every load."""
BLANK = re.compile(r"_:\w+")

Graphs = dict[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Folder:
    """Documents by the key they have in the store, what a whole load of them makes, and how long it takes.

    In seconds: until the first document is told of, and from that to the last.
    """

    path: Path
    files: dict[str, Path]
    whole: Graphs
    until_first: float
    first_to_last: float


def command(folder: Path, store: Path) -> tuple[str, ...]:
    return (sys.executable, "-m", "service.cli", "-v", "load", str(folder), "--store", f"file:{store}")


def graphs_of(store: Path) -> Graphs:
    """What readers see, by graph, without what is another in every load; nothing where there is no store yet."""
    try:
        with open_to_read(store.as_uri()) as opened:
            return {
                graph: frozenset(
                    BLANK.sub("_:", line)
                    for line in opened.statements(graph)
                    if not OF_ITS_MOMENT.search(line)
                )
                for graph in opened.graphs()
            }
    except NoSnapshot:
        return {}


def keys_of(graphs: Graphs) -> set[str]:
    begin = str(JXG["disclosure/"])
    return {graph.removeprefix(begin) for graph in graphs if graph.startswith(begin)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Documents, loaded once without a disturbance."""
    path, store = tmp_path_factory.mktemp("documents"), tmp_path_factory.mktemp("whole") / "store"
    files = {}
    for number in range(COUNT):
        document = corpus.document(number)
        content = written.FORMATS["html"](replace(document, tables=document.tables[:1]))
        (path / f"{number}.html").write_bytes(content)
        key = identifiers.key_of_graph(str(identifiers.disclosure_graph(hashlib.sha256(content).hexdigest())))
        files[key] = path / f"{number}.html"
    told = [time.monotonic(), *_moments_told(path, store)]
    whole = graphs_of(store)
    assert keys_of(whole) == set(files)
    assert len(files) == COUNT
    assert len(told) == COUNT + 1
    return Folder(path, files, whole, told[1] - told[0], told[-1] - told[1])


def _moments_told(path: Path, store: Path) -> list[float]:
    """Load documents, and return when each was told of."""
    process = subprocess.Popen(
        command(path, store), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    moments = [time.monotonic() for line in process.stderr if TOLD in line]
    assert process.wait(timeout=300) == 0
    return moments


@dataclass(frozen=True, slots=True)
class Moment:
    """When a load is killed: so many seconds after it has told of so many documents."""

    told: int
    seconds: float


def killed_load(folder: Folder, store: Path, moment: Moment) -> str:
    """Begin a load, kill it at a moment, and return what it said."""
    process = subprocess.Popen(
        command(folder.path, store), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    said: list[str] = []
    while sum(TOLD in line for line in said) < moment.told:
        said.append(process.stderr.readline())
        assert said[-1], f"the load ended before it told of {moment.told} documents: {said}"
    time.sleep(moment.seconds)
    process.send_signal(signal.SIGKILL)
    return "".join(said) + process.communicate(timeout=300)[1]


def kill_and_look(folder: Folder, store: Path, moment: Moment) -> int:
    """Kill a load at a moment; return how many documents it had acknowledged."""
    said = killed_load(folder, store, moment)
    acknowledged = {key for key, file in folder.files.items() if f"{file} is loaded" in said}
    there = graphs_of(store) if store.is_dir() else {}
    keys = keys_of(there)
    assert acknowledged <= keys
    assert len(keys) <= len(acknowledged) + 1  # one may be done that it had no time to tell of
    for key in keys:
        for graph in (str(JXG[f"disclosure/{key}"]), str(JXG[f"report/{key}"])):
            assert there[graph] == folder.whole[graph]
    return len(acknowledged)


def _moment(folder: Folder, chance: random.Random) -> Moment:
    told = chance.randrange(COUNT)
    within = folder.until_first if told == 0 else folder.first_to_last / COUNT
    return Moment(told, chance.uniform(0, within))


def kill_often(folder: Folder, stores: Path, times: int, seed: int) -> list[int]:
    """Kill that many loads, each into an empty store, which the last one is then loaded into again."""
    chance = random.Random(seed)
    moments = [_moment(folder, chance) for _ in range(times)]
    found = [kill_and_look(folder, stores / str(number), moment) for number, moment in enumerate(moments)]
    subprocess.run(command(folder.path, stores / str(times - 1)), cwd=ROOT, capture_output=True, check=True)
    assert graphs_of(stores / str(times - 1)) == folder.whole
    return found


@pytest.mark.soak
def test_a_hundred_killed_loads_lose_nothing(folder: Folder, tmp_path: Path) -> None:
    """At random moments, of which many are amid the documents."""
    found = kill_often(folder, tmp_path, 100, seed=2)
    assert len(found) == 100
    assert sum(0 < count < COUNT for count in found) >= 20

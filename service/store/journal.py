"""Changes of more than one request at an endpoint: made in turn, and whole even where whoever makes them is killed.

A change that is larger than an engine takes at once is written down first, in a graph of its own, and then made piece
by piece; every piece that is made is struck out. Whoever finds one that its writer left makes the rest of it, or
strikes it out where not all was written down, since nothing of it was made then. Who wants to make a change enters
a claim and then looks who else has: whoever is not alone withdraws and waits.

    <…/graph/loading/0f3a…> dcterms:creator "machine 4711" ; rdf:_1 "a piece" ; rdf:_2 "…" ; dcterms:extent 2 .

While the pieces are made, readers may see a part of the change: there is no transaction over several requests.
"""

from __future__ import annotations

import base64
import json
import logging
import os
import random
import socket
import time
import uuid
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from ontology.namespaces import JXG, PREFIXES

from .errors import StoreBusy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

log = logging.getLogger(__name__)

GRAPH: Final = str(JXG["loading"])
_OWNER: Final = f"<{PREFIXES['dcterms']}creator>"
_WHOLE: Final = f"<{PREFIXES['dcterms']}extent>"
_PIECE: Final = f"{PREFIXES['rdf']}_"
_LEFT: Final = 60.0
"""Seconds without a piece after which a change of another machine is taken to be left by whoever began it."""
_PATIENCE: Final = 600.0
"""Seconds that others are waited for."""
_PAUSE: Final = (0.1, 0.5)
"""Seconds between two looks at what others do, at random, so that two who withdraw do not meet again."""
_BUSY: Final = (
    "others change this endpoint, and were not done within {seconds:g} s: {owners}. Only one change can be made at a "
    "time: run this again when they are done"
)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A change under way: its IRI as a term, who makes it (`machine process`), and how much is said of it."""

    name: str
    owner: str
    size: int

    @property
    def is_left(self) -> bool:
        """Whether it is of a process of this machine that is gone."""
        machine, _, process = self.owner.rpartition(" ")
        return machine == _this_machine() and not _runs(int(process))


class Journal:
    """The changes under way at one endpoint; `read` answers a query in SPARQL's JSON, `write` runs an update."""

    def __init__(self, read: Callable[[str], bytes], write: Callable[[str], None]) -> None:
        self._read = read
        self._write = write

    def make(self, pieces: Sequence[str], holds: Callable[[], bool]) -> None:
        """Make a change unless `holds` says that its condition does not hold; each piece may be made twice."""
        entry = f"<{GRAPH}/{uuid.uuid4().hex}>"
        self._claim(entry)
        if not holds():
            self._strike_out(entry)
            return
        for number, piece in enumerate(pieces, 1):
            self._write(_saying(entry, f"<{_PIECE}{number}>", _packed(piece)))
        self._write(_saying(entry, _WHOLE, str(len(pieces))))
        self._make_all(entry, dict(enumerate(pieces, 1)))

    def finish_what_is_left(self) -> None:
        """Make the rest of changes whose makers are gone; wait for those that are made."""
        began = changed = time.monotonic()
        seen: list[_Entry] = []
        while entries := self._entries():
            now = time.monotonic()
            if entries != seen:
                seen, changed = entries, now
            for entry in entries:
                if entry.is_left or now - changed > _LEFT:
                    self._finish(entry)
            if now - began > _PATIENCE:
                owners = ", ".join(sorted(entry.owner for entry in entries))
                raise StoreBusy(_BUSY.format(seconds=_PATIENCE, owners=owners))
            time.sleep(random.uniform(*_PAUSE))  # noqa: S311 - nobody is to guess it

    def _claim(self, name: str) -> None:
        """Return when nobody else makes a change. Raises `StoreBusy`."""
        owner = f"{_this_machine()} {os.getpid()}"
        while True:
            self.finish_what_is_left()
            self._write(_saying(name, _OWNER, str(ox.Literal(owner))))
            if all(entry.name == name for entry in self._entries()):
                return
            self._strike_out(name)

    def _finish(self, entry: _Entry) -> None:
        log.warning("a change that %s began is made to its end", entry.owner)
        told = self._told_of(entry.name)
        pieces = {
            int(predicate.removeprefix(_PIECE)): _unpacked(value)
            for predicate, value in told.items()
            if predicate.startswith(_PIECE)
        }
        if _WHOLE[1:-1] in told:
            self._make_all(entry.name, pieces)
        else:
            self._strike_out(entry.name)

    def _make_all(self, name: str, pieces: Mapping[int, str]) -> None:
        for number in sorted(pieces):
            self._write(f"{pieces[number]} ;\n{_striking_out(name, f'<{_PIECE}{number}>')}")
        self._strike_out(name)

    def _strike_out(self, name: str) -> None:
        self._write(_striking_out(name, "?told"))

    def _entries(self) -> list[_Entry]:
        query = f"""SELECT ?entry ?owner (COUNT(?told) AS ?size) {{
            GRAPH <{GRAPH}> {{ ?entry {_OWNER} ?owner ; ?told ?value }}
        }} GROUP BY ?entry ?owner ORDER BY ?entry"""
        return [
            _Entry(f"<{row['entry']['value']}>", row["owner"]["value"], int(row["size"]["value"]))
            for row in self._rows(query)
        ]

    def _told_of(self, name: str) -> dict[str, str]:
        rows = self._rows(f"SELECT ?told ?value {{ GRAPH <{GRAPH}> {{ {name} ?told ?value }} }}")
        return {row["told"]["value"]: row["value"]["value"] for row in rows}

    def _rows(self, query: str) -> list[dict[str, dict[str, str]]]:
        found: list[dict[str, dict[str, str]]] = json.loads(self._read(query))["results"]["bindings"]
        return found


def _this_machine() -> str:
    """Return what stands for where the numbers of processes are ours: of containers several stand on one machine."""
    try:
        return f"{socket.gethostname()} {os.readlink('/proc/self/ns/pid')}"  # noqa: PTH115
    except OSError:
        return socket.gethostname()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _saying(name: str, predicate: str, value: str) -> str:
    return f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {name} {predicate} {value} }} }}"


def _striking_out(name: str, predicate: str) -> str:
    return f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ {name} {predicate} ?value }} }}"


def _packed(piece: str) -> str:
    """Return a piece as a literal that no engine can misread."""
    return str(ox.Literal(base64.b64encode(zlib.compress(piece.encode())).decode()))


def _unpacked(value: str) -> str:
    return zlib.decompress(base64.b64decode(value)).decode()

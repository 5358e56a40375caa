"""A Virtuoso of our own: its database in a temporary folder, on the loopback, with a user who may change it."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from stores import free_port, missing, wait_for

from service.store import Access, Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

USER, PASSWORD = "jixiao", "p@ss:word"
SETTINGS = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 20
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
CheckpointInterval = 0
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
ServerRoot = {folder}
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = {seconds}
"""


@dataclass(frozen=True)
class Virtuoso:
    """Where it answers, and how it is changed."""

    port: int
    sql: int
    folder: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    @property
    def access(self) -> Access:
        return Access(f"{self.url}-auth", USER, PASSWORD, patience=60)

    @property
    def environment(self) -> dict[str, str]:
        """What a command is told of it."""
        return {
            "JIXIAO_STORE": self.url,
            "JIXIAO_STORE_UPDATE_URL": f"{self.url}-auth",
            "JIXIAO_STORE_USER": USER,
            "JIXIAO_STORE_PASSWORD": PASSWORD,
        }

    def run(self, sql: str) -> None:
        """Run statements as its administrator."""
        command = [str(shutil.which("isql-vt")), f"127.0.0.1:{self.sql}", "dba", "dba", f"exec={sql}"]
        subprocess.run(command, check=True, capture_output=True, timeout=300)

    def store(self) -> Store:
        return open_store(self.url, access=self.access)


@contextmanager
def running(folder: Path, *, rows: int = 200_000, seconds: int = 60) -> Iterator[Virtuoso]:
    """A Virtuoso that is gone with the block."""
    binary = shutil.which("virtuoso-t")
    if binary is None or shutil.which("isql-vt") is None:
        missing("no Virtuoso: install Debian's `virtuoso-opensource-7-bin`")
    sql, http = free_port(), free_port()
    text = SETTINGS.format(folder=folder, sql=sql, http=http, rows=rows, seconds=seconds)
    (folder / "virtuoso.ini").write_text(text, encoding="utf-8")
    process = subprocess.Popen(
        [str(binary), "+foreground", "+configfile", "virtuoso.ini"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(http, process, 120)
        wait_for(sql, process, 120)
        server = Virtuoso(http, sql, folder)
        server.run(f"DB.DBA.USER_CREATE('{USER}', '{PASSWORD}'); grant SPARQL_UPDATE to \"{USER}\";")
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=300)


@pytest.fixture(scope="module")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Virtuoso]:
    """A Virtuoso with nothing in it."""
    with running(tmp_path_factory.mktemp("virtuoso")) as server:
        yield server

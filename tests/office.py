"""LibreOffice as the tests use it: it writes the real files that readers are asked to read."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stores import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Office:
    """The program, and the folder of its settings: it starts faster when it has them."""

    program: str
    folder: Path

    def convert(self, data: bytes, suffix: str, form: str) -> bytes:
        """Return what is made of one file, given its suffix and the format that is asked for."""
        return self.convert_all({"source": data}, suffix, form)["source"]

    def convert_all(self, files: Mapping[str, bytes], suffix: str, form: str) -> dict[str, bytes]:
        """Return what is made of several files by their names, in one run of the program."""
        work = Path(tempfile.mkdtemp(dir=self.folder))
        sources = [work / f"{name}.{suffix}" for name in files]
        for source, data in zip(sources, files.values(), strict=True):
            source.write_bytes(data)
        settings = f"-env:UserInstallation={(self.folder / 'settings').as_uri()}"
        command = [self.program, "--headless", settings, "--convert-to", form, "--outdir", str(work / "out")]
        subprocess.run([*command, *map(str, sources)], check=True, timeout=300, capture_output=True)
        return {path.stem: path.read_bytes() for path in (work / "out").iterdir()}


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """LibreOffice, where it is installed."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing(
            "LibreOffice writes files for these tests: apt-get install libreoffice-writer libreoffice-calc"
        )
    return Office(str(program), tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def convert(office: Office) -> Callable[[bytes, str, str], bytes]:
    """Return what LibreOffice makes of a file: its bytes, the suffix it has, the format that is asked for."""
    return office.convert

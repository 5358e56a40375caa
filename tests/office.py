"""LibreOffice as the tests use it: it writes the real files that readers are asked to read."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from stores import missing

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="session")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes, str, str], bytes]:
    """Return what LibreOffice makes of a file: its bytes, the suffix it has, the format that is asked for."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing(
            "LibreOffice writes files for these tests: apt-get install libreoffice-writer libreoffice-calc"
        )
    home = tmp_path_factory.mktemp("office")

    def converted(data: bytes, suffix: str, form: str) -> bytes:
        folder = Path(tmp_path_factory.mktemp("converted"))
        source = folder / f"source.{suffix}"
        source.write_bytes(data)
        command = [str(program), "--headless", f"-env:UserInstallation={home.as_uri()}", "--convert-to", form]
        subprocess.run([*command, "--outdir", str(folder / "out"), str(source)], check=True, timeout=180)
        return next((folder / "out").iterdir()).read_bytes()

    return converted

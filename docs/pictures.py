"""Make the pictures of the README: the page of findings and the spreadsheet, as the service of today shows them.

    python docs/pictures.py        (or `make pictures`)

Needs Chromium, LibreOffice and pdftoppm on the PATH, and a Chinese font.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.error import URLError

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE: Final = Path(__file__).parent
UNIT: Final = "130202/203001"
_SECONDS: Final = 60


def main() -> None:
    """Load the examples, serve them, and photograph page and spreadsheet."""
    with tempfile.TemporaryDirectory() as folder, _serving(Path(folder)) as address:
        _photograph_page(f"{address}/zh/quality/findings?unit={UNIT}", HERE / "findings-page.png")
        book = Path(folder) / "report.xlsx"
        with urllib.request.urlopen(f"{address}/zh/quality/report.xlsx?unit={UNIT}") as answer:
            book.write_bytes(answer.read())
        _photograph_sheet(book, HERE / "findings-sheet.png")


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """Yield the address of the service over the examples."""
    store = f"file:{folder / 'store'}"
    _jixiao("load", str(HERE.parent / "examples"), "--store", store)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    serve = [sys.executable, "-m", "service.cli", "serve", "--store", store, "--port", str(port)]
    with subprocess.Popen(serve, cwd=HERE.parent) as service:
        try:
            _wait_for(f"http://127.0.0.1:{port}/healthz")
            yield f"http://127.0.0.1:{port}"
        finally:
            service.terminate()


def _jixiao(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "service.cli", *arguments], check=True, cwd=HERE.parent)


def _wait_for(address: str) -> None:
    for _ in range(_SECONDS):
        try:
            urllib.request.urlopen(address).close()
        except URLError:
            time.sleep(1)
        else:
            return
    raise TimeoutError(address)


def _photograph_page(address: str, picture: Path) -> None:
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=1100,1000"]
    subprocess.run(["chromium", *options, f"--screenshot={picture}", address], check=True)


def _photograph_sheet(book: Path, picture: Path) -> None:
    """Print the spreadsheet, and cut the head of its third sheet, the findings, out of the page."""
    folder = book.parent
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)], check=True
    )
    cut = ["-x", "40", "-y", "40", "-W", "1515", "-H", "560"]
    page = ["-f", "3", "-l", "3", "-singlefile", "-r", "100", "-png"]
    subprocess.run(
        ["pdftoppm", *page, *cut, str(book.with_suffix(".pdf")), str(picture.with_suffix(""))], check=True
    )


if __name__ == "__main__":
    main()

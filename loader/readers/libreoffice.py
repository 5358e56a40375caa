"""LibreOffice, started to make an old document anew: without macros, links or network, and never for long.

Each start has a profile of its own in a folder of its own, so that several at once do not know of each other, and
nothing of them stays.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from ..errors import ConverterMissing, DamagedDocument, UnsafeDocument
from .outside import NOT_STARTED, running

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS: Final = 90
"""Time for one document; a form of 40 pages takes five, a cold start of LibreOffice as much again."""
_FILTER: Final = "docx:MS Word 2007 XML"
_NOWHERE: Final = ("127.0.0.1", "9")
"""A proxy that does not answer (the port of the discard service)."""
_WITHOUT_NETWORK: Final = {
    "SAL_USE_VCLPLUGIN": "svp",
    **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy"), "http://" + ":".join(_NOWHERE)),
}
_SETTINGS: Final = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Java/VirtualMachine", "Enable", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", _NOWHERE[0]) for kind in ("HTTP", "HTTPS", "FTP")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", _NOWHERE[1]) for kind in ("HTTP", "HTTPS", "FTP")),
)
"""What is set in the profile: path below org.openoffice, property, value."""
_VERSION: Final = re.compile(rb"<Application>LibreOffice(?:_[A-Za-z]+)?/([\d.]+)")


def as_word(soffice: str, data: bytes, suffix: str, *, seconds: float = SECONDS) -> bytes:
    """Return what LibreOffice saves a document as in Word's format of today (.docx).

    `suffix` helps it to choose among its filters. Raises `DamagedDocument` where it cannot open the document,
    `UnsafeDocument` where it takes longer than `seconds`, `ConverterMissing` where it cannot be started.
    """
    with TemporaryDirectory(prefix="jixiao-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"document.{suffix}"
        source.write_bytes(data)
        _write_profile(folder / "profile" / "user")
        _run(_command(soffice, folder, source), folder, seconds)
        made = folder / "made" / "document.docx"
        if not made.is_file():
            raise DamagedDocument(
                "LibreOffice cannot open the file: it is cut off or damaged; open it in the program that wrote it "
                "and save it as .docx"
            )
        return made.read_bytes()


def version_of(application: bytes) -> str:
    """Return the version of LibreOffice that `docProps/app.xml` of a document names, empty where it names none."""
    found = _VERSION.search(application)
    return found[1].decode() if found else ""


def _command(soffice: str, folder: Path, source: Path) -> list[str]:
    return [
        soffice,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        "--nologo",
        "--convert-to",
        _FILTER,
        "--outdir",
        str(folder / "made"),
        str(source),
    ]


def _run(command: Sequence[str], folder: Path, seconds: float) -> None:
    try:
        with running(command, folder, seconds=seconds, environment=_WITHOUT_NETWORK) as process:
            process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise UnsafeDocument(
            f"LibreOffice takes more than {seconds:g} s to open the file: open it in the program that wrote it and "
            "save it as .docx"
        ) from error
    except OSError as error:
        raise _cannot_be_started() from error
    if process.returncode in NOT_STARTED:
        raise _cannot_be_started()


def _cannot_be_started() -> ConverterMissing:
    return ConverterMissing(
        "LibreOffice cannot be started: see that JIXIAO_SOFFICE names its program soffice"
    )


def _write_profile(folder: Path) -> None:
    folder.mkdir(parents=True)
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value>'
        "</prop></item>"
        for path, name, value in _SETTINGS
    )
    (folder / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )

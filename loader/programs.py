"""Programs outside Python that readers may use: where they are, if they are there. Made once, by the command line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Programs:
    """The paths of programs; without one, what only it can open is refused with a message that says so."""

    soffice: str | None = None
    """LibreOffice: for RTF, and what no reader knows of old Word files."""
    unar: str | None = None
    """The Unarchiver, with its `lsar` beside it: for RAR archives."""

    @classmethod
    def found(cls, environment: Mapping[str, str]) -> Programs:
        """Return the programs that `JIXIAO_SOFFICE` and `JIXIAO_UNAR` name, else those on the PATH."""
        path = environment.get("PATH")
        return cls(
            soffice=shutil.which(environment.get("JIXIAO_SOFFICE") or "soffice", path=path),
            unar=shutil.which(environment.get("JIXIAO_UNAR") or "unar", path=path),
        )


NO_PROGRAMS: Final = Programs()
"""What is read with these is the same on every machine."""

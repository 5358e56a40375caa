"""The load reports of converted files as people ask for them: text, JSON, or one page that needs no other file."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loader.load_report_json import as_json
from loader.load_report_text import as_text, why_nothing

from .rendering import standalone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from loader.load_report import LoadReport

    from .negotiation import Language

SUFFIXES: Final = (".txt", ".json", ".html")


@dataclass(frozen=True, slots=True)
class ReportedFile:
    """One file that somebody asked to convert: its report, or why there is none."""

    name: str
    report: LoadReport | None = None
    failed: str = ""

    def told(self, language: Language) -> str:
        """Return the file's name and its report as lines of text."""
        return f"{self.name}\n{as_text(self.report, language) if self.report is not None else self.failed}\n"

    def told_in_short(self) -> str | None:
        """Return in one line what a reader must know who asks for no report; None where all went well."""
        if self.report is None:
            return f"{self.name}: {self.failed}"
        if not self.report.says_something:
            return f"{self.name}: {why_nothing(self.report)}"
        return None


def written(files: Sequence[ReportedFile], suffix: str, language: Language) -> bytes:
    """Return the reports of all files in the format of one of `SUFFIXES`.

    JSON is a list with one object a file: `file` and `report`, or `file` and `error`.
    """
    if suffix == ".html":
        return standalone("load-reports.html", language, files=files).encode()
    if suffix == ".json":
        return json.dumps([_object(file) for file in files], ensure_ascii=False, indent=1).encode() + b"\n"
    return "\n".join(file.told(language) for file in files).encode()


def _object(file: ReportedFile) -> dict[str, object]:
    if file.report is None:
        return {"file": file.name, "error": file.failed}
    return {"file": file.name, "report": as_json(file.report)}

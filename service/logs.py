"""What a service writes on stderr: a line an event, for people or as JSON for programs that collect logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from .witness import Told

Form = Literal["text", "json"]
_requests: Final = logging.getLogger(f"{__name__}.requests")
_EVENT: Final = "event"


def write_lines(form: Form) -> None:
    """Let everything that is logged in this process be lines of a form, also what others log."""
    handler = logging.StreamHandler()
    handler.setFormatter(_JsonLines() if form == "json" else _TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(__name__.partition(".")[0]).setLevel(logging.INFO)


def write_request(told: Told) -> None:
    """Write down a request that was answered."""
    _requests.info("", extra={_EVENT: "request", "fields": _fields_of(told)})


def _fields_of(told: Told) -> dict[str, object]:
    fields: dict[str, object] = {
        "client": told.client,
        "method": told.method,
        "path": told.path,
        "route": told.route,
        "status": told.status,
        "ms": round(told.seconds * 1000, 1),
        "bytes": told.size,
        "id": told.account.id,
        "query": told.account.query,
        "problem": told.account.problem,
    }
    return {name: value for name, value in fields.items() if value != ""}


class _JsonLines(logging.Formatter):
    """One object a line, of which `time`, `level`, `process` and `event` are always there."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, object] = {
            "time": _time_of(record).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "process": record.process,
            _EVENT: getattr(record, _EVENT, "message"),
            **getattr(record, "fields", {}),
        }
        if message := record.getMessage():
            line |= {"logger": record.name, "message": message}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class _TextLines(logging.Formatter):
    """Time and what happened, as people read it on a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; only an exception takes more than one."""
        fields = getattr(record, "fields", {})
        if getattr(record, _EVENT, "") == "request":
            text = _request_in_text(fields)
        else:
            text = " ".join(record.getMessage().splitlines())
        line = f"{_time_of(record).astimezone():%H:%M:%S} {_harmless(text)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _request_in_text(fields: dict[str, object]) -> str:
    words = ("client", "method", "path", "status")
    rest = ("problem", "query", "id")
    return " ".join(
        [
            *(str(fields.get(name, "-")) for name in words),
            f"{fields['ms']} ms",
            f"{fields['bytes']} B",
            *(f"{name}={fields[name]}" for name in rest if name in fields),
        ]
    )


def _time_of(record: logging.LogRecord) -> datetime:
    return datetime.fromtimestamp(record.created, UTC)


def _harmless(text: str) -> str:
    r"""Return a text of strangers without characters that a terminal would act on.

    >>> _harmless("/zh/\x1b[2J绩效")
    '/zh/\\x1b[2J绩效'
    """
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)

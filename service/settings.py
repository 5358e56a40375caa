"""The settings of a running service: made once in `cli`, handed down, read by nobody from the environment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Audience = Literal["loopback", "all", "off"]


@dataclass(frozen=True, slots=True)
class Rate:
    """How many requests a second one client may send on and on, and how many at once; 0 a second limits nothing."""

    per_second: float = 0
    burst: int = 5000


@dataclass(frozen=True, slots=True)
class Settings:
    """Where the service answers."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_path: str = ""
    """The path below which a proxy shows the service: empty, or `/jixiao`; without a slash at the end."""

    shacl_seconds: float = 30
    """How long judging what was posted to `/shacl` may take."""

    report_seconds: float = 300
    """How long making a report may take, and wait for its turn."""

    keys: Path | None = None
    """The file of keys by which clients may write; without one nobody may."""

    queries: Path | None = None
    """A folder of questions of their own, which are answered beside those of the catalogue."""

    services: frozenset[str] = frozenset()
    """Endpoints, by their addresses, that queries may ask by SERVICE."""

    metrics: Audience = "loopback"
    """Who may read `/metrics`: programs on this machine, all, or nobody (`off`)."""

    rate: Rate = field(default_factory=Rate)
    """How often one client may ask."""

    workers: int = 1
    """Processes that answer at one socket, each of which has its part of what the service may take."""

    @property
    def address(self) -> str:
        """The address a person on this machine opens."""
        return f"http://{self.host}:{self.port}{self.public_path}/"

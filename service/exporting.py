"""The formats in which everything is exported, by the suffix of the file to write."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        ".nq": "application/n-quads",
        ".trig": "application/trig",
        ".nt": "application/n-triples",
        ".ttl": "text/turtle",
    }
)

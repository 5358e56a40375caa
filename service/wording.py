"""Every word of the interface, one file a language in `locales/`; a test holds their keys together."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

from .negotiation import LANGUAGES, Language

if TYPE_CHECKING:
    from collections.abc import Mapping

Words = dict[str, "str | Words"]


def wording() -> Mapping[Language, Words]:
    """Return the texts of every language as nested tables: `wording()["zh"]["project"]["budget"]`."""
    folder = files("service") / "locales"
    return {
        language: tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8"))
        for language in LANGUAGES
    }

"""The small disclosures of `disclosures/`, a folder each: which there are, and how many."""

from __future__ import annotations

from pathlib import Path
from typing import Final

CASES: Final = sorted(path for path in (Path(__file__).parent / "disclosures").iterdir() if path.is_dir())
HOW_MANY: Final = 89
"""A case that is added is counted here."""

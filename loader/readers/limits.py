"""How large a document may be. Published disclosures stay far below; bombs and mistakes do not."""

from __future__ import annotations

from typing import Final

MIB: Final = 1 << 20

DOCUMENT_BYTES: Final = 64 * MIB
"""The file itself. The largest real disclosure met so far has 9 MiB."""
PART_BYTES: Final = 64 * MIB
"""One part of an archive, unpacked."""
ARCHIVE_BYTES: Final = 256 * MIB
"""All parts of an archive that are read, unpacked."""
RATIO: Final = 300
"""Unpacked size over packed size; a real Word file stays below 30."""
ARCHIVE_NAMES: Final = 10_000
COLUMNS: Final = 1_024
"""Columns of a table; `gridSpan` values of 2·10⁹ occur in damaged files."""
TABLE_DEPTH: Final = 16
"""Tables inside tables."""

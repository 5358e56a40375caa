"""How large a document may be. Published disclosures stay far below; bombs and mistakes do not."""

from __future__ import annotations

from typing import Final

MIB: Final = 1 << 20

DOCUMENT_BYTES: Final = 64 * MIB
"""The file itself. The largest real disclosure met so far has 9 MiB."""
PART_BYTES: Final = 64 * MIB
"""One part of an archive, unpacked."""
SHEET_BYTES: Final = 128 * MIB
"""One sheet of a workbook, unpacked: it is read as a stream, and a million empty rows take 60 MiB."""
ELEMENT_BYTES: Final = 4 * MIB
"""One element of a stream: a row of a sheet with all its 16,384 columns has 1 MiB."""
ARCHIVE_BYTES: Final = 256 * MIB
"""All parts of an archive that are read, unpacked."""
RATIO: Final = 300
"""Unpacked size over packed size; a real Word file stays below 30."""
ARCHIVE_NAMES: Final = 10_000
"""Parts of an office document, or files of an archive of documents and of those in it."""
ARCHIVE_FILE_BYTES: Final = 512 * MIB
"""An archive of documents itself."""
ARCHIVE_TOTAL_BYTES: Final = 1024 * MIB
"""All files of an archive of documents and of those in it, unpacked."""
ARCHIVE_DEPTH: Final = 3
"""Archives inside archives; the outermost is the first."""
COLUMNS: Final = 1_024
"""Columns of a table; `gridSpan` values of 2·10⁹ occur in damaged files."""
ELEMENTS: Final = 2_000_000
"""Elements of a web page."""
CELLS: Final = 500_000
"""Cells of a document, blank ones between printed ones included."""
WIDE: Final = 64
"""Columns from which on a sheet's table keeps only those in which something stands."""
BLANK_ROWS: Final = 50
"""Blank rows that a table of a sheet may have in one place; beyond them another begins."""
MERGES: Final = 200_000
"""Merged areas of a sheet."""
TABLE_DEPTH: Final = 16
"""Tables inside tables."""

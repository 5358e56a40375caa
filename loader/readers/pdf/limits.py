"""How much of a PDF is read. Published disclosures stay far below; mistakes and attacks do not."""

from __future__ import annotations

from typing import Final

PAGES: Final = 2_000
"""A department's whole budget has 300; what has 10,000 is a collection of documents."""
PAGE_CHARACTERS: Final = 50_000
"""A page of dense small print has 6,000."""
CHARACTERS: Final = 4_000_000
"""All pages together: 2,000 pages full of text."""
PAGE_OBJECTS: Final = 200_000
"""Drawn objects of one page and the corners of its paths: a page of a thousand cells with borders of their own
has 20,000."""
OBJECTS: Final = 5_000_000
"""All pages together."""
PATH_CORNERS: Final = 20_000
"""Corners of one path: all the borders of a large table may be one path; a path of more is a map."""
PAGE_RULES: Final = 2_000
"""Lines of one page, pieces joined: a sheet of 500 rows printed on one page has 550; more are a drawing."""
PAGE_TABLES: Final = 100
"""Tables of one page: a page of small forms has a dozen; more are the boxes of a drawing."""
PAGE_BOXES: Final = 100_000
"""Boxes of the finest grid of one table on one page: a sheet of 500 rows and 50 columns has 25,000."""

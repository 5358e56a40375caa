"""PDF files with a text layer: from glyphs and drawn lines back to the tables they were printed from.

    bytes ─pages→ Page (glyphs, outlines) ─blocks→ lines and parts of tables ─stitching→ Document

- `pages` is the border to pdfium, the only module that knows it;
- `characters` and `writing` make lines of text of the glyphs;
- `rules` and `lattice` make cells of what is drawn, `alignment` makes columns of text where nothing is drawn;
- `running` knows heads, feet and page numbers, `stitching` joins what the page ends cut;
- `wraps` joins the lines that were only broken because there was no room.
"""

from .reading import read

__all__ = ["read"]

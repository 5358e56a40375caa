"""DOCUMENTS IN: published tables of performance targets become quads.

    bytes ─read→ Document ─recognise→ Disclosure ─to_nquads→ N-Quads

- `readers/` turn bytes of any format into one `Document` of tables and lines (`registry` is the plug point);
- `layouts/` recognise what the tables say, by the labels of the ontology, and account for every cell;
- `values` is the grammar of printed targets;
- `mapping/` writes what was recognised as N-Quads, each number with the cell that states it;
- `conversion` introduces them to each other, and `load_report` tells what was read and what was not.

The package knows no store, no HTTP and no SHACL: `convert` is a pure function of the bytes.
"""

from .conversion import Conversion, convert
from .errors import (
    ConverterMissing,
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    LoaderError,
    PartOfArchive,
    ScannedDocument,
    UnknownFormat,
    UnreadableDocument,
    UnsafeDocument,
)
from .load_report import LoadReport
from .programs import Programs
from .readers.files import read_file

__all__ = [
    "Conversion",
    "ConverterMissing",
    "DamagedDocument",
    "EmptyDocument",
    "EncryptedDocument",
    "LoadReport",
    "LoaderError",
    "PartOfArchive",
    "Programs",
    "ScannedDocument",
    "UnknownFormat",
    "UnreadableDocument",
    "UnsafeDocument",
    "convert",
    "read_file",
]

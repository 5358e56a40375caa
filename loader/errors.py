"""What can go wrong when a document is read.

    LoaderError
    └── UnreadableDocument        the bytes cannot become a Document
        ├── EmptyDocument         there are none
        ├── UnknownFormat         they are of no kind that is read
        ├── ConverterMissing      they need a program that is not installed
        ├── PartOfArchive         they are one of the files into which an archive was split
        ├── DamagedDocument       they are cut off or broken
        ├── EncryptedDocument     they ask for a password
        ├── ScannedDocument       they are pictures of text
        └── UnsafeDocument        they are larger or trickier than a disclosure ever is

Each message says what was found and what to do; the caller, who knows the file's name, puts it in front.
"""

from __future__ import annotations


class LoaderError(Exception):
    """Anything the loader refuses."""


class UnreadableDocument(LoaderError):
    """The bytes cannot become a Document."""


class EmptyDocument(UnreadableDocument):
    """The file has no content."""


class UnknownFormat(UnreadableDocument):
    """The content is of no kind that is read."""


class ConverterMissing(UnreadableDocument):
    """The content needs a program that is not installed."""


class PartOfArchive(UnreadableDocument):
    """The content is one of the files into which an archive was split."""


class DamagedDocument(UnreadableDocument):
    """The content is cut off or broken."""


class EncryptedDocument(UnreadableDocument):
    """The content asks for a password."""


class ScannedDocument(UnreadableDocument):
    """The content is a picture of text, or text whose characters nobody names: it needs recognition (OCR)."""


class UnsafeDocument(UnreadableDocument):
    """The content is larger or trickier than a published disclosure ever is."""

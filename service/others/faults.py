"""What can be wrong with data of others. Imported by all that reads them."""

from __future__ import annotations


class UnfitData(Exception):
    """A file that is not taken in; the message says where it is wrong, and what to do."""

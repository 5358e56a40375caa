"""Bearer keys: who may write, kept in a file of which nobody can make a key again.

A line a key: its name, the day it was made, and the SHA-256 of its text. A key has 256 bits of chance, so a fast
hash is enough: there is nothing to guess from a dictionary. The file is read at each request that writes, so that
a key that is added or removed counts at once. Several keys hold at a time: add the new one, change the programs
that write, remove the old one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from .whole_files import whole_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_PREFIX: Final = "jixiao_"
"""What every key begins with, so that people and scanners of leaked secrets know it."""
_NAME: Final = re.compile(r"[\w.@-]{1,64}")
_LINE: Final = re.compile(r"(?P<name>\S+) +(?P<made>\d{4}-\d\d-\d\d) +(?P<digest>[0-9a-f]{64})")
_HEADER: Final = "# Keys of jixiao: name, day it was made, SHA-256. `jixiao keys` writes this file.\n"
_OWNER_ONLY: Final = 0o600


class KeysError(Exception):
    """The file of keys cannot be used, or a key not be added or removed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Key:
    """What is kept of a key."""

    name: str
    made: date
    digest: str
    """SHA-256 of the key's text, in hex."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file of keys; one that is not there holds none."""

    path: Path

    def keys(self) -> tuple[Key, ...]:
        """Return the keys in the order of the file. Raises `KeysError` where it cannot be read."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise KeysError(f"the keys in {self.path} cannot be read: {error}") from error
        lines = enumerate(text.splitlines(), start=1)
        return tuple(self._key(number, line) for number, line in lines if line.strip() and line[0] != "#")

    def _key(self, number: int, line: str) -> Key:
        found = _LINE.fullmatch(line.strip())
        if found is None:
            message = (
                f"{self.path}, line {number}: a line holds a name, a day and a SHA-256, and this one does not: "
                f"{line[:40]!r}. Remove it; `jixiao keys add` makes a new key"
            )
            raise KeysError(message)
        return Key(found["name"], date.fromisoformat(found["made"]), found["digest"])

    def holder_of(self, secret: str) -> str | None:
        """Return the name of the key with this text, None when there is none; as long for every wrong one."""
        digest = _digest(secret)
        holders = [key.name for key in self.keys() if hmac.compare_digest(key.digest, digest)]
        return holders[0] if holders else None

    def add(self, name: str) -> str:
        """Make a key, keep its hash, and return its text, which nobody can return again."""
        if not _NAME.fullmatch(name):
            raise KeysError(f"{name!r} names no key: take up to 64 letters, digits, and . _ @ -")
        keys = self.keys()
        if any(key.name == name for key in keys):
            raise KeysError(f"there is a key {name!r} already: take another name, or remove that one first")
        secret = _PREFIX + secrets.token_urlsafe(32)
        self._write([*keys, Key(name, datetime.now(UTC).date(), _digest(secret))])
        return secret

    def remove(self, name: str) -> None:
        """Let a key hold no more."""
        keys = self.keys()
        kept = [key for key in keys if key.name != name]
        if len(kept) == len(keys):
            there = ", ".join(key.name for key in keys) or "none"
            raise KeysError(f"there is no key {name!r} in {self.path}; there are: {there}")
        self._write(kept)

    def _write(self, keys: Sequence[Key]) -> None:
        lines = "".join(f"{key.name} {key.made} {key.digest}\n" for key in keys)
        try:
            with whole_file(self.path) as stream:
                os.fchmod(stream.fileno(), _OWNER_ONLY)
                stream.write((_HEADER + lines).encode())
        except OSError as error:
            raise KeysError(f"the keys cannot be written to {self.path}: {error}") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

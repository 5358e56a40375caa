"""RAR and 7z archives, opened by The Unarchiver (`lsar` lists them as JSON, `unar` writes what is in them to a pipe).

`unar` ends with success even where a file in an archive is damaged, so sizes and checksums are compared here.
"""

from __future__ import annotations

import json
import subprocess
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from ...errors import ConverterMissing, DamagedDocument, EncryptedDocument, UnsafeDocument
from .. import limits
from ..outside import NOT_STARTED, running
from .entries import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SECONDS: Final = 100
_CHUNK: Final = 1 << 16
_LISTING_BYTES: Final = 64 * limits.MIB
_NAMES_IN: Final = ("-e", "gb18030")
"""The encoding of names of which the archive does not say in which one they are."""
_NO_FILES: Final = ("XADIsDirectory", "XADIsLink")
_CHECKSUMS: Final = ("7zCRC32", "RARCRC32", "RAR5CRC32")
_ASKS_FOR_PASSWORD: Final = 2
_UNSOUND: Final = "the archive is cut off or damaged, or there is nothing in it: download it again"
_DAMAGED: Final = "it is damaged in the archive: download the archive again"


class UnarArchive:
    """A RAR or 7z archive; use it in a `with` block."""

    def __init__(self, data: bytes, unar: str | None, what: str) -> None:
        """Take the bytes, the path of `unar`, and what the archive is called.

        Raises `ConverterMissing` without a program.
        """
        if unar is None:
            raise ConverterMissing(
                f"the file is {what}: unpack it, or install The Unarchiver, which opens it (`apt install unar` on "
                "Debian; JIXIAO_UNAR names its program unar where that is not on the PATH)"
            )
        self._unar = unar
        self._folder = TemporaryDirectory(prefix="jixiao-")
        self._file = Path(self._folder.name, "archive")
        self._file.write_bytes(data)
        self._checksums: dict[int, int] = {}

    def __enter__(self) -> UnarArchive:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def entries(self) -> Iterator[Entry]:
        """Yield the files. Raises `EncryptedDocument` where the very list needs a password, `DamagedDocument`."""
        for found in self._listed():
            if any(found.get(name) for name in _NO_FILES):
                continue
            index, size = _size(found.get("XADIndex")), _size(found.get("XADFileSize"))
            checksum = next((found[name] for name in _CHECKSUMS if isinstance(found.get(name), int)), None)
            if checksum is not None:
                self._checksums[index] = checksum
            yield Entry(index, str(found.get("XADFileName", "?")), size, bool(found.get("XADIsEncrypted")))

    def contents(self, entries: Sequence[Entry]) -> Iterator[bytes | str]:
        """Yield what is in the files: all at once, and where that does not come out right one by one."""
        whole = self._taken_out(entries)
        if whole is None and len(entries) > 1:
            for entry in entries:
                yield from self.contents([entry])
        else:
            yield from whole or [_DAMAGED for _ in entries]

    def _taken_out(self, entries: Sequence[Entry]) -> list[bytes | str] | None:
        """Return what is in the files, in the order in which they are asked for; None where some is missing."""
        total = sum(entry.size for entry in entries)
        if not total:
            return [b"" for _ in entries]
        numbers = [str(entry.index) for entry in entries]
        command = [self._unar, "-q", "-nr", "-k", "skip", "-o", "-", "-i", str(self._file), *numbers]
        output, _ = self._output(command, total)
        if len(output) != total:
            return None
        found: dict[int, bytes] = {}
        start = 0
        for entry in sorted(entries, key=lambda entry: entry.index):
            found[entry.index], start = output[start : start + entry.size], start + entry.size
        return [self._checked(entry, found[entry.index]) for entry in entries]

    def _checked(self, entry: Entry, content: bytes) -> bytes | str:
        expected = self._checksums.get(entry.index)
        return content if expected is None or zlib.crc32(content) == expected else _DAMAGED

    def _listed(self) -> Sequence[Mapping[str, Any]]:
        lsar = str(Path(self._unar).with_name("lsar"))
        output, code = self._output([lsar, "-j", "-nr", *_NAMES_IN, str(self._file)], _LISTING_BYTES)
        if code == _ASKS_FOR_PASSWORD:
            raise EncryptedDocument("the archive is protected by a password: unpack it first")
        try:
            found: Sequence[Mapping[str, Any]] = json.loads(output.decode("utf-8", "replace"))["lsarContents"]
        except (ValueError, LookupError, TypeError) as error:
            raise DamagedDocument(_UNSOUND) from error
        if code or not found:
            raise DamagedDocument(_UNSOUND)
        return found

    def _output(self, command: Sequence[str], most: int) -> tuple[bytes, int]:
        """Return what a program writes, cut behind `most` bytes, and what it ends with."""
        chunks: list[bytes] = []
        size = 0
        try:
            with running(command, Path(self._folder.name), seconds=SECONDS) as process:
                while process.stdout and size <= most and (chunk := process.stdout.read(_CHUNK)):
                    size += len(chunk)
                    chunks.append(chunk)
                if size <= most:
                    process.wait(SECONDS)
        except subprocess.TimeoutExpired as error:
            raise UnsafeDocument(
                f"the archive takes more than {SECONDS} s to unpack: it is not read"
            ) from error
        except OSError as error:
            raise _cannot_be_started() from error
        if process.returncode in NOT_STARTED:
            raise _cannot_be_started()
        return b"".join(chunks), process.returncode


def _size(stated: object) -> int:
    return stated if isinstance(stated, int) and stated > 0 else 0


def _cannot_be_started() -> ConverterMissing:
    return ConverterMissing("The Unarchiver cannot be started: see that JIXIAO_UNAR names its program unar")

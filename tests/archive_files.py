"""Archives as the tests need them: the usual programs write them, but for RAR, which is laid out by hand."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def zip_of(files: Mapping[str, bytes], *, names_in: str | None = None) -> bytes:
    """Return a zip archive; with `names_in` its names are in that encoding, as old programs write them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files.items()):
            archive.writestr(name if names_in is None else _stand_in(number, name.encode(names_in)), content)
    data = packed.getvalue()
    for number, name in enumerate(files if names_in is not None else ()):
        raw = name.encode(names_in or "")
        data = data.replace(_stand_in(number, raw).encode(), raw)
    return data


def _stand_in(number: int, raw: bytes) -> str:
    return f"{number:03d}".ljust(len(raw), "~")


def tar_gz_of(files: Mapping[str, bytes], *, encoding: str = "utf-8") -> bytes:
    """Return a tar archive packed by gzip."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", encoding=encoding, format=tarfile.GNU_FORMAT) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def seven_zip(name: str) -> bytes:
    """Return one of the 7z archives that lie ready, which `archives/README.md` tells of."""
    return (Path(__file__).parent / "archives" / f"{name}.7z").read_bytes()


def rar_of(files: Mapping[str, bytes], *, names_in: str = "gb18030") -> bytes:
    """Return a RAR archive (version 2.9) whose files are stored as they are."""
    blocks = [b"Rar!\x1a\x07\x00", _block(0x73, 0, b"\0" * 6)]
    for name, content in files.items():
        raw = name.replace("/", "\\").encode(names_in)
        size, checksum, moment = len(content), zlib.crc32(content), (45 << 25) | (1 << 21) | (1 << 16)
        fields = struct.pack("<IIBIIBBHI", size, size, 2, checksum, moment, 20, 0x30, len(raw), 0x20)
        blocks.append(_block(0x74, 0x8000, fields + raw) + content)
    return b"".join([*blocks, _block(0x7B, 0x4000, b"")])


def _block(kind: int, flags: int, fields: bytes) -> bytes:
    body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

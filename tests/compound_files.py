"""OLE compound files as the tests need them: streams in the root, as [MS-CFB] lays them out."""

from __future__ import annotations

import struct

_SECTOR = 512
_SMALLEST = 4096
"""Shorter streams would stand in another one."""
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def compound(*names: str, content: bytes = b"") -> bytes:
    """Return a compound file with up to three streams, each of the same content."""
    content = content.ljust(_SMALLEST, b"\0")
    content += b"\0" * (-len(content) % _SECTOR)
    sectors = len(content) // _SECTOR
    starts = [2 + sectors * index for index in range(len(names))]
    fat = [_FAT, _END]
    for start in starts:
        fat += [*range(start + 1, start + sectors), _END]
    fat += [_FREE] * (_SECTOR // 4 - len(fat))
    root = _entry("Root Entry", 5, child=1, start=_END)
    entries = [
        _entry(name, 2, right=index + 2 if index + 1 < len(names) else _FREE, start=start, size=len(content))
        for index, (name, start) in enumerate(zip(names, starts, strict=True))
    ]
    directory = (root + b"".join(entries)).ljust(_SECTOR, b"\0")
    return _header() + struct.pack(f"<{len(fat)}I", *fat) + directory + content * len(names)


def _header() -> bytes:
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6)
    counts = struct.pack("<6xII I I I I I I I", 0, 1, 1, 0, _SMALLEST, _END, 0, _END, 0)
    return head + counts + struct.pack("<109I", 0, *[_FREE] * 108)


def _entry(
    name: str, kind: int, *, right: int = _FREE, child: int = _FREE, start: int, size: int = 0
) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head + struct.pack("<III", _FREE, right, child) + b"\0" * 36 + struct.pack("<IQ", start, size)

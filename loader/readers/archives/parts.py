"""Parts of archives that were split into several files: nothing comes out of one alone, and none is damaged."""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING, Final

from ...errors import PartOfArchive
from .kinds import ArchiveKind, archive_kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = re.compile(r"\.(?:part\d{1,5}\.rar|[rz]\d\d|(?:7z|zip|rar|tar|tgz|gz)\.\d{3})$", re.IGNORECASE)
"""a.part2.rar, a.r01, a.z01, a.7z.002: what WinRAR, zip and 7-Zip call the parts."""
_ZIP_PART: Final = b"PK\x07\x08"
"""The mark before the first file of a zip archive that is split (APPNOTE 8.5.5)."""
_ZIP_END: Final = b"PK\x05\x06"
_ZIP_END_BYTES: Final = 22
_LONGEST_COMMENT: Final = 0xFFFF
_ELSEWHERE: Final = 0xFFFF
"""The number of the part is one of zip64, and stands elsewhere."""
_RAR_4: Final = b"Rar!\x1a\x07\x00"
_RAR_5: Final = b"Rar!\x1a\x07\x01\x00"
_RAR_4_FLAGS_AT: Final = 10
_CHECKSUM_BYTES: Final = 4
_OF_SEVERAL: Final = 0x1
"""The flag of the main header of RAR: the archive is split."""
_RAR_5_HAS_MORE: Final = 0x1
_SEVEN_ZIP_HEADER: Final = 32
_SEVEN_ZIP_END_AT: Final = 12


def refuse_part(name: str, data: bytes) -> None:
    """Raise `PartOfArchive` for one of several parts: by its content, or by its name where it opens as nothing."""
    if _says_so(data) or (_NAME.search(name) and not _is_whole(data)):
        raise PartOfArchive(
            "the file is one of several parts of an archive: put all parts into one folder, unpack the first of them "
            "there (an archive program takes the others along), and give what comes out"
        )


def _says_so(data: bytes) -> bool:
    if data.startswith(_RAR_4):
        return bool(int.from_bytes(data[_RAR_4_FLAGS_AT : _RAR_4_FLAGS_AT + 2], "little") & _OF_SEVERAL)
    if data.startswith(_RAR_5):
        return _is_rar_5_part(data[len(_RAR_5) + _CHECKSUM_BYTES :][:64])
    part = _zip_part(data)
    return data.startswith(_ZIP_PART) if part is None else part > 0


def _is_rar_5_part(header: bytes) -> bool:
    """Return what the main header says: size, type, flags, perhaps the size of more, flags of the archive."""
    numbers = _variable_numbers(header)
    _, _, flags = (next(numbers, 0) for _ in range(3))
    if flags & _RAR_5_HAS_MORE:
        next(numbers, 0)
    return bool(next(numbers, 0) & _OF_SEVERAL)


def _variable_numbers(data: bytes) -> Iterator[int]:
    """Yield integers of seven bits a byte, the lowest first (RAR 5.0, general format)."""
    number = shift = 0
    for byte in data:
        number |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield number
            number = shift = 0


def _zip_part(data: bytes) -> int | None:
    """Return the number of the part at whose end the directory of a zip archive stands; None where none does."""
    tail = data[-(_ZIP_END_BYTES + _LONGEST_COMMENT) :]
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) < at + _ZIP_END_BYTES:
        return None
    part, comment = struct.unpack_from("<4xH14xH", tail, at)
    if at + _ZIP_END_BYTES + comment != len(tail):
        return None
    return 0 if part == _ELSEWHERE else int(part)


def _is_whole(data: bytes) -> bool:
    """Return whether an archive, which does not say that it is a part, has its end."""
    kind = archive_kind_of(data)
    if kind is ArchiveKind.SEVEN_ZIP and len(data) >= _SEVEN_ZIP_HEADER:
        offset, size = struct.unpack_from("<QQ", data, _SEVEN_ZIP_END_AT)
        return int(_SEVEN_ZIP_HEADER + offset + size) <= len(data)
    return kind in (ArchiveKind.ZIP, ArchiveKind.RAR)

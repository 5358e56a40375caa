"""Real files, damaged on purpose: the same number always does the same damage.

Run as a program it reads damaged files in a process of its own, which an endless loop, a crash of a library or too
much memory would end: `python damage.py FIRST COUNT FILE...` prints one line of JSON for each.
"""

from __future__ import annotations

import io
import json
import random
import re
import resource
import sys
import time
import traceback
import zipfile
from pathlib import Path
from typing import Final

MEMORY: Final = 1 << 30
"""Address space of the process in bytes, beyond what a worker that reads real files needs."""
_NUMBER = re.compile(rb"(?<=[\s\"=>])\d{1,6}(?=[\s\"<])")
_TAG = re.compile(rb"<[^<>]{1,400}>")
_ATTRIBUTE = re.compile(rb"=\"[^\"]{0,80}\"")
_ODD_NUMBERS: Final = (
    b"0",
    b"-1",
    b"1e9",
    b"65536",
    b"2147483648",
    b"99999999999999999999",
    b"NaN",
    b"\xc2\xb2",
)
_ODD_TEXTS: Final = (
    b"&#0;",
    b"&x;",
    b"\x00",
    b"\xff\xfe",
    b"]]>",
    b"<!--",
    b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
)
_MOST_DAMAGE: Final = 12


def mutated(data: bytes, number: int) -> bytes:
    """Return a file with the damage of that number: to its bytes, or to a member of its container."""
    chance = random.Random(number)
    if data.startswith(b"PK") and chance.random() < 0.8:
        return _with_members(data, chance)
    return _damaged(data, chance)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    ways = (*_OF_BYTES, *_OF_MARKUP, *_OF_MARKUP) if b"<" in data[:200] else _OF_BYTES
    for _ in range(chance.randint(1, 3)):
        data = chance.choice(ways)(data, chance)
    return data


# --- bytes ----------------------------------------------------------------------------------------------------


def _flip(data: bytes, chance: random.Random) -> bytes:
    flipped = bytearray(data)
    for _ in range(min(len(data), chance.randint(1, _MOST_DAMAGE))):
        flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
    return bytes(flipped)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _without_a_piece(data: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[end:]


def _repeat_a_piece(data: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    return data[:start] + data[start:end] * chance.randint(2, 50) + data[end:]


def _splice(data: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[start:end] + data[at + end - start :]


def _scribble(data: bytes, chance: random.Random) -> bytes:
    start, end = _piece(data, chance)
    fill = chance.choice((b"\x00", b"\xff", b"A")) if chance.random() < 0.5 else b""
    return data[:start] + (fill * (end - start) or chance.randbytes(end - start)) + data[end:]


def _piece(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 2, 4, 16, 128, 1024)))


def _odd_number(data: bytes, chance: random.Random) -> bytes:
    return _replaced(data, _NUMBER, chance, chance.choice(_ODD_NUMBERS))


_OF_BYTES: Final = (_flip, _cut, _without_a_piece, _repeat_a_piece, _splice, _scribble, _odd_number)

# --- markup ---------------------------------------------------------------------------------------------------


def _without_a_tag(data: bytes, chance: random.Random) -> bytes:
    return _replaced(data, _TAG, chance, b"")


def _nest_a_tag(data: bytes, chance: random.Random) -> bytes:
    found = _any(data, _TAG, chance)
    return (
        data[: found.start()] + found[0] * chance.choice((2, 20, 500, 20_000)) + data[found.end() :]
        if found
        else data
    )


def _repeat_an_element(data: bytes, chance: random.Random) -> bytes:
    first, last = _any(data, _TAG, chance), _any(data, _TAG, chance)
    if first is None or last is None:
        return data
    start, end = sorted((first.start(), last.end()))
    return data[:end] + data[start:end] * chance.randint(1, 3) + data[end:]


def _swap_tags(data: bytes, chance: random.Random) -> bytes:
    other = _any(data, _TAG, chance)
    return _replaced(data, _TAG, chance, other[0]) if other else data


def _odd_attribute(data: bytes, chance: random.Random) -> bytes:
    return _replaced(data, _ATTRIBUTE, chance, b'="' + chance.choice(_ODD_NUMBERS) + b'"')


def _odd_text(data: bytes, chance: random.Random) -> bytes:
    return _replaced(data, _TAG, chance, chance.choice(_ODD_TEXTS))


_OF_MARKUP: Final = (_without_a_tag, _nest_a_tag, _repeat_an_element, _swap_tags, _odd_attribute, _odd_text)


def _any(data: bytes, pattern: re.Pattern[bytes], chance: random.Random) -> re.Match[bytes] | None:
    """Return the first match behind a place in the data."""
    return pattern.search(data, chance.randrange(len(data) + 1)) or pattern.search(data)


def _replaced(data: bytes, pattern: re.Pattern[bytes], chance: random.Random, by: bytes) -> bytes:
    found = _any(data, pattern, chance)
    return data[: found.start()] + by + data[found.end() :] if found else data


# --- members of a container -----------------------------------------------------------------------------------


def _with_members(data: bytes, chance: random.Random) -> bytes:
    """Return a container with members damaged, swapped or lost; what is left is packed soundly again."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        members = {name: container.read(name) for name in container.namelist()}
    names = sorted(members)
    one, other = chance.choice(names), chance.choice(names)
    way = chance.randrange(10)
    if way == 0:
        del members[one]
    elif way == 1:
        members[one], members[other] = members[other], members[one]
    elif way == 2:
        members[chance.choice(("../" + one, one.upper(), one + "\x00"))] = members.pop(one)
    else:
        longest = max(names, key=lambda name: len(members[name]))
        target = one if way < 6 else longest
        members[target] = _damaged(members[target], chance)
    return _packed(members)


def _packed(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in members.items():
            container.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


# --- bytes that begin like something ---------------------------------------------------------------------------

MAGIC: Final = (
    b"",
    b"PK\x03\x04",
    b"%PDF-1.7\n",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"<html>",
    b"<?xml version='1.0'?>",
    b"{\\rtf1",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\x09\x08\x10\x00\x00\x06\x05\x00",
    b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n",
)


def noise(number: int) -> bytes:
    """Return random bytes, most of them behind the first bytes of some format."""
    chance = random.Random(number)
    return chance.choice(MAGIC) + chance.randbytes(chance.choice((1, 30, 600, 5000)))


# --- the program ------------------------------------------------------------------------------------------------


def _outcome(damaged: bytes) -> dict[str, object]:
    """Return what becomes of a damaged file: read, the name of the error that refuses it, or `!` and another."""
    import loader

    outcome, told, started = "read", "", time.process_time()
    try:
        loader.convert(damaged)
    except loader.LoaderError as error:
        outcome, told = type(error).__name__, str(error)
    except BaseException as error:  # noqa: BLE001 - whatever else is raised is what is looked for
        outcome, told = f"!{type(error).__name__}", traceback.format_exc()
    return {"outcome": outcome, "told": told, "seconds": time.process_time() - started}


def main() -> None:
    """Read damaged copies of files, or random bytes where no files are named, and tell what became of each."""
    first, count, *files = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for file in files or [""]:
        data = Path(file).read_bytes() if file else b""
        for number in range(int(first), int(first) + int(count)):
            damaged = mutated(data, number) if file else noise(number)
            told = {"file": Path(file).name, "number": number, **_outcome(damaged)}
            print(json.dumps(told, ensure_ascii=False), flush=True)  # noqa: T201 - its lines are its result


if __name__ == "__main__":
    main()

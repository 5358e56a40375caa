"""A store on disk in one file, and back: what readers see at one moment, with a manifest that proves it whole.

The file is a tar of the newest snapshot, which nobody writes to, and of `manifest.json`, which comes last: a file
that ends early has none. A load that goes on meanwhile is not in it, as no reader sees it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from typing import IO, TYPE_CHECKING, Final

from ..whole_files import whole_file
from .disk import DiskStore, catch_up, opened_to_read
from .errors import BackupDamaged, StoreError
from .making import made_whole
from .snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyoxigraph as ox

_MANIFEST: Final = "manifest.json"
_FORMAT: Final = "jixiao backup 1"
_BLOCK: Final = 1 << 20
_LONGEST_MANIFEST: Final = 64 << 20


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: when and by what it was made, its statements, and SHA-256 of each file."""

    format: str
    made: str
    jixiao: str
    pyoxigraph: str
    quads: int
    files: Mapping[str, str]


def back_up(folder: Path, target: Path) -> Manifest:
    """Write the store in a folder to a file, whole or not at all. Raises `StoreError`; `OSError` of the file."""
    catch_up(folder)
    with Snapshots(folder).newest() as snapshot, whole_file(target) as stream:
        manifest = _written(snapshot, stream)
        stream.flush()
        os.fsync(stream.fileno())
    return manifest


def _written(snapshot: Path, stream: IO[bytes]) -> Manifest:
    quads = _count(opened_to_read(snapshot))
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        files = {file.name: _added(tar, file) for file in sorted(snapshot.iterdir())}
        made = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(_FORMAT, made, version("jixiao"), version("pyoxigraph"), quads, files)
        told = json.dumps(asdict(manifest), indent=1).encode()
        entry = tarfile.TarInfo(_MANIFEST)
        entry.size = len(told)
        tar.addfile(entry, BytesIO(told))
    return manifest


def _added(tar: tarfile.TarFile, file: Path) -> str:
    """Put a file into a tar, and return its SHA-256."""
    entry = tarfile.TarInfo(file.name)
    with file.open("rb") as content:
        entry.size = os.fstat(content.fileno()).st_size
        read = _Digesting(content)
        tar.addfile(entry, read)
    return read.digest.hexdigest()


class _Digesting(BytesIO):
    """A file that is read once, with the SHA-256 of what was read."""

    def __init__(self, content: IO[bytes]) -> None:
        super().__init__()
        self._content = content
        self.digest = hashlib.sha256()

    def read(self, size: int | None = -1, /) -> bytes:
        """Read on."""
        block = self._content.read(-1 if size is None else size)
        self.digest.update(block)
        return block


def verify(source: Path) -> Manifest:
    """Return what a backup holds when all of it is there as it was. Raises `BackupDamaged`; `OSError` of the file."""
    return _read(source, None)


def restore(source: Path, folder: Path) -> Manifest:
    """Make a store of a backup, in a folder that is not there or empty: whole and proved, or not at all.

    Raises `BackupDamaged`, `StoreUnavailable` where something is in the folder, and `OSError`.
    """
    with made_whole(folder) as unfinished:
        manifest = _read(source, unfinished)
        _prove(unfinished, manifest, source)
    return manifest


def _read(source: Path, folder: Path | None) -> Manifest:
    """Return the manifest when all files are as it says; they are put into the folder, where one is given."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            digests, manifest = _digests_and_manifest(tar, folder)
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(f"{source} is no backup of jixiao, or not whole: {error}") from error
    if manifest is None:
        raise BackupDamaged(f"{source} is not whole: it has no {_MANIFEST}, which is written last")
    _compare(source, digests, manifest.files)
    return manifest


def _digests_and_manifest(
    tar: tarfile.TarFile, folder: Path | None
) -> tuple[Mapping[str, str], Manifest | None]:
    digests: dict[str, str] = {}
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() and "/" not in entry.name else None
        if content is None or entry.name in {"", ".", ".."}:
            raise BackupDamaged(f"the backup holds {entry.name!r}, which no store has")
        if entry.name == _MANIFEST:
            return digests, _manifest_in(content.read(_LONGEST_MANIFEST))
        digests[entry.name] = _copied(content, folder / entry.name if folder else None)
    return digests, None


def _copied(content: IO[bytes], target: Path | None) -> str:
    """Copy a file, if there is where to, and return its SHA-256."""
    digest = hashlib.sha256()
    with target.open("xb") if target else BytesIO() as copy:
        while block := content.read(_BLOCK):
            digest.update(block)
            if target:
                copy.write(block)
        copy.flush()
        if target:
            os.fsync(copy.fileno())
    return digest.hexdigest()


def _manifest_in(text: bytes) -> Manifest:
    try:
        told = json.loads(text)
        manifest = Manifest(**told)
    except (ValueError, TypeError) as error:
        raise BackupDamaged(f"the {_MANIFEST} of the backup cannot be read: {error}") from error
    if manifest.format != _FORMAT:
        raise BackupDamaged(
            f"the backup is of the format {manifest.format!r}, and {_FORMAT!r} is read here: restore it with jixiao "
            f"{manifest.jixiao}"
        )
    return manifest


def _compare(source: Path, found: Mapping[str, str], told: Mapping[str, str]) -> None:
    wrong = sorted(name for name in found.keys() | told.keys() if found.get(name) != told.get(name))
    if wrong:
        raise BackupDamaged(
            f"{source} is damaged: {', '.join(wrong[:5])} {'is' if len(wrong) == 1 else 'are'} not as it was. Take "
            "another backup"
        )


def _prove(folder: Path, manifest: Manifest, source: Path) -> None:
    """Open a store once as one writes to it, so that readers find a snapshot, and count what it holds."""
    try:
        DiskStore(folder).close()
        with Snapshots(folder).newest() as snapshot:
            quads = _count(opened_to_read(snapshot))
    except StoreError as error:
        raise BackupDamaged(
            f"{source} cannot be opened ({error}): it was made with pyoxigraph {manifest.pyoxigraph}, and here is "
            f"{version('pyoxigraph')}"
        ) from error
    if quads != manifest.quads:
        raise BackupDamaged(f"{source} is damaged: it has {quads:,} statements and had {manifest.quads:,}")


def _count(engine: ox.Store) -> int:
    return len(engine)

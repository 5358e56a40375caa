"""Backup and restore: what was there is there again, statement by statement, or nothing is and the reason is told."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from stores import served

from benchmarks import corpus, written
from service.cli import main
from service.loading.ingest import Ingest
from service.loading.sources import find_sources
from service.store import BackupDamaged, Changes, open_store
from service.store.backup import back_up, restore, verify
from service.store.digests import as_nquads
from service.store.disk import catch_up
from service.store.snapshots import Snapshots

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def content_of(folder: Path) -> set[bytes]:
    """Each statement that readers see, also those that the store keeps for itself alone."""
    catch_up(folder)
    with Snapshots(folder).newest() as snapshot:
        dumped = ox.Store.read_only(str(snapshot)).dump(format=ox.RdfFormat.N_QUADS) or b""
    return set(dumped.split(b"\n")) - {b""}


def facts(graph: str) -> bytes:
    return "".join(f'<x:s{n}> <x:p> "行 {n}" <{graph}> .\n' for n in range(50)).encode()


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The folder of a store of some statements."""
    with open_store((tmp_path / "store").as_uri()) as store:
        store.apply(Changes(added=facts("x:g")))
    return tmp_path / "store"


@pytest.mark.soak
def test_a_loaded_store_comes_back_whole(tmp_path: Path) -> None:
    """Documents, what was superseded, reports: each statement of each graph, and it can be loaded into."""
    folder, copy = tmp_path / "store", tmp_path / "copy"
    whole = corpus.document(0)
    document = tmp_path / "document.html"
    document.write_bytes(written.FORMATS["html"](replace(whole, tables=whole.tables[:1])))
    with open_store(folder.as_uri()) as store:
        ingest = Ingest(store)
        ingest.prepare()
        assert len(list(ingest.load_all(find_sources([str(document)])))) == 1
    done = run("backup", tmp_path / "backup.tar", "--store", folder.as_uri())
    manifest = verify(tmp_path / "backup.tar")
    assert f"{manifest.quads:,} statements" in done
    assert "is whole" in run("restore", tmp_path / "backup.tar", "--check")
    assert "is restored" in run("restore", tmp_path / "backup.tar", "--store", copy.as_uri())
    content = content_of(folder)
    assert content_of(copy) == content
    assert len(content) == manifest.quads > 1000
    with open_store(copy.as_uri()) as store:
        store.apply(Changes(added=facts("x:new")))
    assert len(content_of(copy) - content) == 50
    assert content_of(folder) == content


def run(*arguments: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_a_store_is_backed_up_while_it_is_served_and_loaded(small: Path, tmp_path: Path) -> None:
    """What readers see is in it, and nothing of a load that goes on."""
    before = content_of(small)
    with served(small) as service, open_store(small.as_uri()) as load:
        load.apply(Changes(added=facts("x:half")))
        back_up(small, tmp_path / "backup.tar")
        load.apply(Changes(added=facts("x:other-half")))
        assert service.graphs() == ("x:g",)
    restore(tmp_path / "backup.tar", tmp_path / "copy")
    assert content_of(tmp_path / "copy") == before
    assert len(content_of(small)) == 150


def test_a_backup_goes_into_a_folder_under_the_time(small: Path, tmp_path: Path) -> None:
    """One after the other, as a timer makes them."""
    (tmp_path / "backups").mkdir()
    run("backup", tmp_path / "backups", "--store", small.as_uri())
    (file,) = (tmp_path / "backups").iterdir()
    assert file.name.startswith("jixiao-2")
    assert verify(file).quads == 50


def test_nothing_is_restored_over_a_store(small: Path, tmp_path: Path) -> None:
    """A folder with anything in it is left as it is; an empty one is filled."""
    back_up(small, tmp_path / "backup.tar")
    before = content_of(small)
    told = run("restore", tmp_path / "backup.tar", "--store", small.as_uri(), code=2)
    assert "nothing is restored over it" in told
    assert content_of(small) == before
    (tmp_path / "empty").mkdir()
    restore(tmp_path / "backup.tar", tmp_path / "empty")
    assert content_of(tmp_path / "empty") == before


@pytest.mark.parametrize("url", ["memory:", "http://127.0.0.1:9/sparql"])
def test_only_a_store_on_disk_is_backed_up(url: str, tmp_path: Path) -> None:
    """With what to do instead."""
    assert "jixiao export" in run("backup", tmp_path / "backup.tar", "--store", url, code=2)
    assert not (tmp_path / "backup.tar").exists()


# --- damage --------------------------------------------------------------------------------------------


def flipped(content: bytes) -> bytes:
    """One bit in the middle of the longest file is another."""
    with tarfile.open(fileobj=BytesIO(content)) as tar:
        longest = max(tar, key=lambda entry: entry.size)
    place = longest.offset_data + longest.size // 2
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def without_a_file(content: bytes) -> bytes:
    return rewritten(content, lambda name, body: None if name.endswith(".sst") else body)


def with_fewer_statements(content: bytes) -> bytes:
    def changed(name: str, body: bytes) -> bytes:
        return json.dumps({**json.loads(body), "quads": 49}).encode() if name == "manifest.json" else body

    return rewritten(content, changed)


def of_another_format(content: bytes) -> bytes:
    def changed(name: str, body: bytes) -> bytes:
        told = {"format": "jixiao backup 9", "jixiao": "9.9"}
        return json.dumps({**json.loads(body), **told}).encode() if name == "manifest.json" else body

    return rewritten(content, changed)


def with_a_way_out(content: bytes) -> bytes:
    return rewritten(content, lambda _, body: body, "../outside")


def rewritten(content: bytes, change: Callable[[str, bytes], bytes | None], more: str = "") -> bytes:
    out = BytesIO()
    with tarfile.open(fileobj=BytesIO(content)) as old, tarfile.open(fileobj=out, mode="w") as new:
        if more:
            new.addfile(tarfile.TarInfo(more))
        for entry in old:
            stream = old.extractfile(entry)
            assert stream is not None
            body = change(entry.name, stream.read())
            if body is not None:
                entry.size = len(body)
                new.addfile(entry, BytesIO(body))
    return out.getvalue()


DAMAGES: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a bit is another": (flipped, "is damaged: .* not as it was"),
    "it ends early": (lambda content: content[: len(content) * 2 // 3], "not whole"),
    "a file is missing": (without_a_file, "not as it was"),
    "it has other statements": (with_fewer_statements, "50 statements and had 49"),
    "it is of a later format": (of_another_format, "restore it with jixiao 9.9"),
    "it leads elsewhere": (with_a_way_out, "'../outside', which no store has"),
    "it is something else": (lambda _: b"PK\x03\x04" * 1000, "no backup"),
    "it is empty": (lambda _: b"", "no backup"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_of_a_damaged_backup_nothing_is_restored(small: Path, tmp_path: Path, damage: str) -> None:
    """The reason is told, and nothing stays where the store would have been, nor beside it."""
    back_up(small, tmp_path / "backup.tar")
    change, told = DAMAGES[damage]
    target = tmp_path / "target"
    target.mkdir()
    (target / "damaged.tar").write_bytes(change((tmp_path / "backup.tar").read_bytes()))
    with pytest.raises(BackupDamaged, match=told):
        restore(target / "damaged.tar", target / "copy")
    assert [file.name for file in target.iterdir()] == ["damaged.tar"]
    assert not (tmp_path / "outside").exists()


def test_a_backup_that_cannot_be_finished_leaves_the_one_before(small: Path, tmp_path: Path) -> None:
    """Nothing stands there by half."""
    back_up(small, tmp_path / "backup.tar")
    kept = (tmp_path / "backup.tar").read_bytes()
    (newest,) = (small / "snapshots").iterdir()
    (newest / "CURRENT").unlink()
    assert "cannot be read" in run("backup", tmp_path / "backup.tar", "--store", small.as_uri(), code=2)
    assert (tmp_path / "backup.tar").read_bytes() == kept
    assert {file.name for file in tmp_path.iterdir()} == {"backup.tar", "store"}


# --- exports -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".nq", ".trig"])
def test_an_export_is_a_store_again(small: Path, tmp_path: Path, suffix: str) -> None:
    """Each statement of each graph; readers find it, it can be changed, and digests of others are not believed."""
    export, folder = tmp_path / f"all{suffix}", tmp_path / "copy"
    with open_store(small.as_uri()) as store:
        store.apply(Changes(added=facts("x:h"), digests={"x:g": "0f"}))
    run("export", "-o", export, "--store", small.as_uri())
    if suffix == ".nq":
        export.write_bytes(export.read_bytes() + as_nquads({"x:h": "not so"}))
    assert "100 statements" in run("restore", export, "--store", folder.as_uri())
    assert content_of(folder) == set((facts("x:g") + facts("x:h")).split(b"\n")) - {b""}
    with open_store(folder.as_uri()) as store:
        assert not store.digests_of(["x:g", "x:h"])
        store.apply(Changes(emptied=("x:h",)))
        assert store.graphs() == ("x:g",)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (facts("x:g") + b"<x:s> <x:p> 1 <x:g", "cannot be read as N-Quads"),
        (facts("x:g") + b"<x:s> <x:p> <x:o> .\n", "every statement of one names its graph"),
    ],
    ids=["broken off", "without a graph"],
)
def test_of_an_export_that_is_not_whole_nothing_is_restored(
    tmp_path: Path, content: bytes, told: str
) -> None:
    """The message names the file and what is wrong; no folder is left."""
    export = tmp_path / "all.nq"
    export.write_bytes(content)
    message = run("restore", export, "--store", (tmp_path / "copy").as_uri(), code=2)
    assert told in message
    assert str(export) in message
    assert [found.name for found in tmp_path.iterdir()] == ["all.nq"]


def test_an_export_is_restored_over_nothing_and_cannot_be_checked(small: Path, tmp_path: Path) -> None:
    """What is there stays as it is."""
    export, before = tmp_path / "all.nq", content_of(small)
    export.write_bytes(facts("x:other"))
    assert "already" in run("restore", export, "--store", small.as_uri(), code=2)
    assert "only a backup can be checked" in run("restore", export, "--check", code=2)
    assert content_of(small) == before

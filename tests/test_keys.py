"""Keys for writing: made, kept as hashes, listed and removed by a command an administrator can remember."""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from service.cli import main
from service.keys import KeyFile, KeysError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys")


def test_the_text_of_a_key_is_not_kept(keys: KeyFile) -> None:
    """The file has its hash, and only its owner may read even that."""
    secret = keys.add("portal")
    text = keys.path.read_text(encoding="utf-8")
    assert secret not in text
    assert secret.removeprefix("jixiao_") not in text
    assert hashlib.sha256(secret.encode()).hexdigest() in text
    assert stat.S_IMODE(keys.path.stat().st_mode) == 0o600


def test_several_keys_hold_at_once(keys: KeyFile) -> None:
    """Each is known by its own text; removing one leaves the others."""
    secrets = {name: keys.add(name) for name in ("portal", "nightly-load", "李四")}
    assert {name: keys.holder_of(secret) for name, secret in secrets.items()} == {
        name: name for name in secrets
    }
    keys.remove("nightly-load")
    assert keys.holder_of(secrets["nightly-load"]) is None
    assert keys.holder_of(secrets["李四"]) == "李四"


@pytest.mark.parametrize("wrong", ["", "jixiao_", "密钥", "0" * 64])
def test_what_is_no_key_holds_nowhere(keys: KeyFile, wrong: str) -> None:
    """Nor does the hash that stands in the file, nor anything at a file that is not there."""
    assert keys.holder_of(wrong) is None
    keys.add("portal")
    (key,) = keys.keys()
    assert keys.holder_of(wrong) is None
    assert keys.holder_of(key.digest) is None


@pytest.mark.parametrize("name", ["", "two words", "a/b", "#comment", "x" * 65, "a\nb"])
def test_a_name_that_would_break_the_file_is_refused(keys: KeyFile, name: str) -> None:
    """With what it may be made of."""
    with pytest.raises(KeysError, match="letters, digits"):
        keys.add(name)
    assert not keys.path.exists()


def test_a_file_that_holds_no_keys_is_told_with_its_line(keys: KeyFile) -> None:
    """A key's text that somebody pasted in is no key, and the message says what to do."""
    keys.path.write_text("# keys\nportal jixiao_secret\n", encoding="utf-8")
    with pytest.raises(KeysError, match=r"keys, line 2: .*Remove it"):
        keys.holder_of("jixiao_secret")


def test_the_command_makes_lists_and_removes_keys(tmp_path: Path) -> None:
    """The text is printed once, alone on stdout."""
    file = str(tmp_path / "keys")
    run = CliRunner()
    made = run.invoke(main, ["keys", file, "--add", "portal"])
    assert made.exit_code == 0
    assert KeyFile(tmp_path / "keys").holder_of(made.stdout.strip()) == "portal"
    assert "once" in made.stderr
    assert run.invoke(main, ["keys", file]).stdout.startswith("portal  made 2")
    twice = run.invoke(main, ["keys", file, "--add", "portal"])
    assert (twice.exit_code, "there is a key 'portal' already" in twice.stderr) == (2, True)
    assert run.invoke(main, ["keys", file, "--remove", "portal"]).exit_code == 0
    missing = run.invoke(main, ["keys", file, "--remove", "portal"])
    assert (missing.exit_code, "there are: none" in missing.stderr) == (2, True)
    assert "--add" in run.invoke(main, ["keys", file]).stderr


def test_a_service_does_not_start_with_a_file_it_cannot_use(tmp_path: Path) -> None:
    """Better said at once than at the first write."""
    told = CliRunner().invoke(main, ["serve", "--store", "memory:", "--keys", str(tmp_path / "none")])
    assert told.exit_code == 2
    assert "jixiao keys" in told.stderr

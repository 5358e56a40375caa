"""What is no sound document is refused with a clear message, in bounded memory, and nothing is half done."""

from __future__ import annotations

import io
import random
import resource
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import pytest
from compound_files import compound

import loader
from loader.readers import limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def _docx(document: bytes, *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr("word/document.xml", document)
    return packed.getvalue()


def _body(content: str) -> bytes:
    return f'<w:document xmlns:w="{_WORD}"><w:body>{content}</w:body></w:document>'.encode()


def _truncated() -> bytes:
    whole = _docx(_body("<w:p><w:r><w:t>绩效目标</w:t></w:r></w:p>") + b" " * 4096)
    return whole[: len(whole) // 2]


def _bomb() -> bytes:
    return _docx(b"<" + b"A" * (300 * limits.MIB))


def _external_entity() -> bytes:
    return _docx(
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        + _body("<w:p><w:r><w:t>&x;</w:t></w:r></w:p>")
    )


def _many_entities() -> bytes:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    head = f'<?xml version="1.0"?><!DOCTYPE d [{entities}]>'.encode()
    return _docx(head + _body("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>"))


def _deep_tables() -> bytes:
    depth = 60
    return _docx(_body("<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth))


def _wide_span() -> bytes:
    wide = '<w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr><w:p/></w:tc>'
    return _docx(_body(f"<w:tbl><w:tr>{wide}{wide}</w:tr></w:tbl>"))


class Bad(NamedTuple):
    """A bad document, the error it gives, and a word that its message has."""

    name: str
    make: Callable[[], bytes]
    error: type[loader.LoaderError]
    says: str


BAD = (
    Bad("an empty file", lambda: b"", loader.EmptyDocument, "empty"),
    Bad("blank lines", lambda: b"\n \n\t\n", loader.EmptyDocument, "empty"),
    Bad("a picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 99, loader.UnknownFormat, "PNG"),
    Bad("a truncated PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\n", loader.DamagedDocument, "PDF is cut off"),
    Bad("random bytes", lambda: random.Random(1).randbytes(9999), loader.UnknownFormat, "neither"),
    Bad(
        "an old Office file without its directory",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        loader.DamagedDocument,
        "cut off",
    ),
    Bad(
        "an encrypted office file",
        lambda: compound("EncryptionInfo", "EncryptedPackage"),
        loader.EncryptedDocument,
        "password",
    ),
    Bad("a truncated docx", _truncated, loader.DamagedDocument, "cut off"),
    Bad(
        "a docx with broken XML",
        lambda: _docx(b"<w:document"),
        loader.DamagedDocument,
        "word/document.xml is",
    ),
    Bad("a docx without a body", lambda: _docx(b"<document/>"), loader.DamagedDocument, "body"),
    Bad("another zip", lambda: _zip({"a.txt": b"x"}), loader.UnknownFormat, "unpack"),
    Bad("slides", lambda: _zip({"[Content_Types].xml": b"x"}), loader.UnknownFormat, "neither a Word text"),
    Bad("a zip bomb", _bomb, loader.UnsafeDocument, "64 MiB"),
    Bad("an external entity", _external_entity, loader.UnsafeDocument, "entities"),
    Bad("a billion laughs", _many_entities, loader.UnreadableDocument, "word/document.xml"),
    Bad("tables 60 deep", _deep_tables, loader.UnsafeDocument, "deep"),
    Bad("a span of two billion columns", _wide_span, loader.UnsafeDocument, "columns"),
    Bad("200 MB", lambda: b"\t1\n" * (200_000_000 // 3), loader.UnsafeDocument, "191 MiB"),
    Bad("a web page without text", lambda: b"<!DOCTYPE html><html>", loader.EmptyDocument, "browser"),
)


def _zip(parts: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize("bad", BAD, ids=[bad.name for bad in BAD])
def test_a_bad_document_is_refused_with_a_message_that_says_what_it_is(bad: Bad) -> None:
    """Each bad document gives its own error, in one sentence."""
    with pytest.raises(bad.error, match=bad.says) as refused:
        loader.convert(bad.make())
    assert len(str(refused.value)) > 20


def test_all_kinds_of_bad_documents_are_tried() -> None:
    """The list above does not shrink in silence."""
    assert len(BAD) == 19


def test_a_zip_bomb_is_refused_in_bounded_memory() -> None:
    """Unpacking stops at the limit: 300 MiB of A never come together in memory."""
    bomb = _bomb()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(loader.UnsafeDocument):
        loader.convert(bomb)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 * 1024  # KiB


def test_a_file_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """A sparse file of 200 MB is refused by its size alone."""
    large = tmp_path / "large.txt"
    with large.open("wb") as stream:
        stream.truncate(200_000_000)
    with pytest.raises(loader.UnsafeDocument, match="191 MiB"):
        loader.read_file(large)

"""Web archives (.mht, RFC 2557): the pages in them, one after the other; Excel writes one for each sheet."""

from __future__ import annotations

import email
import email.policy
from email.message import Message
from typing import TYPE_CHECKING

from ..errors import DamagedDocument, UnsafeDocument
from . import html, limits
from .kinds import Kind
from .story import Story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..model import Document


def read(data: bytes) -> Document:
    """Return the tables and lines of all pages of the archive. Raises `DamagedDocument` where it has none."""
    story = Story()
    pages = list(_pages(email.message_from_bytes(data, policy=email.policy.compat32), depth=0))
    if not pages:
        raise DamagedDocument("the web archive (.mht) holds no page: save the page again")
    for page in pages:
        content = page.get_payload(decode=True)
        if isinstance(content, bytes):
            html.tell(content, page.get_content_charset(), story)
    return story.document(Kind.MHTML.value, html.EMPTY)


def _pages(message: Message, *, depth: int) -> Iterator[Message]:
    if depth > limits.TABLE_DEPTH:
        raise UnsafeDocument("the web archive (.mht) holds archives in archives: it is not read")
    parts = message.get_payload()
    for part in parts if isinstance(parts, list) else ():
        if isinstance(part, Message):
            yield from _pages(part, depth=depth + 1)
    if message.get_content_type() == "text/html":
        yield message

"""What a client prefers, by its Accept headers (werkzeug's parser: quality, then specificity, then our order)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

if TYPE_CHECKING:
    from collections.abc import Iterable

Language = Literal["zh", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
"""The languages of the interface, the default first."""

HTML: Final = "text/html"
_CHARSET: Final = re.compile(r";\s*charset=[^,;]*", re.IGNORECASE)
"""All text here is UTF-8, whatever a client names."""


def preferred_type(accept: str | None, offered: Iterable[str]) -> str | None:
    """Return the media type the client likes best, None when it takes none of them.

    >>> preferred_type("text/html,*/*;q=0.8", ["text/turtle", "text/html"])
    'text/html'
    >>> preferred_type(None, ["text/turtle", "text/html"])
    'text/turtle'
    >>> preferred_type("text/turtle; charset=utf-8", ["text/turtle"])
    'text/turtle'
    """
    accepted = parse_accept_header(_CHARSET.sub("", accept or "*/*"), MIMEAccept)
    return accepted.best_match(offered)


def preferred_language(accept_language: str | None) -> Language:
    """Return the language of the interface the client likes best.

    >>> preferred_language("en-GB,en;q=0.9"), preferred_language("zh-TW"), preferred_language("fr")
    ('en', 'zh', 'zh')
    >>> preferred_language("en-GB,zh;q=0.5")
    'en'
    """
    for tag, quality in parse_accept_header(accept_language, LanguageAccept):
        primary = tag.partition("-")[0].lower()
        known = next((language for language in LANGUAGES if language == primary), None)
        if known and quality > 0:
            return known
    return LANGUAGES[0]


def wants_html(accept: str | None) -> bool:
    """Return whether a person with a browser is asking: HTML is named, and liked best.

    >>> wants_html("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"), wants_html("*/*")
    (True, False)
    """
    named = HTML in (accept or "")
    return named and preferred_type(accept, [HTML, "application/json", "text/turtle"]) == HTML

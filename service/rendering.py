"""Pages out of templates: Jinja with everything escaped, strict about names it does not know."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import addresses, figures
from .negotiation import LANGUAGES, Language, preferred_language
from .wording import wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fastapi import Request

    from .settings import Settings


_TOGETHER: Final = 500
"""Pieces of a template that are written together."""


class Renderer:
    """Renders the templates of this package in a language, with links below the public path."""

    def __init__(self, settings: Settings) -> None:
        self._words = wording()
        self._root = settings.public_path
        self._templates = _environment()
        self._templates.globals.update(
            root=self._root,
            stylesheet=_stylesheet(),
            share=figures.share,
            address_of=addresses.address_of,
            short=addresses.short,
        )

    def page(
        self, request: Request, template: str, language: Language, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Return a page; `values` are what the template names, beside the words `t` of the language."""
        body = self._templates.get_template(template).render(
            t=self._words[language],
            language=language,
            here=self._here(request),
            translations=self._translations(request),
            **values,
        )
        headers = {"Content-Language": "zh-CN" if language == "zh" else "en"}
        return HTMLResponse(body, status_code=status, headers=headers)

    def language_of(self, request: Request) -> Language:
        """Return the language of the address, else what the client prefers."""
        first = self._here(request).split("/")[1]
        named = next((language for language in LANGUAGES if language == first), None)
        return named or preferred_language(request.headers.get("accept-language"))

    def _here(self, request: Request) -> str:
        """Return the path of the request below the public path."""
        path: str = request.scope["path"]
        return path.removeprefix(self._root) or "/"

    def _translations(self, request: Request) -> Mapping[str, str]:
        """Return the address of the same page in each language."""
        _, _, rest = self._here(request).lstrip("/").partition("/")
        query = request.scope["query_string"].decode("latin-1")
        tail = f"{quote(rest)}?{query}" if query else quote(rest)
        inside = self._here(request).split("/")[1] in LANGUAGES
        return {language: f"{self._root}/{language}/{tail if inside else ''}" for language in LANGUAGES}


def standalone(template: str, language: Language, **values: object) -> str:
    """Return a page that needs no other file and no service: it carries the stylesheet, and has no links."""
    return b"".join(standalone_pieces(template, language, **values)).decode()


def standalone_pieces(template: str, language: Language, **values: object) -> Iterator[bytes]:
    """Yield such a page piece by piece, for one that is long."""
    style = Markup(_style().decode())  # noqa: S704 - our own stylesheet
    told = {"t": wording()[language], "language": language, "style": style} | values
    stream = _environment().get_template(template).stream(told)
    stream.enable_buffering(_TOGETHER)
    return (piece.encode() for piece in stream)


def _environment() -> Environment:
    """Return the templates with their filters."""
    templates = Environment(
        loader=PackageLoader("service"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        amount=figures.amount, moment=figures.moment, number=figures.number, path=_path, query=_query
    )
    return templates


def _stylesheet() -> str:
    """Return the address of the stylesheet; it changes with the content, so it may be kept for long."""
    return f"/assets/style.css?v={hashlib.sha256(_style()).hexdigest()[:12]}"


def _style() -> bytes:
    return (files("service") / "assets" / "style.css").read_bytes()


def _path(text: str) -> str:
    """Return a text as it stands in the path of an address, its slashes kept."""
    return quote(text, safe="/")


def _query(values: Mapping[str, object]) -> str:
    """Return the non-empty values as the query of an address, `?` included."""
    given = {name: value for name, value in values.items() if value not in {None, ""}}
    return f"?{urlencode(given)}" if given else ""

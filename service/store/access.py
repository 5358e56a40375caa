"""How an endpoint at another address is reached: where it takes changes, and who we are to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import unquote, urlsplit, urlunsplit


@dataclass(frozen=True, slots=True)
class Access:
    """What an address does not say of an endpoint; the password is never written out."""

    update_url: str | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    patience: float = 0
    """Seconds for which an endpoint that was there and does not answer is asked again."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where queries and changes go, and as whom; neither address has user or password in it."""

    query: str
    update: str
    access: Access

    @classmethod
    def of(cls, url: str, access: Access) -> Address:
        """Return the address that a URL names; `user:password@` in it wins over what `access` says.

        Unless given, an address that ends in `/query` is changed at `/update` beside it, and any other at itself.

        >>> Address.of("http://me:secret@127.0.0.1:7878/query", Access()).update
        'http://127.0.0.1:7878/update'
        """
        query, access = _taken_out(url, access)
        beside = query.removesuffix("/query") + "/update" if query.endswith("/query") else query
        update, access = _taken_out(access.update_url or beside, access)
        return cls(query, update, access)


def _taken_out(url: str, access: Access) -> tuple[str, Access]:
    """Return a URL without user and password, and these where it has them."""
    parts = urlsplit(url)
    named, _, host = parts.netloc.rpartition("@")
    user, _, password = named.partition(":")
    if not user:
        return url, access
    return urlunsplit(parts._replace(netloc=host)), replace(
        access, user=unquote(user), password=unquote(password)
    )

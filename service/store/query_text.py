r"""What a query text asks for, read off its tokens: its form, its datasets, and whether it would fetch.

This is no parser: the engine parses. It is a scanner that is never more lenient than the engine, because
SERVICE makes the engine fetch from any address. Three traps are why it is longer than a search for a word:

- the word may stand in a string, a comment, an IRI or a longer name, where it is harmless;
- it may be written with code point escapes (`\u0053ERVICE`), which some engines resolve before parsing;
- `<` opens an IRI or means *less than*, which only a parser can tell: in `FILTER(1<2&&'>'!='x')` a scanner
  that takes `<2&&'>` for an IRI loses its place, and does not see what follows. An IRI that could be read as
  such a comparison is refused.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

from .errors import QueryRefused, QuerySyntaxError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Form(Enum):
    """The four reading forms of SPARQL."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def makes_graph(self) -> bool:
        """Whether the answer is triples (CONSTRUCT, DESCRIBE) and not rows."""
        return self in {Form.CONSTRUCT, Form.DESCRIBE}


class Token(NamedTuple):
    """A piece of a query: the name of its kind in `_TOKENS`, and its text."""

    kind: str
    text: str
    start: int
    """Where it begins, in characters from 0."""


# Strings are unrolled loops, and nothing here is possessive: before Python 3.11.5 a possessive group forgets where
# it is (cpython#106052), and Debian 12 has 3.11.2.
_TOKENS: Final = re.compile(
    r"""
      (?P<comment>  \#[^\r\n]* )
    | (?P<string>   '''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*''' | \"\"\"[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*\"\"\"
                  | (?!''')'[^'\\\r\n]*(?:\\.[^'\\\r\n]*)*'   | (?!\"\"\")"[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*" )
    | (?P<unclosed> ['"].* )
    | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z]+(?:-[A-Za-z0-9]+)* )
    | (?P<number>   \d+ )
    | (?P<name>     (?:[^\W\d_][\w-]{0,99})?:(?:[\w:%-]|\\.)* )
    | (?P<word>     [^\W\d]\w* )
    | (?P<blank>    \s+ )
    | (?P<sign>     . )
    """,
    re.VERBOSE | re.DOTALL,
)
_SYNTAX_PLACE: Final = re.compile(r"error at (\d+):(\d+):\s*(.*)", re.DOTALL)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_FROM_ANYWHERE: Final = re.compile("from", re.IGNORECASE)
_SERVICE_ANYWHERE: Final = re.compile("service", re.IGNORECASE)
_SERVICE_KEYWORD: Final = re.compile(r"service(:|$)", re.IGNORECASE)
_CLEARLY_AN_IRI: Final = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]*://.*|[\w:/.%~@,;?&=+*$-]{0,1000})>")
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"},
)
_READ_ONLY: Final = (
    "only queries are answered here (SELECT, ASK, CONSTRUCT, DESCRIBE): {word} would change the data. "
    "Data comes in through `jixiao load`."
)
_NO_SERVICE: Final = (
    "SERVICE is not run here, since it would make this server fetch from another address. "
    "Ask that endpoint yourself and join the two answers, or load its data."
)
_OTHER_SERVICE: Final = (
    "SERVICE is run here for {services} alone, written as it stands here, and not for {told}. Ask that endpoint "
    "yourself and join the two answers, or load its data."
)
_TELLING: Final = frozenset({"word", "name", "iri", "unclosed"})
"""Kinds of tokens in which there may be a SERVICE, or where this scanner may lose its place."""
_OPENING: Final = frozenset("{([")
_CLOSING: Final = frozenset("})]")
_OPERATORS: Final = frozenset("+-*/|&!^=<>")
_DEEPEST: Final = 100
_MOST_KEYWORDS: Final = 500
_MOST_OPERATORS: Final = 1000
_OVERGROWN: Final = (
    f"the query is more than {_DEEPEST} brackets deep, or has more than {_MOST_KEYWORDS:,} keywords or "
    f"{_MOST_OPERATORS:,} operators. Split it, or give long lists as VALUES or IN."
)
_DOUBTFUL: Final = (
    "{iri} could be an IRI or a comparison: write the IRI in full (scheme://…), or blanks around < and >."
)


def form_of(sparql: str) -> Form:
    """Return the form of a query.

    Raises `QueryRefused` for an update and `QuerySyntaxError` where no form is found.
    """
    for word in _words_after_prologue(sparql):
        if word in Form.__members__:
            return Form[word]
        if word in _UPDATES:
            raise QueryRefused(_READ_ONLY.format(word=word))
        break
    raise QuerySyntaxError("a query begins with SELECT, ASK, CONSTRUCT or DESCRIBE, after any PREFIX lines")


def names_its_dataset(sparql: str) -> bool:
    """Return whether the query has FROM or FROM NAMED clauses of its own."""
    return _FROM_ANYWHERE.search(sparql) is not None and any(
        token.kind == "word" and token.text.upper() == "FROM" for token in tokens(sparql)
    )


NO_SERVICES: Final[frozenset[str]] = frozenset()


def refuse_harm(sparql: str, services: frozenset[str] = NO_SERVICES) -> None:
    """Raise `QueryRefused` where running the text could make an engine fetch, or end the process.

    `services`: endpoints, by their IRIs, from which SERVICE may fetch.
    """
    told = readings(sparql)
    for reading in told:
        if _SERVICE_ANYWHERE.search(reading):  # what does not have the word need not be taken apart
            refuse_fetching(reading, services if len(told) == 1 else NO_SERVICES)
        if not _is_small(reading):
            refuse_overgrown(tokens(reading))


def _is_small(reading: str) -> bool:
    """Return whether a text cannot be overgrown, however its pieces are told: two words have a sign between them."""
    longest = min(2 * _MOST_KEYWORDS, _MOST_OPERATORS)
    return len(reading) <= longest and sum(map(reading.count, _OPENING)) <= _DEEPEST


def readings(sparql: str) -> set[str]:
    """Return the text as it stands, and as engines read it that resolve code point escapes before they parse."""
    return {sparql, _CODE_POINT.sub(_code_point, sparql)}


def asks_elsewhere(sparql: str) -> bool:
    """Return whether a query that may be run has SERVICE: what it tells hangs on more than the store."""
    return _SERVICE_ANYWHERE.search(sparql) is not None and any(
        token.kind == "word" and _SERVICE_KEYWORD.match(token.text) for token in tokens(sparql)
    )


def refuse_fetching(reading: str, services: frozenset[str] = NO_SERVICES) -> None:
    """Raise `QueryRefused` where a text has SERVICE, or may have it where this scanner cannot see it.

    SERVICE of one of `services`, written as a whole IRI right behind it (or behind SILENT), passes.
    """
    found = tokens(reading) if services else _telling(reading)
    for token in found:
        if services and token.kind == "word" and _SERVICE_KEYWORD.match(token.text):
            _refuse_service(found, services)
        elif token.kind in _TELLING:
            _refuse_token(token, reading)


def _telling(reading: str) -> Iterator[Token]:
    return (
        Token(str(match.lastgroup), match[0], match.start())
        for match in _TOKENS.finditer(reading)
        if match.lastgroup in _TELLING
    )


def _refuse_service(behind: Iterator[Token], services: frozenset[str]) -> None:
    """Raise `QueryRefused` unless what stands behind a SERVICE is one of those that may be asked; it is taken."""
    named = next(behind, None)
    if named is not None and named.kind == "word" and named.text.upper() == "SILENT":
        named = next(behind, None)
    if named is None or named.kind != "iri" or named.text[1:-1] not in services:
        told = named.text[:200] if named else "nothing"
        raise QueryRefused(
            _OTHER_SERVICE.format(told=told, services=", ".join(f"<{one}>" for one in sorted(services)))
        )


def refuse_overgrown(found: Iterable[Token]) -> None:
    """Raise `QueryRefused` where there is more of a query than an engine's stack can take.

    Oxigraph's parser and planner recurse on the stack: 1,000 calls inside each other, 5,000 BINDs or 30,000
    additions end it without an error that could be caught; hence the limits.
    """
    depth = keywords = operators = 0
    for token in found:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        keywords += token.kind == "word"
        operators += token.text in _OPERATORS
        if depth > _DEEPEST or keywords > _MOST_KEYWORDS or operators > _MOST_OPERATORS:
            raise QueryRefused(_OVERGROWN)


def _refuse_token(token: Token, sparql: str) -> None:
    if token.kind in {"word", "name"} and _SERVICE_KEYWORD.match(token.text):
        raise QueryRefused(_NO_SERVICE)
    if token.kind == "iri" and not _CLEARLY_AN_IRI.fullmatch(token.text):
        raise QueryRefused(_DOUBTFUL.format(iri=token.text[:80]))
    if token.kind == "unclosed":
        line, column = place_of(token, sparql)
        raise QuerySyntaxError("the string that begins here is not closed", line=line, column=column)


def place_of(token: Token, sparql: str) -> tuple[int, int]:
    """Return line and column of a token, from 1."""
    before = sparql[: token.start]
    return before.count("\n") + 1, token.start - before.rfind("\n")


def syntax_error(message: str) -> QuerySyntaxError:
    """Return the error for an engine's own words, with the line and column they name.

    >>> error = syntax_error("error at 3:17: expected OPTIONAL")
    >>> error.line, error.column, str(error)
    (3, 17, 'expected OPTIONAL')
    """
    place = _SYNTAX_PLACE.search(message)
    if place is None:
        return QuerySyntaxError(message)
    return QuerySyntaxError(place[3], line=int(place[1]), column=int(place[2]))


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number <= 0x10FFFF else match[0]


def tokens(sparql: str) -> Iterator[Token]:
    """Yield the pieces of a text that mean something: all but comments and blanks."""
    for match in _TOKENS.finditer(sparql):
        if match.lastgroup not in {"comment", "blank", None}:
            yield Token(str(match.lastgroup), match[0], match.start())


def _words_after_prologue(sparql: str) -> Iterator[str]:
    """Yield the words of the text in capitals, without what belongs to PREFIX, BASE and VERSION."""
    for token in tokens(sparql):
        word = token.text.upper()
        if token.kind == "word" and word not in {"PREFIX", "BASE", "VERSION"}:
            yield word

"""SPARQL text as tokens: enough to find variables, prefixes and keywords, and never to mistake them.

A parser would be slow (rdflib takes 20–100 ms a question), and a search for `$name` would also hit strings,
comments and IRIs. The pattern below is the terminals of SPARQL 1.1, section 19.8, longest first; joining the
texts of all tokens gives back the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What a token is; the value is the name of its group in the pattern."""

    BLANK = "blank"
    COMMENT = "comment"
    IRI = "iri"
    STRING = "string"
    VARIABLE = "variable"
    """`?name`: a variable of the pattern or a column of the answer."""
    PARAMETER = "parameter"
    """`$name`: a place for a term."""
    NAME = "name"
    """A prefixed name, `jx:budget`, or a blank node's label."""
    WORD = "word"
    """A keyword or the name of a function."""
    SIGN = "sign"
    """Any other single character."""


_TERMINALS: Final = re.compile(
    r"""
      (?P<blank>     \s+ )
    | (?P<comment>   \#[^\n\r]* )
    | (?P<iri>       <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<string>    \"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
                   | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*' )
    | (?P<variable>  \?\w+ )
    | (?P<parameter> \$\w+ )
    | (?P<name>      (?:\w(?:[\w.-]*[\w-])?)?:
                     (?:(?:[\w.:-]|%[0-9A-Fa-f]{2}|\\.)*(?:[\w:-]|%[0-9A-Fa-f]{2}|\\.))? )
    | (?P<word>      @?[A-Za-z]\w* )
    | (?P<sign>      . )
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of SPARQL text: its kind, the text itself, and its line, from 1."""

    kind: Kind
    text: str
    line: int

    @property
    def name(self) -> str:
        """The name of a variable or parameter, without its sign."""
        return self.text[1:]

    def is_word(self, *words: str) -> bool:
        """Tell whether the token is one of the keywords, in whatever case; `words` are upper case."""
        return self.kind is Kind.WORD and self.text.upper() in words

    def is_sign(self, sign: str) -> bool:
        """Tell whether the token is this single character."""
        return self.kind is Kind.SIGN and self.text == sign


def tokens(text: str) -> Iterator[Token]:
    """Yield every token of a SPARQL text, blanks and comments too, in order."""
    line = 1
    for match in _TERMINALS.finditer(text):
        piece = match.group()
        yield Token(Kind(match.lastgroup or Kind.SIGN), piece, line)
        line += piece.count("\n")

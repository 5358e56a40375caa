"""The header held against the body: a file whose two halves disagree is refused when it is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ontology.namespaces import PREFIXES

from .errors import QueryFileError
from .tokens import Kind, Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .header import Header

_UPDATES: Final = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
_BEFORE_VARIABLES: Final = ("AS", "BOUND", "BY", "LIMIT", "OFFSET", "VALUES")
_OTHER_FORMS: Final = ("ASK", "CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True, slots=True)
class Body:
    """The SPARQL of a file, and the number of header lines above it."""

    file: str
    text: str
    above: int

    def tokens(self) -> list[Token]:
        """Return the tokens that mean something."""
        return [token for token in tokens(self.text) if token.kind not in (Kind.BLANK, Kind.COMMENT)]

    def error(self, token: Token, message: str) -> QueryFileError:
        """Return the error about what stands at this token."""
        return QueryFileError(self.file, token.line + self.above, message)


def prove(header: Header, body: Body) -> None:
    """Raise `QueryFileError` unless the body is one SELECT with just these prefixes, parameters, columns."""
    sequence = body.tokens()
    _prove_form(body, sequence)
    _prove_prefixes(body, sequence)
    _prove_parameters(header, body, sequence)
    _prove_columns(header, body, sequence)


def _prove_form(body: Body, sequence: Sequence[Token]) -> None:
    for token in sequence:
        if token.is_word(*_UPDATES):
            raise body.error(token, f"a question only reads: {token.text} is not allowed.")
        if token.is_word(*_OTHER_FORMS):
            raise body.error(token, f"a question is a SELECT with named columns, not {token.text}.")
    if not any(token.is_word("SELECT") for token in sequence):
        raise QueryFileError(body.file, body.above + 1, "there is no SELECT below the header.")


# --- prefixes -------------------------------------------------------------------------------------------


def _prove_prefixes(body: Body, sequence: Sequence[Token]) -> None:
    """Raise where a prefix is used and not declared, or means something else than everywhere else."""
    declared: set[str] = set()
    for before, token, after in _threes(sequence):
        if token.kind is not Kind.NAME or token.text.startswith("_:"):
            continue
        prefix = token.text.partition(":")[0]
        if before is not None and before.is_word("PREFIX"):
            _prove_prefix(body, token, prefix, after)
            declared.add(prefix)
        elif prefix not in declared:
            raise body.error(token, f"the prefix {prefix!r} is used and not declared.")


def _prove_prefix(body: Body, token: Token, prefix: str, after: Token | None) -> None:
    iri = after.text.strip("<>") if after else ""
    if prefix in PREFIXES and iri != PREFIXES[prefix]:
        raise body.error(token, f"the prefix {prefix!r} stands for {PREFIXES[prefix]}, not for {iri}.")


# --- parameters -----------------------------------------------------------------------------------------


def _prove_parameters(header: Header, body: Body, sequence: Sequence[Token]) -> None:
    variables = {token.name for token in sequence if token.kind is Kind.VARIABLE}
    parameters = [token for token in sequence if token.kind is Kind.PARAMETER]
    for token in parameters:
        if token.name not in header.parameters:
            raise body.error(token, f"the parameter {token.text} is used and not declared in the header.")
        if token.name in variables:
            raise body.error(token, f"${token.name} and ?{token.name} are the same variable: rename one.")
    used = {token.name for token in parameters}
    for name in header.parameters:
        if name not in used:
            message = f"the parameter {name!r} is declared and not used."
            raise QueryFileError(body.file, header.lines[name], message)
    _prove_places(body, sequence)


def _prove_places(body: Body, sequence: Sequence[Token]) -> None:
    """Raise where a parameter stands in a place that the grammar keeps for a variable, or for a constant.

    There either the file as it stands or the bound text would not be SPARQL.
    """
    for index, keyword in enumerate(sequence):
        if keyword.is_word(*_BEFORE_VARIABLES):
            for token in _reserved(keyword, sequence[index + 1 :]):
                if token.kind is Kind.PARAMETER:
                    message = f"{token.text} cannot stand here, behind {keyword.text}: use BIND or FILTER."
                    raise body.error(token, message)


def _reserved(keyword: Token, following: Sequence[Token]) -> Sequence[Token]:
    """Return the tokens behind a keyword of `_BEFORE_VARIABLES` that cannot be parameters."""
    if keyword.is_word("VALUES"):
        end = (index for index, token in enumerate(following) if token.is_sign("}"))
        return following[: next(end, None)]
    opened = bool(following) and following[0].is_sign("(") and not keyword.is_word("BY")
    return following[opened : opened + 1]


# --- columns --------------------------------------------------------------------------------------------


def _prove_columns(header: Header, body: Body, sequence: Sequence[Token]) -> None:
    projected = {token.name: token for token in _projection(body, sequence)}
    for name, token in projected.items():
        if name not in header.columns:
            raise body.error(token, f"the column ?{name} is selected and not declared in the header.")
    for name in header.columns:
        if name not in projected:
            message = f"the column {name!r} is declared and not selected."
            raise QueryFileError(body.file, header.lines[name], message)


def _projection(body: Body, sequence: Sequence[Token]) -> Iterator[Token]:
    """Yield the variables of the outermost SELECT: bare ones, and those behind AS."""
    start = next(index for index, token in enumerate(sequence) if token.is_word("SELECT"))
    depth = 0
    for before, token, _ in _threes(sequence[start:]):
        if depth == 0 and (token.is_sign("{") or token.is_word("WHERE", "FROM")):
            return
        if token.is_sign("*") and depth == 0:
            raise body.error(token, "a question names its columns: SELECT * is not allowed.")
        depth += token.is_sign("(") - token.is_sign(")")
        named = before is not None and before.is_word("AS")
        if token.kind in (Kind.VARIABLE, Kind.PARAMETER) and (depth == 0 or (depth == 1 and named)):
            yield _result(body, token)


def _result(body: Body, token: Token) -> Token:
    if token.kind is Kind.PARAMETER:
        raise body.error(token, f"{token.text} takes a value, so it cannot be a column.")
    return token


def _threes(sequence: Sequence[Token]) -> Iterator[tuple[Token | None, Token, Token | None]]:
    """Yield every token between its neighbours."""
    return zip([None, *sequence[:-1]], sequence, [*sequence[1:], None], strict=True)

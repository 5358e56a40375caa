"""What an update asks for, read off its tokens: which graphs it changes and looks at, and whether it would fetch.

The default graph of every query is the union of the named graphs, so a statement without a graph would be kept
where no export finds it. An update therefore names the graphs that it changes (`GRAPH`, `WITH`) and those that it
looks at (`GRAPH`, `WITH`, `USING`, or the parameters of the protocol); one that does not is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from .errors import ChangeRefused, QueryRefused, QuerySyntaxError
from .query_text import place_of, readings, refuse_fetching, refuse_overgrown, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .query_text import Token

_NO_LOAD: Final = (
    "LOAD is not run here, since it would make this server fetch from another address. Fetch the file yourself and "
    "send it to the graph store, or with INSERT DATA."
)
_TWO_DATASETS: Final = (
    "using-graph-uri and using-named-graph-uri cannot be given with an update that has {word} of its own: "
    "leave out one of them"
)
_NO_GRAPH: Final = (
    "an update names the graph of each statement that it inserts or deletes: GRAPH <…> {{ … }}, or WITH <…> before "
    "the operation; this one begins a statement with {text}"
)
_INTO_DEFAULT: Final = "statements are kept in named graphs here: name one in the place of DEFAULT behind TO"
_LOOKS_NOWHERE: Final = (
    "an update names the graphs that it looks at: GRAPH <…> { … } or GRAPH ?g { … } in the WHERE, WITH <…>, "
    "USING <…>, or the parameter using-graph-uri"
)
_VERBS: Final = frozenset({"INSERT", "DELETE", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})
_DECLARATIONS: Final = frozenset({"PREFIX", "BASE"})
_LATE: Final = "{word} stands behind a semicolon, which is not read here: write it before the first operation"
_ESCAPED: Final = "write keywords and braces of an update without code point escapes (\\u…)"


class _Block(NamedTuple):
    """What stands between two outer braces, and the words (in capitals) that led to it."""

    words: tuple[str, ...]
    opening: Token
    content: tuple[Token, ...]
    closing: Token


def refuse_harmful_update(update: str) -> None:
    """Raise `QueryRefused` or `ChangeRefused` for what would fetch or end the process.

    Data may have any length: no engine recurses over statements.
    """
    for reading in readings(update):
        refuse_fetching(reading)
    for token in tokens(update):
        if token.text == "\\":
            raise ChangeRefused(_ESCAPED)
        if token.kind == "word" and token.text.upper() == "LOAD":
            raise QueryRefused(_NO_LOAD)
    _refuse_unbalanced(update)
    for operation in _operations(update):
        refuse_overgrown(_without_data(operation))


def _refuse_unbalanced(update: str) -> None:
    """Raise `QuerySyntaxError` at the brace that has no other; `update` is read brace by brace below."""
    opened: list[Token] = []
    for token in tokens(update):
        if token.text == "{":
            opened.append(token)
        elif token.text == "}" and not opened:
            raise _placed("this brace closes none", token, update)
        elif token.text == "}":
            opened.pop()
    if opened:
        raise _placed("the brace that opens here is not closed", opened[-1], update)


def late_declaration(update: str) -> QuerySyntaxError | None:
    """Return what is wrong with a PREFIX or BASE behind a semicolon, None without one: Oxigraph takes none there."""
    for operation in list(_operations(update))[1:]:
        first = operation[0] if operation else None
        if first and first.kind == "word" and first.text.upper() in _DECLARATIONS:
            return _placed(_LATE.format(word=first.text), first, update)
    return None


def _placed(message: str, token: Token, update: str) -> QuerySyntaxError:
    line, column = place_of(token, update)
    return QuerySyntaxError(message, line=line, column=column)


def _without_data(operation: Sequence[Token]) -> Iterator[Token]:
    data = {
        token.start
        for block in _blocks(operation)
        if block.words[-1:] == ("DATA",)
        for token in block.content
    }
    return (token for token in operation if token.start not in data)


def with_graphs(update: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """Return the update such that its WHERE looks at these graphs (SPARQL 1.1 Protocol, 2.2.3), given as IRIs.

    Raises `ChangeRefused` where it names others itself, or where it leaves open which graphs it means.
    """
    using = [f"USING <{graph}>" for graph in default_graphs]
    using += [f"USING NAMED <{graph}>" for graph in named_graphs]
    insertions = []
    for operation in _operations(update):
        _check(operation, given=bool(using))
        insertions += _insertions(operation, " ".join(using), update) if using else []
    return _inserted(update, insertions)


def with_operation(update: str, operation: str) -> str:
    """Return the update with one more operation behind it.

    Not before it: Oxigraph takes no PREFIX and no BASE behind a semicolon.
    """
    if not operation:
        return update
    found = list(tokens(update))
    does_nothing = not any(token.kind == "word" and token.text.upper() in _VERBS for token in found)
    ended = does_nothing or found[-1].text == ";"
    return f"{update}\n{'' if ended else ';'}\n{operation}"


def _operations(update: str) -> Iterator[list[Token]]:
    """Yield the tokens of each operation; between them stand the semicolons outside of braces."""
    operation: list[Token] = []
    depth = 0
    for token in tokens(update):
        depth += (token.text == "{") - (token.text == "}")
        if token.text == ";" and depth == 0:
            yield operation
            operation = []
        else:
            operation.append(token)
    yield operation


def _check(operation: Sequence[Token], *, given: bool) -> None:
    blocks = list(_blocks(operation))
    outer = tuple(token.text.upper() for token in _outer(operation))
    if given and (own := {"USING", "WITH"} & set(outer)):
        raise ChangeRefused(_TWO_DATASETS.format(word=" and ".join(sorted(own))))
    if outer[-2:] == ("TO", "DEFAULT"):
        raise ChangeRefused(_INTO_DEFAULT)
    if "WITH" in outer:
        return
    for block in blocks:
        if _is_template(block):
            _refuse_bare_statement(block)
        elif not (given or "USING" in outer) and _looks_nowhere(block):
            raise ChangeRefused(_LOOKS_NOWHERE)


def _is_template(block: _Block) -> bool:
    """Return whether a block says what is inserted or deleted: DATA, a template, or the short DELETE WHERE."""
    return block.words[-1:] in {("INSERT",), ("DELETE",), ("DATA",)} or block.words[-2:] == (
        "DELETE",
        "WHERE",
    )


def _refuse_bare_statement(block: _Block) -> None:
    depth = 0
    expected = "GRAPH"
    for token in block.content:
        if depth == 0 and expected == "GRAPH" and token.text not in {".", "}"}:
            if token.text.upper() != "GRAPH":
                raise ChangeRefused(_NO_GRAPH.format(text=token.text))
            expected = "{"
        depth += (token.text == "{") - (token.text == "}")
        if token.text == "}" and depth == 0:
            expected = "GRAPH"


def _looks_nowhere(block: _Block) -> bool:
    return bool(block.content) and not any(
        token.kind == "word" and token.text.upper() in {"GRAPH", "VALUES", "BIND"} for token in block.content
    )


def _outer(operation: Sequence[Token]) -> Iterator[Token]:
    """Yield the words of an operation that stand outside of braces."""
    depth = 0
    for token in operation:
        depth += (token.text == "{") - (token.text == "}")
        if depth == 0 and token.kind == "word":
            yield token


def _blocks(operation: Sequence[Token]) -> Iterator[_Block]:
    depth = begun = 0
    words: list[str] = []
    for place, token in enumerate(operation):
        if token.text == "{":
            begun = place if depth == 0 else begun
            depth += 1
        elif token.text == "}":
            depth -= 1
            if depth == 0:
                yield _Block(tuple(words), operation[begun], tuple(operation[begun + 1 : place]), token)
                words = []
        elif depth == 0 and token.kind == "word":
            words.append(token.text.upper())


def _insertions(operation: Sequence[Token], using: str, update: str) -> list[tuple[int, int, str]]:
    """Return what is to stand where in the text: from, to, and what takes the place of what is there."""
    wheres = iter([token for token in _outer(operation) if token.text.upper() == "WHERE"])
    insertions = []
    for block in _blocks(operation):
        if block.words[-1:] != ("WHERE",):
            continue
        where = next(wheres).start
        if block.words[-2:] == ("DELETE", "WHERE"):
            end = block.closing.start + 1
            pattern = update[block.opening.start : end]
            insertions += [(where, where + len("WHERE"), ""), (end, end, f" {using} WHERE {pattern}")]
        else:
            insertions.append((where, where, f"{using} "))
    return insertions


def _inserted(update: str, insertions: Sequence[tuple[int, int, str]]) -> str:
    for start, end, text in reversed(insertions):
        update = update[:start] + text + update[end:]
    return update

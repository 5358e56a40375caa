"""What can go wrong with a question: its file is not what its header says, or its parameters do not fit.

    QueryError
    ├── QueryFileError       a file of the catalogue; names file and line
    └── BindingError         the values given to a question
        ├── UnknownParameterError
        ├── MissingParameterError
        └── UnfitValueError

Every message says what was found, what is allowed, and repeats the value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class QueryError(Exception):
    """The base of every error of this package."""


class QueryFileError(QueryError):
    """A question's file cannot be trusted: `file`, `line` (from 1) and what to do."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}, line {line}: {message}")
        self.file = file
        self.line = line
        self.message = message


class BindingError(QueryError):
    """The values given to a question do not fit its parameters."""

    def __init__(self, query: str, parameter: str, message: str) -> None:
        super().__init__(message)
        self.query = query
        self.parameter = parameter


class UnknownParameterError(BindingError):
    """The question has no parameter of this name."""

    def __init__(self, query: str, parameter: str, known: Iterable[str]) -> None:
        names = ", ".join(known) or "none"
        super().__init__(
            query, parameter, f"The question {query} has no parameter {parameter!r}; it has: {names}."
        )


class MissingParameterError(BindingError):
    """The question needs this parameter, and it has no default."""

    def __init__(self, query: str, parameter: str, expected: str, example: str) -> None:
        super().__init__(
            query,
            parameter,
            f"The question {query} needs the parameter {parameter!r}: {expected}, for example {example!r}.",
        )


class UnfitValueError(BindingError):
    """The value is not of the parameter's type, or is none of its choices."""

    def __init__(self, query: str, parameter: str, value: object, expected: str) -> None:
        super().__init__(
            query,
            parameter,
            f"The parameter {parameter!r} of the question {query} cannot be {str(value)!r}; "
            f"it must be {expected}.",
        )
        self.value = value

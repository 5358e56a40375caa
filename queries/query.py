"""A question: what its file says about it, and the SPARQL text for given values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from .errors import MissingParameterError, UnfitValueError, UnknownParameterError
from .parameters import MisfitError
from .tokens import Kind, tokens

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .parameters import Bilingual, Parameter, Term


class Need(StrEnum):
    """What must be loaded before a question has an answer."""

    ONE_DOCUMENT = "one document"
    MORE_DOCUMENTS = "more documents"
    REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Query:
    """One question of the catalogue.

    `text` is its SPARQL without the header, valid as it stands: a parameter that nobody sets is a variable.
    Columns whose name ends in `Iri` hold IRIs for links; all others hold plain values and labels.
    """

    name: str
    id: str
    title: Bilingual
    description: Bilingual
    parameters: Mapping[str, Parameter]
    columns: Mapping[str, Bilingual]
    needs: tuple[Need, ...]
    text: str
    path: str
    own: bool = False
    """Whether it comes from a folder of a user's own."""

    @property
    def is_ordered(self) -> bool:
        """Whether its rows come in an order that it names."""
        depth = 0
        for token in tokens(self.text):
            depth += token.is_sign("{") - token.is_sign("}")
            if depth == 0 and token.is_word("ORDER"):
                return True
        return False

    def bind(self, **values: str | Term | None) -> str:
        """Return the SPARQL text with every `$parameter` token replaced by its term.

        `None` and the empty text leave a parameter unset: its default holds, or, where it is optional, it
        restricts nothing. Raises `UnknownParameterError`, `MissingParameterError` or `UnfitValueError`.
        """
        given = {name: value for name, value in values.items() if value is not None and value != ""}
        if unknown := sorted(values.keys() - self.parameters.keys()):
            raise UnknownParameterError(self.name, unknown[0], self.parameters)
        terms = {parameter.name: self._n3(parameter, given) for parameter in self.parameters.values()}
        return "".join(
            terms[token.name] if token.kind is Kind.PARAMETER else token.text for token in tokens(self.text)
        )

    def _n3(self, parameter: Parameter, given: Mapping[str, str | Term]) -> str:
        """Return what takes the parameter's place in the text: a term, or the variable it was."""
        value = given.get(parameter.name, parameter.default)
        if value is None:
            if parameter.optional:
                return f"${parameter.name}"
            raise MissingParameterError(
                self.name, parameter.name, parameter.expected, parameter.example or ""
            )
        try:
            return parameter.term(value).n3()
        except MisfitError as misfit:
            raise UnfitValueError(self.name, parameter.name, value, str(misfit)) from misfit

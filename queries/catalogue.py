"""The catalogue: every question of a folder, by name."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from . import header
from .errors import QueryFileError
from .proof import Body, prove
from .query import Query

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

    from .header import Common, Header

_SUFFIX: Final = ".rq"
RESERVED: Final = frozenset({"limit", "offset", "bom", "titles", "dataset"})
"""What addresses of answers say beside the parameters of the question."""
_NAME: Final = re.compile(r"[^\W_]+(-[^\W_]+)*")


def catalogue(folder: Traversable | None = None) -> Mapping[str, Query]:
    """Return the questions of `folder` (a path; unset: those of this package) by name, in the order of ids.

    The first file that is not what its header says raises `QueryFileError`.
    """
    shipped = files(__package__)
    common = _common(shipped / "common.yaml")
    paths = [path for path in (folder or shipped).iterdir() if path.name.endswith(_SUFFIX)]
    in_order = sorted(paths, key=lambda path: path.name)
    questions = sorted((_read(path, common) for path in in_order), key=lambda question: question.id)
    _prove_ids(questions)
    return MappingProxyType({question.name: question for question in questions})


def catalogue_with(own: Traversable) -> Mapping[str, Query]:
    """Return the questions of this package and behind them those of a folder of a user's own, marked as such.

    Raises `QueryFileError` also where one has the name or the id of a question of this package.
    """
    shipped = catalogue()
    ids = {question.id: question for question in shipped.values()}
    theirs = {name: replace(question, own=True) for name, question in catalogue(own).items()}
    for name, question in theirs.items():
        if name in shipped:
            raise QueryFileError(
                question.path, 1, f"{name!r} is a question already: give the file another name."
            )
        if question.id in ids:
            taken = ids[question.id].name
            raise QueryFileError(
                question.path, 1, f"the id {question.id!r} is that of {taken} already: change it."
            )
    return MappingProxyType({**shipped, **theirs})


def _read(path: Traversable, common: Common) -> Query:
    """Return the question that a file holds."""
    text = _text(path)
    yaml_text, sparql = header.split(text)
    declared = header.parse(str(path), yaml_text, common)
    _prove_parameters_are_free(str(path), declared)
    prove(declared, Body(str(path), sparql, above=yaml_text.count("\n")))
    return Query(
        name=_name(path),
        id=declared.id,
        title=declared.title,
        description=declared.description,
        parameters=declared.parameters,
        columns=declared.columns,
        needs=declared.needs,
        text=sparql,
        path=str(path),
    )


def _common(path: Traversable) -> Common:
    return header.parse_common(str(path), _text(path))


def _text(path: Traversable) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise QueryFileError(str(path), line, "the file is not UTF-8: save it as UTF-8.") from fault


def _name(path: Traversable) -> str:
    name = path.name.removesuffix(_SUFFIX)
    if not _NAME.fullmatch(name):
        message = f"{name!r} cannot be a question's name: use letters and digits, with hyphens between words."
        raise QueryFileError(str(path), 1, message)
    return name


def _prove_parameters_are_free(path: str, declared: Header) -> None:
    for name in declared.parameters:
        if name in RESERVED:
            message = f"the parameter {name!r} says in addresses how to answer: give it another name."
            raise QueryFileError(path, declared.lines[name], message)


def _prove_ids(questions: list[Query]) -> None:
    for one, other in pairwise(questions):
        if one.id == other.id:
            raise QueryFileError(other.path, 1, f"the id {other.id!r} is that of {one.path} too.")

"""The catalogue: every question of a folder, by name."""

from __future__ import annotations

import re
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

    from .header import Common

_SUFFIX: Final = ".rq"
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


def _read(path: Traversable, common: Common) -> Query:
    """Return the question that a file holds."""
    text = _text(path)
    yaml_text, sparql = header.split(text)
    declared = header.parse(str(path), yaml_text, common)
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


def _prove_ids(questions: list[Query]) -> None:
    for one, other in pairwise(questions):
        if one.id == other.id:
            raise QueryFileError(other.path, 1, f"the id {other.id!r} is that of {one.path} too.")

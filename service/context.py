"""What every router may use, made once by `make_app` and carried by the app: no global stands behind it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Request

from .keys import KeyFile
from .problems import KeyNeeded, NotFound, ReadOnly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.query import Query
    from queries.tables import Table

    from .attendance import Attendance
    from .linking.keeping import KeptIndex
    from .long_answers import LongAnswers
    from .metrics import Metrics
    from .rendering import Renderer
    from .settings import Settings
    from .statistics import Counting
    from .store import Line, Store
    from .tables.kept import KeptTables
    from .validating.judges import Judges


_log = logging.getLogger(__name__)
_READ_ONLY: Final = (
    "this service is read-only: it does not run {change!r}. Data come in through `jixiao load`; where programs are "
    "to write too, start it with `jixiao serve --keys FILE`"
)
_SCHEME: Final = "bearer "


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the questions by name, the pages' renderer, the settings and the judges of one app.

    And who makes its long answers, who waits for its answers, its figures, who counts what the store holds, its
    tables, and what names mean.
    """

    store: Store
    questions: Mapping[str, Query]
    renderer: Renderer
    settings: Settings
    judges: Judges
    long_answers: LongAnswers
    attendance: Attendance
    metrics: Metrics
    counting: Counting
    flat: Mapping[str, Table]
    """The tables of the graph, by name."""
    kept_tables: KeptTables
    index: KeptIndex
    graph_writers: Line
    """Where those wait who change a graph on a condition."""

    def question(self, name: str) -> Query:
        """Return a question of the catalogue; `NotFound` when it has none of that name."""
        if name not in self.questions:
            raise NotFound(f"there is no question {name!r}; /queries lists all {len(self.questions)}")
        return self.questions[name]

    def table(self, name: str) -> Table:
        """Return a table of the graph; `NotFound` when there is none of that name."""
        if name not in self.flat:
            raise NotFound(f"there is no table {name!r}; there are: {', '.join(self.flat)}")
        return self.flat[name]

    def site_of(self, request: Request) -> str:
        """Return the address of this service as the client sees it, without a slash at its end."""
        return f"{str(request.base_url).rstrip('/')}{self.settings.public_path}"

    def admit_writer(self, authorization: str | None, change: str) -> None:
        """Return where the client may make a change; raise `ReadOnly` or `KeyNeeded` where it may not."""
        begun = " ".join(change.split())[:60]
        if self.settings.keys is None:
            raise ReadOnly(_READ_ONLY.format(change=begun))
        given = authorization or ""
        if not given.lower().startswith(_SCHEME):
            raise KeyNeeded("changes need a key: send the header `Authorization: Bearer jixiao_…`")
        holder = KeyFile(self.settings.keys).holder_of(given[len(_SCHEME) :].strip())
        if holder is None:
            raise KeyNeeded("this key does not hold here: it was removed, or is not whole")
        _log.info("%s sends a change: %s", holder, begun)


def context_of(request: Request) -> Context:
    """Return the app's context, with the store as it answers who asks."""
    context: Context = request.app.state.context
    return replace(context, store=context.store.asked_by(request.scope["asker"]))


InContext = Annotated[Context, Depends(context_of)]
"""A parameter of this type receives the app's context, with the store as it answers who asks."""

"""What every router may use, made once by `make_app` and carried by the app: no global stands behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request

from .problems import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from queries.query import Query

    from .rendering import Renderer
    from .settings import Settings
    from .store import Store
    from .validating.judges import Judges


@dataclass(frozen=True, slots=True)
class Context:
    """The store, the questions by name, the pages' renderer, the settings and the judges of one app."""

    store: Store
    questions: Mapping[str, Query]
    renderer: Renderer
    settings: Settings
    judges: Judges

    def question(self, name: str) -> Query:
        """Return a question of the catalogue; `NotFound` when it has none of that name."""
        if name not in self.questions:
            raise NotFound(f"there is no question {name!r}; /queries lists all {len(self.questions)}")
        return self.questions[name]


def _of(request: Request) -> Context:
    context: Context = request.app.state.context
    return replace(context, store=context.store.asked_by(request.scope["asker"]))


InContext = Annotated[Context, Depends(_of)]
"""A parameter of this type receives the app's context, with the store as it answers who asks."""

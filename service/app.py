"""The web application: routers, problems and headers put together around one store."""

from __future__ import annotations

import logging
import re
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match
from starlette_compress import CompressMiddleware, add_compress_type

from queries.tables import tables

from . import logs, problems
from .api_description import DescribedApplication
from .attendance import Attendance
from .conditional import Conditional
from .context import Context
from .limits import Buckets, Limits
from .linking.keeping import KeptIndex
from .long_answers import LongAnswers
from .metrics import Metrics
from .middleware import Directly, Farewell, HeadAsGet, Presence, SafeHeaders
from .negotiation import wants_html
from .rendering import Renderer
from .routers import (
    descriptions,
    documentation,
    flat_tables,
    graph_store,
    health,
    listings,
    questions,
    reconcile,
    shacl,
    sparql,
    things,
)
from .routers import pages as pages_router
from .statistics import Counting
from .store import GRAPH_FORMATS, ROW_FORMATS, Line
from .tables.kept import MOST_BYTES, KeptTables
from .validating.judges import Judges
from .watched_store import WatchedStore
from .witness import ID_HEADER, Account, Routes, Told, Witness
from .writing import PLACES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from fastapi import FastAPI, Request, Response

    from queries.query import Query

    from .settings import Settings
    from .store import Store

_log = logging.getLogger(__name__)
_DESCRIPTION = (
    "绩效: the published performance targets of China's public money as one graph that can be asked. "
    "Addresses without a language are for programs; `/zh/` and `/en/` are pages for people."
)
_PARTS: Final = (
    health,
    sparql,
    graph_store,
    descriptions,
    shacl,
    questions,
    flat_tables,
    things,
    reconcile,
    listings,
    documentation,
    pages_router,
)
"""In the order in which their addresses are tried."""
_ASSETS: Final = "/assets"
_THREADS: Final = 200
"""Requests that are worked on at a time: more than may wait for the store, so that others are answered meanwhile."""

_WORTH_COMPRESSING: Final = 1000
"""Bytes of an answer."""
_EXPOSED: Final = (
    "ETag",
    "Location",
    "Link",
    "Accept-Ranges",
    "Content-Range",
    "Retry-After",
    "RateLimit",
    ID_HEADER,
)
"""Headers that pages of other sites may read besides those that they always may."""
_HEADERS_BY_STATUS: Final = {401: {"WWW-Authenticate": 'Bearer realm="jixiao"'}, 503: {"Retry-After": "5"}}

_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_AS: Final = {"HEAD": "GET"}
"""What is answered as another method (`HeadAsGet`)."""


def make_app(
    store: Store,
    settings: Settings,
    questions_by_name: Mapping[str, Query],
    attendance: Attendance | None = None,
    metrics: Metrics | None = None,
    buckets: Buckets | None = None,
) -> FastAPI:
    """Return the application that answers from `store` with the questions of a catalogue.

    `attendance`: where to write down who waits, for whoever stops the service; `metrics`: what else is counted;
    `buckets`: how often clients have asked, where others answer them too.
    """
    attendance, metrics = attendance or Attendance(), metrics or Metrics()
    buckets = Buckets(settings.rate) if buckets is None else buckets
    metrics.program(_version())
    judges = Judges(settings.shacl_seconds, settings.workers)
    kept_tables = KeptTables(settings.report_seconds, MOST_BYTES // settings.workers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = _THREADS
        yield
        judges.close()
        kept_tables.close()

    app = DescribedApplication(
        lifespan=lifespan,
        title="jixiao 绩效",
        version=_version(),
        description=_DESCRIPTION,
        servers=[{"url": settings.public_path}] if settings.public_path else None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.context = Context(
        WatchedStore(store, metrics),
        questions_by_name,
        Renderer(settings),
        settings,
        judges,
        LongAnswers(settings.report_seconds),
        attendance,
        metrics,
        Counting(),
        tables(),
        kept_tables,
        KeptIndex(),
        Line(PLACES),
    )
    for part in _PARTS:
        app.include_router(part.router)
    app.mount(_ASSETS, StaticFiles(directory=str(files("service") / "assets")))
    for error in (*problems.KINDS, HTTPException, Exception):
        app.add_exception_handler(error, _tell)
    for media_type in (*ROW_FORMATS.values(), *GRAPH_FORMATS.values(), "text/csv", problems.MEDIA_TYPE):
        add_compress_type(media_type)
    app.add_middleware(Directly, endpoints=sparql.DIRECTLY, tell=_tell)
    app.add_middleware(Conditional, store=store, build=_build(), among=settings.workers)
    app.add_middleware(CompressMiddleware, minimum_size=_WORTH_COMPRESSING)
    app.add_middleware(HeadAsGet)
    app.add_middleware(Limits, rate=settings.rate, buckets=buckets, tell=_tell)
    app.add_middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["*"], allow_headers=["*"], expose_headers=_EXPOSED
    )
    app.add_middleware(SafeHeaders)
    app.add_middleware(Presence, attendance=attendance)
    app.add_middleware(Farewell, attendance=attendance, tell=_tell)
    app.add_middleware(Witness, routes=_routes(), hear=partial(_hear, metrics))
    return app


def _routes() -> Routes:
    """Return the addresses as templates."""
    listed = [route for part in _PARTS for route in part.router.routes if isinstance(route, APIRoute)]
    return Routes(
        [
            *((route.path_regex, route.path) for route in listed),
            (re.compile(rf"{_ASSETS}/"), _ASSETS),
            (re.compile("/openapi.json$"), "/openapi.json"),
        ]
    )


def _hear(metrics: Metrics, told: Told) -> None:
    metrics.request(told.route, told.method, told.status, told.seconds)
    logs.write_request(told)


def _version() -> str:
    try:
        return version("jixiao")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _build() -> str:
    """Return what stands for this program, so that nobody takes a page of an older one for a page of this."""
    own = Path(__file__).parent
    return f"{_version()} {max(file.stat().st_mtime_ns for file in own.rglob('*') if file.is_file())}"


def _tell(request: Request, error: Exception) -> Response:
    """Answer an error as a page to a person, as a problem document to a program."""
    problem = problems.problem_of(error)
    account: Account = request.scope["account"]
    account.problem = problem.kind.slug
    if problem.kind.status >= 500:
        _log.error("%s %s: %s", request.method, request.url.path, error)
    context: Context = request.app.state.context
    if wants_html(request.headers.get("accept")):
        language = context.renderer.language_of(request)
        return context.renderer.page(
            request, "problem.html", language, status=problem.kind.status, problem=problem
        )
    return JSONResponse(
        problem.as_json(request.url.path, account.id),
        status_code=problem.kind.status,
        media_type=problems.MEDIA_TYPE,
        headers={"Vary": "Accept", ID_HEADER: account.id, **_headers(request, problem.kind.status)},
    )


def _headers(request: Request, status: int) -> Mapping[str, str]:
    """Return the headers that an error of a status comes with."""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return {"Allow": ", ".join(_allowed(request))}
    return _HEADERS_BY_STATUS.get(status, {})


def _allowed(request: Request) -> list[str]:
    """Return the methods that an address takes; what one route says is true of that route alone."""
    app: FastAPI = request.app
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": _AS.get(method, method)})[0] is Match.FULL
            for route in app.routes
        )
    ]

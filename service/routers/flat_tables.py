# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""The graph as flat tables: `/tables/indicators.csv` and others, read directly by Excel, Stata, R and pandas.

A table is written to a file once for each version of the data, and sent from it.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.background import BackgroundTask

from ..context import Context, InContext
from ..kept_answers import ASKED
from ..loading import turns
from ..negotiation import Language, preferred_language, wants_html
from ..problems import BadRequest
from ..tables import codebook
from ..tables.exporting import write_table
from ..tables.files import FORMATS, Look, Titles, format_of
from ..tables.rows import DataChanged

if TYPE_CHECKING:
    from pathlib import Path

    from queries.tables import Table

    from ..store import Asker, Store

router = APIRouter(tags=["tables"])

Suffix = Literal["csv", "xlsx", "parquet", "dta"]
_KNOWN: Final = frozenset({"lang", "titles", "bom"})
_ATTEMPTS: Final = 3
"""How often a table is read anew because the data changed meanwhile."""
_LANG: Final = Query(description="The language of labels and descriptions in the cells")
_TITLES: Final = Query(description="What heads the columns: their names, or titles in Chinese or English")
_BOM: Final = Query(description="Begin CSV with a byte order mark, for old Excel")
_OBJECT: Final[dict[str, Any]] = {"type": "object"}
_METADATA: Final[dict[str, Any]] = {codebook.MEDIA_TYPE: {"schema": _OBJECT}}


@router.get(
    "/tables",
    summary="The tables of the data",
    responses={
        200: {"content": {"application/json": {"schema": {"type": "array", "items": _OBJECT}}}},
        303: {"description": "A browser is led to the page"},
    },
)
def list_tables(request: Request, context: InContext) -> Response:
    """List the tables with their columns and addresses; a browser is shown the page."""
    root = context.settings.public_path
    if wants_html(request.headers.get("accept")):
        language = preferred_language(request.headers.get("accept-language"))
        return RedirectResponse(
            f"{root}/{language}/tables", status_code=303, headers={"Vary": "Accept, Accept-Language"}
        )
    listed = [_as_json(table, f"{root}/tables/{name}") for name, table in context.flat.items()]
    return JSONResponse(listed, headers={"Vary": "Accept"})


@router.get(
    "/tables/csv-metadata.json",
    summary="What the columns of all tables are (CSV on the Web)",
    response_class=Response,
    responses={200: {"content": _METADATA}},
)
def describe_tables(context: InContext) -> Response:
    """Describe every column of every table: titles, datatype, unit and meaning, in Chinese and English."""
    return JSONResponse(codebook.csvw_of_all(context.flat), media_type=codebook.MEDIA_TYPE)


@router.get(
    "/tables/codebook.md",
    summary="The codebook to read",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/markdown": {}}}},
)
def tell_codebook(context: InContext, lang: Annotated[Language, _LANG] = "zh") -> Response:
    """Tell what every column of every table is, in Markdown."""
    return PlainTextResponse(codebook.markdown(context.flat, lang), media_type="text/markdown")


@router.get(
    "/tables/{name}.csv-metadata.json",
    summary="What the columns of a table are (CSV on the Web)",
    response_class=Response,
    responses={200: {"content": _METADATA}},
)
def describe_table(context: InContext, name: str) -> Response:
    """Describe every column of a table, where programs look for it beside the CSV."""
    return JSONResponse(codebook.csvw(context.table(name), f"{name}.csv"), media_type=codebook.MEDIA_TYPE)


@router.get(
    "/tables/{name}.{suffix}",
    summary="A table of the data",
    response_class=Response,
    responses={
        200: {"content": {one.media_type: {} for one in FORMATS.values()}},
        406: {"description": "What is needed to write this format is not installed"},
    },
)
def download(
    request: Request,
    context: InContext,
    name: str,
    suffix: Suffix,
    lang: Annotated[Language, _LANG] = "zh",
    titles: Annotated[Titles | None, _TITLES] = None,
    bom: Annotated[bool, _BOM] = False,
) -> Response:
    """Send all rows of a table as CSV, spreadsheet, Parquet or for Stata; columns stay what they are.

    Spreadsheets and Stata's labels have titles in the language of the labels unless `titles` says otherwise.
    """
    table, chosen = context.table(name), format_of(suffix)
    if unknown := sorted(set(request.query_params) - _KNOWN):
        raise BadRequest(
            f"a table has no parameter {unknown[0]}: it is always whole; choose rows by a question, /queries"
        )
    path, passing = _file(context, request.scope["asker"], table, suffix, Look(lang, titles, bom))
    sent = BackgroundTask(path.unlink, missing_ok=True) if passing else None
    links = f'<{name}.csv-metadata.json>; rel="describedby"; type="{codebook.MEDIA_TYPE}"'
    headers = {"Link": links, "Cache-Control": "no-cache", **_tag(request, path)}
    if suffix != "csv":
        headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return FileResponse(path, media_type=chosen.media_type, headers=headers, background=sent)


def _file(context: Context, asker: Asker, table: Table, suffix: str, look: Look) -> tuple[Path, bool]:
    """Return the file of a table as the data are now, and whether it is to be removed when it was sent.

    One that is kept is written to its end, whoever leaves: it is for whoever asks next, too.
    """
    kept, once = context.store.asked_by(asker.for_all()), context.store
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            if not (version := turns.version_of(once)):  # nobody can tell whether the data have changed
                return context.kept_tables.passing(partial(_write, once, table, suffix, look), asker), True
            asked = f"{version} {table.name} {suffix} {look}"
            return context.kept_tables.file(asked, partial(_write, kept, table, suffix, look), asker), False
        except DataChanged:
            if attempt == _ATTEMPTS:
                raise
    raise AssertionError


def _write(store: Store, table: Table, suffix: str, look: Look, path: Path) -> None:
    write_table(path, store, table, suffix, look)


def _tag(request: Request, path: Path) -> dict[str, str]:
    """Return the entity tag: of the data's version, and of this file.

    CSV is the same bytes whoever writes it; what else is written, or compressed on its way, means the same.
    """
    asked = request.scope.get(ASKED, "")
    if not asked:
        return {}
    is_plain = request.headers.get("accept-encoding", "identity") == "identity"
    same = is_plain and request.path_params["suffix"] == "csv"
    return {"ETag": f'{"" if same else "W/"}"{asked}-{path.stat().st_size:x}"'}


def _as_json(table: Table, address: str) -> dict[str, object]:
    offered = [suffix for suffix, chosen in FORMATS.items() if chosen.is_there]
    return {
        "name": table.name,
        "title": {"zh": table.title.zh, "en": table.title.en},
        "description": {"zh": table.description.zh, "en": table.description.en},
        "key": list(table.key),
        "columns": [
            {
                "name": column.name,
                "title": {"zh": column.title.zh, "en": column.title.en},
                "about": {"zh": column.about.zh, "en": column.about.en},
                "type": column.type.value,
                "unit": column.unit or None,
                "separator": column.separator or None,
            }
            for column in table.columns.values()
        ],
        **{suffix: f"{address}.{suffix}" for suffix in offered},
        "metadata": f"{address}.csv-metadata.json",
    }

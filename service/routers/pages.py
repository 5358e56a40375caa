# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""Pages for people, in Chinese and English. Each asks `pages/` what it shows and a template how it looks."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from ontology.namespaces import PREFIXES
from queries import RESERVED
from queries.errors import MissingParameterError

from ..addresses import iri_of
from ..answers import Table, select, table_of
from ..citing import VERSION, citation
from ..context import Context, InContext
from ..negotiation import Language, preferred_language
from ..others.catalogue import entries
from ..pages import departments, document, findings, overview, project, projects, quality, things
from ..problems import KINDS
from ..store import GRAPH_FORMATS, ROW_FORMATS, form_of
from ..tables import codebook
from ..tables.files import extra_formats

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
_MOST_ROWS_SHOWN: Final = 1000


@router.get("/")
def choose_language(request: Request, context: InContext) -> Response:
    """Lead to the overview in the language the browser prefers."""
    language = preferred_language(request.headers.get("accept-language"))
    address = f"{context.settings.public_path}/{language}/"
    return RedirectResponse(address, status_code=302, headers={"Vary": "Accept-Language"})


@router.get("/zh")
@router.get("/en")
def add_slash(request: Request, context: InContext) -> Response:
    """Lead from the address without the slash to the overview; no other address of one word is a page."""
    language = context.renderer.language_of(request)
    return RedirectResponse(f"{context.settings.public_path}/{language}/", status_code=307)


@router.get("/{language}/")
def show_overview(request: Request, context: InContext, language: Language) -> Response:
    """What is loaded, how far it can be measured, what came last, what to try."""
    return context.renderer.page(
        request,
        "overview.html",
        language,
        shown=overview.overview(context.store, language),
        questions=list(context.questions.values()),
    )


@router.get("/{language}/departments")
def show_departments(request: Request, context: InContext, language: Language) -> Response:
    """Every department with its units."""
    return context.renderer.page(
        request, "departments.html", language, departments=departments.departments(context.store)
    )


@router.get("/{language}/departments/{key:path}")
def show_department(
    request: Request, context: InContext, language: Language, key: str, page: PageNumber = 1
) -> Response:
    """One department or unit with its projects."""
    return context.renderer.page(
        request, "department.html", language, body=departments.body(context.store, key, page=page)
    )


@router.get("/{language}/projects")
def show_projects(
    request: Request,
    context: InContext,
    language: Language,
    q: str = "",
    unit: str = "",
    year: str = "",
    lacking: projects.Lacking = "",
    sort: projects.Sort = "",
    page: PageNumber = 1,
) -> Response:
    """The projects that pass a filter, one page at a time."""
    chosen = projects.Filter(q, unit, year, lacking, sort)
    return context.renderer.page(
        request,
        "projects.html",
        language,
        chosen=chosen,
        page=projects.projects(context.store, chosen, page=page),
        years=projects.years(context.store),
        units=_units(context),
    )


@router.get("/{language}/projects/{key}")
def show_project(
    request: Request,
    context: InContext,
    language: Language,
    key: str,
    year: str = "",
    version: str = "",
    cell: Annotated[str, Query(description="A cell of the source table to highlight: 28-5-5")] = "",
) -> Response:
    """One project: as printed beside as read, the findings, and the source table."""
    return context.renderer.page(
        request,
        "project.html",
        language,
        shown=project.project(context.store, key, language, year=year, version=version),
        chosen=f"cell-{cell}",
    )


@router.get("/{language}/quality")
def show_quality(
    request: Request, context: InContext, language: Language, unit: str = "", page: PageNumber = 1
) -> Response:
    """What the rules found, and which kinds of indicators each project has."""
    return context.renderer.page(
        request,
        "quality.html",
        language,
        shown=quality.quality(context.store, language, page=page, unit=unit),
        unit=unit,
        units=_units(context),
    )


@router.get("/{language}/quality/findings")
def show_findings(
    request: Request,
    context: InContext,
    language: Language,
    rule: str = "",
    severity: quality.Severity = "",
    unit: str = "",
    page: PageNumber = 1,
) -> Response:
    """Findings by department, project and row, each with its cell."""
    chosen = quality.Chosen(rule, severity, unit)
    return context.renderer.page(
        request,
        "findings.html",
        language,
        chosen=chosen,
        page=findings.findings(context.store, chosen, language, page=page),
        rules=quality.rules(context.store, language),
        units=_units(context),
        meanings=findings.meanings(language),
    )


@router.get("/{language}/documents/{key}")
def show_document(request: Request, context: InContext, language: Language, key: str) -> Response:
    """One document: where it is from, what it declares, what was read of it and what was not."""
    shown = document.document(context.store, key, language)
    return context.renderer.page(request, "document.html", language, shown=shown)


@router.get("/{language}/queries")
def show_questions(request: Request, context: InContext, language: Language) -> Response:
    """The catalogue of questions."""
    return context.renderer.page(
        request, "questions.html", language, questions=list(context.questions.values())
    )


@router.get("/{language}/queries/{name}")
def show_question(request: Request, context: InContext, language: Language, name: str) -> Response:
    """One question: its form, the answer, and the SPARQL that gives it."""
    question = context.question(name)
    values = {key: value for key, value in request.query_params.items() if value and key not in RESERVED}
    try:
        sparql = question.bind(**({"lang": language} if "lang" in question.parameters else {}) | values)
    except MissingParameterError:
        sparql = None
    table = select(context.store, sparql) if sparql else None
    cited = citation(context.store, question, values, language, context.site_of(request))
    return context.renderer.page(
        request,
        "question.html",
        language,
        question=question,
        cited=cited,
        outdated=request.query_params.get(VERSION, cited.version) != cited.version,
        extra="parquet" in extra_formats(),
        values=values,
        sparql=sparql,
        table=table,
        shown=_MOST_ROWS_SHOWN,
    )


@router.get("/{language}/sparql")
def show_sparql(request: Request, context: InContext, language: Language, query: str = "") -> Response:
    """A query in a text area, and its answer."""
    table, graph = _answer(context, query) if query.strip() else (None, None)
    return context.renderer.page(
        request,
        "sparql.html",
        language,
        query=query,
        table=table,
        graph=graph,
        shown=_MOST_ROWS_SHOWN,
        prefixes=PREFIXES,
        questions=list(context.questions.values()),
    )


@router.get("/{language}/data")
def show_data(request: Request, context: InContext, language: Language) -> Response:
    """Downloads, and how to read them from common software."""
    return context.renderer.page(
        request,
        "data.html",
        language,
        host=str(request.base_url).rstrip("/"),
        tables=context.flat,
        offered=extra_formats(),
        others=entries(context.store),
    )


@router.get("/{language}/tables")
def show_tables(request: Request, context: InContext, language: Language) -> Response:
    """The tables with their columns."""
    return context.renderer.page(
        request,
        "tables.html",
        language,
        tables=context.flat,
        offered=extra_formats(),
        kinds=codebook.KINDS,
    )


@router.get("/{language}/about")
def show_about(request: Request, context: InContext, language: Language) -> Response:
    """What this is, how things are counted, what the errors mean."""
    kinds = {kind.slug: kind for kind in KINDS.values()}
    return context.renderer.page(request, "about.html", language, kinds=list(kinds.values()))


@router.get("/problem/{slug}")
def show_problem(request: Request, context: InContext, slug: str) -> Response:
    """Lead from the type of a problem to its explanation."""
    language = preferred_language(request.headers.get("accept-language"))
    address = f"{context.settings.public_path}/{language}/about#problem-{slug}"
    return RedirectResponse(address, status_code=303, headers={"Vary": "Accept-Language"})


@router.get("/{language}/shape/{path:path}")
@router.get("/{language}/code/{path:path}")
@router.get("/{language}/def/{path:path}")
@router.get("/{language}/id/{path:path}")
def show_thing(request: Request, context: InContext, language: Language, path: str) -> Response:
    """Anything else with an IRI of ours: what it says and what points to it."""
    kind = request.scope["route"].path.split("/")[2]
    return context.renderer.page(
        request,
        "thing.html",
        language,
        shown=things.thing(context.store, iri_of(kind, path), language),
        local=f"{kind}/{path}",
    )


def _units(context: Context) -> dict[str, str]:
    """Return names of departments and units by key, for a form that lets a person choose one."""
    names: dict[str, str] = {}
    for department in departments.departments(context.store):
        if department.key:
            names[department.key] = f"{department.code} {department.name}"
        names |= {unit.key: f"{unit.code} {unit.name}" for unit in department.units}
    return names


def _answer(context: Context, query: str) -> tuple[Table | None, str | None]:
    """Return the answer as a table, or as Turtle when it is a graph."""
    if form_of(query).makes_graph:
        return None, context.store.query(query, GRAPH_FORMATS["ttl"]).decode()
    return table_of(context.store.query(query, ROW_FORMATS["json"])), None

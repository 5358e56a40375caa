# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/docs`: the HTTP API for people, drawn from the same OpenAPI document that machines read. No script."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from ..context import InContext

router = APIRouter(default_response_class=HTMLResponse, include_in_schema=False)


@router.get("/docs")
def show_api(request: Request, context: InContext) -> Response:
    """Every operation with its parameters and answers."""
    app: FastAPI = request.app
    language = context.renderer.language_of(request)
    return context.renderer.page(request, "api.html", language, schema=app.openapi())

# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/healthz`: whether the service answers and its store does, for whatever watches it."""

from __future__ import annotations

from fastapi import APIRouter

from ..answers import select
from ..context import InContext

router = APIRouter(tags=["service"])


@router.get("/healthz", summary="Whether the store answers")
def health(context: InContext) -> dict[str, str]:
    """Ask the store the least there is; 503 when it does not answer."""
    select(context.store, "ASK { }")
    return {"status": "ok"}

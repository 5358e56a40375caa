# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/healthz` and `/readyz`: whether the service lives, and whether to send it requests, for whatever watches it."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter

from ..context import InContext
from ..store import ServiceStopping

router = APIRouter(tags=["service"])

_READY: Final[dict[int | str, dict[str, Any]]] = {503: {"description": "No, and why not"}}


@router.get("/healthz", summary="Whether the service lives")
async def lives() -> dict[str, str]:
    """Answer, whatever becomes of the store: who gets no answer starts the service again."""
    return {"status": "ok"}


@router.get("/readyz", summary="Whether the service answers queries", responses=_READY)
def ready(context: InContext) -> dict[str, str]:
    """Ask the store the least there is; 503 with the reason when it does not answer, or the service stops."""
    if context.attendance.is_stopping:
        raise ServiceStopping("the service was told to stop: send requests elsewhere")
    context.store.ready()
    return {"status": "ready"}

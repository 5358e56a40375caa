# ruff: noqa: TC001 - FastAPI reads the annotations when it runs
"""`/healthz`, `/readyz`, `/metrics`: whether the service lives and is ready, and its figures, for those who watch."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from ..context import InContext
from ..problems import NotForAll, NotFound
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


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}, 403: {"description": "They are told to others"}},
)
def figures(request: Request, context: InContext) -> Response:
    """Tell how often and how fast requests and queries are answered, and what the store holds."""
    audience = context.settings.metrics
    if audience == "off":
        raise NotFound("this service tells no figures: it was started with --metrics off")
    if audience == "loopback" and not _is_loopback(request.client.host if request.client else ""):
        raise NotForAll(
            "figures are told on the machine of the service alone; `--metrics all` tells them to all"
        )
    return Response(context.metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _is_loopback(host: str) -> bool:
    """Return whether an address is of this machine.

    >>> _is_loopback("127.0.0.1"), _is_loopback("::1"), _is_loopback("10.0.0.7"), _is_loopback("")
    (True, True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False

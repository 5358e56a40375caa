"""What goes wrong, told to whoever asked: one table from class of error to status, title and advice.

Programs get `application/problem+json` (RFC 9457), people with a browser get a page; both say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from queries.errors import BindingError

from .store import (
    AnswerTooLarge,
    ChangeRefused,
    EndpointFailed,
    EndpointTooSlow,
    QueryAbandoned,
    QueryRefused,
    QuerySyntaxError,
    QueryTooDemanding,
    QueryTooLong,
    ServiceStopping,
    StoreBusy,
    StoreUnavailable,
    TooManyQueries,
    UnsuitableFormat,
    UpdateTooDemanding,
    UpdateTooLong,
)
from .validating.request import (
    Busy,
    NotRdf,
    ShapesFailed,
    ShapesRefused,
    TooDemanding,
    TooManyTriples,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .negotiation import Language

MEDIA_TYPE: Final = "application/problem+json"
_TYPE: Final = "https://w3id.org/jixiao/problem/"


class NotFound(Exception):
    """Nothing is known by the name that was asked for; the message repeats it."""


class ReadOnly(Exception):
    """Nobody may change the data through this service."""


class KeyNeeded(Exception):
    """The change needs a key, and none that holds was sent."""


class TooOften(Exception):
    """One client asks more often than it may."""


class NotForAll(Exception):
    """Not everybody may read this; the message says who may."""


class BadRequest(Exception):
    """The request lacks something or contradicts itself; the message says what to send."""


class GraphChanged(Exception):
    """A graph is not what a change was made on the condition of; the message says which, and what to do."""


class TooLarge(Exception):
    """The request is longer than is read here."""


class HeadTooLong(Exception):
    """The address and the headers of a request are longer than is read here."""


class TooSlow(Exception):
    """A request did not come in the time that a client has."""


class TooManyConnections(Exception):
    """More connections are open than may, of one client or of all."""


class TooMuch(Exception):
    """The answer would be made of more than one request may take; the message says what to ask for instead."""


class UnknownMediaType(Exception):
    """The body is in a media type that is not read here."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: HTTP status, its name in the address of its explanation, and a title a language."""

    status: int
    slug: str
    zh: str
    en: str

    def title(self, language: Language) -> str:
        """Return the title in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, as it is told. `line` and `column` are of the query, from 1."""

    kind: Kind
    detail: str
    line: int | None = None
    column: int | None = None
    offered: tuple[str, ...] = ()

    def as_json(self, instance: str, request_id: str = "") -> dict[str, object]:
        """Return the members of RFC 9457, and our own where they apply."""
        own: dict[str, object] = {
            "line": self.line,
            "column": self.column,
            "offered": list(self.offered),
            "request_id": request_id,
        }
        return {
            "type": f"{_TYPE}{self.kind.slug}",
            "title": self.kind.en,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": instance,
        } | {name: value for name, value in own.items() if value}


_FAILED: Final = Kind(500, "failed", "服务出错", "The service failed")
_NOT_FOUND: Final = Kind(404, "not-found", "没有找到", "Not found")
_BAD_REQUEST: Final = Kind(400, "bad-request", "请求有误", "The request does not fit")
_BUSY: Final = Kind(503, "busy", "请求过多，请稍后再试", "Too many requests at once")

KINDS: Final[Mapping[type[Exception], Kind]] = {
    QuerySyntaxError: Kind(400, "query-syntax", "查询语句有语法错误", "The query does not parse"),
    QueryRefused: Kind(403, "query-refused", "不执行这类查询", "This query is not run here"),
    UnsuitableFormat: Kind(406, "format", "没有所要的格式", "Not available in that format"),
    ChangeRefused: Kind(400, "change-refused", "无法写入", "The statements cannot be stored"),
    ReadOnly: Kind(403, "read-only", "本服务只读", "The service is read-only"),
    TooOften: Kind(429, "too-often", "请求过于频繁", "Too many requests of one client"),
    NotForAll: Kind(403, "not-for-all", "不对所有人开放", "Not open to all"),
    KeyNeeded: Kind(401, "key", "需要密钥", "A key is needed"),
    StoreUnavailable: Kind(503, "store-unavailable", "数据库暂不可用", "The store does not answer"),
    EndpointFailed: Kind(502, "endpoint-failed", "数据库端点出错", "The endpoint behind this service failed"),
    EndpointTooSlow: Kind(
        504, "endpoint-too-slow", "数据库端点超时", "The endpoint behind this service took too long"
    ),
    QueryTooLong: Kind(503, "query-too-long", "查询超时", "The query took too long"),
    QueryTooDemanding: Kind(
        413, "query-too-demanding", "查询占用内存过多", "The query takes too much memory"
    ),
    UpdateTooLong: Kind(503, "update-too-long", "更新超时", "The update took too long"),
    UpdateTooDemanding: Kind(
        413, "update-too-demanding", "更新占用内存过多", "The update takes too much memory"
    ),
    AnswerTooLarge: Kind(413, "answer-too-large", "查询结果过大", "The answer is too large"),
    TooManyQueries: _BUSY,
    StoreBusy: _BUSY,
    ServiceStopping: Kind(503, "stopping", "服务正在停止", "The service is stopping"),
    QueryAbandoned: Kind(499, "abandoned", "查询已中止", "Nobody waits for the answer any more"),
    BindingError: Kind(400, "parameter", "参数不合要求", "A parameter does not fit"),
    RequestValidationError: _BAD_REQUEST,
    BadRequest: _BAD_REQUEST,
    GraphChanged: Kind(
        412, "graph-changed", "图已变化，未作改动", "The graph is not what the condition says"
    ),
    TooLarge: Kind(413, "too-large", "请求过长", "The request is too long"),
    HeadTooLong: Kind(431, "head-too-long", "请求头过长", "The headers are too long"),
    TooSlow: Kind(408, "too-slow", "请求发送过慢", "The request came too slowly"),
    TooManyConnections: Kind(503, "connections", "连接过多", "Too many connections"),
    TooMuch: Kind(413, "too-much", "所要的范围过大", "Too much for one answer"),
    UnknownMediaType: Kind(415, "media-type", "不识别的内容类型", "The content type is not read here"),
    NotRdf: Kind(400, "not-rdf", "无法读作RDF", "Not readable as RDF"),
    ShapesFailed: Kind(400, "shapes-failed", "形状有误，无法校验", "The shapes cannot be judged by"),
    ShapesRefused: Kind(403, "shapes-refused", "不执行这类形状", "These shapes are not run here"),
    TooManyTriples: Kind(413, "too-many-triples", "三元组过多", "Too many triples"),
    TooDemanding: Kind(413, "too-demanding", "耗时或占用内存过多", "Takes too much time or memory"),
    Busy: _BUSY,
    NotFound: _NOT_FOUND,
}
"""Class of error → kind of problem; a subclass is told as its nearest parent."""


def problem_of(error: Exception) -> Problem:
    """Return how an error is told. What no table foresees says nothing of the inside."""
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), _FAILED)
    if kind is _FAILED:
        return Problem(kind, "an unforeseen error; the log of the service has the details")
    return Problem(
        kind,
        str(error),
        line=getattr(error, "line", None),
        column=getattr(error, "column", None),
        offered=getattr(error, "offered", ()),
    )


def _of_http(error: HTTPException) -> Problem:
    """Return the problem for what the router itself raises: no such path, no such method."""
    if error.status_code == _NOT_FOUND.status:
        return Problem(_NOT_FOUND, "there is nothing at this address")
    return Problem(Kind(error.status_code, "http", "请求有误", str(error.detail)), str(error.detail))


def _of_validation(error: RequestValidationError) -> Problem:
    """Return the problem for parameters of the wrong type; a path that cannot be is one that is not there."""
    faults = error.errors()
    if any(fault["loc"][0] == "path" for fault in faults):
        return Problem(_NOT_FOUND, "there is nothing at this address")
    told = "; ".join(f"{fault['loc'][-1]}: {fault['msg']}, not {fault.get('input')!r}" for fault in faults)
    return Problem(_BAD_REQUEST, told)

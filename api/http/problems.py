"""Errors as problem documents (RFC 9457): the one place where jiedui's errors become HTTP.

A problem says where, what and how to mend it in the reader's language (``detail``) and in both (``message``); what an error holds
besides its words (rows, clashes, members of a conflict) stands beside, as on the command line's ``--json``. Where the service keeps things is
told to those who run it alone.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException

from api.http.defects import written
from api.http.unplaced import unplaced
from api.service.faults import fault
from api.service.refusals import (
    NoMatch,
    NoSuchForm,
    NotFound,
    NotReady,
    Refused,
    Stale,
    TooLarge,
    TooMany,
    UnknownForm,
)
from api.service.service import Service
from graph.alerts.board import NoSuchAlert
from graph.errors import (
    CheckFailed,
    InfeasibleError,
    InputError,
    JieduiError,
    LimitReached,
    OutsideError,
    TableErrors,
    UsageError,
)
from graph.language import Text
from graph.office.findings import NoSuchFinding
from graph.office.reading import NoSuchRequest
from graph.office.request import SameEyes
from graph.questions.pair import NoSuchRelation
from graph.questions.place import NoSuchPlace, SeveralPlaces
from graph.store.proposal import NoSuchProposal
from graph.store.version import NoSuchNetwork
from graph.tables.report import report_json
from graph.wording import worded

PARAMETER = re.compile(r"\{[^}]*\}")
log = logging.getLogger("jiedui.http")
MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem.

    Parameters
    ----------
    name : str
        Last part of its ``type``.
    status : int
        HTTP status.
    title : Text
        What it is in a few words.
    """

    name: str
    status: int
    title: Text


NOT_FOUND = Kind("not-found", 404, Text("没有这一项", "not found"))
KINDS: tuple[tuple[type[BaseException], Kind], ...] = (
    (NotFound, NOT_FOUND),
    (NoSuchNetwork, NOT_FOUND),
    (NoSuchProposal, NOT_FOUND),
    (NoSuchPlace, NOT_FOUND),
    (NoSuchRelation, NOT_FOUND),
    (SeveralPlaces, Kind("ambiguous", 409, Text("不止一处", "may mean several"))),
    (NoSuchForm, Kind("not-acceptable", 406, Text("没有这种格式", "not given in that form"))),
    (SameEyes, Kind("four-eyes", 403, Text("须由他人来做", "somebody else has to do it"))),
    (NoSuchRequest, NOT_FOUND),
    (NoSuchFinding, NOT_FOUND),
    (NoSuchAlert, NOT_FOUND),
    (
        NoMatch,
        Kind(
            "no-match",
            428,
            Text("请用 If-Match 说明改的是哪一版", "If-Match has to say which state is changed"),
        ),
    ),
    (TooLarge, Kind("too-large", 413, Text("内容太大", "too large"))),
    (UnknownForm, Kind("unknown-form", 415, Text("不接受这种格式", "this form is not taken"))),
    (TableErrors, Kind("bad-rows", 422, Text("数据有错", "bad rows"))),
    (InputError, Kind("bad-input", 422, Text("读不成应有的样子", "cannot be read as what it should be"))),
    (UsageError, Kind("bad-request", 422, Text("请求的内容不对", "the request's words are wrong"))),
    (Refused, Kind("refused", 403, Text("不允许", "not allowed"))),
    (Stale, Kind("stale", 412, Text("已被他人改动", "changed by somebody else"))),
    (CheckFailed, Kind("conflict", 409, Text("与现状冲突", "in conflict with how things are"))),
    (InfeasibleError, Kind("infeasible", 422, Text("规则不能同时成立", "the rules cannot hold together"))),
    (LimitReached, Kind("limit", 422, Text("限度内没有答案", "no answer within the limit"))),
    (TooMany, Kind("too-many", 429, Text("太多了，请稍后再试", "too many, try again later"))),
    (NotReady, Kind("not-ready", 503, Text("尚不能服务", "not ready"))),
    (OutsideError, Kind("outside", 503, Text("外部出了问题", "something outside failed"))),
)
"""Error → its kind; the first that fits."""
DEFECT = Kind("defect", 500, Text("这是 jiedui 的缺陷", "this is a defect of jiedui"))
LONG_ADDRESS = Kind("long-address", 414, Text("地址太长", "the address is too long"))
BAD_HEAD = Kind("bad-head", 400, Text("请求头不合 HTTP 的写法", "the request's head is no HTTP"))
NO_HOST = Kind("bad-host", 400, Text("Host 须有且只有一个", "there has to be one Host"))
LONG_HEAD = Kind("long-head", 431, Text("请求头太大", "the request's head is too large"))
SLOW_HEAD = Kind("slow-head", 408, Text("请求头来得太慢", "the request's head comes too slowly"))
SLOW_BODY = Kind("slow-request", 408, Text("请求来得太慢", "the request comes too slowly"))
BUSY = Kind("busy", 503, Text("连接太多", "too many connections"))
SLOW = Kind("slow", 504, Text("超时", "it took too long"))
STOPPING = Kind("stopping", 503, Text("服务正在停止", "the service is stopping"))
UNTOLD = Kind("untold", 503, Text("审计日志无法写入", "the audit log cannot be written"))
NO_RANGE = Kind("range", 416, Text("没有这一段", "no such range"))
METHOD = Kind("method", 405, Text("这个地址不接受这种方法", "this method is not taken here"))
UNREADABLE = Kind("unreadable", 400, Text("内容读不懂", "the body cannot be read"))
OTHER = Kind("http", 400, Text("请求没有被接受", "the request was not taken"))
"""What a library refuses by a status alone, which goes before this one."""
FORM = Kind("bad-form", 422, Text("请求的写法不对", "the request is not written as it should be"))


def kind_of(error: BaseException) -> Kind:
    """The kind of problem that an error is; a defect of ours where it is none of jiedui's."""
    return next((kind for known, kind in KINDS if isinstance(error, known)), DEFECT)


def problem(
    request: Request, kind: Kind, text: Text, more: Mapping[str, Any] | None = None, *, status: int = 0,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:  # fmt: skip
    """A problem document.

    Parameters
    ----------
    request : Request
        What was asked; its path is the ``instance``.
    kind : Kind
    text : Text
        Where, what and how to mend it.
    more : mapping, optional
        What stands beside, under names of its own; what every document has stays.
    status : int
        Another status than the kind's.
    headers : mapping, optional
        Further headers.
    """
    with worded(None):  # as at the command line: what is wrong with what somebody sent is told in its words
        content: dict[str, Any] = {
            **(more or {}),
            "type": f"/problems/{kind.name}",
            "title": str(kind.title),
            "status": status or kind.status,
            "detail": str(text),
            "instance": request.url.path,
            "message": text.as_dict(),
            "request_id": request.scope.get("request_id", ""),
        }
    return JSONResponse(content, content["status"], dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Have every error of an app told as a problem document."""
    app.add_exception_handler(JieduiError, told)
    app.add_exception_handler(RequestValidationError, _form)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, defect)


def told(request: Request, error: Exception) -> JSONResponse:
    """One of jiedui's errors as a problem document."""
    assert isinstance(error, JieduiError)
    more: dict[str, Any] = dict(error.details())
    if isinstance(error, TableErrors):
        more["report"] = report_json(error.findings)
    headers: dict[str, str] = {}
    status = 0
    if isinstance(error, Refused):
        status = error.status
        if status == 401:
            headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, Stale) and error.etag:
        headers["ETag"] = error.etag
    if isinstance(error, TooLarge):  # nobody takes the rest of it
        headers["Connection"] = "close"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    text, caller = error.text, request.scope.get("caller")
    if caller is None or not caller.oversees:
        text, more = unplaced(_service_of(request), (text, more))
    return problem(request, kind_of(error), text, more, status=status, headers=headers)


def _service_of(request: Request) -> Service | None:
    """The service; ``None`` outside an app of one."""
    app = request.scope.get("app")
    return None if app is None else getattr(app.state, "service", None)


def _form(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = [(".".join(map(str, e["loc"])), fault(e)) for e in error.errors()]
    zh = "；".join(f"{where}：{what.zh}" for where, what in found)
    en = "; ".join(f"{where}: {what.en}" for where, what in found)
    wrong = [{"where": where, "what": str(what)} for where, what in found]
    return problem(request, FORM, Text(f"请改正：{zh}", f"mend: {en}"), {"errors": wrong})


BY_STATUS: Mapping[int, tuple[Kind, Text]] = {
    400: (
        UNREADABLE,
        Text(
            "读不懂请求的内容；JSON 是否完整、嵌套是否太深？",
            "the body cannot be read; is the JSON whole, and not nested too deep?",
        ),
    ),
    404: (NOT_FOUND, Text("没有这个地址；见 /openapi.json", "there is no such address; see /openapi.json")),
    405: (
        METHOD,
        Text(
            "这个地址不接受这种方法；Allow 列出可用的",
            "this address does not take that method; Allow lists those that it takes",
        ),
    ),
}
"""What libraries refuse by a status, and what to say of it."""


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, JieduiError):  # one of ours, met while FastAPI read the body
        return told(request, error.__cause__)
    words = str(error.detail)
    kind, text = BY_STATUS.get(error.status_code, (OTHER, Text(words, words)))
    headers = error.headers if error.status_code != 405 else {"Allow": ", ".join(sorted(_methods(request)))}
    return problem(request, kind, text, status=error.status_code, headers=headers)


def _methods(request: Request) -> set[str]:
    """Methods that an address takes: those of all routes with the path that says most of it itself; of equals the first."""
    routes = [r for r in iter_route_contexts(request.app.routes) if r.path_regex.match(request.scope["path"])]
    closest = max(routes, key=lambda route: len(PARAMETER.sub("", route.path or "")), default=None)
    methods = {method for r in routes if closest and r.path == closest.path for method in r.methods or ()}
    return methods | {"HEAD"} if "GET" in methods else methods


def defect(request: Request, error: Exception) -> JSONResponse:
    """A defect of ours: logged with its number, told to who asks without what it says.

    Who sits at the machine, and an admin, is told where it is written down.
    """
    number, caller = request.scope.get("request_id", ""), request.scope.get("caller")
    file = written(error, request.app.state.service.settings.data)
    log.error("defect", exc_info=error, extra={"facts": {"request_id": number, "file": str(file)}})
    text = Text(f"请报告请求编号 {number}", f"please report the request's number {number}")
    near = caller is not None and caller.oversees
    more: dict[str, Any] = {"log": str(file)} if near and file is not None else {}
    return problem(request, DEFECT, text, more)

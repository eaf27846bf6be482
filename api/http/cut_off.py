"""What is said to a connection that is cut off: a problem document, though no request has come that could be asked for its language."""

from __future__ import annotations

import json

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from api.http.problems import (
    BAD_HEAD,
    BUSY,
    LONG_HEAD,
    MEDIA_TYPE,
    NO_HOST,
    SLOW_BODY,
    SLOW_HEAD,
    Kind,
)
from api.service.settings import Settings
from graph.language import Text, several, speaking

HEAD_BYTES = 64 << 10
"""Of a head that has not come to its end, with the address; :mod:`api.http.middleware.bounds` tells of those that have."""
LEAST = 1024
"""Bytes that a body has to grow by in a second."""


def said(kind: Kind, limits: Settings) -> bytes:
    """The whole answer, in the service's own language and in both."""
    text = hint(kind, limits)
    with speaking(limits.language):
        told = {
            "type": f"/problems/{kind.name}",
            "title": str(kind.title),
            "status": kind.status,
            "detail": str(text),
            "message": text.as_dict(),
        }
    body = json.dumps(told, ensure_ascii=False).encode()
    head = f"content-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return STATUS_LINE[kind.status] + head.encode() + body


def hint(kind: Kind, limits: Settings) -> Text:
    """What was wrong and how to mend it, where no request has come that could be asked for its language."""
    return {
        SLOW_HEAD.name: Text(
            f"请求头要在 {limits.header_seconds} 秒内到齐（header_seconds）；一次写完再发",
            f"the head of a request has to be there within {several(limits.header_seconds, 'second')} (header_seconds): send it in one piece",
        ),
        SLOW_BODY.name: Text(
            f"内容在 {limits.body_seconds} 秒内没有增加 {LEAST * limits.body_seconds >> 10} KB（body_seconds）；请换更快的连接，或分成几次上传",
            f"the body did not grow by {LEAST * limits.body_seconds >> 10} KB within {several(limits.body_seconds, 'second')} (body_seconds): use a faster connection, or send less at once",
        ),
        LONG_HEAD.name: Text(
            f"请求头超过 {HEAD_BYTES >> 10} KB；检查 Cookie 和地址",
            f"the head has more than {HEAD_BYTES >> 10} KB: look at cookies and at the address",
        ),
        BAD_HEAD.name: Text(
            "请求不是 HTTP/1.1 的写法；请求头的值里是否带了回车（\\r）或空字符？是否把 https 发到了 http 的端口？",
            "this is no HTTP/1.1: is there a stray carriage return (\\r) in a header's value, or was https sent to a port of http?",
        ),
        NO_HOST.name: Text(
            "HTTP/1.1 的请求须有 Host，且只有一个；代理或脚本是否删了它，或又加了一个？",
            "a request by HTTP/1.1 has one Host and no second one: does a proxy or a script take it away, or add another?",
        ),
        BUSY.name: Text(
            f"连接已达上限（共 {limits.connections} 条）；请少开连接并重复使用，或稍后再试",
            f"there are as many connections as there may be ({limits.connections} in all): open fewer and use them again, or try later",
        ),
    }[kind.name]

"""Parts of a workbook: those that hold code, links to elsewhere or formulas are refused, and XML with a document type is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graph.errors import InputError
from graph.language import Text

REFUSED: tuple[tuple[str, Text], ...] = (
    ("vbaproject", Text("宏", "macros")),
    ("macrosheets/", Text("宏", "macros")),
    ("externallinks/", Text("指向别的工作簿的链接", "links to other workbooks")),
    ("connections.xml", Text("数据连接", "connections to data elsewhere")),
    ("querytables/", Text("数据连接", "connections to data elsewhere")),
    ("embeddings/", Text("嵌入的对象", "embedded objects")),
    ("activex/", Text("控件", "controls")),
    ("webextensions/", Text("加载项", "add-ins")),
    ("customui/", Text("加载项", "add-ins")),
    ("dialogsheets/", Text("宏", "macros")),
)
"""What of a part's name → what it is."""
KEPT = 512
"""Bytes of a piece that are looked at again with the next one."""
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?c\b[^<>]{0,200}?\br=\"([A-Z]{1,3}\d{1,7})\"[^<>]*>\s*<(?:\w+:)?f[\s/>]")
ANY_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
OUTSIDE = re.compile(rb"<(?:\w+:)?Relationship\b[^<>]*>", re.IGNORECASE)


def demand_plain_part(name: str) -> None:
    """Let a part pass that belongs to a workbook of values.

    Raises
    ------
    InputError
        When it holds code or what is elsewhere.
    """
    plain = name.casefold()
    for word, what in REFUSED:
        if word in plain:
            raise InputError(
                f"工作簿含有{what.zh}（{name[:80]}）；请另存为只含数值的 .xlsx",
                f"the workbook has {what.en} ({name[:80]}); save it as an .xlsx of values alone",
            )


def demand_plain_xml(name: str, pieces: Iterable[bytes]) -> None:
    """Let XML pass that is UTF-8 and has no document type, no entities, no formulas and no relation to elsewhere.

    Raises
    ------
    InputError
        When it has.
    """
    before, first = b"", True
    for piece in pieces:
        if first and piece:
            _demand_utf8(name, piece)
            first = False
        text = before + piece
        _demand_piece(name, text)
        before = text[-KEPT:]


def _demand_utf8(name: str, beginning: bytes) -> None:
    text = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()
    told = ENCODING.match(text)
    if (
        not text.startswith(b"<")
        or b"\0" in text[:200]
        or (told and told[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"))
    ):
        raise InputError(
            f"工作簿里的 {name[:80]} 不是 UTF-8 的 XML；请另存一次",
            f"{name[:80]} in the workbook is no XML in UTF-8; save it again",
        )


def _demand_piece(name: str, text: bytes) -> None:
    if DOCTYPE.search(text):
        raise InputError(
            f"工作簿里的 {name[:80]} 定义了 XML 实体或文档类型，拒绝读取",
            f"{name[:80]} in the workbook declares XML entities or a document type, which is refused",
        )
    if "worksheets/" in name.casefold() and ANY_FORMULA.search(text):
        cell = FORMULA.search(text)
        at = f" {cell[1].decode()}" if cell else ""
        raise InputError(
            f"工作簿的 {name[:80]}{at} 有公式；请选择性粘贴为数值后再发送",
            f"{name[:80]}{at} of the workbook has formulas; paste their values, then send it again",
        )
    if name.casefold().endswith(".rels"):
        for relation in OUTSIDE.findall(text):
            if (
                re.search(rb"TargetMode\s*=\s*[\"']External", relation, re.IGNORECASE)
                and b"/hyperlink" not in relation
            ):
                raise InputError(
                    f"工作簿的 {name[:80]} 指向外部；请断开链接",
                    f"{name[:80]} of the workbook leads outside; break its links",
                )

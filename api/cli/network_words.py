"""What the answers of ``jiedui ask`` call their columns and values, and how a frame of them is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import polars as pl

from api.cli.screen import (
    all_with_pinyin,
    marked,
    name_with,
    print_frame,
    print_more,
    titled,
)
from graph.language import Text, current_language
from graph.questions.protocol import Questions
from graph.schema import ENUMS, TABLES

TITLES = {
    "until": Text("到期", "until"),
    "kind": Text("类型", "kind"),
    "supporter_name": Text("帮扶方", "supporter"),
    "recipient_name": Text("受扶方", "recipient"),
    "mark": Text("标记", "mark"),
    "name": Text("名称", "name"),
    "postings": Text("任期数", "postings"),
    "first_secretaries": Text("其中第一书记", "first secretaries"),
    "villages": Text("村数", "villages"),
    "village_name": Text("村", "village"),
    "cadre": Text("干部", "cadre"),
    "role": Text("职务", "role"),
    "why": Text("缘由", "why"),
    "due": Text("日期", "day"),
    "first": Text("最早", "first"),
    "last": Text("最晚", "last"),
    "recipients": Text("受扶地区", "recipients"),
    "planned": Text("方案下", "planned"),
    "kinds": Text("类型", "kinds"),
    "capacity": Text("能力", "capacity"),
    "over": Text("超出", "over"),
    "share": Text("占比", "share"),
    "year": Text("年份", "year"),
    "item": Text("事项", "item"),
    "pledged": Text("承诺", "pledged"),
    "delivered": Text("兑现", "delivered"),
    "ratio": Text("兑现率", "ratio"),
    "origin": Text("出处", "origin"),
    "giver_name": Text("出资方", "from"),
    "taker_name": Text("受资方", "to"),
    "amount": Text("金额（元）", "amount (yuan)"),
    "degree": Text("关系数", "relations"),
    "betweenness": Text("中介度", "betweenness"),
    "since": Text("起", "since"),
}


_IDS_OF = (
    ("supporter_name", "supporter"),
    ("recipient_name", "recipient"),
    ("giver_name", "giver"),
    ("taker_name", "taker"),
    ("village_name", "village"),
    ("name", "supporter"),
    ("name", "region"),
    ("name", "id"),
)
"""Column of names → column of their ids."""

_WHY = {
    "until": Text("任期届满", "its end"),
    "minimum_term": Text("最短任期届满", "minimum term over"),
}
_ORIGINS = {"ledger": TABLES["ledger"].title, "fund_flows": TABLES["fund_flows"].title}


def _item(value: str) -> str:
    """An item of the ledger, or a stage of a flow of money."""
    return titled("flow_stage" if value in ENUMS["flow_stage"] else "ledger_item", value)


_SAID: dict[str, Callable[[str], str]] = {
    "kind": partial(titled, "relation_kind"),
    "kinds": partial(titled, "relation_kind"),
    "item": _item,
    "role": partial(titled, "role"),
    "mark": marked,
    "origin": lambda value: str(_ORIGINS[value]),
    "why": lambda value: str(_WHY[value]),
}
"""Column of codes → the words of one code."""


def listed(value: str | None, said: Callable[[str], str]) -> str:
    """Words of a cell; of several codes where ``;`` stands between them."""
    return str(Text("、", "; ")).join(said(part) for part in value.split(";")) if value else ""


def show_frame(
    questions: Questions,
    title: str,
    frame: pl.DataFrame,
    columns: str,
    limit: int,
    titles: Mapping[str, Text] | None = None,
) -> None:
    """The first rows of a frame with titles of values; in English, pinyin stands beside names. ``titles``: of columns, before the usual ones."""
    head = frame.head(limit)
    for column, ids in _IDS_OF:
        if current_language() == "en" and column in head.columns and ids in head.columns:
            sounds = questions.spoken(head[ids].to_list())
            said = [name_with(n, sounds.get(i, "")) for n, i in head.select(column, ids).iter_rows()]
            head = head.with_columns(pl.Series(column, said, dtype=pl.String))
    for column, words in _SAID.items():
        if column in head.columns:
            cells = [listed(v, words) for v in head[column]]
            head = head.with_columns(pl.Series(column, cells, dtype=pl.String))
    for column in ("giver_name", "taker_name"):
        if column in head.columns:  # also a fund source may give
            cells = [v or "" for v in head[column]]
            said = [
                v if "(" in v else w for v, w in zip(cells, all_with_pinyin(cells, questions), strict=True)
            ]
            head = head.with_columns(pl.Series(column, said, dtype=pl.String))
    known = {**TITLES, **(titles or {})}
    print_frame(title, {c: known[c] for c in columns.split()}, head, limit)
    print_more(frame.height, limit)

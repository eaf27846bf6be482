"""Broken promises of a plan made with ``--elastic``: how a stage stands, and who gets what."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from api.cli.progress import STATUS, broken_word
from api.cli.screen import figure, print_line, print_table
from graph.language import Text, current_language
from planner.elastic.broken import broken_about, broken_in, places_in
from planner.plan import Plan

HEADING = Text(
    "规则不能同时成立：这是违约最少的方案（--elastic），以下承诺没有守住",
    "The rules cannot hold together: this plan breaks as few promises as can be (--elastic), namely these",
)
NOTHING = Text("什么也没有", "gets nothing")


def status_word(head: Mapping[str, Any]) -> Text:
    """How a stage stands: where promises are broken that comes first, and whether it is shown that none breaks less."""
    broken = broken_in(head)
    if not broken:
        return STATUS.get(head["status"], Text(head["status"], head["status"]))
    told, elastic = broken_word(len(broken), places_in(broken)), head["details"]["elastic"]
    least = elastic["weight"] == elastic["weight_bound"]
    if least:
        return Text(f"{told.zh}（已证最少）", f"{told.en} (proved least)")
    share = elastic["weight_bound"] / elastic["weight"]
    return Text(f"{told.zh}（至少要违其 {share:.0%}）", f"{told.en} (at least {share:.0%} of that must be)")


def print_broken(plan: Plan, keys: Collection[str] = ()) -> None:
    """Each broken promise: rule, place, what was promised, what there is, and why; with ``keys`` those about one of them alone."""
    rows = [
        (
            f"{stage}.{p['rule']} {p['title'][current_language()]}",
            _about(plan, p["about"]),
            figure(p["required"]),
            f"{figure(p['got'])} ({NOTHING})" if p["nothing"] else figure(p["got"]),
            figure(p["short"]),
            p["why"][current_language()],
        )
        for stage, head in plan.stages.items()
        for p in (broken_about(plan, stage, keys) if keys else broken_in(head))
    ]
    if not rows:
        return
    columns = (
        Text("承诺", "promise"), Text("何处", "where"), Text("应", "required"), Text("有", "there is"), Text("差", "off by"), Text("为什么", "why"),
    )  # fmt: skip
    print_line(f"\n⚠ {HEADING}")
    print_table("", columns, rows)


def _about(plan: Plan, about: str) -> str:
    return (
        " → ".join(plan.network.label(part) for part in about.split(">"))
        if about
        else str(Text("全国", "the whole country"))
    )

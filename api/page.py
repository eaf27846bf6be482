"""A plan as one self-contained web page: charts drawn from its figures, nothing loaded from anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api.charts import HEIGHT, WIDTH, amount, kpi_chart, pair_maps, result_charts
from api.cli.broken import status_word
from api.cli.prices import in_points
from api.cli.show import (
    STATE,
    composition_of,
    gap_shown,
    in_ranks,
    points,
    said,
    said_table,
    shown_value,
    warnings_of,
)
from graph.language import Text, current_language
from graph.schema import ENUMS, TABLES
from graph.tables.write import disk_told, write_atomically
from planner.plan import Plan
from planner.price_words import PriceWords
from planner.stages import STAGES

PRICE_ROWS = 200
"""Rows of the table of prices on a page; a workbook has them all."""
TEMPLATES = Path(__file__).parent / "templates"


def write_page(plan: Plan, path: Path | str) -> Path:
    """Write the page, in the language in force; the file appears whole or not at all.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    return write_text(path, page_text(plan))


def write_text(path: Path | str, text: str) -> Path:
    """Write a text that appears whole or not at all. Raises as :func:`write_page`."""
    target = Path(path)
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return target


def rendered(template: str, **values: Any) -> str:
    """A page's HTML in the language in force; everything that comes from data is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    told = {"language": current_language(), "say": lambda zh, en: str(Text(zh, en))}
    return environment.get_template(template).render(**told, **values)


def page_text(plan: Plan) -> str:
    """The page's HTML; everything that comes from data is escaped."""
    return rendered(
        "plan.html.j2",
        plan=plan, title=said(plan.head["title"]),
        on=plan.head["inputs"]["date"], stages=stage_rows(plan), kpis=[kpi_chart(h) for h in plan.stages.values()],
        maps=pair_maps(plan), charts=result_charts(plan), rules=rule_rows(plan), marks=mark_rows(plan), cites=cite_rows(plan),
        prices=price_rows(plan), warnings=warnings_of(plan), width=WIDTH, height=HEIGHT,
    )  # fmt: skip


def stage_rows(plan: Plan) -> list[dict[str, Any]]:
    """Title, status, objective, bound, gap, what was decided and why the bound is true."""
    return [
        {
            "title": said(h["title"]), "status": str(status_word(h)), "code": h["status"],
            "objective": in_ranks(h, "objective") or points(h["objective"], h["scale"]),
            "bound": in_ranks(h, "bound") or points(h["bound"], h["scale"]), "counts": composition_of(h),
            "gap": gap_shown(h),
            "decided": "，".join(f"{n:,} {said_table(t)}" for t, n in h["rows"].items()),
            "engine": said(h["engine"]), "proof": said(h["proof"]),
        }
        for h in plan.stages.values()
    ]  # fmt: skip


def price_rows(plan: Plan) -> dict[str, Any] | None:
    """What a little more or less money would change: the most valuable by name, the table as far as a page goes, or why none.

    ``None`` where the plan does not decide about money, or is of a time when plans told no prices.
    """
    told = plan.stages.get("funds", {}).get("details", {}).get("prices")
    if not told:
        return None
    if "why_not" in told:
        return {"why_not": said(told["why_not"]), "step": "", "best": [], "rows": [], "more": 0}
    what, table = PriceWords(plan), plan.table("funds", "prices")
    best = [
        (str(what(r)), in_points(r["less"]), in_points(r["more"]), r["equals"] or "") for r in told["best"]
    ]
    rows = [
        (
            str(what(r)),
            in_points(r["less"]),
            amount(r["less_yuan"]),
            in_points(r["more"]),
            amount(r["more_yuan"]),
        )
        for r in table.head(PRICE_ROWS).iter_rows(named=True)
    ]
    step, more = f"{told['step']:,}", max(table.height - PRICE_ROWS, 0)
    return {"why_not": "", "step": step, "best": best, "rows": rows, "more": more}


def rule_rows(plan: Plan) -> list[dict[str, str]]:
    """Every rule: key, title, value, state and its tightest place; those that bind first."""
    found = []
    for stage, head in plan.stages.items():
        titles = {s.key: str(s.title) for s in STAGES[stage].settings}
        policy = plan.head["inputs"]["policy"][stage]
        for rule in head["rules"]:
            key = rule["rule"]
            found.append({"key": f"{stage}.{key}", "title": titles.get(key, ""), "value": shown_value(policy.get(key, "")),
                          "state": rule["state"], "word": str(STATE[rule["state"]]), "tightest": said(rule["tightest"])})  # fmt: skip
    order = list(STATE)
    return sorted(found, key=lambda r: order.index(r["state"]))


def mark_rows(plan: Plan) -> list[tuple[str, str, int]]:
    """Table, mark with its code word, rows: what is not from a source."""
    return [
        (
            str(TABLES[table].title),
            f"{ENUMS['mark'][mark].zh} {mark}" if current_language() == "zh" else mark,
            n,
        )
        for table, counts in plan.head["marks"].items()
        for mark, n in counts.items()
    ]


def cite_rows(plan: Plan) -> list[tuple[str, str]]:
    """Policy values that cite a policy."""
    return [(f"{s}.{k}", c) for s, cites in plan.head["inputs"]["cites"].items() for k, c in cites.items()]

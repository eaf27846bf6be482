"""``jiedui show``: a plan on one screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
import cloup

from api.cli.broken import print_broken, status_word
from api.cli.fairness import show_fairness
from api.cli.prices import price_table, print_best, print_price_table
from api.cli.rows import print_rows, result_table
from api.cli.screen import figure, print_json, print_line, print_table, with_pinyin
from graph.language import Text, current_language
from graph.schema import ENUMS, TABLES
from planner.plan import Plan, read_plan
from planner.policy import as_written

UNDATED = "1970-01-01"
"""The date of a scenario whose tables hold no date at all."""
STATE = {
    "binding": Text("起作用", "binding"),
    "slack": Text("有余量", "slack"),
    "off": Text("关闭", "off"),
    "broken": Text("违反", "broken"),
}

STATES_MEAN = Text(
    "起作用：在本方案中某处已无余地，或单独挡住了别的规则都允许的选择，或（权重）计入成本；有余量：处处有余地，什么也没有挡住。\n"
    "选择取整数，有余量的规则仍可能影响方案；去掉它会怎样，用 jiedui plan --set 阶段.键=off 另做一个方案来比较。",
    "binding: somewhere in this plan it leaves no room, or it alone forbids a choice that all others allow, or (a weight) "
    "it is part of the cost; slack: room everywhere, and nothing forbidden.\n"
    "Choices are whole, so a slack rule may still shape the plan: compare with a plan made by jiedui plan --set STAGE.KEY=off.",
)


@cloup.command("show", help=str(Text("一屏看懂一个方案", "a plan on one screen")))
@cloup.argument("plan", default="plans")
@cloup.option("--rules", "all_rules", is_flag=True, help=str(Text("列出全部规则", "list every rule")))
@cloup.option(
    "--table", metavar="TABLE", help=str(Text("显示一张结果表的行", "show the rows of one result table"))
)
@cloup.option(
    "--prices",
    is_flag=True,
    help=str(
        Text(
            "资金：多或少一百万元会怎样，逐项",
            "money: what a million yuan more or less would change, one by one",
        )
    ),
)
@cloup.option(
    "--fairness",
    is_flag=True,
    help=str(
        Text(
            "公平的价格：抬高最低满足率会少满足多少（要再求解约十次）",
            "the price of fairness: what raising the least met share costs (solves some ten times)",
        )
    ),
)
@cloup.option(
    "--svg",
    metavar="FILE",
    help=str(Text("与 --fairness 合用：写成图", "with --fairness: write it as a picture")),
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=str(Text("与 --table、--prices 合用：最多几行", "with --table and --prices: rows")),
)
@cloup.option(
    "--html",
    metavar="FILE",
    help=str(Text("写成一个独立网页（含图）", "write one self-contained page with charts")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    plan: str,
    all_rules: bool,
    table: str | None,
    prices: bool,
    fairness: bool,
    svg: str | None,
    limit: int,
    html: str | None,
    as_json: bool,
) -> None:
    """Show a plan."""
    found = read_plan(plan)
    if html:
        from api.page import write_page

        write_page(found, html)
        if not as_json:
            print_line(Text(f"已写入 {html}", f"written: {html}"))
    if fairness or svg:
        show_fairness(found, svg, as_json)
    elif prices:
        if as_json:
            frame = price_table(found)
            print_json({"prices": "funds", "rows": frame.height, "shown": frame.head(limit).to_dicts()})
        else:
            print_price_table(found, limit)
    elif table:
        frame = result_table(found, table)
        if as_json:
            print_json({"table": table, "rows": frame.height, "shown": frame.head(limit).to_dicts()})
        else:
            print_rows(found, table, frame, limit)
    elif as_json:
        print_json({"folder": str(found.folder), **found.head})
    elif not html:
        print_plan(found, all_rules)


def print_plan(plan: Plan, all_rules: bool = False) -> None:
    """Title, stages, key figures beside the baseline, rules, warnings, marks."""
    title = said(plan.head["title"])
    on = plan.head["inputs"]["date"]
    dated = "" if on == UNDATED else f"  ·  {Text('基准日', 'as of')} {on}"
    print_line(f"\n{title}  ·  {plan.id}{dated}")
    if not plan.head["reproducible"]:
        print_line(Text("  ⚠ 被时限截断，不可复现", "  ⚠ cut short by the clock: not reproducible"))
    print_stages(plan)
    print_broken(plan)
    for name, head in plan.stages.items():
        print_kpis(name, head)
    print_best(plan)
    print_rules(plan, all_rules)
    for warning in warnings_of(plan):
        print_line(f"⚠ {with_pinyin(warning, plan.network)}")
    print_marks(plan)


def warnings_of(plan: Plan) -> list[str]:
    """What each stage warns of, behind its title."""
    told = [(Text(**head["title"]), Text(**w)) for head in plan.stages.values() for w in head["warnings"]]
    return [str(Text(f"{title.zh}：{w.zh}", f"{title.en}: {w.en}")) for title, w in told]


def said(both: dict[str, str]) -> str:
    """The wording of the language in force, from a stored pair."""
    return both[current_language()]


def print_stages(plan: Plan) -> None:
    """One line per stage: status, objective, bound, gap, what stands behind the bound, what was decided."""
    rows = []
    for head in plan.stages.values():
        proof = Text("证书", "certificate") if head.get("bound_proved") else Text("求解器", "solver's word")
        rows.append(
            (
                said(head["title"]),
                str(status_word(head)),
                in_ranks(head, "objective") or points(head["objective"], head["scale"]),
                in_ranks(head, "bound") or points(head["bound"], head["scale"]),
                gap_shown(head),
                "" if head["bound"] is None else str(proof),
                ", ".join(f"{figure(n)} {said_table(t)}" for t, n in head["rows"].items()),
            )
        )
    columns = (
        Text("阶段", "stage"),
        Text("状态", "status"),
        Text("目标", "objective"),
        Text("界", "bound"),
        Text("差距", "gap"),
        Text("界凭什么", "bound by"),
        Text("结果", "decided"),
    )
    print_table("", columns, rows)
    print_composition(plan)


def gap_shown(head: Mapping[str, Any]) -> str:
    """How far from the best the objective is at most; in ranks that of each until one is not at its bound."""
    if head["gap"] is None:
        return ""
    composed = head.get("composition") or {}
    parts = composed.get("parts", ()) if composed.get("ranked") else ()
    if not parts or any(p["bound"] is None for p in parts):
        return f"{head['gap']:.3%}" if head["gap"] else "0"
    told = []
    for part in parts:
        gap = abs(part["objective"] - part["bound"]) / max(1, abs(part["objective"]))
        told.append(f"{gap:.3%}" if gap else "0")
        if gap:
            break
    return " › ".join(told) if told[-1] != "0" else "0"


def in_ranks(head: Mapping[str, Any], of: str) -> str:
    """Objective or bound of a stage in its ranks, ``first › second``; empty where it has none."""
    composed = head.get("composition") or {}  # plans of older versions tell none
    values = [part[of] for part in composed.get("parts", ())]
    return " › ".join(map(part_value, values)) if composed.get("ranked") and None not in values else ""


def part_value(value: float) -> str:
    """A part of an objective; counts without decimals."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,.3f}"


def part_change(change: float) -> str:
    """By how much a part of an objective differs, with its sign; what rounds to nothing is +0.000."""
    return f"{change:+,}" if isinstance(change, int) else f"{round(change, 3) + 0.0:+,.3f}"


def composition_of(head: Mapping[str, Any]) -> str:
    """What a stage's objective counts: its parts, and in words how they go together."""
    composed = head.get("composition")
    if not composed:
        return ""
    words, between = said(composed["words"]), " › " if composed["ranked"] else " + "
    parts = between.join(f"{said(p['title'])} {part_value(p['objective'])}" for p in composed["parts"])
    return f"{parts}{Text('（', ' (')}{words}{Text('）', ')')}" if parts else words


def print_composition(plan: Plan) -> None:
    """What each stage's objective counts, a line per stage."""
    rows = [(said(h["title"]), composition_of(h)) for h in plan.stages.values() if h.get("composition")]
    if rows:
        print_table(f"\n{Text('目标计什么', 'What the objective counts')}", ("", ""), rows)


def said_table(name: str) -> str:
    """A result table's title."""
    from graph.schema import RESULTS

    return str(RESULTS[name].title)


def points(value: int | None, scale: int) -> str:
    """An objective in points (or whatever ``scale`` units make)."""
    return "–" if value is None else f"{value / scale:,.3f}" if scale > 1 else f"{value:,}"


def print_kpis(name: str, head: dict[str, Any]) -> None:
    """Key figures of a stage, the baseline beside them."""
    shown = shown_beside(head)
    rows = [
        (said(k["title"]), figure(k["plan"]), figure(k["baseline"]), judged(k),
         *(figure(k["beside"][n]) for n in shown), unit_name(k["unit"]))
        for k in head["kpis"]
    ]  # fmt: skip
    columns: tuple[Text | str, ...] = (
        Text("指标", "key figure"),
        Text("方案", "plan"),
        Text("对照", "baseline"),
        "",
        *(said(o["title"]) for o in shown.values()),
        Text("单位", "unit"),
    )
    print_table(f"\n{said(head['title'])}", columns, rows)
    for other in head.get("beside", {}).values():
        print_line(f"{said(other['title'])}{Text('：', ': ')}{said(other['note'])}")
    del name


def shown_beside(head: Mapping[str, Any]) -> dict[str, Any]:
    """Further plans of a stage that have key figures, by their short names."""
    found = head.get("beside", {})
    return {n: o for n, o in found.items() if any(k["beside"].get(n) is not None for k in head["kpis"])}


def judged(kpi: dict[str, Any]) -> str:
    """``▲`` better than the baseline, ``▼`` worse, nothing where neither can be said."""
    plan, baseline, better = kpi["plan"], kpi["baseline"], kpi["better"]
    if plan is None or baseline is None or not better or plan == baseline:
        return ""
    return "▲" if (plan > baseline) == (better == "more") else "▼"


UNITS = {
    "counties": Text("县", "counties"), "pairs": Text("对", "pairs"), "units": Text("个单位", "units"),
    "points": Text("分", "points"), "persons": Text("人", "persons"), "villages": Text("村", "villages"),
    "yuan": Text("元", "yuan"), "share": Text("比例", "share"), "km": Text("公里", "km"), "posts": Text("岗位", "posts"),
    "years": Text("年", "years"), "days": Text("天", "days"), "visits": Text("次", "visits"), "regions": Text("个地区", "regions"),
    "households": Text("户", "households"), "teams": Text("组", "teams"), "provinces": Text("省", "provinces"),
    "times": Text("倍", "times"), "yuan a year": Text("元/年", "yuan a year"), "score": Text("分", "score"),
}  # fmt: skip


def unit_name(unit: str) -> str:
    """A KPI's unit in words."""
    return str(UNITS.get(unit, unit))


def print_rules(plan: Plan, all_rules: bool) -> None:
    """Which rules bind, a line per stage; with ``--rules`` every rule with value, state and tightest place."""
    from planner.stages import SETTINGS

    rows: list[tuple[str, ...]] = []
    for stage, head in plan.stages.items():
        titles = {s.key: str(s.title) for s in SETTINGS[stage]}
        policy = plan.head["inputs"]["policy"][stage]
        if all_rules:
            rows += [
                (
                    f"{stage}.{rule['rule']}",
                    titles.get(rule["rule"], ""),
                    shown_value(policy.get(rule["rule"], "")),
                    str(STATE[rule["state"]]),
                    with_pinyin(said(rule["tightest"]), plan.network),
                )
                for rule in head["rules"]
            ]
        else:
            binding = [r["rule"] for r in head["rules"] if r["state"] == "binding"]
            off = sum(r["state"] == "off" for r in head["rules"])
            broken = sum(r["state"] == "broken" for r in head["rules"])
            names = str(Text("、", "; "))
            counts = Text(
                f"{len(binding)} 条起作用，{len(head['rules']) - len(binding) - off - broken} 条有余量，{off} 条关闭",
                f"{len(binding)} bind, {len(head['rules']) - len(binding) - off - broken} slack, {off} off",
            )
            if broken:
                counts = Text(f"{broken} 条违反，{counts.zh}", f"{broken} broken, {counts.en}")
            rows.append((said(head["title"]), str(counts), names.join(titles.get(r, r) for r in binding)))
    if all_rules:
        titles_of = (
            Text("规则", "rule"),
            "",
            Text("值", "value"),
            Text("状态", "state"),
            Text("最紧之处", "tightest"),
        )
        print_table(f"\n{Text('规则', 'Rules')}", titles_of, rows)
        print_line(STATES_MEAN)
    else:
        print_table(
            "\n",
            (
                Text("规则", "rules"),
                "",
                Text("起作用的（--rules 看全部）", "those that bind (--rules shows all)"),
            ),
            rows,
        )


def shown_value(value: object) -> str:
    """A policy value as it stands in the file, shortened."""
    text = as_written(value)
    return text if len(text) <= 32 else text[:31] + "…"


def print_marks(plan: Plan) -> None:
    """How much of what the plan read is not from a source."""
    marks = plan.head["marks"]
    if not marks:
        return
    left, right, between = Text("（", " ("), Text("）", ")"), Text("、", ", ")
    parts = []
    for table, counts in marks.items():
        listed = str(between).join(f"{ENUMS['mark'][m]} {figure(n)}" for m, n in counts.items())
        parts.append(f"{TABLES[table].title}{left}{listed}{right}")
    heading = Text("并非来自来源的数据行：", "rows that are not from a source: ")
    print_line(f"\n{heading}" + str(Text("；", "; ")).join(parts))

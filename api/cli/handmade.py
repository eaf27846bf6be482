"""``jiedui verify SCENARIO --plan FILE``: check a plan that people made."""

from __future__ import annotations

from api.cli.screen import figure, print_json, print_line, print_table
from api.cli.show import judged, points, unit_name
from graph.errors import ReportFailed
from graph.language import Text, several
from graph.schema import ENUMS
from planner.handmade import HandmadeCheck, StageReport
from planner.handmade import check_handmade as check
from planner.scenario import read_scenario

SHOWN = 100


def check_handmade(scenario: str, file: str, bound: str | None, as_json: bool) -> None:
    """Print what a hand-made plan breaks, its key figures, its cost and the gap.

    Raises
    ------
    ReportFailed
        When it breaks a rule.
    """
    found = check(read_scenario(scenario, trust_shipped=True, domain=False), file, bound)
    if as_json:
        print_json(found.as_dict())
    else:
        print_check(found)
    if not found.ok:
        n = sum(len(s.broken) for s in found.stages)
        raise ReportFailed(f"{file}：{n} 处违反规则", f"{file}: rules are broken in {several(n, 'place')}")


def print_check(found: HandmadeCheck) -> None:
    """Warnings, then stage after stage."""
    for finding in found.findings:
        print_line(f"⚠ {finding.text}")
    for note in found.notes:
        print_line(f"· {note}")
    for report in found.stages:
        print_stage(report)


def print_stage(report: StageReport) -> None:
    """Broken rules, key figures, cost and gap of one stage."""
    print_line("")
    for broken in report.broken[:SHOWN]:
        print_line(f"✗ {broken.text}")
    if len(report.broken) > SHOWN:
        more = len(report.broken) - SHOWN
        print_line(Text(f"……另有 {more} 处（--json 看全部）", f"… and {more} more (--json shows all)"))
    print_open(report)
    if not report.broken:
        held = sum(r.state in ("binding", "slack") for r in report.rules)
        whole = Text(f"✓ {report.stage}：{held} 条规则全部成立", f"✓ {report.stage}: all {held} rules hold")
        judged_only = Text(
            f"✓ {report.stage}：能判定的 {held} 条规则全部成立",
            f"✓ {report.stage}: all {held} rules that can be judged hold",
        )
        print_line(judged_only if any(r.state == "open" for r in report.rules) else whole)
    rows = []
    for kpi, baseline in report.kpis:
        told = {"plan": kpi.value, "baseline": baseline, "better": kpi.better}
        mine = str(Text("不知", "not known")) if kpi.value is None else figure(kpi.value)
        rows.append((str(kpi.title), mine, figure(baseline), judged(told), unit_name(kpi.unit)))
    columns = (
        Text("指标", "key figure"),
        Text("手工方案", "hand-made"),
        Text("对照", "baseline"),
        "",
        Text("单位", "unit"),
    )
    print_table("", columns, rows)
    print_line(cost_line(report))


def print_open(report: StageReport) -> None:
    """What rests on decisions that nobody knows: a line per rule, with its first place."""
    for rule in dict.fromkeys(b.rule for b in report.open):
        places = [b for b in report.open if b.rule == rule]
        stages = dict.fromkeys(s for b in places for s in b.rests_on)
        first = places[0].text
        zh, en = (mark.join(ENUMS["stage"][s][i] for s in stages) for i, mark in enumerate(("、", ", ")))
        print_line(Text(f"？ {first.zh}；同类共 {len(places)} 处，是否违反取决于{zh}",
                        f"? {first.en}; {len(places)} places like it: whether it is wrong rests on {en}"))  # fmt: skip


def cost_line(report: StageReport) -> Text:
    """Cost, bound and gap in one line."""
    cost = points(report.objective, report.scale)
    if report.objective is None:
        return Text("成本：不知（文件中没有成本）", "cost: not known (the file has no costs)")
    if report.bound is None or report.gap is None:
        return Text(f"成本 {cost}；没有已知的界", f"cost {cost}; no bound known")
    best = points(report.bound.value, report.bound.scale)
    origin = report.bound.origin
    but = (
        Text("；因违反规则，差距仅供参考", "; rules are broken, so the gap says little")
        if report.broken
        else Text("", "")
    )
    return Text(
        f"成本 {cost}；界 {best}（{origin.zh}）；差距 {report.gap:.2%}{but.zh}",
        f"cost {cost}; bound {best} ({origin.en}); gap {report.gap:.2%}{but.en}",
    )

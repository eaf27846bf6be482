"""``jiedui accept``: whether a plan may take the place of another, by its key figures."""

from __future__ import annotations

import cloup

from api.cli.screen import figure, print_json, print_line, print_table
from graph.errors import ReportFailed
from graph.language import Text, several
from planner.acceptance import Verdict, accept
from planner.cross import measured_otherwise
from planner.plan import read_plan


@cloup.command(
    "accept",
    help=str(
        Text(
            "方案是否可以取代另一个：逐项指标合格与否",
            "whether a plan may take another's place: pass or fail by key figure",
        )
    ),
)
@cloup.argument("base")
@cloup.argument("candidate")
@cloup.option("--kpi", "kpis", multiple=True, metavar="CONDITION",
              help=str(Text("条件，写作 \"阶段.指标 >= base * 0.98\"、\"阶段.指标 <= base + 5%\"、\"阶段.指标 = 0\"（base：原方案的值；baseline：对照的值），"
                            "或只写 阶段.指标（不差于原方案）；缺省：所有有好坏方向的指标都不变差",
                            "a condition such as \"funds.points >= base * 0.98\", \"cadres.cost <= base + 5%\", \"exit.late = 0\", or STAGE.KEY alone (no worse "
                            "than the base plan); default: no figure with a better direction is worse")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, base: str, candidate: str, kpis: tuple[str, ...], as_json: bool) -> None:
    """Judge, and end with 0 where all pass, else 1."""
    plans = [read_plan(base), read_plan(candidate)]
    verdicts = accept(plans[0], plans[1], kpis)
    failed = [v for v in verdicts if not v.passed]
    if as_json:
        print_json({"accepted": not failed, "verdicts": [v.to_dict() for v in verdicts]})
    else:
        print_verdicts(verdicts)
        if lost := [s for s in plans[0].stages if s not in plans[1].stages]:
            listed = ", ".join(lost)
            print_line(
                Text(
                    f"⚠ 候选方案没有 {listed} 的决定，其指标缺数",
                    f"⚠ the candidate decides nothing of {listed}: its figures are missing",
                )
            )
        for stage, keys in measured_otherwise(plans).items():
            listed = ", ".join(keys)
            print_line(Text(
                f"⚠ {stage}：{listed} 不同，两个方案的成本衡量方式不同（jiedui compare 按同一尺度比较）",
                f"⚠ {stage}: {listed} not the same, so the two plans measure cost in their own ways (jiedui compare measures both alike)",
            ))  # fmt: skip
    if failed:
        raise ReportFailed(*refusal(failed))


def refusal(failed: list[Verdict]) -> Text:
    """The last line of a refusal."""
    names = ", ".join(v.condition.name for v in failed)
    return Text(f"{len(failed)} 项不合格：{names}", f"{several(len(failed), 'condition')} failed: {names}")


def shown(verdict: Verdict) -> tuple[str, str, str]:
    """Both figures and the limit; with more digits where three behind the point would not tell them apart."""
    told = (verdict.base, verdict.candidate, verdict.limit)
    short = tuple(figure(v) for v in told)
    alike = verdict.candidate != verdict.limit and short[1] == short[2]
    found = tuple("" if v is None else f"{v:,.9g}" for v in told) if alike else short
    return (found[0], found[1], found[2])


def print_verdicts(verdicts: list[Verdict]) -> None:
    """A line for each condition."""
    states = {
        True: Text("✓ 合格", "✓ passed"),
        False: Text("✗ 不合格", "✗ failed"),
        None: Text("✗ 缺数", "✗ figure missing"),
    }
    rows = [
        (
            str(states[v.passed]),
            str(v.condition),
            str(v.title),
            *shown(v),
        )
        for v in verdicts
    ]
    columns: list[Text | str] = [
        "",
        Text("条件", "condition"),
        Text("指标", "key figure"),
        Text("原方案", "base"),
        Text("候选", "candidate"),
        Text("限", "held against"),
    ]
    print_table("", columns, rows)
    if all(v.passed for v in verdicts):
        print_line(Text(f"✓ {len(verdicts)} 项全部合格", f"✓ {several(len(verdicts), 'condition')} passed"))

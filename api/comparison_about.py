"""The first sheet of a comparison's workbook: which plans, what the colours mean, what is on which sheet."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from api.comparison_words import not_planned_said
from graph.language import Text, several
from planner.compare import Comparison
from planner.sheets import Sheet

ON = {
    "settings": Text("不同的政策值", "policy values that differ"),
    "kpis": Text("每个方案的指标、对照，以及与第一个方案之差", "each plan's key figures, baselines, and differences from the first plan"),
    "costs": Text("权重不同的阶段：各方案的决定按同一取值的成本", "stages that are weighed differently: each plan's decisions by the values of each"),
    "received": Text("每个县得到的结对、人、钱，每个方案一列", "pairs, people and money of each county, a column per plan"),
    "received_by_kind": Text("同上，按类别，只列有变化的", "the same by kind, where it changes"),
    "given": Text("每个帮扶方承担的结对、人、钱、负载", "pairs, people, money and load of each supporter"),
    "given_by_kind": Text("同上，按类别，只列有变化的", "the same by kind, where it changes"),
    "balance": Text("多少个得、多少个失、合计多少", "how many gain, how many lose, and how much in all"),
    "gini": Text("分得多均匀；0：人人一样，越大越不均", "how evenly; 0: all have the same, the larger the less even"),
    "lorenz": Text("画洛伦兹曲线的点", "points of the Lorenz curves"),
    "worst": Text("得到最少的十个县，承担最多的十个帮扶方", "the ten counties that receive least, the ten supporters who give most"),
    "partners": Text("换了对象、新增或取消的受扶方", "recipients whose partners are swapped, new or ended"),
    "partner_counts": Text("结对的变化，按省合计", "pairs that change, summed by province"),
    "links": Text("每个方案的每一对：保持、新增、取消", "each pair of each plan: kept, new or ended"),
    "moves": Text("换村、换岗、新派、退出的干部，及公里数", "cadres who change village or post, enter or leave, with km"),
    "churn": Text("人员变动，按省合计", "people who change, summed by province"),
    "flows": Text("从出资省到受益省，只列有变化的", "from the province that gives to the one that gets, where it changes"),
    "money_by_county": Text("各县每年每个项目所得的合计，只列有变化的", "what a county gets of a programme in a year, where the sum changes"),
}  # fmt: skip
"""Sheet → what it says."""
OF_RESULT = Text("变化的行与原因", "changed rows, and why")
OF_INPUT = Text("规划所用的表中变化的行", "changed rows of what the plan was made from")


def about_comparison(found: Comparison, sheets: Sequence[Sheet], kept: Sequence[Sheet]) -> Sheet:
    """What the workbook is. Of ``sheets`` those that are not ``kept`` are too long, and said to be."""
    lines = [*_plans(found), *_colours()]
    there = {str(s.title) for s in kept}
    lines += [(s.title, _content(s) if str(s.title) in there else _left(s)) for s in sheets]
    frame = pl.DataFrame([(str(a), str(b)) for a, b in lines], schema=["what", "is"], orient="row")
    titles = {"what": Text("项目 / 工作表", "item / sheet"), "is": Text("内容", "content")}
    return Sheet("about", Text("说明", "about"), frame, titles)


def _plans(found: Comparison) -> list[tuple[Text, Text]]:
    lines, unplanned = [], not_planned_said(found)
    for n, plan in enumerate({p.id: p for p in found.plans}.values()):
        title, day = plan.head["title"], plan.head["inputs"]["date"]
        what = Text("方案（比较的基准）", "plan (held against)") if n == 0 else Text("方案", "plan")
        told = Text(f"{plan.id} · {title['zh']} · 基准日 {day}", f"{plan.id} · {title['en']} · as of {day}")
        lines.append((what, told))
        if plan.id in unplanned:
            lines.append((Text("", ""), unplanned[plan.id]))
    return lines


def _colours() -> list[tuple[Text, Text]]:
    return [
        (Text("蓝色", "blue"), Text("变好、新增", "better, or new")),
        (Text("朱红色", "vermillion"), Text("变差、取消；帮扶方的负担加重", "worse, or ended; a supporter's burden that grows")),
        (Text("黄色的行", "yellow rows"), Text("改变的行；或涉及并非来自来源的数据（标记：凭记忆 recalled、合成 synthetic、假定 assumed）",
                                            "changed; or resting on data that is not from a source (marks: recalled, synthetic, assumed)")),
    ]  # fmt: skip


def _content(sheet: Sheet) -> Text:
    rows = sheet.frame.height
    what = ON.get(sheet.name, OF_INPUT if sheet.name.startswith("input_") else OF_RESULT)
    return Text(f"{rows:,} 行：{what.zh}", f"{several(rows, 'row')}: {what.en}")


def _left(sheet: Sheet) -> Text:
    rows = sheet.frame.height
    return Text(
        f"{rows:,} 行，太长，未写入；请用 --json", f"{rows:,} rows, too long for this workbook: use --json"
    )

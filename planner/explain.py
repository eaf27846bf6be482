"""Why a plan is as it is: the terms of a choice, the rules that bind it, the next-best alternative."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache, partial
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.language import Text, several
from graph.schema import ENUMS, RESULTS, Column
from planner.decisions import DECIDED_BY, looked_at, of_stages, seen_by
from planner.here import with_rules
from planner.kept_policy import later_values
from planner.plan import Plan
from planner.policy import Policy, as_written
from planner.reason import Explanation, Option
from planner.stage import Context
from planner.stage_words import typed_stages
from planner.stages import STAGES
from planner.subject import Subject, may_decide, read_subject

DATA = {
    "ended_because": Text(
        "上一次派驻已因故结束（postings.ended_because）",
        "the last posting was ended for a reason of its own (postings.ended_because)",
    )
}
"""Columns that bar a choice by themselves, no rule being asked."""


def explain(plan: Plan, subject: str, stages: Sequence[str] | None = None) -> list[Explanation]:
    """Explain whatever the plan decided about a subject.

    Parameters
    ----------
    plan : Plan
        A plan.
    subject : str
        A code, an id, a name, ``a>b``, ``place=year``, or ``source>county:programme:year``; see :mod:`planner.subject`.
    stages : sequence of str, optional
        Only these stages.

    Raises
    ------
    UsageError
        When the subject is not known, means several things, the plan decided nothing about it, or its year is none of those that are
        planned.
    """
    asked = read_subject(plan, subject)
    read = cache(plan.table)
    found: list[Explanation] = []
    _demand_planned(plan, asked, read)
    for name in demanded_stages(plan, stages):
        if asked.may_be_of(name) and may_decide(plan, name, asked.keys):
            found += [
                e for e in map(partial(_only, plan, asked), _explain_stage(plan, name, asked.keys, read)) if e
            ]
    if found and asked.exit and asked.year is not None:
        from planner.stages.exit.places import demand_planned

        demand_planned(context_of(plan, "exit", read), asked.year)
    if not found:
        _demand_need(plan, asked, read)
        raise _nothing(plan, asked, demanded_stages(plan, stages))
    return found


def _nothing(plan: Plan, asked: Subject, stages: Sequence[str]) -> UsageError:
    """That nothing is decided about a subject, and what keeps it out of each stage."""
    from planner.outside import why_outside  # it reads what stages saw, as this does

    shown = ">".join(plan.network.label(k) for k in asked.keys)
    thing = (
        Text(f"{shown}（{asked.year} 年退出）", f"an exit of {shown} in {asked.year}")
        if asked.exit
        else Text(shown, shown)
    )
    why = why_outside(plan, asked, stages)
    zh, en = (f"：{'；'.join(w.zh for w in why)}", f": {'; '.join(w.en for w in why)}") if why else ("", "")
    return UsageError(f"方案对 {thing.zh} 没有任何决定{zh}", f"the plan decides nothing about {thing.en}{en}")


def _demand_planned(plan: Plan, asked: Subject, read: Callable[[str], pl.DataFrame]) -> None:
    """The stage of a year of exit or an amount is there, and money is planned for the year."""
    if not asked.special:
        return
    stage, what = "funds", Text("金额", "amounts")
    if asked.exit:
        stage, what = "exit", Text("退出年份", "years of exit")
    if stage not in plan.stages:
        known = typed_stages(plan.stages)
        raise UsageError(
            f"{what.zh}由阶段 {stage} 决定，这个方案没有它；有：{known.zh}",
            f"{what.en} are decided by the stage {stage}, which this plan does not have; it has: {known.en}",
        )
    if asked.exit or asked.year is None:
        return
    from planner.stages.funds.facts import planned_years

    years = planned_years(context_of(plan, stage, read))
    if asked.year not in years:
        zh, en = "、".join(map(str, years)), ", ".join(map(str, years))
        raise UsageError(
            f"方案不规划 {asked.year} 年的资金；规划的年份：{zh}",
            f"the plan does not plan the money of {asked.year}; the years that it plans: {en}",
        )


def _demand_need(plan: Plan, asked: Subject, read: Callable[[str], pl.DataFrame]) -> None:
    """An amount that is asked about is one that a county needs: the programmes of its needs are told."""
    if asked.programme is None or not plan.network.has("needs"):
        return
    from planner.stages.funds.facts import planned_years

    years = [asked.year] if asked.year is not None else planned_years(context_of(plan, "funds", read))
    needs = plan.network.frame("needs").filter(
        pl.col("region").is_in(asked.keys) & pl.col("year").is_in(years) & (pl.col("amount") > 0)
    )
    programmes = needs["programme"].unique().sort().to_list()
    if not programmes or asked.programme in programmes:
        return
    titles = {p: ENUMS["programme"].get(p, Text(p, p)) for p in (asked.programme, *programmes)}
    label, wanted = plan.network.label(asked.keys[-1]), titles.pop(asked.programme)
    zh, en = "、".join(t.zh for t in titles.values()), ", ".join(t.en for t in titles.values())
    raise UsageError(
        f"{label} 在规划的年份没有 {wanted.zh} 的需求；有需求的项目：{zh}",
        f"{label} has no need for {wanted.en} in the years that are planned; it has needs for: {en}",
    )


def demanded_stages(plan: Plan, stages: Sequence[str] | None) -> list[str]:
    """The stages that are asked about; all of the plan's where none is named.

    Raises
    ------
    UsageError
        When the plan does not have one.
    """
    for name in stages or ():
        if name not in plan.stages:
            known = typed_stages(plan.stages)
            raise UsageError(
                f"方案没有阶段 {name}；有：{known.zh}", f"the plan has no stage {name}; it has: {known.en}"
            )
    return list(stages or plan.stages)


def resolve_subject(plan: Plan, subject: str) -> tuple[str, ...]:
    """Ids that a subject names: one, or two for ``supporter>recipient``."""
    return read_subject(plan, subject).keys


def context_of(plan: Plan, stage: str, read: Callable[[str], pl.DataFrame] | None = None) -> Context:
    """What a stage saw when the plan was made, from the plan's own folder; ``read``: how to read a result table of it."""
    read = read or plan.table
    inputs = plan.head["inputs"]
    policies = _Policies(inputs["policy"])
    order = list(plan.stages)
    looked = looked_at(stage, order)
    told = {name for name, by in DECIDED_BY.items() if by in looked} | ({"pairs"} if looked else set())
    seen = {name: read(name) for name in sorted(told) if plan.decides(name)}
    decided = seen_by(stage, order, of_stages(seen))
    on = date.fromisoformat(inputs["date"])
    return Context(
        plan.network, policies[stage], on, int(inputs["seed"]), decided, policies, published=plan.published
    )


class _Policies(Mapping[str, Policy]):
    """Policy by stage, each made, and its stage imported, when it is first asked for."""

    def __init__(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        self._told, self._made = told, dict[str, Policy]()

    def __getitem__(self, stage: str) -> Policy:
        if stage not in self._made:
            self._made[stage] = Policy({**later_values(stage), **self._told[stage]})
        return self._made[stage]

    def __contains__(self, stage: object) -> bool:
        return stage in self._told

    def __iter__(self) -> Iterator[str]:
        return iter(self._told)

    def __len__(self) -> int:
        return len(self._told)


def _only(plan: Plan, asked: Subject, explanation: Explanation) -> Explanation | None:
    """The explanation with the options of an amount that is asked about alone, and their sum; ``None`` where there is none."""
    wanted = {asked.programme, None if asked.year is None or asked.exit else str(asked.year)} - {None}
    options = [o for o in explanation.options if wanted <= set(o.about)]
    if wanted and not options:
        return None
    why = explanation.why if explanation.why.en else _unmet(options)
    what = _amount(plan, asked, options) if wanted else explanation.what
    return replace(explanation, what=what, options=options, why=why)


def _amount(plan: Plan, asked: Subject, options: Sequence[Option]) -> Text:
    """What is got of the needs that are asked about, in words; from all sources together."""
    label, year = plan.network.label(asked.keys[-1]), asked.year
    titles = ENUMS["programme"]
    programme = titles.get(asked.programme or "", Text(asked.programme or "", asked.programme or ""))
    zh = f"{'' if year is None else f'{year} 年'}{programme.zh}"
    en = f"{f' for {programme.en}' if programme.en else ''}{'' if year is None else f' in {year}'}"
    got, need = (int(sum(values)) for values in zip(*((o.total or 0, o.terms.get("need_yuan", 0)) for o in options), strict=True))  # fmt: skip
    share = got / need if need else 1.0
    return Text(
        f"{label} {zh}得 {got:,} 元，需求 {need:,} 元，满足 {share:.1%}",
        f"{label} gets {got:,} yuan{en} of a need of {need:,}, {share:.1%}",
    )


def _unmet(options: Sequence[Option]) -> Text:
    """Why amounts are not more: each reason once, with how many of them it holds for where there are several."""
    counts = Counter(o.left for o in options if o.left.en)
    if len(options) == 1 and counts:
        return next(iter(counts))
    zh = "；".join(f"{n} 项没有得到全部：{why.zh}" for why, n in counts.most_common())
    en = "; ".join(f"{several(n, 'need')} not met in full: {why.en}" for why, n in counts.most_common())
    return Text(zh, en)


def _explain_stage(
    plan: Plan, name: str, keys: tuple[str, ...], read: Callable[[str], pl.DataFrame]
) -> list[Explanation]:
    stage, head = STAGES[name], plan.stages[name]
    tables = {t: read(t) for t in head["rows"]}
    if hasattr(stage, "explain"):
        priced = plan.tables("prices")
        prices = {"prices": priced[name]} if name in priced else {}
        explained: list[Explanation] = stage.explain(context_of(plan, name, read), tables | prices, keys)
    else:
        explained = [
            Explanation(name, row_words(plan, table, row), _own_terms(row))
            for table, frame in tables.items()
            for row in rows_about(frame, table, keys, name).head(20).iter_rows(named=True)
        ]
    rules = binding_rules(plan, name)
    return [with_rules(plan.network, e, keys, rules) for e in explained]


def rows_about(frame: pl.DataFrame, table: str, keys: tuple[str, ...], stage: str) -> pl.DataFrame:
    """Rows of a result table in which every one of ``keys`` stands in some code column."""
    ids = [c.name for c in RESULTS[table].columns if c.kind == "code"]
    found = frame.filter(pl.col("stage") == stage) if "stage" in frame.columns else frame
    for key in keys:
        found = found.filter(pl.any_horizontal([pl.col(c) == key for c in ids]))
    return found


def row_words(plan: Plan, table: str, row: Mapping[str, Any]) -> Text:
    """A row of a result table in words: titles and values of its cells that are not empty."""
    zh, en = [], []
    for column in RESULTS[table].columns:
        value = row.get(column.name)
        if value is None or column.name in ("terms", "stage", "sample"):
            continue
        shown = _cell_words(plan, column, value)
        zh.append(f"{column.zh} {shown.zh}")
        en.append(f"{column.en} {shown.en}")
    return Text("，".join(zh), ", ".join(en))


def _cell_words(plan: Plan, column: Column, value: Any) -> Text:
    """A value as people read it: names, titles, thousands apart; a year is a name, no quantity."""
    if column.enum and value in ENUMS.get(column.enum, {}):
        return ENUMS[column.enum][value]
    if column.kind == "code":
        told = plan.network.label(value)
    elif isinstance(value, int | float) and not column.name.endswith("year"):
        told = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
    else:
        told = str(value)
    return Text(told, told)


def _own_terms(row: Mapping[str, Any]) -> list[Option]:
    if "cost" not in row:
        return []
    terms = {k: v / 1000 for k, v in json.loads(row.get("terms") or "{}").items()}
    return [Option(Text("方案的选择", "what the plan chose"), float(row["cost"]), terms, chosen=True)]


def binding_rules(plan: Plan, stage: str) -> list[dict[str, Any]]:
    """Rules of a stage that bind in the plan: rule, title, value, tightest, at, and where the value was set."""
    titles = {s.key: s.title for s in STAGES[stage].settings}
    policy = plan.head["inputs"]["policy"][stage]
    cites = plan.head["inputs"]["cites"].get(stage, {})
    origins = plan.run.get("origins", {}).get(stage, {})
    return [
        {
            "rule": r["rule"],
            "title": titles.get(r["rule"], Text(r["rule"], r["rule"])).as_dict(),
            "value": policy.get(r["rule"]),
            "tightest": r["tightest"],
            "at": plan.tight(stage, r),
            "sides": plan.sides(stage, r["rule"]),
            "origin": origins.get(r["rule"], {}),
            "cites": cites.get(r["rule"], ""),
        }
        for r in plan.stages[stage]["rules"]
        if r["state"] == "binding"
    ]


def rule_text(plan: Plan, stage: str, key: str) -> Text:
    """A rule in words: its title, its value, where that was set and which policy it cites; or the datum that bars by itself."""
    if key in DATA:
        return DATA[key]
    title = {s.key: s.title for s in STAGES[stage].settings}.get(key, Text(key, key))
    value = as_written(plan.head["inputs"]["policy"][stage].get(key))
    origin = plan.run.get("origins", {}).get(stage, {}).get(key, {})
    place = f"{origin['file']}:{origin['line']}" if origin.get("line") else str(origin.get("file") or "")
    cited = plan.head["inputs"]["cites"].get(stage, {}).get(key, "")
    zh = "，".join(w for w in (place or "缺省", cited) if w)
    en = ", ".join(w for w in (place or "default", cited) if w)
    return Text(f"{title.zh}（{stage}.{key} = {value}；{zh}）", f"{title.en} ({stage}.{key} = {value}; {en})")

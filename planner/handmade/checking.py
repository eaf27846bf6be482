"""Check a hand-made plan: every broken rule with its rows, key figures, cost, and the gap to a bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.findings import Finding
from graph.language import Text
from graph.network import Network
from planner.cost import FIRST, SCALE, scale_scores
from planner.decisions import DECIDED_BY
from planner.handmade.bounds import Bound, find_bound, known_plans
from planner.handmade.earlier import Seen, divided, find_seen, told
from planner.handmade.inspections import price_inspections
from planner.handmade.pricing import price_pairs
from planner.handmade.reading import MAY_LACK, Handmade, read_handmade, with_stage
from planner.inputs import seen_network
from planner.plan import completed
from planner.republished import tables_of
from planner.scenario import Scenario
from planner.stage import Context, Kpi
from planner.stage_words import typed_stages
from planner.stages import STAGES
from planner.stages.exit.model import find_parts
from planner.stages.exit.tables import fill_exits
from planner.verify.checks import CHECKS
from planner.verify.outcome import Broken, Resolved, RuleState


@dataclass(frozen=True)
class StageReport:
    """What a hand-made plan does in one stage.

    Parameters
    ----------
    stage : str
        Its name.
    broken : list of Broken
        Every place where it breaks a rule; rows are counted as in the file.
    open : list of Broken
        Places that would break a rule against what is in force, but could be right with what an earlier stage decided,
        which nobody knows.
    rules : list of RuleState
        How each rule stands.
    kpis : list of tuple
        Key figure, and the baseline's value beside it.
    objective : int or None
        Its cost in ``1/scale``; ``None`` where it cannot be told without the costs.
    scale : int
        How many units make one point.
    bound : Bound or None
        What it is held against.
    """

    stage: str
    broken: list[Broken]
    open: list[Broken]
    rules: list[RuleState]
    kpis: list[tuple[Kpi, float | int | None]]
    objective: int | None
    scale: int
    bound: Bound | None

    @property
    def gap(self) -> float | None:
        """``|objective − bound| / max(1, |objective|)``, both in points."""
        if self.objective is None or self.bound is None:
            return None
        mine, best = self.objective / self.scale, self.bound.value / self.bound.scale
        return abs(mine - best) / max(1 / self.scale, abs(mine))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "broken": [b.as_dict() for b in self.broken],
            "open": [{**b.as_dict(), "rests_on": list(b.rests_on)} for b in self.open],
            "rules": [r.as_dict() for r in self.rules],
            "kpis": [
                {"key": k.key, "title": k.title.as_dict(), "unit": k.unit, "better": k.better, "plan": k.value, "baseline": b}
                for k, b in self.kpis
            ],
            "objective": self.objective,
            "scale": self.scale,
            "bound": None if self.bound is None else {"value": self.bound.value, "scale": self.bound.scale,
                                                      "origin": self.bound.origin.as_dict()},
            "gap": self.gap,
        }  # fmt: skip


@dataclass(frozen=True)
class HandmadeCheck:
    """The check of a hand-made plan: a report per stage, notes, and warnings of the read."""

    stages: list[StageReport]
    notes: list[Text]
    findings: list[Finding]

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not any(s.broken for s in self.stages)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "ok": self.ok,
            "stages": {s.stage: s.as_dict() for s in self.stages},
            "notes": [n.as_dict() for n in self.notes],
            "findings": [f.as_dict() for f in self.findings],
        }


def check_handmade(scenario: Scenario, file: Path | str, bound: str | None = None) -> HandmadeCheck:
    """Check a plan that people made against a scenario, without solving it.

    Parameters
    ----------
    scenario : Scenario
        What it is a plan for.
    file : Path or str
        One result table as CSV, or a workbook with a sheet for each.
    bound : str, optional
        A plan of the same inputs, or ``lp``; see :func:`planner.handmade.bounds.find_bound`. What the file lacks of
        earlier stages' decisions is taken from that plan, else from a stored one.

    Raises
    ------
    InputError
        When the file cannot be read, or decides nothing that the scenario's stages decide.
    TableErrors
        When rows of the file are bad.
    UsageError
        When the plan named as bound was made from other inputs.
    """
    made = read_handmade(file, scenario)
    tables = dict(made.tables)
    if "pairs" in tables:
        tables["pairs"] = with_stage(tables["pairs"], scenario)
    stages = [s for s in scenario.stages if s in CHECKS and _decided(s, tables)]
    if not stages:
        known = typed_stages(scenario.stages)
        raise InputError(
            f"{file} 与场景的任何阶段无关：{known.zh}",
            f"{file} holds nothing that a stage of the scenario decides: {known.en}",
        )
    network = seen_by_check(scenario)
    context = Context(
        network,
        scenario.policies[stages[0]],
        scenario.on,
        scenario.seed,
        {},
        scenario.policies,
        published=scenario.published,
    )
    plans = known_plans(scenario, bound)
    seen = {s: find_seen(s, scenario, tables, plans) for s in stages}
    if "exit" in stages:
        exiting = replace(context, policy=scenario.policies["exit"], decided=seen["exit"].tables)
        tables["exits"] = fill_exits(exiting, find_parts(exiting), tables["exits"])
    tables, notes, unpriced = _priced(context, stages, tables, made)
    resolved = Resolved(
        network,
        {s: p.values for s, p in scenario.policies.items()},
        scenario.on,
        scenario.seed,
        tables_of(scenario.published),
    )
    reports = []
    for stage in stages:
        # once more: the file's own tables are filled in now
        seen[stage] = replace(seen[stage], tables=find_seen(stage, scenario, tables, plans).tables)
        here = replace(context, policy=scenario.policies[stage], decided=seen[stage].tables)
        notes += told(stage, seen[stage], here.policy)
        found, words = find_bound(scenario, here, stage, bound, plans)
        notes += words
        reports.append(
            _report(
                stage, here, resolved, tables, made=made, unpriced=unpriced, bound=found, seen=seen[stage]
            )
        )
    return HandmadeCheck(reports, notes, made.findings)


def seen_by_check(scenario: Scenario) -> Network:
    """The network as the stages see it, every declared column there, as a plan keeps it."""
    network = seen_network(scenario)
    return replace(network, frames={n: completed(n, f) for n, f in network.frames.items()})


def _decided(stage: str, tables: Mapping[str, pl.DataFrame]) -> bool:
    if stage in DECIDED_BY.values():
        return any(t in tables and s == stage for t, s in DECIDED_BY.items())
    return "pairs" in tables and stage in tables["pairs"]["stage"].to_list()


def _with_earlier(tables: Mapping[str, pl.DataFrame], seen: Seen) -> dict[str, pl.DataFrame]:
    """The file's tables, and behind their rows what a stage sees of earlier ones beyond them."""
    found = {**seen.tables, **tables}
    if "pairs" in tables and "pairs" in seen.tables:
        beyond = pl.col("stage").is_in(tables["pairs"]["stage"].unique().to_list())
        found["pairs"] = pl.concat([tables["pairs"], seen.tables["pairs"].filter(~beyond)])
    return found


def _priced(
    context: Context, stages: list[str], tables: dict[str, pl.DataFrame], made: Handmade
) -> tuple[dict[str, pl.DataFrame], list[Text], set[str]]:
    """Tables whose empty cells are filled, notes on it, and the tables whose costs nobody knows."""
    notes: list[Text] = []
    unpriced: set[str] = set()
    done = dict(tables)
    for name, frame in tables.items():
        if name == "pairs":
            done[name], told = _priced_pairs(context, stages, frame)
            notes += told
        elif name == "inspections" and "inspection" in stages:
            seen = replace(context, policy=context.policies["inspection"])
            done[name], told = price_inspections(seen, frame)
            notes += told
        elif "cost" in frame.columns:
            whole = with_roles(context.network, frame) if name == "postings" else frame
            if frame["cost"].null_count():
                unpriced.add(name)
                notes.append(
                    Text(
                        f"{name}：没有成本列，成本不核对",
                        f"{name}: no costs are given, so costs are not checked",
                    )
                )
            filled = {"cost": 0.0, "terms": "{}", "sample": "{}"}
            done[name] = whole.with_columns(
                pl.col(c).fill_null(v) for c, v in filled.items() if c in frame.columns
            )
    return done, notes, unpriced


def with_roles(network: Network, postings: pl.DataFrame) -> pl.DataFrame:
    """Postings whose empty roles are those of their posts."""
    posts = network.frame("village_posts").select("village", "post", pl.col("role").alias("_role"))
    known = posts.unique(["village", "post"], keep="first")
    joined = postings.join(known, on=["village", "post"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("role", "_role").alias("role")).drop("_role")


def _priced_pairs(
    context: Context, stages: list[str], frame: pl.DataFrame
) -> tuple[pl.DataFrame, list[Text]]:
    notes: list[Text] = []
    numbered = frame.with_row_index("_order")
    parts = []
    for (stage,), part in numbered.group_by("stage", maintain_order=True):
        if stage in stages:
            seen = replace(context, policy=context.policies[str(stage)])
            priced, told = price_pairs(seen, str(stage), part)
            notes += told
        else:
            blanks = {"cost": 0.0, "load": 1, "terms": "{}"}
            priced = part.with_columns(pl.col(c).fill_null(v) for c, v in blanks.items())
            notes.append(Text(f"阶段 {stage} 不在场景中，其 {part.height} 行未核查",
                              f"the scenario does not run {stage}: its {part.height} rows were not checked"))  # fmt: skip
        parts.append(priced)
    return pl.concat(parts).sort("_order").drop("_order"), notes


def _report(
    stage: str,
    context: Context,
    resolved: Resolved,
    tables: Mapping[str, pl.DataFrame],
    *,
    made: Handmade,
    unpriced: set[str],
    bound: Bound | None,
    seen: Seen,
) -> StageReport:
    check = CHECKS[stage](resolved, _with_earlier(tables, seen), {})
    priceless = bool({t for t, s in DECIDED_BY.items() if s == stage} & unpriced)
    broken, possible, states = divided(check, stage, seen.unknown, context.policy)
    broken, possible = (
        [_in_file(b, made) for b in found if not _is_unwritten(b, made, unpriced)]
        for found in (broken, possible)
    )
    baseline = {k.key: k.value for k in STAGES[stage].measure(context, STAGES[stage].baseline(context))}
    kpis = [
        (replace(k, value=None) if priceless and k.key.split("_")[0] == "cost" else k, baseline.get(k.key))
        for k in STAGES[stage].measure(context, tables)
    ]
    scale = bound.scale if bound else scale_of(context, stage)
    objective = None if priceless else check.objective
    return StageReport(stage, broken, possible, states, kpis, objective, scale, bound)


def _is_unwritten(broken: Broken, made: Handmade, unpriced: set[str]) -> bool:
    """Whether it is only about a column that the file does not have, or about costs that nobody knows."""
    if broken.table in unpriced and broken.column in ("cost", "terms"):
        return True
    given = made.given.get(broken.table)
    return (
        broken.table != "pairs"
        and given is not None
        and broken.column in MAY_LACK
        and broken.column not in given
    )


def scale_of(context: Context, stage: str) -> int:
    """How many units of the objective make one point."""
    if context.policy.values.get("objective") != "scores":
        ranked = stage == "pairing" and context.policy.on(
            "county_pairs"
        )  # region pairs first, then county pairs
        return SCALE * FIRST if ranked else SCALE
    scores = context.network.frame("pair_scores").filter(pl.col("stage") == stage)
    return scale_scores(scores["cost"].to_numpy())[1]


def _in_file(broken: Broken, made: Handmade) -> Broken:
    """The same place, its row counted as in the file."""
    rows = made.rows.get(broken.table, [])
    row = rows[broken.row - 1] if broken.row and broken.row <= len(rows) else broken.row
    return replace(broken, table=made.files.get(broken.table, broken.table), row=row)

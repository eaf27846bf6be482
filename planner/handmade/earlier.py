"""What earlier stages decided, where a hand-made file holds only some of a plan's tables.

From the file; else from a plan of the same inputs; else what is in force is taken instead, and what rests on it is told
as not judged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from graph.language import Text
from graph.schema import ENUMS
from planner.decisions import looked_at, of_stages, seen_by
from planner.plan import Plan
from planner.policy import Policy
from planner.scenario import Scenario
from planner.stages import STAGES
from planner.verify.outcome import Broken, RuleState, StageCheck
from planner.verify.rests import RESTS

RELATIONS = Text("现有的指定关系", "the designated relations in force")
PAIRS = Text("现有的结对关系", "the pairs in force")
INSTEAD: Mapping[tuple[str, str], Text] = {
    ("cadres", "designation"): RELATIONS,
    ("funds", "pairing"): PAIRS,
    ("funds", "designation"): RELATIONS,
    ("exit", "pairing"): PAIRS,
    ("exit", "designation"): RELATIONS,
    ("exit", "cadres"): Text("现有的派驻（视为留任）", "the postings in force, as if all stayed"),
    ("exit", "funds"): Text("全国减贫路径，不计资金", "the national path alone, without the money"),
    ("inspection", "pairing"): PAIRS,
    ("inspection", "designation"): RELATIONS,
}
"""Stage and earlier stage → what the stage goes by where the earlier one has decided nothing."""
BY_HAND = {
    "owner_region": Text("结对带来的资金用在哪里", "where money that pairs bring may go"),
    "needs": Text("没有来源可付的需求", "needs that no source may pay for"),
}
"""Rules without a policy value of their own."""


@dataclass(frozen=True)
class Seen:
    """What a stage sees of earlier ones.

    Parameters
    ----------
    tables : mapping of str to DataFrame
        Their result tables, in the order of the stages.
    plans : mapping of str to Plan
        Earlier stage → the plan that its decisions were taken from.
    unknown : tuple of str
        Earlier stages whose decisions are neither in the file nor in a plan.
    """

    tables: Mapping[str, pl.DataFrame]
    plans: Mapping[str, Plan]
    unknown: tuple[str, ...]


def find_seen(
    stage: str, scenario: Scenario, tables: Mapping[str, pl.DataFrame], plans: Sequence[Plan]
) -> Seen:
    """What a stage sees: the file's ``tables``, then the plan that has most of what they lack."""
    known = {s: dict(t) for s, t in of_stages(tables).items()}
    lacking = [s for s in looked_at(stage, scenario.stages) if s not in known]
    taken: dict[str, Plan] = {}
    if lacking and plans:
        best = max(plans, key=lambda p: sum(s in p.stages for s in lacking))
        stored = of_stages(best.tables())
        for earlier in lacking:
            if earlier in best.stages:
                taken[earlier], known[earlier] = best, stored.get(earlier, {})
    unknown = tuple(s for s in lacking if s not in taken)
    return Seen(seen_by(stage, scenario.stages, known), taken, unknown)


def told(stage: str, seen: Seen, policy: Policy) -> list[Text]:
    """Where a stage's view of earlier ones comes from, and what of it cannot be judged; in words."""
    here = ENUMS["stage"][stage]
    found = []
    for plan in {p.id: p for p in seen.plans.values()}.values():
        zh, en = _listed([s for s, p in seen.plans.items() if p.id == plan.id])
        found.append(Text(f"{here.zh}：文件中没有 {zh} 的决定，取自方案 {plan.id}",
                          f"{here.en}: the file has no decisions of {en}; they are taken from plan {plan.id}"))  # fmt: skip
    for earlier in seen.unknown:
        rules = resting(stage, earlier, policy)
        if not rules:
            continue
        zh, en = _listed([earlier])
        instead = INSTEAD[stage, earlier]
        titles = [_title(stage, r) for r in rules]
        zh_rules, en_rules = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
        found.append(Text(
            f"{here.zh}：文件和方案中都没有 {zh} 的决定，代之以{instead.zh}；因此不能确定：{zh_rules}"
            "（用 --bound 指明方案，或把该决定写进文件）",
            f"{here.en}: neither the file nor a plan has the decisions of {en}; taken instead: {instead.en}. So this cannot "
            f"be judged for certain: {en_rules} (name a plan with --bound, or put the decisions into the file)",
        ))  # fmt: skip
    return found


def resting(stage: str, earlier: str, policy: Policy) -> list[str]:
    """Rules in force that rest on what an earlier stage decided; none under own scores, which know no other stage."""
    if policy.values.get("objective") == "scores":
        return []
    if stage == "exit" and earlier == "funds" and policy.values.get("incidence_proxy") != "funds":
        return ["keep_after_exit"] if policy.on("keep_after_exit") else []
    rules = RESTS[stage][earlier]
    return [r for r in rules if r not in policy.values or (policy.on(r) and policy.values[r] not in (0, []))]


def divided(
    check: StageCheck, stage: str, unknown: Sequence[str], policy: Policy
) -> tuple[list[Broken], list[Broken], list[RuleState]]:
    """What is broken for certain, what could be right with other decisions of ``unknown`` stages, and the rules' states."""
    broken = [b for b in check.broken if not set(b.rests_on) & set(unknown)]
    possible = [b for b in check.broken if set(b.rests_on) & set(unknown)]
    doubtful = {b.rule for b in possible} | {r for e in unknown for r in resting(stage, e, policy)}
    doubtful -= {b.rule for b in broken}
    states = [replace(r, state="open") if r.rule in doubtful and r.state != "off" else r for r in check.rules]
    return broken, possible, states


def _title(stage: str, rule: str) -> Text:
    setting = next((s for s in STAGES[stage].settings if s.key == rule), None)
    return setting.title if setting else BY_HAND[rule]


def _listed(stages: Sequence[str]) -> tuple[str, str]:
    titles = [ENUMS["stage"][s] for s in stages]
    return "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)

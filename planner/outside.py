"""Why a stage decides nothing about something: the tag, list or table that keeps it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from graph.language import Text
from planner.explain import context_of
from planner.plan import Plan
from planner.stage import Context
from planner.stages.pairs_left import UNLISTED
from planner.subject import Subject, may_decide

UNTAGGED = Text("没有标签 {tag}（{rule}）", "it does not bear the tag {tag} ({rule})")
NO_MEMBER = Text(
    "它和它的上级既没有标签 {tags}，也不在名单 {lists} 里",
    "neither it nor a region above it bears a tag of {tags} or stands in {lists}",
)
NO_REGION = Text("不是地区；单位由定点帮扶决定", "it is no region; units are designated")
NO_POST = Text(
    "它和它之内没有岗位（表 village_posts）", "it has no posts, nor has a village in it (table village_posts)"
)
NO_NEED = Text("没有列出它的需求（表 needs）", "no need of it is listed (table needs)")
NOT_INSPECTED = Text(
    "它和它的上级不在上次考核之列（表 assessments；没有考核时按 inspection.county_tag）",
    "neither it nor a region above it was assessed last (table assessments; without one, by inspection.county_tag)",
)
NOT_DRAWN = Text("没有一次督查抽到它", "no visit's sample of counties has it")


def why_outside(plan: Plan, asked: Subject, stages: Sequence[str]) -> list[Text]:
    """For each of the stages what keeps the subject, or one end of it, out; stages that know nothing of its kind are left out."""
    every = set(plan.network.frame("units")["id"]) if plan.network.has("units") else set()
    found, units = list[Text](), every.intersection(asked.keys)
    for stage in stages:
        reason = _OF.get(stage)
        if reason is None or not asked.may_be_of(stage) or not may_decide(plan, stage, asked.keys):
            continue
        if units and len(asked.keys) > 1 and stage not in _pair_stages(plan, stages):
            continue  # a unit and something else can only be a pair
        context, head = context_of(plan, stage), plan.stages[stage]["title"]
        ends = [
            k for k in asked.keys if k in units or k in plan.network.parents
        ]  # people and teams are kept out by no tag
        for key in [k for k in ends if (k in units) == (stage == "pairing")] or ends:
            why = None if key in units and stage != "pairing" else reason(context, key)
            if why is not None:
                name = plan.network.label(key) if len(asked.keys) > 1 else ""
                zh, en = (f"{name} ", f"{name}: ") if name else ("", "")
                found.append(Text(f"{head['zh']}：{zh}{why.zh}", f"{head['en']}: {en}{why.en}"))
    return found


def _pair_stages(plan: Plan, stages: Sequence[str]) -> Sequence[str]:
    """Where a unit may be one of a pair: designated assistance; without it, pairing tells that it is none of it."""
    return ["designation"] if "designation" in stages and "designation" in plan.stages else ["pairing"]


def _unscored(context: Context, key: str) -> Text | None:
    """Under own scores only what the table lists takes part."""
    ends = pl.any_horizontal(pl.col("supporter") == key, pl.col("recipient") == key)
    listed = context.network.frame("pair_scores").filter(ends)
    return UNLISTED if listed.is_empty() else None


def _pairing(context: Context, key: str) -> Text | None:
    from planner.stages.pairing.members import find_members, innermost

    network, policy = context.network, context.policy
    if policy["objective"] == "scores":
        return _unscored(context, key)
    if key not in network.parents:
        return NO_REGION
    members = find_members(context)
    above = [innermost(network, key, side) for side in (members.supporters, members.recipients)]
    if above == [None, None]:
        tags = (policy["supporters_tag"], policy["recipients_tag"])
        lists = ("pairing.supporters_list", "pairing.recipients_list")
        return NO_MEMBER.fill(tags=", ".join(map(str, tags)), lists=", ".join(lists))
    if above[0] is None and key not in network.tagged(str(policy["county_tag"]), context.on):
        return UNTAGGED.fill(tag=policy["county_tag"], rule="pairing.county_tag")
    return None


def _designation(context: Context, key: str) -> Text | None:
    from planner.stages.designation_pairs import recipient_counties

    if context.policy["objective"] == "scores":
        return _unscored(context, key)
    if key in recipient_counties(context):
        return None
    return UNTAGGED.fill(tag=context.policy["recipients_tag"], rule="designation.recipients_tag")


def _cadres(context: Context, key: str) -> Text | None:
    below = set(context.network.within(key))
    posts = context.network.frame("village_posts")["village"]
    return None if below.intersection(posts.to_list()) else NO_POST


def _funds(context: Context, key: str) -> Text | None:
    needs = context.network.frame("needs")["region"]
    return None if (needs == key).any() else NO_NEED


def _exit(context: Context, key: str) -> Text | None:
    from planner.stages.exit.places import may_exit

    if may_exit(context, key):
        return None
    tags = {"exit.counties_tag": context.policy["counties_tag"]}
    if context.policy["villages"]:
        tags["exit.villages_tag"] = context.policy["villages_tag"]
    return UNTAGGED.fill(tag=" / ".join(map(str, tags.values())), rule=", ".join(tags))


def _inspection(context: Context, key: str) -> Text | None:
    from planner.stages.inspection.visits import inspected_regions

    inspected, above = set(inspected_regions(context)), {key, *context.network.ancestors(key)}
    if inspected.isdisjoint(above):
        return NOT_INSPECTED
    return None if key in inspected else NOT_DRAWN


_OF: dict[str, Callable[[Context, str], Text | None]] = {
    "pairing": _pairing,
    "designation": _designation,
    "cadres": _cadres,
    "funds": _funds,
    "exit": _exit,
    "inspection": _inspection,
}
"""Stage → what keeps a region, or a unit, out of it."""

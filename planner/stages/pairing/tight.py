"""Where the rules of the first model are tight: names and numbers for a clash."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.language import Text, several
from planner.stage import Context
from planner.stages.pairing.members import Members, fair_caps
from planner.stages.pairs import Pairs
from planner.stages.room import Noun, Room
from planner.stages.words import name_list

MOST = 3


SUPPORTER = Noun("个支援方", "supporter", "supporters")
RECIPIENT = Noun("个受援方", "recipient", "recipients")


def tight_places(
    context: Context, members: Members, pairs: Pairs, rule: str, hit: Sequence[int] = ()
) -> Text:
    """What a rule that clashes stands for; empty where its value says it all.

    ``hit``: those of the rule's rows that clash already in shares; where there are none, all of them stand for it.
    """
    sides = {
        "partners_per_supporter": (pairs.supporters, SUPPORTER),
        "partners_per_recipient": (pairs.recipients, RECIPIENT),
        "cover_recipients": (pairs.recipients, RECIPIENT),
    }
    if rule in sides:
        ids, noun = sides[rule]
        named = (
            list(dict.fromkeys(ids[i % len(ids)] for i in hit)) or ids
        )  # a rule may have two rows for each
        listed = name_list(context.network, named)
        n = len(named)
        return Text(f"{n} {noun.zh}：{listed.zh}", f"{noun.count(n)}: {listed.en}")
    if rule == "changes_max":
        held = int(pairs.in_force.sum())
        return Text(f"现有 {held} 对", f"{several(held, 'pair')} in force")
    if rule == "supporter_capacity":
        return supporter_room(context, pairs).told(hit)
    if rule == "fair_load_tolerance" and context.policy["objective"] != "scores":
        return _overloaded(context, members, pairs)
    if rule in ("pins", "county_pins"):
        named = [_named(context, entry) for entry in context.policy[rule]]
        return Text("、".join(named), ", ".join(named))
    return Text("", "")


def _named(context: Context, entry: str) -> str:
    """A pinned pair with the names of both sides, where they have any."""
    ids = [part.strip() for part in entry.split(">")]
    names = [context.network.label(i) for i in ids]
    return entry if names == ids else f"{entry} ({' → '.join(names)})"


def supporter_room(context: Context, pairs: Pairs) -> Room:
    """Own scores: what each supporter can carry, and the loads of the recipients."""
    policy, label = context.policy, context.network.label
    given = dict(context.network.frame("units").select("id", "capacity").iter_rows())
    capacity = [np.inf if given.get(s) is None else given[s] for s in pairs.supporters]
    least = int(policy["partners_per_recipient"][0]) if policy.on("partners_per_recipient") else 0
    return Room(
        [label(s) for s in pairs.supporters], [label(r) for r in pairs.recipients], pairs.supporter, pairs.recipient,
        pairs.load, np.array(capacity, dtype=np.float64), max(least, int(policy.on("cover_recipients"))), SUPPORTER, RECIPIENT,
        float(policy["partners_per_supporter"][1]) if policy.on("partners_per_supporter") else np.inf,
    )  # fmt: skip


def _overloaded(context: Context, members: Members, pairs: Pairs) -> Text:
    """Supporters whose pairs in force alone exceed their fair share, the worst first."""
    caps = fair_caps(context, members)
    partners = np.bincount(pairs.recipient, weights=pairs.in_force, minlength=len(pairs.recipients))
    share = np.where(pairs.in_force, pairs.load / np.maximum(partners[pairs.recipient], 1.0), 0.0)
    carried = np.bincount(pairs.supporter, weights=share, minlength=len(pairs.supporters))
    over = carried - caps
    worst = [i for i in np.argsort(-over, kind="stable")[:MOST].tolist() if over[i] > 0]
    if not worst:
        total, room = int(members.poor.sum()), int(caps.sum())
        return Text(
            f"贫困人口共 {total:,}，上限合计 {room:,}", f"{total:,} poor people, {room:,} allowed in all"
        )
    label = context.network.label
    zh = "；".join(
        f"{label(pairs.supporters[i])} 按现有结对要帮 {carried[i]:,.0f} 人，至多可帮 {caps[i]:,.0f} 人"
        for i in worst
    )
    en = "; ".join(
        f"{label(pairs.supporters[i])} carries {carried[i]:,.0f} persons by its pairs in force, {caps[i]:,.0f} at most"
        for i in worst
    )
    return Text(zh, en)

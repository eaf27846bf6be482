"""Where the rules of the first model are tight: names and numbers for a clash."""

from __future__ import annotations

import numpy as np

from graph.language import Text
from planner.stage import Context
from planner.stages.pairing.members import Members, fair_caps
from planner.stages.pairs import Pairs

MOST = 3


def tight_places(context: Context, members: Members, pairs: Pairs, rule: str) -> Text:
    """What a rule that clashes stands for; empty where its value says it all."""
    n, m = len(pairs.supporters), len(pairs.recipients)
    if rule in ("partners_per_supporter", "partners_per_recipient", "cover_recipients"):
        return Text(f"{n} 个支援方，{m} 个受援方", f"{n} supporters, {m} recipients")
    if rule == "changes_max":
        held = int(pairs.in_force.sum())
        return Text(f"现有 {held} 对", f"{held} pairs are in force")
    if rule == "fair_load_tolerance" and context.policy["objective"] != "scores":
        return _overloaded(context, members, pairs)
    return Text("", "")


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
    zh = "、".join(
        f"{label(pairs.supporters[i])} 现有 {carried[i]:,.0f} 人，至多 {caps[i]:,.0f}" for i in worst
    )
    en = ", ".join(
        f"{label(pairs.supporters[i])} has {carried[i]:,.0f} persons of at most {caps[i]:,.0f}" for i in worst
    )
    return Text(zh, en)

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
    context: Context,
    members: Members,
    pairs: Pairs,
    rule: str,
    hit: Sequence[int] = (),
    shut: np.ndarray | None = None,
) -> Text:
    """What a rule that clashes stands for; empty where its value says it all.

    ``shut`` (n,) bool: pairs that what stays as published leaves out. ``hit``: those of the rule's rows that clash already in shares; where there are none, all of them stand for it.
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
        return _overloaded(context, members, pairs, shut)
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


def _overloaded(context: Context, members: Members, pairs: Pairs, shut: np.ndarray | None) -> Text:
    """Recipients that are too many for all who may support them; else supporters whose pairs in force alone exceed their fair share."""
    beyond = _beyond_reach(context, members, pairs, shut) if context.policy.on("cover_recipients") else None
    if beyond is not None:
        return beyond
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


def _beyond_reach(context: Context, members: Members, pairs: Pairs, shut: np.ndarray | None) -> Text | None:
    """Recipients whose poor people are more than all who may support them may take on; ``None`` where shares show none.

    A smallest cut of the flow from recipients over open pairs to supporters (P. Hall, 1935).
    """
    from scipy.sparse import csr_matrix  # here, as only a clash needs it, and SciPy takes long to load
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    open_pairs = np.ones(pairs.size, np.bool_) if shut is None else ~shut
    caps, poor = fair_caps(context, members).astype(np.int64), members.poor.astype(np.int64)
    n, m = len(caps), len(poor)
    end = n + m + 1  # 0 is the source; then recipients, then supporters
    of, to = pairs.recipient[open_pairs], pairs.supporter[open_pairs]
    tail = np.concatenate([np.zeros(m, np.int64), 1 + of, 1 + m + np.arange(n)])
    head = np.concatenate([1 + np.arange(m), 1 + m + to, np.full(n, end)])
    room = np.concatenate([poor, poor[of], caps]).clip(max=np.iinfo(np.int32).max)
    graph = csr_matrix((room.astype(np.int32), (tail, head)), (end + 1, end + 1))
    left = csr_matrix(graph - maximum_flow(graph, 0, end).flow)
    left.eliminate_zeros()
    behind = breadth_first_order(left, 0, return_predecessors=False)
    many = sorted(int(k) - 1 for k in behind if 1 <= k <= m)
    who = sorted(int(k) - 1 - m for k in behind if m < k < end)
    load, most = int(poor[many].sum()), int(caps[who].sum())
    if load <= most:
        return None
    theirs = name_list(context.network, [pairs.recipients[r] for r in many])
    if not who:
        return Text(f"{theirs.zh} 没有可用的支援方", f"nobody is left that may support {theirs.en}")
    ours = name_list(context.network, [pairs.supporters[s] for s in who])
    return Text(
        f"{theirs.zh} 共 {load:,} 人，只有 {ours.zh} 可支援，合起来至多 {most:,} 人",
        f"{theirs.en} {'has' if len(many) == 1 else 'have'} {load:,} poor people, and only {ours.en} may support them: {most:,} at most",
    )

"""What cannot hold in pairing, found by counting before any solver."""

from __future__ import annotations

import numpy as np

from graph.language import Text, several
from graph.titles import must_pair_words
from planner.stage import Context
from planner.stages.pairing.county_room import county_counts
from planner.stages.pairing.members import Members, fair_caps, find_members, ways_to_cover
from planner.stages.pairing.regions import (
    build_regions,
    eligible_regions,
    ethnic_to_cover,
)
from planner.stages.pairing.tight import MOST, supporter_room
from planner.stages.pairs import Pairs
from planner.stages.words import clash, name_list


def count_clashes(context: Context) -> list[Text]:
    """Texts of what cannot hold; empty where counting finds nothing."""
    banned = _pins_banned(context)
    if banned:
        return banned
    if context.policy["objective"] != "scores":
        members = find_members(context)
        if not members.recipients or not members.supporters:
            return _sides(members)
    if context.policy["objective"] == "scores":
        members, pairs = eligible_regions(context)
        if context.policy.on("pins"):
            pairs.positions(context.policy["pins"], "pins")  # a wrong pin is told before any clash
    else:
        built = build_regions(context)
        members, pairs = built.members, built.pairs
    found = _partners(context, pairs) + _too_few_places(context, pairs) + _capacity(context, pairs)
    if context.policy["objective"] != "scores":
        found += _prefectures(context, pairs) + _too_heavy(context, members, pairs)
        if context.policy.on("county_pairs"):
            found += _counties(context, members)
    return found


def _pins_banned(context: Context) -> list[Text]:
    """Pairs that are pinned and forbidden: told before any model, which would have no such pair."""
    if context.elastic or not (context.policy.on("pins") and context.policy.on("bans")):
        return []
    named = [
        {tuple(p.strip() for p in item.split(">")) for item in context.policy[key]}
        for key in ("pins", "bans")
    ]
    both = sorted(named[0] & named[1])
    if not both:
        return []
    told = [" > ".join(context.network.label(part) for part in pair) for pair in both]
    more = f" …(+{len(told) - MOST})" if len(told) > MOST else ""
    return [clash(Text(f"同时被指定和禁止：{'、'.join(told[:MOST])}{more}", f"both pinned and forbidden: {', '.join(told[:MOST])}{more}"),
                  "pins", "bans")]  # fmt: skip


def _sides(members: Members) -> list[Text]:
    """Recipients without any supporter. No recipient at all is nothing to decide, not a clash."""
    if members.supporters or not members.recipients:
        return []
    n = len(members.recipients)
    return [clash(Text(f"{n} 个受援方，却没有任何支援方", f"{several(n, 'recipient')}, but no supporter at all"),
                  "supporters_tag", "supporters_list")]  # fmt: skip


def least_partners(context: Context) -> int:
    """How many partners each recipient must have."""
    low = (
        int(context.policy["partners_per_recipient"][0]) if context.policy.on("partners_per_recipient") else 0
    )
    return max(low, int(context.policy.on("cover_recipients")))


def _partners(context: Context, pairs: Pairs) -> list[Text]:
    """Recipients with fewer eligible supporters than they need."""
    least = least_partners(context)
    reach = np.bincount(pairs.recipient, minlength=len(pairs.recipients))
    alone = [pairs.recipients[i] for i in np.flatnonzero(reach < least)]
    if not alone:
        return []
    names = name_list(context.network, alone)
    return [clash(Text(f"{len(alone)} 个受援方可选支援方不足 {least} 个：{names.zh}",
                       f"{several(len(alone), 'recipient has', 'recipients have')} fewer than {least} eligible supporters: {names.en}"),
                  "cover_recipients", "partners_per_recipient", "bans")]  # fmt: skip


def _too_few_places(context: Context, pairs: Pairs) -> list[Text]:
    """Partners wanted against partners allowed, on either side."""
    policy, n, m = context.policy, len(pairs.supporters), len(pairs.recipients)
    found, least = [], least_partners(context)
    if policy.on("partners_per_supporter"):
        low, high = policy["partners_per_supporter"]
        if n * high < m * least:
            found.append(clash(Text(f"{n} 个支援方每方至多 {high} 个，共 {n * high} 对；{m} 个受援方至少需要 {m * least} 对",
                                    f"{n} supporters with at most {high} partners make {n * high} pairs, "
                                    f"but {m} recipients need at least {m * least}"),
                               "partners_per_supporter", "partners_per_recipient"))  # fmt: skip
        most = int(policy["partners_per_recipient"][1]) if policy.on("partners_per_recipient") else n
        if n * low > m * most:
            found.append(clash(Text(f"{n} 个支援方每方至少 {low} 个，需 {n * low} 对；{m} 个受援方至多容纳 {m * most} 对",
                                    f"{n} supporters with at least {low} partners need {n * low} pairs, "
                                    f"but {m} recipients take at most {m * most}"),
                               "partners_per_supporter", "partners_per_recipient"))  # fmt: skip
    return found


def _capacity(context: Context, pairs: Pairs) -> list[Text]:
    """Own scores: loads against what the supporters can carry."""
    if context.policy["objective"] != "scores" or not context.policy.on("supporter_capacity"):
        return []
    told = supporter_room(context, pairs).clashes()
    return [clash(t, "supporter_capacity", "partners_per_recipient") for t in told]


def _too_heavy(context: Context, members: Members, pairs: Pairs) -> list[Text]:
    """Recipients whose poor people are more than as many supporters as they may have can take on together."""
    policy = context.policy
    if policy["fair_load_tolerance"] is None or not policy.on("cover_recipients"):
        return []
    caps, m = fair_caps(context, members), len(pairs.recipients)
    most = int(policy["partners_per_recipient"][1]) if policy.on("partners_per_recipient") else len(caps)
    zh, en = [], []
    for r in range(m):
        able = pairs.supporter[pairs.recipient == r]
        best = able[np.argsort(-caps[able], kind="stable")][:most]
        room, poor = int(caps[best].sum()), int(members.poor[r])
        if len(best) and room < poor:
            who, names = (
                context.network.label(pairs.recipients[r]),
                name_list(context.network, [pairs.supporters[s] for s in best]),
            )
            zh.append(
                f"{who} 有 {poor:,} 名贫困人口，至多 {most} 个支援方合起来只能承担 {room:,} 人（{names.zh}）"
            )
            en.append(f"{who} has {poor:,} poor people, and the largest {several(len(best), 'supporter')} that it may have can "
                      f"take on {room:,} ({names.en})")  # fmt: skip
    if not zh:
        return []
    return [clash(Text("；".join(zh[:MOST]) + more(zh), "; ".join(en[:MOST]) + more(en)),
                  "fair_load_tolerance", "partners_per_recipient")]  # fmt: skip


def more(found: list[str]) -> str:
    """How many are not told."""
    return f" …(+{len(found) - MOST})" if len(found) > MOST else ""


def _prefectures(context: Context, pairs: Pairs) -> list[Text]:
    if not context.policy.on("cover_ethnic"):
        return []
    reachable = {pairs.recipients[i] for i in np.unique(pairs.recipient)}
    lost = [c for c in ethnic_to_cover(context) if not ways_to_cover(context, c, reachable)]
    if not lost:
        return []
    names, must = name_list(context.network, lost), must_pair_words(str(context.policy["ethnic_tag"]))
    return [clash(Text(f"{len(lost)} 个{must.zh}没有可选的支援方：{names.zh}",
                       f"{len(lost)} {must.en} have no eligible supporter: {names.en}"),
                  "cover_ethnic", "bans")]  # fmt: skip


def _counties(context: Context, members: Members) -> list[Text]:
    policy = context.policy
    if not (policy.on("county_partners_per_recipient") and policy.on("county_partners_per_supporter")):
        return []
    own, theirs = county_counts(context, members)
    least, most = (
        int(policy["county_partners_per_recipient"][0]),
        int(policy["county_partners_per_supporter"][1]),
    )
    if own.sum() * most >= theirs.sum() * least:
        return []
    return [clash(Text(f"{own.sum()} 个支援县每县至多 {most} 个，而 {theirs.sum()} 个受扶县至少需要 {theirs.sum() * least} 对",
                       f"{own.sum()} supporting counties with at most {most} partners cannot make the "
                       f"{theirs.sum() * least} pairs that {theirs.sum()} recipient counties need"),
                  "county_partners_per_supporter", "county_partners_per_recipient")]  # fmt: skip

"""What cannot hold, with names and numbers: by counting before the solve, by a cut after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.language import Text, several
from graph.network import Network
from graph.titles import counties_with
from planner.published import FROZEN
from planner.stage import Context
from planner.stages.funds.built import Built
from planner.stages.funds.facts import PPM, Facts, ppm
from planner.stages.funds.known import Known, known_numbers
from planner.stages.words import clash, name_list

FLOORS = ("county_floor", "per_head", "stability")
SHARES = ("province_shares", "reward", "stability")
FOLLOW_PAIRS = ("east_west", "unit")
"""Levels of sources that pay only where a region or unit is paired."""


@dataclass(frozen=True)
class Lacking:
    """What cannot hold in one ``year``: ``short`` yuan are lacking."""

    year: int
    short: int
    what: Text


def counted(context: Context, facts: Facts, known: Known) -> list[Text]:
    """Clashes found by counting."""
    found = _crossed_bounds(context, facts, known) + _crossed_shares(context, facts, known)
    found += _shares(context, facts, known)
    return found + _floors(context, facts, known) + _classes(context, facts, known)


def counted_ahead(context: Context, facts: Facts) -> list[Text]:
    """Floors of counties above their ceilings or above all money, whatever pairs are still to be decided.

    Floors that only sources which follow pairs could pay do not count, but the money of these does.
    """
    level = context.network.frame("fund_sources").sort("id")["level"]
    free = ~level.is_in(FOLLOW_PAIRS).to_numpy()
    known = known_numbers(context, replace(facts, allowed=facts.allowed & free[:, None, None]))
    return _crossed_bounds(context, facts, known) + _floors(context, facts, known)


def gave_up_words(context: Context) -> Text:
    """Why a search ended without a plan while time was left."""
    if context.policy.on("smallest_project"):
        value = yuan(context.policy["smallest_project"])
        return Text(
            f"smallest_project = {value} 元之下，逐轮关闭或抬升过小的项目没有得到方案；这是启发式搜索，不说明无解，也不是时间不够。"
            "请降低 smallest_project，或放宽各下限",
            f"under smallest_project = {value} yuan, closing or raising projects that are too small led to no plan; this search is a "
            "heuristic, which does not show that there is none, and more time would not help. Lower smallest_project, or the floors",
        )
    return Text(
        "有不成层级的规则，分数解没有取整成整元的方案；不说明无解，也不是时间不够。请放宽这些规则",
        "some rules cross, and the fractional plan could not be rounded to whole yuan; that does not show that there is none, and more "
        "time would not help. Relax these rules a little",
    )


def yuan(amount: int) -> str:
    """An amount for people."""
    return f"{int(amount):,}"


def _folded(years: Sequence[Lacking], *rules: str) -> list[Text]:
    """The year that lacks most, and in which others the same holds; empty where none lacks anything."""
    if not years:
        return []
    worst = max(years, key=lambda one: one.short)
    if len(years) == 1:
        return [clash(worst.what, *rules)]
    span = spans([one.year for one in years])
    zh = f"{worst.what.zh}；{span} 年都如此，{worst.year} 年缺得最多，缺 {yuan(worst.short)} 元"
    en = f"{worst.what.en}; so in {span}, most in {worst.year}: {yuan(worst.short)} yuan short"
    return [clash(Text(zh, en), *rules)]


def spans(years: Sequence[int]) -> str:
    """Years in order, those that follow one another as one: ``2016, 2018–2020``."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(r[0]) if len(r) == 1 else f"{r[0]}–{r[-1]}" for r in runs)


def _crossed_bounds(context: Context, facts: Facts, known: Known) -> list[Text]:
    found: list[Lacking] = []
    for t, year in enumerate(facts.years):
        above = known.county_low[:, t] - known.county_high[:, t]
        wrong = np.flatnonzero(above > 0)
        if wrong.size:
            c = int(wrong[0])
            names = name_list(context.network, [facts.counties[i] for i in wrong])
            low, high = yuan(known.county_low[c, t]), yuan(known.county_high[c, t])
            found.append(Lacking(year, int(above[wrong].sum()),
                Text(f"{year} 年 {wrong.size} 个县的下限高于上限：{names.zh}（首个：下限 {low} 元，上限 {high} 元）",
                     f"{year}: the floor of {several(wrong.size, 'county', 'counties')} is above {'its' if wrong.size == 1 else 'their'} ceiling: {names.en} (the first: "
                     f"floor {low}, ceiling {high} yuan)")))  # fmt: skip
    return _folded(found, *FLOORS, "county_ceiling")


def _crossed_shares(context: Context, facts: Facts, known: Known) -> list[Text]:
    found: dict[tuple[int, int], list[Lacking]] = {}
    for t, year in enumerate(facts.years):
        for s, g in np.argwhere(known.share_low[:, :, t] > known.share_high[:, :, t]).tolist():
            low, high = yuan(known.share_low[s, g, t]), yuan(known.share_high[s, g, t])
            where, money = (
                context.network.label(facts.provinces[g]),
                source_name(context.network, facts.sources[s]),
            )
            lack = int(known.share_low[s, g, t] - known.share_high[s, g, t])
            found.setdefault((s, g), []).append(Lacking(year, lack,
                Text(f"{year} 年 {money} 给 {where} 的下限 {low} 元高于上限 {high} 元",
                     f"{year}: what {money} must give {where}, {low} yuan, is above what it may, {high} yuan")))  # fmt: skip
    return [text for years in found.values() for text in _folded(years, *SHARES)]


def _floors(context: Context, facts: Facts, known: Known) -> list[Text]:
    if not context.policy.on("budgets"):
        return []
    found: list[Lacking] = []
    money = facts.budget.sum(axis=0).copy()
    money[1:] += facts.carry[:, :-1].sum(axis=0)
    for t, year in enumerate(facts.years):
        low = known.county_low[:, t]
        need = int(low.sum())
        if need > money[t]:
            n = int((low > 0).sum())
            largest = [facts.counties[i] for i in np.argsort(-low, kind="stable")[: min(n, 3)]]
            names = name_list(context.network, largest)
            found.append(Lacking(year, need - int(money[t]),
                Text(f"{year} 年 {n} 个县的下限合计 {yuan(need)} 元，而全部来源只有 {yuan(money[t])} 元（最大：{names.zh}）",
                     f"{year}: the floors of {n} counties come to {yuan(need)} yuan, but all sources have only "
                     f"{yuan(money[t])} yuan (largest: {names.en})")))  # fmt: skip
    return _folded(found, *FLOORS, "budgets")


def class_words(context: Context) -> tuple[Text, Text]:
    """The counties that come first, and those outside the list, in words."""
    first, listed = (counties_with(str(context.policy[k])) for k in ("deep_poverty_tag", "county_tag"))
    return Text(first.zh, first.many), Text(listed.without_zh, "counties outside the list")


def _classes(context: Context, facts: Facts, known: Known) -> list[Text]:
    """Floors of classes above what their counties may receive; both floors above what there is."""
    found: dict[str, list[Lacking]] = {}
    may = np.minimum(known.cell.sum(axis=1), known.county_high)
    first, outside = class_words(context)
    kinds = (("deep_poverty_share", facts.deep, known.deep_low, first.zh, first.en),
             ("outside_share", facts.outside, known.outside_low, outside.zh, outside.en))  # fmt: skip
    for t, year in enumerate(facts.years):
        for key, members, low, zh, en in kinds:
            room = int(may[members, t].sum())
            if low[t] > room:
                n = int((members & (may[:, t] > 0)).sum())
                found.setdefault(key, []).append(Lacking(year, int(low[t]) - room,
                    Text(f"{year} 年{zh}至少应得 {yuan(low[t])} 元，而其 {n} 个县至多能用 {yuan(room)} 元",
                         f"{year}: {en} must get at least {yuan(low[t])} yuan, but their {n} counties can use at most "
                         f"{yuan(room)} yuan")))  # fmt: skip
    return [text for k, years in found.items() for text in _folded(years, k, "county_ceiling", "per_head")]


def cut_floors(context: Context, facts: Facts, known: Known) -> list[Text]:
    """Warnings: a share for a class of counties that is more than they may be paid for."""
    first, outside = class_words(context)
    kinds = (("deep_poverty_share", facts.deep, known.deep_low, first.zh, first.en),
             ("outside_share", facts.outside, known.outside_low, outside.zh, outside.en))  # fmt: skip
    found = []
    for key, members, low, zh, en in kinds:
        wanted = ppm(context.policy[key] or 0.0)
        short = [t for t in range(len(facts.years)) if int(low[t]) * PPM < wanted * int(known.spendable[t])]
        if low.any() and members.any() and short:
            t = short[0]
            found.append(Text(
                f"{key}：{facts.years[t]} 年{zh}的需求只有 {yuan(low[t])} 元，份额按此计",
                f"{key}: in {facts.years[t]} {en} need only {yuan(low[t])} yuan, which is taken as their share"))  # fmt: skip
    return found


def _shares(context: Context, facts: Facts, known: Known) -> list[Text]:
    if not context.policy.on("budgets"):
        return []
    found: list[Text] = []
    for s in np.flatnonzero(facts.shared):
        lacking: list[Lacking] = []
        for t, year in enumerate(facts.years):
            before = int(facts.carry[s, t - 1]) if t else 0
            have, must = int(facts.budget[s, t]) + before, int(known.share_low[s, :, t].sum())
            if must > have:
                name = source_name(context.network, facts.sources[s])
                n = int((known.share_low[s, :, t] > 0).sum())
                lacking.append(Lacking(year, must - have,
                    Text(f"{year} 年 {name} 须给 {n} 个省共 {yuan(must)} 元，而只有 {yuan(have)} 元",
                         f"{year}: {name} must give {n} provinces {yuan(must)} yuan, but has only {yuan(have)} yuan")))  # fmt: skip
        found += _folded(lacking, *SHARES, "budgets")
    return found


def source_name(network: Network, source: str) -> str:
    """A fund source's name, its id where it has none."""
    rows = network.frame("fund_sources")
    found = dict(rows.select("id", "name").iter_rows()).get(source)
    return found or source


def cut_words(context: Context, built: Built, behind: np.ndarray, short: int) -> list[Text]:
    """What the nodes behind a violated cut must have, what can reach them, and by which rules.

    Lower bounds that leave the cut, less what may enter it, are ``short`` yuan too much (Hoffman's circulation theorem).
    """
    arrays = built.model.arrays()
    out = behind[arrays["tail"]] & ~behind[arrays["head"]] & (arrays["lower"] > 0)
    into = ~behind[arrays["tail"]] & behind[arrays["head"]]
    zh, en, rules, must = [], [], [], 0
    for family, keys in (
        ("county", FLOORS),
        ("class", ("deep_poverty_share", "outside_share")),
        ("share", SHARES),
        ("step", (FROZEN,)),
    ):
        mine = _members(built, family, out)
        if mine.size:
            amount = int(arrays["lower"][built.model.families[family]][mine].sum())
            place, must = _places(context, built, family, mine), must + amount
            zh.append(f"{place.zh}必须得到 {yuan(amount)} 元")
            en.append(f"{place.en} must get {yuan(amount)} yuan")
            rules += [k for k in keys if context.policy.on(k)]
    limits = [f for f in built.model.families if _members(built, f, into).size]
    rules += [r for f, r in _LIMITS.items() if any(x.startswith(f) for x in limits)]
    rules += [FROZEN] if "step" in limits and context.policy.on(FROZEN) else []
    rules += ["budgets"] if context.policy.on("budgets") else []
    left = yuan(max(must - short, 0))
    return [clash(
        Text(f"{'；'.join(zh) or '有的下限无法满足'}，而至多只能安排 {left} 元，差 {yuan(short)} 元",
             f"{'; '.join(en) or 'a floor cannot be met'}, but at most {left} yuan can be placed: {yuan(short)} yuan short"),
        *dict.fromkeys(rules))]  # fmt: skip


_LIMITS = {"carry": "carry_over", "share": "province_shares", "pay": "earmarks", "step": "slot_caps", "county": "county_ceiling",
           "lend:microcredit": "microcredit_loan_max", "lend:relending": "relending_share"}  # fmt: skip


def _members(built: Built, family: str, mask: np.ndarray) -> np.ndarray:
    place = built.model.families.get(family)
    return np.flatnonzero(mask[place]) if place is not None else np.zeros(0, dtype=np.int64)


def _places(context: Context, built: Built, family: str, members: np.ndarray) -> Text:
    facts, index = built.facts, built.index[family][members]
    planned = [str(facts.years[t]) for t in np.unique(index[:, -1])]
    years, listed = "、".join(planned), ", ".join(planned)
    if family == "class":
        both = class_words(context)
        named = [both[k] for k in np.unique(index[:, 0])]
        return Text(
            f"{years} 年" + "、".join(n.zh for n in named), f"{listed}: " + ", ".join(n.en for n in named)
        )
    if family == "share":
        money = source_name(context.network, facts.sources[int(index[0, 0])])
        codes: Sequence[str] = [facts.provinces[g] for g in np.unique(index[:, 1])]
        names = name_list(context.network, codes)
        return Text(
            f"{years} 年 {len(codes)} 个省（{names.zh}）从{money}等",
            f"{listed}: {several(len(codes), 'province')} ({names.en}) from {money} and the like",
        )
    codes = [facts.counties[c] for c in np.unique(index[:, 1 if family == "step" else 0])]
    names = name_list(context.network, codes)
    return Text(
        f"{years} 年 {len(codes)} 个县（{names.zh}）",
        f"{listed}: {several(len(codes), 'county', 'counties')} ({names.en})",
    )

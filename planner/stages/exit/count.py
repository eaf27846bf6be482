"""What cannot hold, found by counting: each finding names the rules, the places and the numbers."""

from __future__ import annotations

import numpy as np

from graph.errors import ScenarioError
from graph.language import Text, several
from planner.stage import Context
from planner.stages.exit.count_ahead import deadline_too_soon, pinned_too_many, pledged_too_much, verified
from planner.stages.exit.gates import announced_year, departures
from planner.stages.exit.model import Parts
from planner.stages.exit.pace import wanted_per_year
from planner.stages.exit.places import Places, find_places
from planner.stages.exit.pledges import below, shortfall
from planner.stages.exit.settings import SETTINGS
from planner.stages.exit.support import losses
from planner.stages.exit.teams import Short, too_few_teams
from planner.stages.words import clash, name_list

SUPPORT_NAMES = {
    "pair": Text("结对", "its pair"),
    "unit": Text("定点单位", "its designated unit"),
    "team": Text("驻村工作队", "its village teams"),
    "funds": Text("资金下限", "the floor of its funds"),
}


def count_clashes(context: Context, parts: Parts) -> list[Text]:
    """Everything that counting shows, the plainest first."""
    check_pins(context, parts.places)
    return [
        *_standard(context),
        *_deadline(context, parts.places),
        *_lost_support(context, parts),
        *_never_free(context, parts),
        *_pinned(context, parts),
        *_capacity(context, parts),
        *pinned_too_many(context, parts.places),
        *pledged_too_much(context, parts.places),
        *_pace(context, parts),
        *_persons(context, parts),
    ]


def counted_ahead(context: Context) -> list[Text]:
    """What holds whatever the stages before decide."""
    places = find_places(context)
    check_pins(context, places)
    counts = (deadline_too_soon, pinned_too_many, pledged_too_much)
    told = [text for count in counts for text in count(context, places)]
    return [*_standard(context), *_deadline(context, places), *told]


def check_pins(context: Context, places: Places) -> None:
    """Refuse pins that name no county still to exit, or no planned year.

    Raises
    ------
    ScenarioError
        With the pin and what would be right.
    """
    listed, years = set(places.listed), places.years
    for region, year in (context.policy["pins"] or {}).items():
        if region not in listed:
            raise ScenarioError(
                f"[exit] pins：{region} 不是待退出的县", f"[exit] pins: {region} is no county still to exit"
            )
        if year not in years:
            raise ScenarioError(
                f"[exit] pins：{region} = {year:g} 不在计划年份 {years[0]}–{years[-1]} 内",
                f"[exit] pins: {region} = {year:g} is outside the planned years {years[0]}–{years[-1]}",
            )


def _standard(context: Context) -> list[Text]:
    found = []
    for key, value, centre in departures(context):
        shown = "off" if value is None else f"{value:g}"
        what = Text(
            f"{key} = {shown}，中央标准为 {centre:g}：各级不得降低或拔高标准",
            f"{key} = {shown}, the centre's standard is {centre:g}: no level below may lower or raise it",
        )
        found.append(clash(what, "standard", key))
    return found


def _deadline(context: Context, places: Places) -> list[Text]:
    deadline, first = context.policy["deadline"], context.on.year + 1
    n = len(places.counties)
    if deadline is None or deadline >= first or not n:
        return []
    what = Text(
        f"最后期限 {deadline} 已过，仍有 {n} 个县未退出，最早可在 {first} 年退出",
        f"the deadline {deadline} is over, {several(n, 'county has', 'counties have')} not exited; the first year that can be planned is {first}",
    )
    return [clash(what, "deadline")]


def _lost_support(context: Context, parts: Parts) -> list[Text]:
    """Counties that have exited already and lose what they must keep."""
    found = []
    lost = losses(context, parts.places.exited) if context.policy.on("keep_after_exit") else []
    for support, name in SUPPORT_NAMES.items():
        cases = [one for one in lost if one.support == support]
        if not cases:
            continue
        names, year = (
            name_list(context.network, [one.region for one in cases]),
            min(one.year for one in cases),
        )
        what = Text(
            f"{len(cases)} 个已退出的县从 {year} 年起失去{name.zh}：{names.zh}",
            f"{several(len(cases), 'county that has exited loses', 'counties that have exited lose')} {name.en} from {year} on: {names.en}",
        )
        found.append(clash(what, "keep_after_exit"))
    return found


def _never_free(context: Context, parts: Parts) -> list[Text]:
    """Counties that some rules keep from exiting in every planned year up to the deadline."""
    if not context.policy.on("deadline") or not parts.blocked:
        return []
    every = np.any(list(parts.blocked.values()), axis=0).all(axis=1)
    found = []
    for rule, mask in parts.blocked.items():
        alone = np.flatnonzero(mask.all(axis=1) & every)
        every[alone] = False
        if len(alone):
            found.append(clash(_blocked_text(context, parts, alone, rule), rule, "deadline"))
    rest = np.flatnonzero(every)
    if len(rest):
        rules = [r for r, mask in parts.blocked.items() if mask[rest].any()]
        extra = ("steps",) if "announce_by" in rules and context.policy.on("steps") else ()
        found.append(clash(_together_text(context, parts, rest, rules), *rules, *extra, "deadline"))
    return found


def _together_text(context: Context, parts: Parts, rows: np.ndarray, rules: list[str]) -> Text:
    """Counties that no rule alone keeps from exiting, but several do together; each with what it closes."""
    places, first = parts.places, rows[0]
    names = name_list(context.network, [places.listed[i] for i in rows])
    zh, en = [], []
    if "announce_by" in rules:
        late = _late_text(context, parts)
        zh.append(late.zh)
        en.append(late.en)
    own = next((r for r in ("line", "line_west") if r in rules and parts.blocked[r][first].any()), None)
    others = [mask[first] for r, mask in parts.blocked.items() if r != own]
    left = np.flatnonzero(~np.any(others, axis=0))  # years that only the line closes to the first of them
    if own is not None and left.size:
        share, line = parts.proxy.incidence[places.counties[first], left[-1]], places.line[first]
        name, year = context.network.label(places.listed[first]), places.years[left[-1]]
        zh.append(f"{name} 到 {year} 年预计 {share:.2%}，线 {line:.2%}")
        en.append(f"{name}: {share:.2%} expected in {year}, line {line:.2%}")
    last, told = places.years[-1], ", ".join(rules)
    return Text(
        f"{len(rows)} 个县到 {last} 年每年都被 {told} 合起来挡住：{names.zh}"
        + (f"（{'；'.join(zh)}）" if zh else ""),
        f"{several(len(rows), 'county is', 'counties are')} kept from exiting in every year up to {last} by {told} together: {names.en}"
        + (f" ({'; '.join(en)})" if en else ""),
    )


def _late_text(context: Context, parts: Parts) -> Text:
    """The first planned year whose results come out after ``announce_by``."""
    most = int(context.policy["announce_by"])
    year = next(y for y in parts.places.years if announced_year(context, y) > most)
    when = announced_year(context, year)
    return Text(
        f"{year} 年的结果要到 {when} 年才公告，晚于最迟公告年份 {most}",
        f"the results of {year} are announced in {when}, later than announce_by = {most}",
    )


def _blocked_text(context: Context, parts: Parts, rows: np.ndarray, rule: str) -> Text:
    places, last = parts.places, parts.places.years[-1]
    codes = [places.listed[i] for i in rows]
    names = name_list(context.network, codes)
    if rule.startswith("line"):
        i = rows[0]
        share, line = parts.proxy.incidence[places.counties[i], -1], places.line[i]
        first = context.network.label(codes[0])
        return Text(
            f"{len(rows)} 个县到 {last} 年仍不低于退出线：{names.zh}（{first} 预计 {share:.2%}，线 {line:.2%}）",
            f"{several(len(rows), 'county does', 'counties do')} not get below the line by {last}: {names.en} ({first}: {share:.2%} expected, line {line:.2%})",
        )
    if rule == "announce_by":
        late = _late_text(context, parts)
        return Text(
            f"{len(rows)} 个县在任何规划年份退出都赶不上公告：{names.zh}（{late.zh}）",
            f"{several(len(rows), 'county', 'counties')} cannot exit in any planned year and be announced in time: {names.en} ({late.en})",
        )
    title = next(s.title for s in SETTINGS if s.key == rule)
    return Text(
        f"{len(rows)} 个县到 {last} 年每年都因“{title.zh}”不能退出：{names.zh}",
        f"{several(len(rows), 'county is', 'counties are')} kept from exiting in every year up to {last} by “{title.en}”: {names.en}",
    )


def _pinned(context: Context, parts: Parts) -> list[Text]:
    row = {c: i for i, c in enumerate(parts.places.listed)}
    found = []
    for region, year in (context.policy["pins"] or {}).items():
        rules = [
            r for r, mask in parts.blocked.items() if mask[row[region], int(year) - parts.places.years[0]]
        ]
        if rules:
            name = context.network.label(region)
            what = Text(
                f"指定 {name} 于 {year:g} 年退出，但不合规则",
                f"{name} is pinned to {year:g}, which other rules forbid",
            )
            found.append(clash(what, "pins", *rules))
    return found


def _capacity(context: Context, parts: Parts) -> list[Text]:
    """Regions whose teams cannot verify, from some year to the last, the counties that cannot exit before it."""
    policy, places = context.policy, parts.places
    if not (policy.on("exits_per_team") and policy.on("deadline")):
        return []
    given = verified(context, places)
    first = free_years(parts).argmax(axis=1)
    found = []
    years = places.years
    for region, members in below(context, places.listed).items():
        for t in range(len(years)):
            room = [given.get(region, {}).get(later) for later in range(t, len(years))]
            need, most = int((first[members] >= t).sum()), sum(n or 0 for n in room)
            if None not in room and most < need:
                rules = ("exits_per_team", "deadline", *(["line", "line_west"] if t else []))
                found.append(Short(region, years[t], years[-1], most, need, rules))
                break
    return list(too_few_teams(context.network, found))


def free_years(parts: Parts) -> np.ndarray:
    """(n, years) bool: years that no rule closes to the county."""
    shape = (len(parts.places.counties), len(parts.places.years))
    closed = np.any(list(parts.blocked.values()), axis=0) if parts.blocked else np.zeros(shape, dtype=bool)
    return np.asarray(~closed)


def _pace(context: Context, parts: Parts) -> list[Text]:
    """Paces that want more counties than there are, than can be ready, or fewer than must exit."""
    places, n = parts.places, len(parts.places.counties)
    wanted = wanted_per_year(context, places)
    least, most = sum(low for _, low, _ in wanted), sum(high for _, _, high in wanted)
    if least > n:
        what = Text(
            f"节奏共要 {least} 个县退出，只有 {n} 个县未退出",
            f"the pace wants {several(least, 'exit')}, only {several(n, 'county is', 'counties are')} left",
        )
        return [clash(what, "pace")]
    if wanted and len(wanted) == len(places.years) and most < n and context.policy.on("deadline"):
        what = Text(
            f"节奏共容 {most} 个县退出，而有 {n} 个县要退出",
            f"the pace lets {several(most, 'county', 'counties')} exit, but {n} {'has' if n == 1 else 'have'} to",
        )
        return [clash(what, "pace", "deadline")]
    free = (
        ~np.any(list(parts.blocked.values()), axis=0)
        if parts.blocked
        else np.ones((n, len(places.years)), dtype=bool)
    )
    so_far = 0
    for t, low, _ in wanted:
        so_far += low
        able = int(free[:, : t + 1].any(axis=1).sum())
        if able < so_far:
            year = places.years[t]
            rules = [r for r, mask in parts.blocked.items() if mask[:, t].any()]
            what = Text(
                f"到 {year} 年节奏要 {so_far} 个县退出，只有 {able} 个县可以",
                f"by {year} the pace wants {so_far} exits, only {able} counties may",
            )
            return [clash(what, "pace", *rules)]
    return []


def _persons(context: Context, parts: Parts) -> list[Text]:
    """Pledges in persons against the register's expected flow, where they may not fall short."""
    if context.policy["pledge_elastic"]:
        return []
    return [clash(text, "pledge_persons") for text in persons_short(context, parts)]


def persons_short(context: Context, parts: Parts) -> list[Text]:
    """Pledges in persons that the proxy does not reach."""
    members, lifted = below(context, parts.places.codes), parts.proxy.lifted
    found = []
    for pledge in parts.pledges:
        if pledge.rule != "pledge_persons" or pledge.region not in members:
            continue
        reached = pledge.over(lifted[members[pledge.region]].sum(axis=0))
        if shortfall(pledge, reached):
            name, year = context.network.label(pledge.region), parts.places.years[pledge.last]
            found.append(Text(
                f"{name} 到 {year} 年责任书 {pledge.least:,} 人，预计减贫 {reached:,.0f} 人",
                f"{name} has pledged {pledge.least:,} persons by {year}, {reached:,.0f} are expected",
            ))  # fmt: skip
    return found

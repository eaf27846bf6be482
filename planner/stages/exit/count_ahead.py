"""What cannot hold in `exit` whatever the stages before decide: money and support may change what is ready, but no county and no team."""

from __future__ import annotations

from collections.abc import Iterator

from graph.language import Text, several
from planner.stage import Context
from planner.stages.exit.model import capacity_rows
from planner.stages.exit.places import Places
from planner.stages.exit.pledges import below, find_pledges
from planner.stages.exit.teams import Short, too_few_teams, years_told
from planner.stages.words import clash


def verified(context: Context, places: Places) -> dict[str, dict[int, int]]:
    """Region → number of a planned year → county exits that its teams can verify; nothing where the rule is off."""
    found: dict[str, dict[int, int]] = {}
    if context.policy.on("exits_per_team"):
        for region, t, most in capacity_rows(context, places):
            found.setdefault(region, {})[t] = most
    return found


def deadline_too_soon(context: Context, places: Places) -> Iterator[Text]:
    """Regions whose teams cannot verify all their counties up to the deadline, were each ready at once."""
    room, years = verified(context, places), places.years
    if not context.policy.on("deadline"):
        return
    short = []
    for region, members in below(context, places.listed).items():
        given = room.get(region, {})
        if len(given) == len(years) and sum(given.values()) < len(members):
            rules = ("exits_per_team", "deadline")
            short.append(Short(region, years[0], years[-1], sum(given.values()), len(members), rules))
    yield from too_few_teams(context.network, short)


def pledged_too_much(context: Context, places: Places) -> Iterator[Text]:
    """Pledges in counties that may not fall short, above what the teams of the region, or of one above it, can verify."""
    if context.policy["pledge_elastic"]:
        return
    room, label = verified(context, places), context.network.label
    for pledge in find_pledges(context, places):
        if pledge.rule != "pledge_counties":
            continue
        for region in (pledge.region, *context.network.ancestors(pledge.region)):
            given = [room.get(region, {}).get(t) for t in range(pledge.first, pledge.last + 1)]
            most = sum(n or 0 for n in given)
            if None not in given and most < pledge.least:
                span = years_told(places.years[pledge.first], places.years[pledge.last])
                what = Text(
                    f"{label(pledge.region)} 责任书 {span} 年至少 {pledge.least} 个县退出，而 {label(region)} 的核查队只能核查 {most} 个",
                    f"{label(pledge.region)} has pledged {several(pledge.least, 'county exit')} in {span}, but the teams of {label(region)} can verify {most}",
                )
                yield clash(what, "exits_per_team", "pledge_counties")
                break


def pinned_too_many(context: Context, places: Places) -> Iterator[Text]:
    """More counties of a region pinned to a year than its teams can verify in it."""
    room, first = verified(context, places), places.years[0]
    pins: dict[tuple[str, int], int] = {}
    for county, year in (context.policy["pins"] or {}).items():
        for region in (county, *context.network.ancestors(county)):
            pins[region, int(year) - first] = pins.get((region, int(year) - first), 0) + 1
    for (region, t), many in sorted(pins.items()):
        most = room.get(region, {}).get(t)
        if most is not None and many > most:
            name = context.network.label(region)
            what = Text(
                f"{name} 有 {many} 个县被指定于 {first + t} 年退出，而核查队当年只能核查 {most} 个",
                f"{many} counties of {name} are pinned to {first + t}, but its teams can verify {most} in that year",
            )
            yield clash(what, "pins", "exits_per_team")

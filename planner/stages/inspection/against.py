"""Visits held against a published plan: a team's visit that is new or ended is one change.

A team's visit is a kind of inspection in a region; which counties it samples is drawn, not decided, and is no change.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from graph.language import Text
from graph.schema import ENUMS, RESULTS
from planner.frozen import freezes
from planner.stage import Context
from planner.stages.inspection.conflicts import Teams, forbidden
from planner.stages.inspection.settings import NAME
from planner.stages.inspection.visits import Visit, planned_year
from planner.stages.keeping import Keep, budget_of, price_of
from planner.stages.keeping_pairs import by_rule, keep_pairs
from planner.stages.pairs import Pairs

OTHER_YEAR = Text("年度不同", "it is of another year")
NO_TEAM = Text("该组不再存在", "the team is there no more")
NOT_DUE = Text("该次督查不在应督查之列", "the visit is not due")
BARRED = Text("组的人数或牵头方不合", "the team is too small, or may not lead such a visit")
Made = tuple[str, str, str]
"""Team, kind, inspected region."""


def published_visits(context: Context, visits: list[Visit]) -> tuple[set[Made], list[tuple[Made, Text]]]:
    """Published visits of the planned year that are due, and the others with the reason."""
    assert context.published is not None
    rows = context.published.of(NAME).get("inspections", RESULTS["inspections"].empty())
    up, year = context.network.ancestors, planned_year(context)
    due = {(v.kind, v.region) for v in visits}
    found, lost = set[Made](), dict[Made, Text]()
    for kind, when, team, county in (
        rows.select("kind", "year", "team", "region").unique().sort(pl.all()).iter_rows()
    ):
        region = next((r for r in (county, *up(county)) if (kind, r) in due), None)
        if when == year and region is not None:
            found.add((team, kind, region))
        else:
            lost[team, kind, county] = NOT_DUE if when == year else OTHER_YEAR
    return found, sorted(lost.items())


def keep_visits(
    context: Context, teams: Teams, visits: list[Visit], team: np.ndarray, visit: np.ndarray
) -> Keep | None:
    """What a published plan asks of the columns; ``team``, ``visit``: (n,) int64 of each."""
    if context.published is None or not context.published.of(NAME):
        return None
    wanted, gone = published_visits(context, visits)
    named = [(teams.ids[t], visits[v].kind, visits[v].region) for t, v in zip(team, visit, strict=True)]
    mask = np.array([m in wanted for m in named], dtype=bool)
    lost: dict[Text, list[Text]] = {}
    for made, reason in gone:
        lost.setdefault(reason, []).append(shown(context, made))
    barred = _barred(context, teams, visits)
    for made in sorted(wanted - set(named)):
        reason = NO_TEAM if made[0] not in teams.ids else barred.get((made[0], made[2]), BARRED)
        lost.setdefault(reason, []).append(shown(context, made))
    year, masks = planned_year(context), {}
    regions = [visits[v].region for v in visit]
    for freeze in freezes(context, NAME):
        if freeze.holds(context.on, year):
            here = zip(
                freeze.covers(context.network, regions),
                freeze.covers(context.network, [m[0] for m in named]),
                strict=True,
            )
            masks[freeze.entry] = np.array([a or b for a, b in here], dtype=bool)
    return Keep(context.published.plan, mask, masks, budget_of(context), price_of(context), lost)


def _barred(context: Context, teams: Teams, visits: list[Visit]) -> Mapping[tuple[str, str], Text]:
    """(team, region) → the rule of independence that shuts it."""
    regions = list(dict.fromkeys(v.region for v in visits))
    found: dict[tuple[str, str], Text] = {}
    for rule, mask in forbidden(context, teams, regions).items():
        reason = Text(f"规则 {NAME}.{rule} 不许", f"the rule {NAME}.{rule} forbids it")
        for t, r in np.argwhere(mask).tolist():
            found.setdefault((teams.ids[t], regions[r]), reason)
    return found


def shown(context: Context, made: Made) -> Text:
    """A team's visit for people."""
    team, kind, region = made
    title, name = ENUMS["inspection_kind"].get(kind, Text(kind, kind)), context.network.label(region)
    return Text(f"{team} → {name}（{title.zh}）", f"{team} → {name} ({title.en})")


def keep_scored(context: Context, pairs: Pairs) -> Keep | None:
    """The same under own scores: teams and regions as listed."""
    if context.published is None or not context.published.of(NAME):
        return None
    rows = context.published.of(NAME).get("inspections", RESULTS["inspections"].empty())
    mine = rows.filter(pl.col("year") == planned_year(context))
    published = mine.select(supporter="team", recipient="region")
    return keep_pairs(context, NAME, pairs, published, by_rule(NAME, {}), year=planned_year(context))

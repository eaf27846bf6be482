"""What the plans tell of changed exits and inspections: pinned years, years that moved, pairs between a team and whom it inspects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.compare.consequences import HOW
from planner.plan import Plan

PINS = "exit.pins"
_WORDS = dict.fromkeys(("zh", "en"), pl.String)


def pinned_exits(before: Plan, after: Plan) -> pl.DataFrame:
    """region, zh, en: places whose pinned year of exit came, went or is another."""
    old, new = (_pins(p) for p in (before, after))
    rows = [
        (region, *_of_pin(old.get(region), new.get(region)))
        for region in dict.fromkeys([*old, *new])
        if old.get(region) != new.get(region)
    ]
    return pl.DataFrame(rows, schema={"region": pl.String, **_WORDS}, orient="row")


def _pins(plan: Plan) -> Mapping[str, int]:
    pins = plan.head["inputs"]["policy"].get("exit", {}).get("pins")
    return pins if isinstance(pins, Mapping) else {}


def _of_pin(was: int | None, now: int | None) -> Text:
    if now is None:
        return Text(f"不再指定 {was} 年退出（{PINS}）", f"its exit is no longer pinned to {was} ({PINS})")
    if was is None:
        return Text(f"新指定 {now} 年退出（{PINS}）", f"its exit is newly pinned to {now} ({PINS})")
    return Text(
        f"指定的退出年份 {was} → {now}（{PINS}）",
        f"the year that its exit is pinned to: {was} → {now} ({PINS})",
    )


def exits_of_places(before: Plan, after: Plan) -> pl.DataFrame:
    """region, zh, en: places that exit in another year, or in one plan only."""
    years = [p.decided("exits").select("region", "year") for p in (before, after)]
    both = years[0].join(years[1], on="region", how="full", suffix="_after", coalesce=True)
    differs = both.filter(pl.col("year").ne_missing(pl.col("year_after"))).sort("region")
    told = [f"{was or '–'} → {now or '–'}" for was, now in differs.select("year", "year_after").iter_rows()]
    return differs.select(
        "region",
        zh=pl.Series([f"退出年份 {t}" for t in told], dtype=pl.String),
        en=pl.Series([f"year of exit {t}" for t in told], dtype=pl.String),
    )


def pairs_of_teams(before: Plan, after: Plan, rows: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """team, region, zh, en: visits whose team's unit or home has a pair with the region, or with a place in it, that came or went.

    Nobody inspects whom it supports: such a pair sends a team away, or lets it come.

    Parameters
    ----------
    before, after : Plan
        The plans.
    rows : DataFrame
        Changed inspections.
    edges : DataFrame
        The pairs of both; see :func:`planner.compare.partners.links`.
    """
    told = _between(before.network, after.network, edges)
    networks, found = (after.network, before.network), []
    for team, region in rows.select("team", "region").unique(maintain_order=True).iter_rows():
        words = dict.fromkeys(
            told[pair] for n in networks for pair in _asked(n, team, region) if pair in told
        )
        if words:
            found.append((team, region, "；".join(w.zh for w in words), "; ".join(w.en for w in words)))
    schema = dict.fromkeys(("team", "region"), pl.String) | _WORDS
    return pl.DataFrame(found, schema=schema, orient="row")


def _between(old: Network, new: Network, edges: pl.DataFrame) -> dict[tuple[str, str], Text]:
    """Two places, or a unit and a place → the changed pair between them or within them."""
    found: dict[tuple[str, str], Text] = {}
    changed = edges.filter(pl.col("state") != "kept").select("supporter", "recipient", "state")
    for supporter, recipient, how in changed.iter_rows():
        network = new if how == "new" else old
        pair = f"{network.label(supporter)} > {network.label(recipient)}"
        words = Text(f"{pair} {HOW[how].zh}", f"{pair} {HOW[how].en}")
        for giver in (supporter, *network.ancestors(supporter)):
            for taker in (recipient, *network.ancestors(recipient)):
                found.setdefault((giver, taker), words)
    return found


def _asked(network: Network, team: str, region: str) -> Iterator[tuple[str, str]]:
    """Pairs that would keep a team away: of its unit or its home with the region."""
    if not network.has("inspection_teams"):
        return
    rows = network.frame("inspection_teams").filter(pl.col("id") == team)
    for unit, home in rows.select("unit", "home_region").iter_rows():
        for giver in dict.fromkeys(filter(None, (unit, home, *(network.ancestors(home) if home else ())))):
            yield giver, region

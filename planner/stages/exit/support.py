"""Support stays after exit: who would lose a pair, a unit, its teams or the floor of its funds, and when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from graph.dates import holding, holds
from planner.stage import Context
from planner.stages.exit.places import Places, tagged
from planner.stages.exit.settings import SUPPORTS

LINKS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "pair": ("pairing", ("east_west", "county_pair"), ("counterpart", "intra_province")),
    "unit": ("designation", ("designated",), ("provincial_designated",)),
}
"""Support → stage that may reassign it, relation kinds that this stage reassigns, kinds that stay as they are."""

Links = dict[str, list[tuple[date | None, date | None]]]


@dataclass(frozen=True)
class Loss:
    """A county that would lose support: ``support`` one of SUPPORTS, in ``year``, the first without it."""

    region: str
    support: str
    year: int


Stays = Callable[[str, int, int], bool]
"""Whether a county that exits in one year still has a support in another."""


def losses(context: Context, exits: Mapping[str, int]) -> list[Loss]:
    """What counties that exit in the given years (county → year) would lose after exit; the first year of each."""
    return _lost(context, kept_supports(context), exits)


def blocked(context: Context, places: Places) -> np.ndarray:
    """(n, years) bool: years in which a county's exit would be followed by a loss of support."""
    found = np.zeros((len(places.counties), len(places.years)), dtype=bool)
    row = {c: i for i, c in enumerate(places.listed)}
    kept = kept_supports(context)
    for t, year in enumerate(places.years):
        for loss in _lost(context, kept, dict.fromkeys(places.listed, year)):
            found[row[loss.region], t] = True
    return found


def kept_supports(context: Context) -> dict[str, Stays]:
    """Support that the policy keeps → how to tell whether a county still has it."""
    return {s: _stays(context, s) for s in SUPPORTS if s in (context.policy["keep_after_exit"] or [])}


def _lost(context: Context, kept: Mapping[str, Stays], exits: Mapping[str, int]) -> list[Loss]:
    last = int(context.policy["keep_until"])
    found: list[Loss] = []
    for support, stays in kept.items():
        for county, year in sorted(exits.items()):
            lost = next(
                (t for t in range(max(year, context.on.year) + 1, last + 1) if not stays(county, year, t)),
                None,
            )
            if lost is not None:
                found.append(Loss(county, support, lost))
    return found


def _stays(context: Context, support: str) -> Stays:
    if support in LINKS:
        return _linked(context, support)
    return _staffed(context) if support == "team" else _funded(context)


def _linked(context: Context, support: str) -> Stays:
    """Pairs and units: relations as they run, those of a stage that has decided replaced by its pairs."""
    stage, reassigned, staying = LINKS[support]
    before = _links(context, (*reassigned, *staying), set())
    replaced = replaced_recipients(context, stage, reassigned)
    after = _links(context, reassigned, replaced)
    for recipient, spans in _links(context, staying, set()).items():
        after.setdefault(recipient, []).extend(spans)
    decided = context.decided.get("pairs")
    if decided is not None:
        for recipient in decided.filter(pl.col("stage") == stage)["recipient"].unique().sort().to_list():
            after.setdefault(recipient, []).append((None, None))
    network = context.network

    def stays(county: str, exit_year: int, year: int) -> bool:
        chain = (county, *network.ancestors(county))
        if not any(holds(*span, context.on) for c in chain for span in before.get(c, ())):
            return True  # nothing to keep
        return any(holds(*span, date(year, 12, 31)) for c in chain for span in after.get(c, ()))

    return stays


def _links(context: Context, kinds: tuple[str, ...], without: set[str]) -> Links:
    relations = context.network.frame("relations").filter(pl.col("kind").is_in(kinds))
    found: Links = {}
    for recipient, since, until in relations.select("recipient", "since", "until").iter_rows():
        if recipient not in without:
            found.setdefault(recipient, []).append((since, until))
    return found


def replaced_recipients(context: Context, stage: str, kinds: tuple[str, ...]) -> set[str]:
    """Recipients about whom the stage has decided, so that only its pairs count for them; none where it did not run."""
    decided = context.decided.get("pairs")
    if decided is None or stage not in decided["stage"].to_list():
        return set()
    policy = context.policies.get(stage)
    values = {} if policy is None else policy.values
    found = set(decided.filter(pl.col("stage") == stage)["recipient"].to_list())
    if values.get("recipients_tag"):
        found |= tagged(context, str(values["recipients_tag"]))
    if values.get("recipients_in_force") or values.get("include_in_force"):
        relations = context.network.frame("relations").filter(
            pl.col("kind").is_in(kinds) & holding(context.on)
        )
        found |= set(relations["recipient"].to_list())
    return found


def _staffed(context: Context) -> Stays:
    """Teams: a village that has someone now and must have someone (minimum ≥ 1) has someone in the plan too."""
    decided = context.decided.get("postings")
    if decided is None:
        return lambda county, exit_year, year: True
    posts = context.network.frame("village_posts").filter(pl.col("minimum") >= 1)
    held = context.network.frame("postings").filter(holding(context.on))["village"].unique()
    lost = set(held.to_list()) & set(posts["village"].to_list()) - set(decided["village"].to_list())
    bare = {a for v in lost for a in context.network.ancestors(v)}
    return lambda county, exit_year, year: county not in bare


def _funded(context: Context) -> Stays:
    """Funds: after exit at least the floor's share of the year of exit (or of the first year with allocations)."""
    allocations = context.decided.get("allocations")
    if allocations is None or allocations.is_empty():
        return lambda county, exit_year, year: True
    sums = allocations.group_by("region", "year").agg(pl.col("amount").sum())
    given = {(region, year): amount for region, year, amount in sums.iter_rows()}
    years = sorted(allocations["year"].unique().to_list())
    floor = float(context.policy["keep_funds_floor"])

    def stays(county: str, exit_year: int, year: int) -> bool:
        if year not in years:
            return True
        reference = given.get((county, max(exit_year, years[0])), 0)
        return bool(given.get((county, year), 0) >= floor * reference)

    return stays

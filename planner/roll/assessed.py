"""What a year's inspections find, what is mended, and how regions are assessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

from graph.network import Network
from planner.roll.outcome import Luck
from planner.roll.register_year import Exits, Register
from planner.roll.rows import SYNTHETIC, added
from planner.scenario import Scenario

CLOSED = "closed"
FOUND_BY = {"cross_check": "cross_check", "third_party": "third_party", "fund_review": "audit"}
"""Kind of inspection → kind of its findings; all others are ``inspection``."""
SEVERE, MEDIUM = 0.1, 0.5
"""Of findings so many are severe, and severe or medium (assumed)."""
DAYS = 90
"""Days to mend a finding, as in the generated scenario (assumed)."""
COMMENDED, PRINCIPAL = 1 / 3, 0.75
"""The best third of the regions that kept their pledges is commended; who reached less than three quarters is called in (assumed)."""


@dataclass(frozen=True)
class Findings:
    """How many were new in the year, closed in it, and open at its end."""

    new: int
    closed: int
    open: int


def find_and_mend(
    network: Network, inspections: pl.DataFrame, on: date, luck: Luck
) -> tuple[pl.DataFrame | None, Findings]:
    """``findings`` at the end of the year, ``None`` where there are none; each new one is of a place that was inspected."""
    year = on.year
    visited = inspections.filter(pl.col("year") == year)
    visits = visited.select("kind", "region").unique().sort("kind", "region").rows()
    names = [f"{kind}|{region}" for kind, region in visits]
    hit, how = luck.draw("found", year, names) < luck.chances.found, luck.draw("how bad", year, names)
    rows = [
        {"id": f"roll-{year}-{kind}-{region}", "region": region, "year": year, "kind": FOUND_BY.get(kind, "inspection"),
         "severity": severity(u), "received": on, "due": on + timedelta(days=DAYS), "status": "open"}
        for (kind, region), there, u in zip(visits, hit.tolist(), how.tolist(), strict=True)
        if there
    ]  # fmt: skip
    before = network.frame("findings")
    mended = pl.Series(luck.draw("mended", year, before["id"].to_list()) < luck.chances.mended)
    closing = (pl.col("status") != CLOSED) & mended
    closed = before.filter(closing).height
    frame = before.with_columns(
        status=pl.when(closing).then(pl.lit(CLOSED)).otherwise("status"),
        closed_on=pl.when(closing).then(pl.lit(on)).otherwise("closed_on"),
        mark=pl.when(closing).then(pl.lit(SYNTHETIC)).otherwise("mark"),
    )
    frame = added(network.with_frames({"findings": frame}), "findings", rows, SYNTHETIC)
    open_now = frame.filter(pl.col("status") != CLOSED).height
    return (frame if frame.height else None), Findings(len(rows), closed, open_now)


def severity(share: float) -> str:
    """How bad a finding is, by a draw in [0, 1)."""
    return "severe" if share < SEVERE else "medium" if share < MEDIUM else "low"


@dataclass(frozen=True)
class Kept:
    """A pledge held against what came: region, measure, promised, reached; over the years so far where what is early counts later."""

    region: str
    measure: str
    promised: int
    reached: int

    @property
    def kept(self) -> bool:
        """Whether at least as much came as was promised."""
        return self.reached >= self.promised


@dataclass(frozen=True)
class SoFar:
    """What was promised and what came before a year, (region, measure) → number; empty where what is early does not count later."""

    promised: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reached: Mapping[tuple[str, str], int] = field(default_factory=dict)


def hold_pledges(
    scenario: Scenario, register: Register, exits: Exits, year: int, so_far: SoFar
) -> tuple[list[Kept], SoFar]:
    """The year's pledges in persons and counties, of the levels that count, and what counts for the next year.

    Persons are those who left the register less those added. With ``exit.pledge_cumulative`` what was promised and what came
    since the start of the roll is added up.
    """
    network, policy = scenario.network, scenario.policies["exit"]
    levels = set(policy["pledge_levels"] or [])
    rows = network.frame("pledges").filter(
        (pl.col("year") == year) & pl.col("measure").is_in(["persons", "counties"])
    )
    net = dict(zip(register.codes, (register.before - register.after).tolist(), strict=True))
    promised, reached = dict(so_far.promised), dict(so_far.reached)
    for measure, own in (("persons", net), ("counties", dict.fromkeys(exits.happened, 1))):
        for region, value in _sums(network, own).items():
            reached[region, measure] = reached.get((region, measure), 0) + value
    found = []
    for region, measure, amount in (
        rows.sort("region", "measure").select("region", "measure", "amount").iter_rows()
    ):
        if network.level_of.get(region) in levels:
            promised[region, measure] = promised.get((region, measure), 0) + amount
            found.append(Kept(region, measure, promised[region, measure], reached.get((region, measure), 0)))
    return found, SoFar(promised, reached) if policy["pledge_cumulative"] else SoFar()


def _sums(network: Network, own: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, value in own.items():
        for place in (code, *network.ancestors(code)):
            found[place] = found.get(place, 0) + value
    return found


def assess(scenario: Scenario, register: Register, pledges: list[Kept], on: date) -> pl.DataFrame:
    """``assessments`` with the year: the regions assessed last, else the widest ones with a register; by pledges kept and speed."""
    network = scenario.network
    poor = _sums(network, dict(zip(register.codes, register.before.tolist(), strict=True)))
    gone = _sums(network, dict(zip(register.codes, (register.before - register.after).tolist(), strict=True)))
    last = network.frame("assessments").filter(pl.col("year") == pl.col("year").max())
    tops = {([*network.ancestors(c)] or [c])[-1] for c in register.codes}
    regions = sorted(set(last["region"].to_list()) & poor.keys()) or sorted(tops)
    share = {
        r: min((k.reached / k.promised for k in pledges if k.region == r and k.promised), default=1.0)
        for r in regions
    }
    speed = {r: gone[r] / poor[r] if poor[r] else 0.0 for r in regions}
    good = sorted((r for r in regions if share[r] >= 1.0 and speed[r] > 0), key=lambda r: (-speed[r], r))
    best = set(good[: round(len(regions) * COMMENDED)])
    rows: list[dict[str, Any]] = [
        {"region": r, "year": on.year, "category": category(share[r], r in best)} for r in regions
    ]
    return added(network, "assessments", rows, SYNTHETIC)


def category(share: float, best: bool) -> str:
    """The grade of a region that reached ``share`` of its pledge that fell shortest."""
    if best:
        return "commended"
    if share >= 1.0:
        return "plain"
    return "talk_principal" if share < PRINCIPAL else "talk_deputy"

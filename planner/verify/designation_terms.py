"""The terms of a designated pair's cost, and the units that take part: one at a time, from the tables."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import polars as pl

from graph.dates import holds
from planner.verify.outcome import Resolved
from planner.verify.pairs import Terms
from planner.verify.places import Places, latest_facts
from planner.verify.published import SCALE, price, published

NAME = "designation"


def units_taking_part(resolved: Resolved) -> dict[str, dict[str, Any]]:
    """Unit → its row: units that exist on the day, are not military and can carry something."""
    columns = ("id", "kind", "capacity", "strength", "profile", "since", "until")
    rows = resolved.network.frame("units").select(columns).iter_rows(named=True)
    here = [r for r in rows if r["kind"] != "military" and holds(r["since"], r["until"], resolved.on)]
    stated = any((r["capacity"] or 0) > 0 for r in here)
    return {r["id"]: r for r in here if ((r["capacity"] or 0) > 0 if stated else r["capacity"] is None)}


def known_pairs(resolved: Resolved) -> set[tuple[str, str]]:
    """The pairs of the published plan; none where there is no such plan."""
    rows = published(resolved, NAME, "pairs")
    return set() if rows is None else set(rows.select("supporter", "recipient").iter_rows())


class DesignationTerms(Terms):
    """The terms of a pair's cost, computed for one pair at a time."""

    def __init__(self, resolved: Resolved, counties: list[str], held: set[tuple[str, str]]) -> None:
        self.places = Places(resolved.network)
        self.counties = counties
        self.held = held
        self.units = units_taking_part(resolved)
        self.weights = {
            k: float(resolved.value(NAME, f"{k}_weight") or 0)
            for k in ("distance", "profile", "need", "change")
        }
        self.known, self.price = known_pairs(resolved), price(resolved, NAME) / SCALE
        self.incidence = latest_facts(resolved, "poverty_incidence")
        self.highest = max((self.incidence[c] for c in counties if c in self.incidence), default=0.0)
        self.needs: dict[str, dict[str, int]] = defaultdict(dict)
        sums = resolved.network.frame("needs").group_by("region", "programme").agg(pl.col("amount").sum())
        for region, programme, amount in sums.iter_rows():
            self.needs[region][programme] = amount

    def of(self, supporter: str, recipient: str) -> dict[str, float] | None:
        """Terms in points; ``None`` where the unit takes no part."""
        unit = self.units.get(supporter)
        if unit is None:
            return None
        strength = 0.5 if unit["strength"] is None else unit["strength"]
        need = 0.5
        if self.highest > 0:
            need = self.incidence[recipient] / self.highest if recipient in self.incidence else 0.5
        return {
            "distance": self.weights["distance"]
            * (self.places.distance_km(supporter, recipient) or 0.0)
            / 100,
            "profile": self.weights["profile"] * (1.0 - self._match(unit["profile"], recipient)),
            "need": self.weights["need"] * (1.0 - strength) * need,
            "change": self.weights["change"] * ((supporter, recipient) not in self.held),
            "published": self.price * ((supporter, recipient) not in self.known),
        }

    def _match(self, profile: str | None, county: str) -> float:
        wanted = self.needs.get(county, {})
        total = sum(wanted.values())
        if not total:
            return 1.0
        skills = set((profile or "").split(";"))
        return (
            sum(amount for programme, amount in wanted.items() if skills & SERVES.get(programme, set()))
            / total
        )


SERVES: dict[str, set[str]] = json.loads("""{
  "industry": ["industry", "agriculture"], "relocation": ["engineering"], "labour": ["general"],
  "education": ["education"], "health": ["health"], "ecology": ["agriculture"], "housing": ["engineering"],
  "infrastructure": ["engineering"], "dibao": ["finance"], "e_commerce": ["e_commerce"],
  "tourism": ["industry"], "photovoltaic": ["engineering", "finance"]}""")
"""Programme → skills that serve it, as docs/stages/designation.md declares them."""
SERVES = {k: set(v) for k, v in SERVES.items()}

"""What breaks when one supporter withdraws: who is left uncovered, who could take over, at what cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import polars as pl

from graph.dates import holding
from graph.network import Network
from graph.questions.coverage import Tree, build_tree, reach
from graph.questions.distance import distances_km, points
from graph.questions.gaps import reached_places
from graph.questions.loads import supporter_loads
from graph.questions.moment import moment
from graph.questions.place import Place, one_subject, places, same_place
from graph.questions.rules import RULES

READS = (
    "regions", "names", "region_successions", "region_tags", "region_facts", "units", "relations", "coverage"
)  # fmt: skip
"""Tables that :func:`withdraw` reads; all but ``regions`` and ``relations`` may be missing."""


@dataclass(frozen=True)
class Candidate:
    """Who could take over a recipient.

    Parameters
    ----------
    supporter : Place
        A supporter that has relations of the same kind today.
    distance_km : float or None
        Great-circle distance from its seat to the recipient; None where a point is missing.
    load, capacity : int, int or None
        Recipients of that kind today, and how many it can carry where that is known.
    cost : float
        ``distance_km / 1000 + (load + 1) / fair load``: the capacity where it is known, else the mean load
        of the candidates; a missing distance counts as the farthest candidate's. Low is good.
    full : bool
        Whether its capacity is used up.
    """

    supporter: Place
    distance_km: float | None
    load: int
    capacity: int | None
    cost: float
    full: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**self.__dict__, "supporter": self.supporter.to_dict()}


@dataclass(frozen=True)
class Lost:
    """One relation that would end.

    Parameters
    ----------
    relation, kind, mark : str
        The relation, its kind, its mark.
    supporter : Place
        Whose relation it is: who withdraws, or a place below it.
    through : {"own", "child"}
        Whether it is the relation of who withdraws, or of a place below.
    recipient : Place
        Who loses its support.
    remaining : tuple of Place
        Who still supports the recipient by the same kind: directly, through a place above, or all below it.
    candidates : tuple of Candidate
        Who could take over, the cheapest first, those with free capacity before full ones.
    """

    relation: str
    kind: str
    mark: str
    supporter: Place
    through: Literal["own", "child"]
    recipient: Place
    remaining: tuple[Place, ...]
    candidates: tuple[Candidate, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "relation": self.relation,
            "kind": self.kind,
            "mark": self.mark,
            "supporter": self.supporter.to_dict(),
            "through": self.through,
            "recipient": self.recipient.to_dict(),
            "remaining": [p.to_dict() for p in self.remaining],
            "candidates": [c.to_dict() for c in self.candidates],
        }


@dataclass(frozen=True)
class Withdrawal:
    """What a withdrawal does.

    Parameters
    ----------
    supporter : Place
        Who withdraws.
    at : date
        The day on which the network was read.
    lost : tuple of Lost
        Its relations in force and those of all places below it, one by one.
    uncovered : tuple of Place
        Recipients that nobody supports by the same kind any more.
    broken_rules : dict of str to tuple of Place
        Rule of coverage → places that it covers today and would no longer.
    units_stay : tuple of Place
        Units whose home is there and that support somebody: they are not the place, and stay.
    """

    supporter: Place
    at: date
    lost: tuple[Lost, ...]
    uncovered: tuple[Place, ...]
    broken_rules: dict[str, tuple[Place, ...]]
    units_stay: tuple[Place, ...] = ()

    @property
    def below(self) -> int:
        """How many of the lost relations are those of places below it."""
        return sum(entry.through == "child" for entry in self.lost)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "supporter": self.supporter.to_dict(),
            "at": self.at.isoformat(),
            "lost": [entry.to_dict() for entry in self.lost],
            "below": self.below,
            "uncovered": [p.to_dict() for p in self.uncovered],
            "broken_rules": {rule: [p.to_dict() for p in found] for rule, found in self.broken_rules.items()},
            "units_stay": [p.to_dict() for p in self.units_stay],
        }


def withdraw(network: Network, supporter: str, *, at: date | None = None, candidates: int = 3) -> Withdrawal:
    """What breaks when ``supporter`` ends its relations, and with them those of all places below it.

    A city that withdraws takes its districts along. Units whose home is there stay: a bank in Shanghai is not
    Shanghai's to withdraw.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    supporter : str
        Words that name a place or unit, as in :func:`~graph.questions.ask.ask`.
    at : date, optional
        The day asked for.
    candidates : int
        How many to offer for each recipient.

    Raises
    ------
    UsageError
        When nothing has that name, or several places or units do.
    """
    day = moment(network, at)
    who = one_subject(network, supporter)
    now = network.frame("relations").filter(holding(day)).sort("id")
    own, all_of_it = _places_of(network, who.id)
    goes = pl.col("supporter").is_in(list(all_of_it))
    ended, kept = now.filter(goes), now.filter(~goes)
    tree = build_tree(network)
    lost: list[Lost] = []
    ended = ended.sort(~pl.col("supporter").is_in(list(own)), "id")
    for (kind,), mine in sorted(ended.group_by("kind", maintain_order=True), key=lambda group: str(group[0])):
        lost += _lost(
            network, mine, kept.filter(pl.col("kind").eq_missing(kind)), tree, own, limit=candidates, day=day
        )
    bare = dict.fromkeys(entry.recipient for entry in lost if not entry.remaining)
    broken = _broken(network, tree, ended, kept, day)
    return Withdrawal(who, day, tuple(lost), tuple(bare), broken, _units_that_stay(network, all_of_it, kept))


def _places_of(network: Network, code: str) -> tuple[set[str], set[str]]:
    """Codes that are the place itself (retired ones too), and those with everything below it; a unit is alone."""
    own = same_place(network, code)
    below = {place for mine in own for place in network.descendants(mine)}
    changes = network.frame("region_successions").filter(
        pl.col("new").is_in(list(below)) | pl.col("old").is_in(list(below))
    )
    return own, own | below | set(changes["old"]) | set(changes["new"])


def _units_that_stay(network: Network, gone: set[str], kept: pl.DataFrame) -> tuple[Place, ...]:
    """Units with a home among the places that are gone, which go on supporting."""
    units = network.frame("units").filter(pl.col("home_region").is_in(list(gone)))
    return tuple(places(network, units.join(kept, left_on="id", right_on="supporter", how="semi")["id"]))


def _lost(
    network: Network,
    ended: pl.DataFrame,
    others: pl.DataFrame,
    tree: Tree,
    own: set[str],
    *,
    limit: int,
    day: date,
) -> list[Lost]:
    """The lost relations of one kind; ``others`` are those of that kind that stay, ``own`` who withdraws."""
    recipients = ended["recipient"].to_list()
    remaining = _remaining(network, tree, others, recipients)
    offered = _candidates(network, others, recipients, limit, day)
    rows = zip(
        ended.iter_rows(named=True),
        places(network, ended["supporter"]),
        places(network, recipients, above=True),
        offered,
        strict=True,
    )
    return [
        Lost(
            row["id"],
            row["kind"],
            row["mark"] or "",
            giver,
            "own" if giver.id in own else "child",
            place,
            tuple(places(network, remaining[place.id])),
            offers,
        )
        for row, giver, place, offers in rows
    ]


def _remaining(
    network: Network, tree: Tree, others: pl.DataFrame, recipients: list[str]
) -> dict[str, list[str]]:
    """Recipient → supporters that still reach it."""
    reached = reach(tree, others["recipient"].unique().to_list())
    ways = {region: (way, via) for region, way, via in reached.iter_rows()}
    found: dict[str, list[str]] = {}
    for code in recipients:
        way, via = ways.get(code, ("", code))
        from_whom = network.descendants(code) if way == "children" else [via]
        theirs = others.filter(pl.col("recipient").is_in(from_whom))["supporter"]
        found[code] = theirs.unique(maintain_order=True).to_list() if way else []
    return found


def _candidates(
    network: Network, others: pl.DataFrame, recipients: list[str], limit: int, day: date
) -> list[tuple[Candidate, ...]]:
    """For each recipient the cheapest supporters of the same kind that do not support it yet."""
    loads = supporter_loads(network.with_frames({"relations": others}), at=day).sort("supporter")
    if loads.is_empty():
        return [() for _ in recipients]
    ids = loads["supporter"].to_list()
    load = loads["recipients"].to_numpy().astype(np.float64)
    capacity = loads["capacity"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    distance = distances_km(points(network, recipients), points(network, ids))
    counted = np.where(np.isnan(distance), np.nanmax(distance, initial=0.0), distance)
    fair = np.where(np.isnan(capacity), load.mean(), np.maximum(capacity, 1.0))
    cost = counted / 1000 + (load + 1) / fair
    full = load >= np.where(np.isnan(capacity), np.inf, capacity)
    taken = set(others.select("recipient", "supporter").iter_rows())
    shown = places(network, ids)
    answers = []
    for row, recipient in enumerate(recipients):
        order = [j for j in np.lexsort((cost[row], full)).tolist() if (recipient, ids[j]) not in taken][
            :limit
        ]
        answers.append(
            tuple(
                Candidate(
                    shown[j],
                    None if np.isnan(distance[row, j]) else round(float(distance[row, j]), 1),
                    int(load[j]),
                    None if np.isnan(capacity[j]) else int(capacity[j]),
                    round(float(cost[row, j]), 3),
                    bool(full[j]),
                )
                for j in order
            )
        )
    return answers


def _broken(
    network: Network, tree: Tree, ended: pl.DataFrame, kept: pl.DataFrame, day: date
) -> dict[str, tuple[Place, ...]]:
    """Places that a rule covers today and no longer afterwards."""
    kinds = set(ended["kind"].drop_nulls().to_list())
    after = network.with_frames({"relations": kept})
    broken: dict[str, tuple[Place, ...]] = {}
    for rule in RULES:
        if not kinds.isdisjoint(rule.kinds):
            asked, before = reached_places(network, tree, rule, day)
            left = reached_places(after, tree, rule, day)[1]
            lost = asked.join(before, on="region", how="semi", maintain_order="left")
            fallen = lost.join(left, on="region", how="anti", maintain_order="left")["region"].to_list()
            if fallen:
                broken[rule.name] = tuple(places(network, fallen, above=True))
    return broken

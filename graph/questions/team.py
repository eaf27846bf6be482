"""Who is where in a county: its villages, their posts, and the people in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.network import Network
from graph.questions.posted import LEAVES
from graph.questions.staffing import seats

PERSON = ("cadre", "role", "skill", "languages", "unit", "unit_name", "since", "due", "change", "mark")
SEAT = ("village", "post")


@dataclass(frozen=True)
class Team:
    """The answer.

    Parameters
    ----------
    at, by : date
        The days counted from and to.
    region : str
        Code of the place.
    name : str
        What it is called.
    above : str
        What the province is called; empty where there is none.
    seats : sequence of mapping
        A post of a village each, villages of the first tier first, with ``people`` in it and its ``state``: ``vacant``, ``partly`` filled, ``ending`` (a term
        is over or ends up to ``by``), ``filled``, or ``beyond`` (nobody is asked for).
    """

    at: date
    by: date
    region: str
    name: str
    above: str
    seats: tuple[Mapping[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return dict(vars(self))


def team(network: Network, rows: pl.DataFrame, at: date, by: date, region: str) -> Team:
    """Who is where in a place.

    Parameters
    ----------
    network : Network
        Reads ``regions``, ``region_tags`` and ``village_posts``.
    rows : DataFrame
        Of :func:`graph.questions.posted.posted`.
    at, by : date
        The days counted from and to.
    region : str
        Code of a county, or of any other place.
    """
    inside = pl.col("village").is_in(sorted(network.within(region)))
    posts, there = seats(network).filter(inside), rows.filter(inside)
    extra = (
        there.join(posts, on=SEAT, how="anti").select(*SEAT, "role", "village_name", "language").unique(SEAT)
    )
    known = pl.concat([posts, extra], how="diagonal")
    people: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in there.select(*SEAT, *PERSON).to_dicts():
        people.setdefault((row.pop("village"), row.pop("post")), []).append(row)
    told = [_seat(row, people.get((row["village"], row["post"]), []), by) for row in _ordered(known)]
    top = network.at_level(region, network.settings.levels[0]) if network.settings.levels else None
    return Team(
        at,
        by,
        region,
        network.label(region),
        network.label(top) if top and top != region else "",
        tuple(told),
    )


def _ordered(known: pl.DataFrame) -> list[dict[str, Any]]:
    columns = ("village", "village_name", "tier", "post", "role", "wanted", "minimum", "target", "language")
    first = pl.col("tier").min().over("village")
    rows = known.with_columns(first=first).sort("first", "village", "role", "post", nulls_last=True)
    return rows.select(columns).to_dicts()


def _seat(row: dict[str, Any], people: list[dict[str, Any]], by: date) -> dict[str, Any]:
    staying = [p for p in people if p["change"] != LEAVES]
    wanted = row["target"] or 0
    over = any(p["due"] is not None and p["due"] <= by for p in staying)
    state = "filled" if len(staying) >= wanted else "partly" if staying else "vacant"
    if wanted == 0 and not staying:
        state = "beyond"
    return {**row, "state": "ending" if over and state == "filled" else state, "people": people}

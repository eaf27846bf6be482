"""Compare plans with the first of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.errors import UsageError
from planner.compare.churn import churn_by_province, everybody, moves
from planner.compare.figures import kpi_table, setting_table
from planner.compare.flows import money_flows
from planner.compare.partners import links, partners, partners_by_province
from planner.compare.places import joined_places
from planner.compare.planned import not_planned
from planner.compare.reasons import with_reasons
from planner.compare.rows import changed_inputs, changed_tables
from planner.compare.support import Support, support_of
from planner.cross import cross_table, measured_otherwise
from planner.plan import Plan


@dataclass(frozen=True)
class Comparison:
    """What differs.

    Parameters
    ----------
    plans : sequence of Plan
        The plans, the first being what the others are held against.
    kpis : DataFrame
        stage, key, title_zh, title_en, unit, better, ``baseline`` (of the first), then one column per plan id; a further
        column ``baseline <plan id>`` for each plan whose baseline is not everywhere the first one's.
    settings : DataFrame
        stage, key and one column per plan id: policy values that are not the same in all.
    changes : mapping of str to mapping of str to DataFrame
        Plan id → table → its rows that differ from the first plan's: the table's columns, ``how`` (new, ended,
        changed), for changed rows ``<column>_before``, and why as far as the plans tell it (``why_zh``, ``why_en``).
    inputs : mapping of str to mapping of str to DataFrame
        The same, without why, for the tables that the plans were made from.
    measured : mapping of str to sequence of str
        Stage → policy values that its cost is measured by and that are not the same in all plans.
    costs : DataFrame
        For these stages: each plan's decisions under each plan's values; see :func:`planner.cross.cross_table`.
    not_planned : mapping of str to sequence of str
        Plan id → stages that another plan has and it has not. What these decide is in none of the changes, links, moves and flows
        of the plan (of any other plan, where it is the first that has not planned them).
    support : Support
        Who receives and who gives how much in each plan, and how evenly.
    links, partners, partner_counts : DataFrame
        The difference as a graph, for every plan but the first (column ``plan``): edges, recipients, and their sums by province;
        see :mod:`planner.compare.partners`.
    moves, churn : DataFrame
        Cadres whose posting is not the first plan's, and their count by province, by ``plan``; see :mod:`planner.compare.churn`.
    flows : DataFrame
        Money between provinces that is not the same in all plans; see :func:`planner.compare.flows.money_flows`.
    """

    plans: Sequence[Plan]
    kpis: pl.DataFrame
    settings: pl.DataFrame
    support: Support
    links: pl.DataFrame
    partners: pl.DataFrame
    partner_counts: pl.DataFrame
    moves: pl.DataFrame
    churn: pl.DataFrame
    flows: pl.DataFrame
    changes: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    inputs: dict[str, dict[str, pl.DataFrame]] = field(default_factory=dict)
    measured: dict[str, list[str]] = field(default_factory=dict)
    costs: pl.DataFrame = field(default_factory=pl.DataFrame)
    not_planned: dict[str, list[str]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Ids of the plans, each once."""
        return list(dict.fromkeys(p.id for p in self.plans))

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {key: _as_rows(part) for key, part in self.parts().items()}

    def parts(self) -> dict[str, Any]:
        """The same with frames in place of lists of rows: of two plans of a country these are a million dictionaries."""
        frames = ("links", "partners", "partner_counts", "moves", "churn", "flows")
        support = ("amounts", "balance", "gini", "lorenz", "worst")
        return {
            "plans": [p.id for p in self.plans],
            "kpis": self.kpis,
            "settings": self.settings,
            "changes": self.changes,
            "inputs": self.inputs,
            "measured_otherwise": dict(self.measured),
            "not_planned": dict(self.not_planned),
            "costs": self.costs,
            "support": {name: getattr(self.support, name) for name in support},
            **{name: getattr(self, name) for name in frames},
        }


def _as_rows(part: Any) -> Any:
    """Frames, alone or below keys, as lists of rows; anything else as it is."""
    if isinstance(part, pl.DataFrame):
        return part.to_dicts()
    return {k: _as_rows(p) for k, p in part.items()} if isinstance(part, dict) else part


def compare(plans: Sequence[Plan]) -> Comparison:
    """Compare two or more plans with the first one.

    Raises
    ------
    UsageError
        When fewer than two plans are given.
    """
    if len(plans) < 2:
        raise UsageError("至少需要两个方案", "give at least two plans")
    first, unique = plans[0], list({p.id: p for p in plans}.values())
    others = list({p.id: p for p in plans[1:]}.values())
    known = joined_places(*(p.network for p in unique))
    inputs = {p.id: changed_inputs(first, p) for p in others}
    edges = {p.id: links(first, p) for p in others}
    changes = {
        p.id: with_reasons(first, p, changed_tables(first, p), inputs[p.id], edges[p.id], known)
        for p in others
    }
    met = [(p.id, partners(edges[p.id], known)) for p in others]
    people = [(p.id, everybody(first, p, known)) for p in others]
    return Comparison(
        plans=plans,
        kpis=kpi_table(plans),
        settings=setting_table(plans),
        support=support_of(unique, known),
        links=_stacked(edges.items()),
        partners=_stacked(met),
        partner_counts=_stacked((p, partners_by_province(f)) for p, f in met),
        moves=_stacked((p, moves(f)) for p, f in people),
        churn=_stacked((p, churn_by_province(f)) for p, f in people),
        flows=money_flows(unique, known),
        changes=changes,
        inputs=inputs,
        measured=measured_otherwise(plans),
        costs=cross_table(plans),
        not_planned=not_planned(unique),
    )


def _stacked(parts: Iterable[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """Frames of several plans under one another, with the plan's id before them."""
    return pl.concat([f.select(pl.lit(p).alias("plan"), pl.all()) for p, f in parts])

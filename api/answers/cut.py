"""Answers cut to what somebody sees who is limited to regions; one function for each kind of answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

import polars as pl

from api.answers.sight import ENDS, Sight
from api.service.seen import figures
from graph.questions.ask import Card
from graph.questions.difference import Difference
from graph.questions.gaps import Gap
from graph.questions.measured import Measured
from graph.questions.paths import LIES_IN, Net
from graph.questions.place import Place
from graph.questions.record import Record
from graph.questions.terms import Endings
from graph.questions.ties import Tie
from graph.questions.withdraw import Withdrawal
from graph.search import Hit


def cut_hits(sight: Sight, hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Those that may be asked about."""
    return tuple(hit for hit in hits if hit.id in sight.near)


def cut_card(sight: Sight, card: Card) -> Card:
    """Ties that touch."""
    return replace(
        card,
        supported_by=cut_ties(sight, card.supported_by),
        supports=cut_ties(sight, card.supports),
        hits=cut_hits(sight, card.hits),
    )


def cut_ties(sight: Sight, ties: Iterable[Tie]) -> tuple[Tie, ...]:
    """Those that touch."""
    return tuple(tie for tie in ties if sight.touches(tie.supporter.id, tie.recipient.id))


def cut_record(sight: Sight, record: Record) -> Record:
    """The card, and entries of ties that touch."""
    pledged = [row for row in record.pledged if sight.touches(row["supporter"], row["recipient"])]
    return Record(cut_card(sight, record.card), pledged)


def cut_gap(sight: Sight, gap: Gap) -> Gap:
    """Places within; the sums are theirs."""
    return replace(gap, rows=gap.rows.filter(sight.lying("region")))


def measured(sight: Sight, gap: Gap) -> Gap:
    """Amounts that the caller may see, of whoever is limited or not: none so small that they point at somebody."""
    return replace(gap, rows=figures(sight.scope.caller, gap.measure, gap.rows, "amount"))


def cut_regions(sight: Sight, found: Measured) -> Measured:
    """Regions within; the numbers are of those."""
    regions = sight.scope.asked.regions.frame("regions").filter(pl.col("level") == found.level)
    own = regions.filter(
        ~pl.col("pseudo").fill_null(value=False) & pl.col("code").is_in(sorted(sight.scope.codes))
    )
    values = found.values.filter(sight.lying("region"))
    occurring = set(values["state"].drop_nulls())
    states = {state: title for state, title in found.states.items() if state in occurring}
    return replace(found, values=values, regions=own.height, states=states)


def cut_measured(sight: Sight, found: Measured) -> dict[str, Any]:
    """Figures that the caller may see, of whoever is limited or not; of the others it is said that they are not told."""
    shown = replace(found, values=figures(sight.scope.caller, found.measure, found.values, "value"))
    hidden = (found.values["value"].is_not_null() & shown.values["value"].is_null()).to_list()
    told = shown.to_dict()
    told["values"] = [{**row, "suppressed": few} for row, few in zip(told["values"], hidden, strict=True)]
    return told


def cut_withdrawal(sight: Sight, found: Withdrawal) -> Withdrawal:
    """Lost ties that touch, and places within that are left."""
    broken = {rule: _within(sight, places) for rule, places in found.broken_rules.items()}
    return replace(
        found,
        lost=tuple(entry for entry in found.lost if sight.touches(entry.supporter.id, entry.recipient.id)),
        uncovered=_within(sight, found.uncovered),
        broken_rules={rule: places for rule, places in broken.items() if places},
        units_stay=tuple(unit for unit in found.units_stay if unit.id in sight.near),
    )


def _within(sight: Sight, places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(place for place in places if place.id in sight.within)


def cut_loads(sight: Sight, loads: pl.DataFrame) -> pl.DataFrame:
    """Supporters that may be asked about; their loads are what they carry in all."""
    return loads.filter(pl.col("supporter").is_in(sorted(sight.near)))


def cut_endings(sight: Sight, found: Endings) -> Endings:
    """Relations that touch, postings within."""
    return replace(
        found,
        relations=found.relations.filter(sight.touching(*ENDS)),
        each=found.each.filter(sight.lying("region", "village")),
        postings=found.postings.filter(sight.lying("region")),
    )


def endings_of(found: Endings, codes: Collection[str]) -> Endings:
    """Of some places and units: relations one of whose ends is one of them, postings there."""
    named = pl.Series(sorted(codes), dtype=pl.String).implode()
    return replace(
        found,
        relations=found.relations.filter(pl.any_horizontal(pl.col(end).is_in(named) for end in ENDS)),
        each=found.each.filter(pl.col("region").is_in(named) | pl.col("village").is_in(named)),
        postings=found.postings.filter(pl.col("region").is_in(named)),
    )


def cut_net(sight: Sight, net: Net) -> Net:
    """Those who may be named, and what ties them where it touches."""
    nodes = tuple(node for node in net.nodes if node.id in sight.near)
    kept = {node.id for node in nodes}
    steps = tuple(
        step
        for step in net.steps
        if kept.issuperset((step.source, step.target))
        and (step.kind == LIES_IN or sight.touches(step.source, step.target))
    )
    return Net(nodes, steps, net.cut)


def cut_paths(sight: Sight, found: Iterable[Net]) -> list[Net]:
    """Paths on which everybody may be named and every tie touches."""
    return [net for net in found if cut_net(sight, net) == net]


def cut_difference(sight: Sight, found: Difference) -> Difference:
    """Relations that touch."""
    touching = sight.touching(*ENDS)
    return replace(found, begun=found.begun.filter(touching), ended=found.ended.filter(touching))

"""Which places lack the support that a rule asks for, with the three kinds of nothing kept apart.

*Uncovered* (the list for the rule is complete and has no link), *outside the programme by design*, *not in
our data*. Only the first is a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from graph.dates import holding
from graph.language import Text
from graph.network import Network
from graph.questions.coverage import Tree, build_tree, completeness, reach
from graph.questions.moment import moment
from graph.questions.rules import RULES, Rule
from graph.search import spoken

READS = (
    "regions",
    "names",
    "region_tags",
    "region_facts",
    "units",
    "relations",
    "coverage",
    "village_posts",
    "postings",
)
"""Tables that :func:`gaps` reads; all but ``regions`` may be missing."""

STATE_TITLES = {
    "covered": Text("已覆盖", "covered"),
    "uncovered": Text("未覆盖", "uncovered"),
    "by_design": Text("制度外", "outside by design"),
    "not_in_data": Text("数据中没有", "not in our data"),
}
STATES = tuple(STATE_TITLES)
_NOTHING = {"yes": "uncovered", "by_design": "by_design", "no": "not_in_data"}


@dataclass(frozen=True)
class Gap:
    """The answer for one rule.

    Parameters
    ----------
    rule : str
        Name of the rule.
    title : Text
        What the rule asks for.
    at : date
        The day on which the network was read.
    rows : DataFrame
        One row per place of the rule: ``region``, ``name``, ``state`` (one of :data:`STATES`), ``way`` (own,
        parent, children), ``kind`` of the relation, ``via`` (whose relation it is), ``supporters`` (ids,
        ``;`` between) and ``amount`` (the rule's measure; null without one).
    stated : bool
        Whether table ``coverage`` says anything about the rule; without it no missing link can be called a
        gap.
    measure : str
        Measure of ``amount``; empty without one.
    """

    rule: str
    title: Text
    at: date
    rows: pl.DataFrame
    stated: bool
    measure: str = ""

    @property
    def places(self) -> int:
        """How many places the rule names."""
        return self.rows.height

    @property
    def counts(self) -> dict[str, int]:
        """State → number of places; they add up to :attr:`places`."""
        found = dict(self.rows.group_by("state").len().iter_rows())
        return {state: found.get(state, 0) for state in STATES}

    @property
    def amounts(self) -> dict[str, float]:
        """State → sum of the rule's measure; empty without one."""
        if not self.measure:
            return {}
        found = dict(self.rows.group_by("state").agg(pl.col("amount").sum()).iter_rows())
        return {state: found.get(state, 0.0) for state in STATES}

    @property
    def ways(self) -> dict[str, int]:
        """``kind/way`` → number of covered places, the commonest first."""
        covered = self.rows.filter(pl.col("state") == "covered")
        counted = (
            covered.group_by("kind", "way").len().sort("len", "kind", "way", descending=[True, False, False])
        )
        return {f"{kind}/{way}" if kind else way: n for kind, way, n in counted.iter_rows()}

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """Plain values for JSON; at most ``limit`` places of each state are listed, the counts are of all."""
        listed = {state: self.rows.filter(pl.col("state") == state) for state in STATES}
        return {
            "rule": self.rule,
            "title": self.title.as_dict(),
            "at": self.at.isoformat(),
            "places": self.places,
            "counts": self.counts,
            "ways": self.ways,
            "measure": self.measure or None,
            "amounts": self.amounts,
            "stated": self.stated,
            **{
                state: (rows if limit is None else rows.head(limit)).to_dicts()
                for state, rows in listed.items()
            },
        }


def gaps(network: Network, *, at: date | None = None, rules: Sequence[Rule] | None = None) -> list[Gap]:
    """The answer for each rule, in the order of ``rules``.

    Parameters
    ----------
    network : Network
        See :data:`READS`.
    at : date, optional
        The day asked for.
    rules : sequence of Rule, optional
        What is asked; without it :data:`~graph.questions.rules.RULES`, of which those are left out whose
        places the network does not know at all.
    """
    day = moment(network, at)
    tree = build_tree(network)
    answers = [gap(network, tree, rule, day) for rule in (RULES if rules is None else rules)]
    return [a for a in answers if rules is not None or a.places]


def gap(network: Network, tree: Tree, rule: Rule, day: date) -> Gap:
    """The answer for one rule on ``day``."""
    rows, reached = reached_places(network, tree, rule, day)
    said = completeness(network, tree, rule.name)
    nothing = (
        pl.col("region").replace_strict(said, default="no", return_dtype=pl.String).replace_strict(_NOTHING)
    )
    answered = rows.join(reached, on="region", how="left", maintain_order="left").with_columns(
        pl.when(pl.col("way").is_not_null()).then(pl.lit("covered")).otherwise(nothing).alias("state")
    )
    columns = ("region", "name", "pinyin", "state", "way", "kind", "via", "supporters", "mark", "amount")
    sounds = spoken(network, answered["region"].to_list())
    named = answered.with_columns(
        pl.col("region").replace_strict(sounds, default="", return_dtype=pl.String).alias("pinyin")
    )
    return Gap(rule.name, rule.title, day, named.select(columns), bool(said), rule.measure)


def reached_places(network: Network, tree: Tree, rule: Rule, day: date) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The places of a rule (``region, name, amount``), and how those are covered that are."""
    rows = _places(network, tree, rule, day)
    reached = _staffed(network, day) if rule.posts else _supported(network, tree, rule, day, rows)
    return rows, reached


def _places(network: Network, tree: Tree, rule: Rule, day: date) -> pl.DataFrame:
    """Places that the rule names: ``region``, ``name``, ``amount``."""
    regions = network.frame("regions")
    kept = pl.lit(True)
    if rule.posts:
        kept &= pl.col("code").is_in(network.frame("village_posts")["village"].unique().to_list())
    if rule.level:
        kept &= pl.col("level") == rule.level
    tags = network.frame("region_tags").filter(holding(day))
    if rule.tag:
        kept &= pl.col("code").is_in(tags.filter(pl.col("tag") == rule.tag)["region"].to_list())
    if rule.without_tag:
        kept &= ~pl.col("code").is_in(tags.filter(pl.col("tag") == rule.without_tag)["region"].to_list())
    rows = regions.filter(kept & ~pl.col("pseudo").fill_null(False)).select(
        pl.col("code").alias("region"), "name"
    )
    if not rule.measure:
        return rows.with_columns(pl.lit(None, dtype=pl.Float64).alias("amount"))
    return rows.join(_figures(network, rule.measure, day), on="region", maintain_order="left")


def _figures(network: Network, measure: str, day: date) -> pl.DataFrame:
    """The latest figure of ``measure`` up to the year of ``day``, where it is above zero."""
    facts = network.frame("region_facts").filter(
        (pl.col("measure") == measure) & (pl.col("year") <= day.year)
    )
    latest = (
        facts.sort("year").group_by("region", maintain_order=True).agg(pl.col("value").last().alias("amount"))
    )
    return latest.filter(pl.col("amount") > 0)


def _staffed(network: Network, day: date) -> pl.DataFrame:
    """Villages with a posting in force."""
    villages = network.frame("postings").filter(holding(day))["village"].unique()
    empty = pl.lit(None, dtype=pl.String)
    return pl.DataFrame({"region": villages}).with_columns(
        pl.lit("own").alias("way"),
        pl.col("region").alias("via"),
        empty.alias("kind"),
        empty.alias("supporters"),
        empty.alias("mark"),
    )


def _supported(network: Network, tree: Tree, rule: Rule, day: date, places: pl.DataFrame) -> pl.DataFrame:
    """Those of ``places`` that relations of the rule's kinds reach, and by whom."""
    relations = network.frame("relations").filter(holding(day) & pl.col("kind").is_in(rule.kinds))
    reached = reach(tree, relations["recipient"].unique().to_list()).join(
        places.select("region"), on="region", how="semi"
    )
    order = {kind: i for i, kind in enumerate(rule.kinds)}
    rank = pl.col("kind").replace_strict(order, return_dtype=pl.Int64).alias("rank")
    ranked = relations.with_columns(rank).sort("rank", "id")
    best = pl.col("rank") == pl.col("rank").min().over("recipient")
    direct = (
        ranked.filter(best)
        .group_by(pl.col("recipient").alias("via"), maintain_order=True)
        .agg(
            pl.col("kind").first(),
            _joined("supporter").alias("supporters"),
            _joined("mark"),
        )
    )
    joined = reached.join(direct, on="via", how="left", maintain_order="left")
    below = [
        _below(network, ranked, code)
        for code in joined.filter(pl.col("way") == "children")["region"].to_list()
    ]
    schema = dict.fromkeys(("region", "k", "s", "m"), pl.String)
    through = pl.DataFrame(below, schema=schema, orient="row")
    return joined.join(through, on="region", how="left", maintain_order="left").select(
        "region",
        "way",
        "via",
        pl.coalesce("kind", "k").alias("kind"),
        pl.coalesce("supporters", "s").alias("supporters"),
        pl.coalesce("mark", "m").alias("mark"),
    )


def _joined(column: str) -> pl.Expr:
    """Distinct values with ``;`` between; empty cells are left out."""
    return pl.col(column).drop_nulls().unique(maintain_order=True).str.join(";")


def _below(network: Network, ranked: pl.DataFrame, code: str) -> tuple[str, str, str, str]:
    """For a region that the places below it cover: kind, supporters and marks of their relations."""
    theirs = ranked.filter(pl.col("recipient").is_in(network.descendants(code)))
    supporters, marks = theirs.select(_joined("supporter").alias("s"), _joined("mark").alias("m")).row(0)
    return code, str(theirs["kind"][0]), supporters, marks

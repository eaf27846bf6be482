"""Second model: counties with counties, inside the pairs that the first model chose.

For supporting county a and recipient county b whose parents are paired: ``x[a,b] ∈ {0,1}``; minimise ``Σ cost·x``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from graph.errors import ScenarioError
from graph.language import Text
from planner.solve.choice import INFINITY, ChoiceModel
from planner.stage import Context
from planner.stages import pairs as eligible
from planner.stages.keeping import Keep, changes
from planner.stages.keeping_pairs import keep_pairs, priced
from planner.stages.pairing.against import county_rows, keep_regions, region_changes
from planner.stages.pairing.costs import pair_terms
from planner.stages.pairing.county_room import county_sides
from planner.stages.pairing.members import Members, innermost, poor_people, relations_in_force
from planner.stages.pairing.regions import eligible_regions, keep_inside
from planner.stages.pairing.settings import NAME
from planner.stages.pairs import Pairs


@dataclass(frozen=True)
class CountyModel:
    """Arrays of the second model; ``pairs.load`` is the recipient county's whole load.

    ``keep``: what a published plan asks of these pairs; ``spent``: changes of the region pairs; ``outside``: published county
    pairs that end with their region pair.
    """

    pairs: Pairs
    model: ChoiceModel
    keep: Keep | None = None
    spent: int = 0
    outside: int = 0

    def changes(self, x: np.ndarray) -> int:
        """Changes against the published plan in all, where ``x`` are the model's columns; 0 where there is none."""
        if self.keep is None:
            return 0
        return self.spent + self.outside + changes(self.keep, x[: self.pairs.size] > 0)

    def places(self, rule: str, rows: np.ndarray) -> Text:
        """That the clash stands under the region pairs that the first model chose."""
        n, m = len(self.pairs.supporters), len(self.pairs.recipients)
        return Text(
            f"在已定的区域结对之内，{n} 个支援县、{m} 个受扶县",
            f"inside the region pairs chosen: {n} supporting and {m} recipient counties",
        )


def county_pairs(context: Context, members: Members, parents: pl.DataFrame) -> Pairs:
    """County pairs whose parents stand in ``parents`` (columns supporter, recipient), with terms."""
    s_of, r_of = county_sides(context, members)
    chosen = parents.select("supporter", "recipient").iter_rows()
    blocks = [(s_of.get(s, []), r_of.get(r, [])) for s, r in chosen]
    supporters = sorted({a for own, _ in blocks for a in own})
    recipients = sorted({b for _, theirs in blocks for b in theirs})
    at_s = {a: i for i, a in enumerate(supporters)}
    at_r = {b: i for i, b in enumerate(recipients)}
    inside = np.zeros((len(supporters), len(recipients)), dtype=bool)
    for own, theirs in blocks:
        inside[np.ix_([at_s[a] for a in own], [at_r[b] for b in theirs])] = True
    return pairs_of_grid(context, supporters, recipients, inside)


def pairs_of_grid(
    context: Context, supporters: list[str], recipients: list[str], inside: np.ndarray
) -> Pairs:
    """Pairs where ``inside`` (n, m) is true, with terms and loads."""
    supporter, recipient = np.nonzero(inside)
    held = relations_in_force(context, ["county_pair"]).select("supporter", "recipient").unique()
    whole_s, whole_r = np.indices(inside.shape)
    flat = eligible.mark_in_force(supporters, recipients, whole_s.ravel(), whole_r.ravel(), held)
    in_force = flat.reshape(inside.shape)
    terms = {k: v[inside] for k, v in pair_terms(context, supporters, recipients, in_force).items()}
    cost = np.sum(list(terms.values()), axis=0).astype(np.int64)
    load = poor_people(context, recipients)[recipient]
    return Pairs(supporters, recipients, supporter, recipient, cost, load, in_force[inside], terms)


def build_counties(context: Context, members: Members, parents: pl.DataFrame) -> CountyModel:
    """Columns and rows of the second model."""
    policy = context.policy
    pairs = county_pairs(context, members, parents)
    if policy.on("county_bans"):
        _known_counties(context, members, policy["county_bans"])
        if not context.elastic:
            pairs = pairs.keep(~_named(pairs, policy["county_bans"]))
    pairs, keep, spent, outside = _against(context, members, pairs, parents)
    n, m = len(pairs.supporters), len(pairs.recipients)
    model = ChoiceModel(named=context.elastic)
    x = model.columns(pairs.cost)
    if policy.on("county_partners_per_recipient"):
        low, high = policy["county_partners_per_recipient"]
        eligible.degree_rows(
            model, "county_partners_per_recipient", x, pairs.recipient, m, (low, high), about=pairs.recipients
        )
    if policy.on("county_partners_per_supporter"):
        low, high = policy["county_partners_per_supporter"]
        eligible.degree_rows(
            model, "county_partners_per_supporter", x, pairs.supporter, n, (low, high), about=pairs.supporters
        )
    if context.elastic:
        _may_be_broken(context, model, pairs, x)
    elif policy.on("county_pins"):
        pinned = x[pairs.positions(policy["county_pins"], "county_pins")]
        model.rows("county_pins", np.arange(len(pinned)), pinned, 1.0, 1.0, 1.0, len(pinned))
    if keep is not None:
        county_rows(model, x, keep, spent, outside)
    return CountyModel(pairs, model, keep, spent, outside)


def _against(
    context: Context, members: Members, pairs: Pairs, parents: pl.DataFrame
) -> tuple[Pairs, Keep | None, int, int]:
    """The pairs with their prices, what a published plan asks of them, and changes that are made outside."""
    if context.published is None or not context.published.of(NAME):
        return pairs, None, 0, 0
    regions = eligible_regions(context)[1]
    outer, inside = keep_regions(context, regions, set()), keep_inside(context, members, regions)
    assert outer is not None
    chosen, spent = region_changes(outer, regions, parents)
    here = chosen[inside.parent]
    rows = pl.DataFrame(
        [p for p, on in zip(inside.pairs, here.tolist(), strict=True) if on],
        schema={"supporter": pl.String, "recipient": pl.String}, orient="row",
    )  # fmt: skip
    keep = keep_pairs(context, NAME, pairs, rows, lambda pair: None)
    assert keep is not None
    return priced(pairs, keep), replace(keep, lost=inside.lost), spent, int((~here).sum())


def _may_be_broken(context: Context, model: ChoiceModel, pairs: Pairs, x: np.ndarray) -> None:
    """Pins and bans as rows; a pin whose parents are not paired has no column, and is broken."""
    for rule, least, most in (("county_pins", 1.0, 1.0), ("county_bans", -INFINITY, 0.0)):
        listed = [">".join(p.strip() for p in item.split(">")) for item in context.policy[rule] or ()]
        number = {name: i for i, name in enumerate(pairs.ids(np.arange(pairs.size)))}
        there = np.array([k for k, name in enumerate(listed) if name in number], dtype=np.int64)
        columns = x[np.array([number[listed[k]] for k in there.tolist()], dtype=np.int64)]
        model.rows(rule, there, columns, 1.0, least, most, len(listed), listed)


def _named(pairs: Pairs, listed: list[str]) -> np.ndarray:
    """(n,) bool: pairs named in ``listed``; a name whose parents are not paired names nothing."""
    wanted = {tuple(p.strip() for p in item.split(">")) for item in listed}
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    return np.array([(pairs.supporters[a], pairs.recipients[b]) in wanted for a, b in ends], dtype=bool)


def _known_counties(context: Context, members: Members, listed: list[str]) -> None:
    """Every name of a ban is a county of a supporter and one of a recipient.

    Raises
    ------
    ScenarioError
        When one is not.
    """
    for item in listed:
        ends = [p.strip() for p in item.split(">")]
        good = len(ends) == 2 and all(
            innermost(context.network, c, side) is not None
            for c, side in zip(ends, (members.supporters, members.recipients), strict=True)
        )
        if not good:
            raise ScenarioError(
                f"[pairing] county_bans：{item} 应为 支援县>受扶县，且双方都在名单内的地区之下",
                f"[pairing] county_bans: {item} must be supporter>recipient, both below listed regions",
            )

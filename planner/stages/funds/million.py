"""What a million yuan more or less would change: of a budget, of a floor, tied to its earmark or freed of it, for a need.

Each figure is the difference that solving again would make with that one number changed and every other number of the
rules as it is (bounds that follow from a budget: :mod:`planner.stages.funds.moved`). Nothing is solved again: the change is a cheapest flow of the million in the residual network, which is the
same thing (docs/stages/funds.md). The tests hold it against solving again.
"""

from __future__ import annotations

import numpy as np

from planner.solve.task import Arrays
from planner.stages.funds.again import usable
from planner.stages.funds.asked import NONE, Asked, Rows
from planner.stages.funds.built import SINK, Built, has_own_node, origin_node
from planner.stages.funds.known import LOANS, NO_LIMIT

CLASSES = ("deep_poverty_share", "outside_share")


def roomy(built: Built) -> np.ndarray:
    """(n_arcs,) int64 upper bounds without those that only spare room: what no rule bounds has no limit."""
    upper = built.model.arrays()["upper"].copy()
    families, known = built.model.families, built.known
    for family, place in families.items():
        if family in ("unspent", "pay", "class") or family.startswith(("hub:", "loan:")):
            upper[place] = NO_LIMIT
    s, g, t = built.index["share"].T
    upper[families["share"]] = known.share_high[s, g, t]
    c, t = built.index["county"].T
    upper[families["county"]] = known.county_high[c, t]
    for instrument in LOANS:
        place, (_, c, t, group) = families[f"lend:{instrument}"], built.index[f"lend:{instrument}"].T
        pooled = built.loan_entry[instrument][group, c, t] != built.loan_node[instrument][group, c, t]
        upper[place] = np.where(pooled, NO_LIMIT, known.loan_high[instrument][c, t])
    return upper


def questions(
    built: Built, flow: np.ndarray, freed: np.ndarray, step: int
) -> tuple[dict[str, np.ndarray], list[Rows]]:
    """What to ask of the engine ``flow_prices``, and the rows that the answers fill.

    Parameters
    ----------
    built : Built
        The model, all of whose rules fit the network.
    flow : ndarray
        (n_arcs,) int64, its cheapest flow.
    freed : ndarray
        (S, C, P) bool: what grants could pay for as well if they were not earmarked.
    step : int
        Yuan.
    """
    put, take = Asked("put"), Asked("take")
    arrays = built.model.arrays()
    rows = [_budgets(built, put, take, step)]
    rows += _floors(built, put, take, step, flow, arrays)
    cells = Cells(built, flow)
    rows += [_earmarks(built, put, step, freed, cells), _needs(built, put, take, step, cells)]
    network = {**arrays, "upper": roomy(built), "flow": flow}
    return {**network, **put.arrays(), **take.arrays()}, rows


def _budgets(built: Built, put: Asked, take: Asked, step: int) -> Rows:
    """A source's budget of a year; no more is added than all that it may pay for."""
    s, t = np.nonzero(built.budget_node >= 0)
    node, n = built.budget_node[s, t], len(s)
    used = [usable(built.facts, built.known, int(a), int(b)) for a, b in zip(s, t, strict=True)]
    add = np.minimum(np.array(used, np.int64), step)
    more = put.ask(SINK, add, n)
    put.open(more, node, add)
    lose = np.minimum(built.budget[s, t], step)
    less = take.ask(SINK, lose, n)
    take.open(less, node, lose)
    return Rows("budgets", {"source": s, "year": t}, less, more, lose, add, "take", "put")


def _floors(built: Built, put: Asked, take: Asked, step: int, flow: np.ndarray, arrays: Arrays) -> list[Rows]:
    """Floors of the two classes and of counties. A lower floor frees money; a higher one draws it there."""
    found, known, facts = [], built.known, built.facts
    for number, rule in enumerate(CLASSES):
        k, t = built.index["class"].T
        mine = np.flatnonzero(k == number)
        members = (facts.deep, facts.outside)[number]
        arcs = np.arange(len(flow))[built.model.families["class"]][mine]
        most = known.cell[members].sum(axis=(0, 1))[t[mine]]
        found.append(_floor(rule, {"year": t[mine]}, arcs, most, put, take, step, flow, arrays))
    c, t = built.index["county"].T
    mine = np.flatnonzero(known.county_low[c, t] > 0)
    arcs = np.arange(len(flow))[built.model.families["county"]][mine]
    most = np.minimum(known.cell.sum(axis=1), known.county_high)[c[mine], t[mine]]
    at = {"region": c[mine], "year": t[mine]}
    return [*found, _floor("county_floor", at, arcs, most, put, take, step, flow, arrays)]


def _floor(
    rule: str,
    at: dict[str, np.ndarray],
    arcs: np.ndarray,
    most: np.ndarray,
    put: Asked,
    take: Asked,
    step: int,
    flow: np.ndarray,
    arrays: Arrays,
) -> Rows:
    """Floors that are the lower bounds of ``arcs``; none rises above ``most`` (n,)."""
    low, tail, head = (arrays[k][arcs] for k in ("lower", "tail", "head"))
    slack, n = flow[arcs] - low, len(arcs)
    fall, rise = np.minimum(low, step), np.clip(most - low, 0, step)
    less, more = np.full(n, NONE), np.full(n, NONE)
    tight, drawn = (slack == 0) & (fall > 0), slack < rise
    less[tight] = put.ask(head[tight], fall[tight], int(tight.sum()), most=0)
    put.open(less[tight], tail[tight], fall[tight])
    more[drawn] = take.ask(head[drawn], rise[drawn], int(drawn.sum()))
    take.open(more[drawn], tail[drawn], rise[drawn])
    return Rows(rule, at, less, more, fall, rise, "put", "take")


class Cells:
    """How money gets into needs: what each gets, and the arcs of its steps."""

    def __init__(self, built: Built, flow: np.ndarray) -> None:
        self.built, self.flow = built, flow
        self.own = has_own_node(built)
        _, c, p, t = built.index["step"].T
        arcs = np.arange(len(flow))[built.model.families["step"]]
        cell = np.ravel_multi_index((c, p, t), built.start.shape)
        paid = np.bincount(cell, flow[arcs].astype(np.float64), built.start.size)
        self.paid = np.rint(paid).astype(np.int64).reshape(built.start.shape)
        order = np.argsort(cell, kind="stable")
        self.arcs = arcs[order]
        self.first = np.searchsorted(cell[order], np.arange(built.start.size + 1))

    def steps(self, cell: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of flat numbers of needs (n,): which of them, and arc, of every step of theirs."""
        many = self.first[cell + 1] - self.first[cell]
        which = np.repeat(np.arange(len(cell)), many)
        within = np.arange(int(many.sum())) - np.repeat(np.cumsum(many) - many, many)
        return which, self.arcs[self.first[cell][which] + within]

    def whole_hubs(self, group: np.ndarray, start: np.ndarray) -> np.ndarray:
        """(n,) bool: every need of the hub ``start`` is in the ``group`` too; ``start`` of distinct needs."""
        counted = np.bincount(self.built.start[self.built.known.cell > 0].clip(0))
        _, of, many = np.unique(np.stack([group, start]), axis=1, return_inverse=True, return_counts=True)
        return np.asarray(many[of.reshape(-1)] == counted[start])

    def open(
        self, asked: Asked, question: np.ndarray, at: tuple[np.ndarray, ...], whole: np.ndarray, step: int
    ) -> None:
        """Openings of questions to needs ``at`` (c, p, t): straight to the node of a need, or of a hub that is wholly theirs.

        So it is, too, where a need gets a whole step from its hub: whatever is given to it can free as much there. Else its
        own steps are openings, and what they push out of the need may use the hub: as much as it gets from there. Its
        steps are shut to all other ways.
        """
        start, paid = self.built.start[at], self.paid[at]
        straight = self.own[at] | whole | (paid >= step)
        asked.open(*_once(question[straight], start[straight]), step)
        question, at, start = question[~straight], tuple(a[~straight] for a in at), start[~straight]
        asked.open(question, start, paid[~straight])
        which, arcs = self.steps(np.ravel_multi_index(at, self.built.start.shape))
        arrays = self.built.model.arrays()
        county = self.built.county_node[at[0][which], at[2][which]]
        room = np.minimum(arrays["upper"][arcs] - self.flow[arcs], step)
        asked.open(question[which], county, room, arrays["cost"][arcs])
        asked.shut(question[which], arcs)


def _once(question: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs without those that are there twice."""
    pairs = np.unique(np.stack([question, node]), axis=1)
    return pairs[0], pairs[1]


def _needs(built: Built, put: Asked, take: Asked, step: int, cells: Cells) -> Rows:
    """Money from outside that is given to one need alone, and what of its money is lost."""
    at = np.nonzero((built.known.cell > 0) & (built.start >= 0))
    n = len(at[0])
    lose = np.minimum(cells.paid[at], step)
    add = np.minimum(built.known.cell[at], step)  # it can use no more
    more, less = put.ask(SINK, add, n), take.ask(SINK, lose, n)
    put.open(more, SINK, add)  # what the need cannot use helps nobody
    cells.open(put, more, at, np.zeros(n, dtype=bool), step)
    take.open(less, built.start[at], lose)
    where = dict(zip(("region", "programme", "year"), at, strict=True))
    return Rows("needs", where, less, more, lose, add, "take", "put")


def _earmarks(built: Built, put: Asked, step: int, freed: np.ndarray, cells: Cells) -> Rows:
    """Up to a step of a grant's money of a year may be used for whatever its source reaches, earmarked or not.

    Where provinces have shares of the source, the money stays in its province: the question is asked for each.
    """
    facts = built.facts
    payable = (built.known.cell > 0) & (built.start >= 0)
    n_g, n_t = len(facts.provinces), len(facts.years)
    keys, parts = [np.zeros(0, dtype=np.int64)], [np.zeros((3, 0), dtype=np.int64)]
    for source in np.flatnonzero(freed.any(axis=(1, 2))).tolist():
        c, p, t = np.nonzero(freed[source][:, :, None] & payable)
        keep = origin_node(built, np.full(len(c), source), c, t) >= 0
        c, p, t = c[keep], p[keep], t[keep]
        split = built.share_node[source, facts.province[c], t] >= 0
        keys.append((source * (n_g + 1) + np.where(split, facts.province[c] + 1, 0)) * n_t + t)
        parts.append(np.stack([c, p, t]))
    key, (c, p, t) = np.concatenate(keys), np.concatenate(parts, axis=1)
    found, of = np.unique(key, return_inverse=True)
    s, g, year = found // n_t // (n_g + 1), found // n_t % (n_g + 1) - 1, found % n_t
    origin = np.where(g >= 0, built.share_node[s, g, year], built.budget_node[s, year])
    asked = put.ask(origin, step, len(found), most=0)
    whole = cells.whole_hubs(key, built.start[c, p, t])
    cells.open(put, asked[of.reshape(-1)], (c, p, t), whole, step)
    nothing = np.full(len(found), NONE)
    return Rows("earmarks", {"source": s, "province": g, "year": year}, nothing, asked, nothing,
                np.full(len(found), step), "", "put")  # fmt: skip

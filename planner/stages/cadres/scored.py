"""Own scores for cadres: the plain assignment problem of the listed pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.errors import InputError, ScenarioError
from graph.language import Text, several
from planner.composition import TOTAL_SCORE
from planner.cost import scale_scores
from planner.solve.posting_network import TABLES
from planner.solve.task import Answer, Task
from planner.stage import Context, Limits, Outcome
from planner.stages.cadres.hand_out import postings_table
from planner.stages.cadres.left_open import UNLISTED, open_must_posts
from planner.stages.cadres.settings import NAME, PUBLISHED, step
from planner.stages.cadres.shortage import cut_shortage
from planner.stages.words import clash, name_list

LARGEST = 2**61


@dataclass(frozen=True)
class Scored:
    """Listed pairs: rows of ``cadres`` and ``village_posts``, cost (to be minimised) and its scale.

    ``minimum`` and ``target`` of every post; 0 where no pair names it.
    """

    cadre: np.ndarray
    post: np.ndarray
    cost: np.ndarray
    scale: int
    sense: str
    minimum: np.ndarray
    target: np.ndarray


def read_scores(context: Context) -> Scored:
    """Rows of ``pair_scores`` with stage ``cadres``, as row numbers.

    Raises
    ------
    InputError
        When there is no such row, or one names a cadre or post that is not there.
    """
    scores = context.network.frame("pair_scores").filter(pl.col("stage") == NAME)
    if scores.is_empty():
        raise InputError(
            '[cadres] objective = "scores"，但表 pair_scores 没有 stage = cadres 的行',
            '[cadres] objective = "scores", but the table pair_scores has no row with stage = cadres',
        )
    posts = context.network.frame("village_posts")
    keys = posts.select(pl.concat_str("village", "post", separator="/").alias("key"))["key"]
    cadre = _rows(
        scores["supporter"], context.network.frame("cadres")["id"], "supporter", Text("干部", "cadre")
    )
    post = _rows(scores["recipient"], keys, "recipient", Text("岗位（村/岗位）", "post (village/post)"))
    place = cadre * posts.height + post
    order = np.argsort(place, kind="stable") if (np.diff(place) < 0).any() else np.arange(len(place))
    whole, scale = scale_scores(scores["cost"].to_numpy())
    sense = str(context.policy["sense"])
    cost = (-whole if sense == "max" else whole)[order]
    listed = np.isin(np.arange(posts.height), post)  # recipients are those that are listed
    minimum = np.where(listed, posts["minimum"].fill_null(0).to_numpy(), 0)
    target = np.where(listed, np.maximum(posts["target"].fill_null(0).to_numpy(), minimum), 0)
    return Scored(cadre[order], post[order], cost, scale, sense, minimum, target)


def _rows(named: pl.Series, known: pl.Series, column: str, what: Text) -> np.ndarray:
    rows = pl.DataFrame({"id": known}).with_row_index("row").unique("id", keep="first", maintain_order=True)
    found = pl.DataFrame({"id": named}).join(rows, on="id", how="left", maintain_order="left")["row"]
    if found.null_count():
        bad = named.filter(found.is_null()).to_list()
        shown = "、".join(map(str, bad[:10]))
        raise InputError(
            f"pair_scores，{column}：{len(bad)} 行指向没有的{what.zh}：{shown}",
            f"pair_scores, {column}: {several(len(bad), 'row names', 'rows name')} a {what.en} that is not there: {', '.join(map(str, bad[:10]))}",
        )
    return found.cast(pl.Int64).to_numpy()


def build_scored(context: Context, limits: Limits) -> tuple[list[Task], Scored]:
    """One task: every listed pair is an arc; minima are hard, further seats are filled only where the scores gain.

    Raises
    ------
    ScenarioError
        When sums would not fit 64 bits, or a price on changes or a freeze is asked for.
    """
    set_here = [s.key for s in PUBLISHED if context.policy.on(s.key)]
    if set_here:
        raise ScenarioError(
            f'[cadres] objective = "scores" 时不能用 {set_here[0]}：自带成本已决定一切',
            f'[cadres] {set_here[0]} cannot be used with objective = "scores": the scores decide everything',
        )
    scored = read_scores(context)
    n, m = context.network.frame("cadres").height, len(scored.minimum)
    most = int(np.abs(scored.cost).max(initial=0))
    one = step(2 * m, most)
    if one * (n + m + 2) > LARGEST:
        raise ScenarioError(
            f"pair_scores：成本最大 {most / scored.scale:g}，人与岗位太多，合计超出 64 位；请除以一个公因子",
            f"pair_scores: costs up to {most / scored.scale:g} over so many people and posts do not fit 64 bits; "
            "divide all by a factor",
        )
    nothing, zero = np.zeros(0, np.int64), np.zeros(m, np.int64)
    arrays = {
        "supply": np.ones(n, np.int64),
        "group": np.full(n, -1),
        "unit": np.full(n, -1),
        "unit_cap": nothing,
        "slot_ptr": np.zeros(1, np.int64),
        "slot_list": nothing,
        "must": scored.minimum,
        "further": scored.target - scored.minimum,
        "must_gain": np.full(m, one, np.int64),
        "further_gain": zero,
        "hard": scored.minimum > 0,
        "village": np.arange(m),
        "leads": np.zeros(m, np.bool_),
        "listed_class": scored.cadre,
        "listed_slot": scored.post,
        "listed_room": np.ones(len(scored.cadre), np.int64),
        "listed_cost": scored.cost,
        "there": zero,
        "led": np.zeros(m, np.bool_),
        "wanted": zero,
    }
    for k, table in enumerate(TABLES):
        arrays |= {
            table: np.zeros(0, np.int32),
            f"{table}_ptr": np.zeros(1, np.int64),
            f"c{k}": np.zeros(n, np.int64),
        }
    return [Task("posting", arrays, limits.options(), NAME)], scored


def scored_outcome(context: Context, scored: Scored, answer: Answer, engine: Text, proof: Text) -> Outcome:
    """Chosen pairs as postings; the objective is the sum of the scores."""
    sense: Any = scored.sense
    sign = -1 if scored.sense == "max" else 1
    posts, cadres = context.network.frame("village_posts"), context.network.frame("cadres")
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        status: Any = answer.status
        clashes, told = [], None
        if answer.status == "INFEASIBLE":
            rows = np.flatnonzero(answer.arrays["cut_slots"])
            clashes, told = (
                [_cut_words(context, posts[rows], answer.facts)],
                cut_shortage(posts, rows, answer),
            )
        return Outcome(
            status, {}, None, None, scored.scale, engine, Text("", ""), sense, clashes=clashes, shortage=told
        )
    pair = pl.DataFrame({"c": scored.cadre, "p": scored.post}).with_row_index("pair")
    used = pl.DataFrame({"c": answer.arrays["arc_class"], "p": answer.arrays["arc_slot"]})
    chosen = (
        used.join(pair, on=["c", "p"], how="left", maintain_order="left")["pair"].cast(pl.Int64).to_numpy()
    )
    objective = sign * int(answer.facts["objective"])
    table = _table(context, scored, chosen)
    return Outcome(
        status="OPTIMAL" if answer.status == "OPTIMAL" else "FEASIBLE",
        tables={"postings": table},
        objective=objective,
        bound=sign * int(answer.facts["bound"]),
        scale=scored.scale,
        engine=engine,
        proof=proof,
        sense=sense,
        composition=TOTAL_SCORE,
        sizes={"cadres": cadres.height, "posts": posts.height, "pairs": len(scored.cost)},
        certificates={"worth_cadre": answer.arrays["worth_class"], "worth_post": answer.arrays["worth_slot"]},
        warnings=open_must_posts(context.network, table, UNLISTED),
    )


def _cut_words(context: Context, rows: pl.DataFrame, facts: Mapping[str, Any]) -> Text:
    """So many seats that must be filled, so few cadres whom the listed pairs let take any of them."""
    where = name_list(context.network, rows["village"].unique(maintain_order=True).to_list())
    asked, people = facts["asked"], facts["reachable"]
    return clash(
        Text(f"这 {asked} 个必须配齐的岗位（village_posts 的 minimum）在 pair_scores 中只有 {people} 名干部可任：{where.zh}",
             f"for these {asked} posts that must be filled (minimum in village_posts) pair_scores lists only "
             f"{several(people, 'cadre')}: {where.en}"),
        "village_posts.minimum", "pair_scores")  # fmt: skip


def _table(context: Context, scored: Scored, chosen: np.ndarray) -> pl.DataFrame:
    slot = np.full(context.network.frame("cadres").height, -1)
    cost = np.zeros(len(slot), np.int64)
    slot[scored.cadre[chosen]] = scored.post[chosen]
    cost[scored.cadre[chosen]] = scored.cost[chosen] * (-1 if scored.sense == "max" else 1)
    frames = context.network.frame
    return postings_table(frames("cadres"), frames("village_posts"), slot, cost, scored.scale)


def scored_greedy(context: Context, scored: Scored) -> pl.DataFrame:
    """Posts in the order of their list, each taking the best cadres who are left: minima first, then what gains."""
    taken = np.zeros(context.network.frame("cadres").height, np.bool_)
    order = np.argsort(scored.post, kind="stable")  # pairs are in order of cadres
    start = np.searchsorted(scored.post[order], np.arange(len(scored.minimum) + 1))
    got = np.zeros(len(scored.minimum), np.int64)
    chosen: list[int] = []
    for only_gain, seats in ((False, scored.minimum), (True, scored.target)):
        for post in np.flatnonzero(seats > got).tolist():
            mine = order[start[post] : start[post + 1]]
            mine = mine[~taken[scored.cadre[mine]]]
            if only_gain:
                mine = mine[scored.cost[mine] < 0]
            best = mine[np.argsort(scored.cost[mine], kind="stable")[: seats[post] - got[post]]]
            taken[scored.cadre[best]] = True
            got[post] += len(best)
            chosen += best.tolist()
    return _table(context, scored, np.array(chosen, dtype=np.int64))

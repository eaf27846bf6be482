"""Posting cadres: first secretaries and team members to villages.

An exact transportation over classes of cadres and village posts. For class i and post j, ``x[i,j]`` people;
minimise ``Σ cost[i,j]·x[i,j] + Σ worth·(seats left empty)`` subject to the rules. The mathematics in these symbols:
docs/stages/cadres.md.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from graph.language import Text, several
from graph.titles import role_title
from planner.composition import Composition, two_ranks
from planner.cost import SCALE
from planner.policy import Setting
from planner.published import CHANGES_MAX
from planner.reason import Explanation
from planner.solve.pool import Executor, OnProgress
from planner.solve.posting_graph import FAR
from planner.solve.task import Answer, Task
from planner.stage import Context, Kpi, Limits, Outcome, Status
from planner.stages.cadres import figures
from planner.stages.cadres.baseline import nearest_first
from planner.stages.cadres.budget import Within, within_limit
from planner.stages.cadres.build import Built, Model, build, read_model
from planner.stages.cadres.counts import count
from planner.stages.cadres.explain import explain
from planner.stages.cadres.hand_out import assign, let_go, postings_table, sent, worth_closed, worth_left
from planner.stages.cadres.left_open import HELD, open_must_posts
from planner.stages.cadres.published import changes, told_words
from planner.stages.cadres.scored import Scored, build_scored, read_scores, scored_greedy, scored_outcome
from planner.stages.cadres.settings import NAME, READS, SETTINGS, TEAM_RULES, change_price
from planner.stages.cadres.shortage import failed_outcome
from planner.stages.cadres.where_asked import where_asked
from planner.stages.words import name_list

NAMED = 10
"""Ids that a warning names."""
TITLE = Text("驻村选派", "posting cadres")
ENGINE = Text(
    "OR-Tools 最小费用流（按类聚合，逐块定价）",
    "OR-Tools min-cost flow over classes of people, all other pairs priced in blocks",
)
ENGINE_OF_TEAMS = Text(
    "OR-Tools 最小费用流，再由 HiGHS 整数规划配成合乎队规的工作队",
    "OR-Tools min-cost flow, then HiGHS's integer programme for teams that keep the rules",
)
PROVED = Text(
    "节点势作为证书：verify 用自己的算法对全部可行的人—岗组合复核",
    "node potentials are the certificate: verify re-prices every allowed pair of cadre and post with its own code",
)

SEARCHED = Text(
    "流的界由节点势证明；其上由整数规划在全部可能更好的人—岗组合中求得，verify 不重做这次搜索",
    "the flow's bound is proved by node potentials; what goes beyond it was searched by an integer programme over all pairs that "
    "a better plan could have, which verify does not repeat",
)


@dataclass(frozen=True)
class Cadres:
    """The stage `cadres`; see the module's docstring."""

    name: str = NAME
    title: Text = TITLE
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: READS)
    needs: tuple[str, ...] = ("cadres", "village_posts")
    sees: tuple[str, ...] = ("designation",)
    settings: tuple[Setting, ...] = SETTINGS

    def count(self, context: Context) -> list[Text]:
        """Hard posts against people who may take them."""
        return count(context)

    def count_ahead(self, context: Context, undecided: Collection[str]) -> list[Text]:
        """The same, and sets of posts that ask for more people than may take any of them, whichever counties units get.

        Under own scores people are those whom ``pair_scores`` lists.
        """
        if context.policy["objective"] == "scores":
            from planner.stages.cadres.too_few_listed import too_few_listed

            return [*count(context), *too_few_listed(context)]
        from planner.stages.cadres.too_few import too_few  # with SciPy, which no question about a plan needs

        return [*count(context), *too_few(context, units_open="designation" in undecided)]

    def tasks(self, context: Context, limits: Limits) -> tuple[list[Task], Any]:
        """One task per component (small ones share one); under own scores one task."""
        if context.policy["objective"] == "scores":
            return build_scored(context, limits)
        return build(context, limits)

    def solve(
        self, context: Context, executor: Executor, limits: Limits, on_progress: OnProgress | None
    ) -> Outcome:
        """All tasks; where changes against published postings are limited, several times, at the price that the limit needs."""
        tasks, built = self.tasks(context, limits)
        if isinstance(built, Scored) or not context.policy.on(CHANGES_MAX):
            return self.answer(context, built, executor.run(tasks, on_progress))
        within = within_limit(context, tasks, built, executor, on_progress)
        if within.clash is None:
            return self.outcome(context, built, within)
        status: Any = "INFEASIBLE" if within.shown else "NO_SOLUTION_IN_TIME"
        why = None if within.shown else within.clash
        return Outcome(
            status, {}, None, None, SCALE, ENGINE, Text("", ""), clashes=[within.clash], gave_up=why
        )

    def by_steps(self, context: Context) -> bool:
        """Where changes are limited: the price that the limit needs is found by several solves."""
        return context.policy.on(CHANGES_MAX)

    def whether(self, context: Context, executor: Executor, limits: Limits) -> Status | None:
        """Where changes against published postings are limited the status of all solves."""
        if context.published is None or not context.policy.on(CHANGES_MAX):
            return None
        return self.solve(context, executor, limits, None).status

    def where_asked(self, context: Context) -> Context | None:
        """See :func:`planner.stages.cadres.where_asked.where_asked`."""
        return where_asked(context)

    def answer(self, context: Context, built: Built | Scored, answers: Sequence[Answer]) -> Outcome:
        """Flows handed out to persons, with the certificate."""
        if isinstance(built, Scored):
            return scored_outcome(context, built, answers[0], ENGINE, PROVED)
        return self.outcome(context, built, Within(list(answers)))

    def outcome(self, context: Context, built: Built, within: Within) -> Outcome:
        """As :meth:`answer`, with the price that proves the bound under a limit on changes."""
        answers = within.answers
        if (failed := failed_outcome(context, built, answers, ENGINE)) is not None:
            return failed
        model = built.model
        slot, cost = assign(model, sent(built, answers))
        led = context.policy.on("team_led")
        released = let_go(model, slot, cost) if led else np.zeros(0, np.int64)
        table = postings_table(model.people.table, model.posts.table, slot, cost)
        by_teams = any("way" in a.facts for a in answers)
        bound = sum(int(a.facts["bound"]) for a in answers) + int(model.fixed_cost.sum()) - within.unused
        bound += worth_closed(model.posts)
        objective = worth_left(model.posts, slot) + int(cost.sum())
        against: dict[str, Any] = {}
        against_words: list[Text] = []
        if model.kept is not None and context.published is not None:
            moved, price = changes(model.kept, model.people, slot), change_price(context.policy)
            objective += price * moved
            bound += price * int(np.count_nonzero(model.kept.slot >= 0))
            against_words = told_words(context.published.plan, moved, model.kept.lost)
            against = {
                "plan": context.published.plan,
                "changes": moved,
                "not_kept": [{**row, "why": why} for row, why in model.kept.lost],
            }
        return Outcome(
            status="OPTIMAL" if objective == bound else "FEASIBLE",
            tables={"postings": table},
            objective=objective,
            bound=bound,
            scale=SCALE,
            engine=ENGINE_OF_TEAMS if by_teams else ENGINE,
            proof=SEARCHED if _searched(answers) else PROVED,
            sizes=_sizes(built, answers),
            certificates=_certificates(built, answers, within.price),
            warnings=[
                *open_must_posts(
                    context.network, table, None if context.policy.on("must_fill_tier") else HELD
                ),
                *_warnings(context, built, answers),
                *_ended_words(context, model, released),
                *against_words,
            ],
            composition=_ranks(objective, bound, model),
            details={
                "step": int(model.posts.worth[1].min(initial=2**62)),
                "cut_short": any(bool(a.facts["cut_short"]) for a in answers),
                "components": _components(built, answers),
                "ended_without_leader": model.people.table["id"][released].to_list(),
                **({"published": against} if against else {}),
                **({"bound_by": "search" if _searched(answers) else "prices"} if by_teams else {}),
            },
        )

    def baseline(self, context: Context) -> dict[str, pl.DataFrame]:
        """Each county fills its villages in the order of the list, nearest first."""
        if context.policy["objective"] == "scores":
            return {"postings": scored_greedy(context, read_scores(context))}
        model = read_model(context)
        slot, cost = assign(model, nearest_first(model))
        return {"postings": postings_table(model.people.table, model.posts.table, slot, cost)}

    def measure(self, context: Context, tables: Mapping[str, pl.DataFrame]) -> list[Kpi]:
        """KPIs; see :mod:`planner.stages.cadres.figures`."""
        return figures.measure(context, tables)

    def explain(
        self, context: Context, tables: Mapping[str, pl.DataFrame], keys: tuple[str, ...]
    ) -> list[Explanation]:
        """Who goes where and why; see :mod:`planner.stages.cadres.explain`."""
        return explain(context, tables, keys)


def _ranks(objective: int, bound: int, model: Model) -> Composition:
    """Seats left open by what one is worth, in seats of the lowest level; then the cost of the postings."""
    words = Text(
        "先比 › 前的，相同时才比其后的；空缺的可增岗位每个计 1，必须岗位每个计 2 以上，第 1 级最多",
        "what stands before › decides, what follows only among equals; an open further post counts 1, a must-post 2 and "
        "more, most in tier 1",
    )
    titles = (Text("空缺岗位（加权）", "open posts, weighted"), Text("总成本", "total cost"))
    one = int(model.posts.worth[1].min(initial=2**62))
    return two_ranks(words, titles, objective, bound, one, (1, SCALE))


def _sizes(built: Built, answers: Sequence[Answer]) -> dict[str, int]:
    model = built.model
    return {
        "cadres": model.people.table.height,
        "in_term": int(model.people.fixed.sum()),
        "classes": len(model.crowd.supply),
        "posts": model.posts.table.height,
        "components": int(model.of_slot.max(initial=-1)) + 1,
        "arcs": sum(int(a.facts["arcs"]) for a in answers),
        "pairs_priced": sum(int(a.facts["priced"]) for a in answers),
    }


def _components(built: Built, answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Which way each task took: small components share one."""
    found = []
    for (classes_in, slots_in, _), answer in zip(built.parts, answers, strict=True):
        facts = answer.facts
        objective, bound = int(facts["objective"]), int(facts["bound"])
        way = facts.get("way", "flow")
        found.append({
            "components": len(np.unique(built.model.of_slot[slots_in])), "classes": len(classes_in), "posts": len(slots_in),
            "way": "cut short" if facts["cut_short"] else way,
            "objective": objective, "bound": bound,
            **({} if "proved" not in facts else {"gap": objective - bound, "proved": int(facts["proved"])}),
        })  # fmt: skip
    return found


def _searched(answers: Sequence[Answer]) -> bool:
    """Whether a search went beyond what the certificate proves."""
    return any(int(a.facts["bound"]) > int(a.facts.get("proved", a.facts["bound"])) for a in answers)


def _certificates(built: Built, answers: Sequence[Answer], price: int) -> dict[str, np.ndarray]:
    """Worth of one person more like each cadre, of one person at each post: (n,) and (m,) int64, table order; at full ones −FAR."""
    model = built.model
    person = np.zeros(len(model.crowd.supply), np.int64)
    post = np.full(model.posts.table.height, -FAR)  # nobody can be sent to a post that is full
    for (classes_in, slots_in, _), answer in zip(built.parts, answers, strict=True):
        person[classes_in] = answer.arrays["worth_class"]
        post[slots_in] = answer.arrays["worth_slot"]
    cadre = np.zeros(model.people.table.height, np.int64)
    cadre[model.crowd.rows] = person[model.crowd.number]
    found = {"worth_cadre": cadre, "worth_post": post}
    return found if not price else {**found, "change_price": np.array([price], np.int64)}


def _warnings(context: Context, built: Built, answers: Sequence[Answer]) -> list[Text]:
    posts, closed = built.model.posts, []
    villages = posts.table["village"].unique().sort()
    for (_, _, villages_in), answer in zip(built.parts, answers, strict=True):
        closed += [villages[int(v)] for v in villages_in[np.flatnonzero(answer.arrays["closed"])]]
    if not closed:
        return []
    named = name_list(context.network, closed)
    rules = ", ".join(rule for rule in ("team_led", "team_minimum", *TEAM_RULES) if context.policy.on(rule))
    return [Text(f"{len(closed)} 个村未新派人，因为在工作队的各项规则（{rules}）下别处用人更好，或凑不齐：{named.zh}",
                 f"{several(len(closed), 'village')} got nobody new: under the rules on teams ({rules}) people do better elsewhere, or there are too "
                 f"few: {named.en}")]  # fmt: skip


def _ended_words(context: Context, model: Model, released: np.ndarray) -> list[Text]:
    """Who leaves before the minimum term is over, because the village has no leader."""
    if not released.size:
        return []
    ids = model.people.table["id"][released].to_list()
    shown = ", ".join(ids[:NAMED]) + (f" …(+{len(ids) - NAMED})" if len(ids) > NAMED else "")
    villages = model.posts.table["village"][model.people.post[released]].unique().sort().to_list()
    where, leader = name_list(context.network, villages), role_title(str(context.policy["leader_role"]))
    return [Text(f"{len(ids)} 人未满最短任期，因所在村没有{leader.zh}而提前结束：{shown}（村：{where.zh}）",
                 f"{several(len(ids), 'person leaves', 'people leave')} before the minimum term is over, as the village has no {leader.en}: "
                 f"{shown} (villages: {where.en})")]  # fmt: skip


STAGE = Cadres()

"""Who may support whom, as arrays: what `pairing` and `designation` share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl

from graph.dates import holding
from graph.errors import InputError, ScenarioError
from graph.language import Text
from graph.schema import RESULTS
from planner.composition import TOTAL_COST, TOTAL_SCORE
from planner.cost import SCALE, scale_scores, terms_column
from planner.policy import Setting
from planner.solve.choice import ChoiceModel
from planner.solve.task import Answer, Arrays
from planner.stage import Context, Outcome, WhatIf

OBJECTIVE_SETTINGS = (
    Setting("objective", "choice", "cost", "目标", "objective", rule=False, choices=("cost", "scores"),
            note_zh="scores：用 pair_scores 表代替计算成本", note_en="scores: the table pair_scores replaces the computed cost"),
    Setting("sense", "choice", "min", "方向", "sense", rule=False, choices=("min", "max"),
            note_zh="自带评分是越小越好还是越大越好", note_en="whether own scores are to be small or large"),
)  # fmt: skip

KIND_OF = {"designation": "designated"}

ENGINES_SAID = {
    "mip": Text("HiGHS 整数规划", "HiGHS, integer programme"),
    "columns": Text(
        "列生成定界，HiGHS 收尾（广义指派）", "column generation, closed by HiGHS (generalised assignment)"
    ),
    "assignment": Text(
        "指派：最短增广路或最小费用流", "assignment: shortest augmenting paths or minimum-cost flow"
    ),
}
SOLVERS_WORD = Text(
    "界由求解器给出；可行性与目标由 verify 复核",
    "the bound is the solver's word; verify re-checks feasibility and objective",
)
PRICED = Text(
    "界由受扶方价格证明，verify 复核", "prices of the recipients prove the bound; verify checks them"
)
PARTLY_PRICED = Text(
    "受扶方价格证明界的大部分，verify 复核；其余由求解器的搜索给出",
    "prices of the recipients prove most of the bound, and verify checks them; the rest is the word of the solver's search",
)


@dataclass(frozen=True)
class Pairs:
    """Eligible pairs.

    Parameters
    ----------
    supporters, recipients : list of str
        Ids; their positions are the row numbers used below.
    supporter, recipient : ndarray
        (n,) int64 row numbers of each eligible pair.
    cost : ndarray
        (n,) int64 in 1/scale points, to be minimised (own scores to be maximised are negated).
    load : ndarray
        (n,) int64, what the pair takes of the supporter's capacity.
    in_force : ndarray
        (n,) bool, whether the pair is in force on the day of planning.
    terms : mapping of str to ndarray
        Term of the cost → (n,) int64; they add up to ``cost``. Empty with own scores.
    scale : int
        Units per point.
    sense : str
        ``min`` or ``max``: how the reader counts.
    """

    supporters: list[str]
    recipients: list[str]
    supporter: np.ndarray
    recipient: np.ndarray
    cost: np.ndarray
    load: np.ndarray
    in_force: np.ndarray
    terms: Mapping[str, np.ndarray] = field(default_factory=dict)
    scale: int = SCALE
    sense: str = "min"

    @property
    def size(self) -> int:
        """How many pairs are eligible."""
        return len(self.cost)

    def named(self) -> set[tuple[str, str]]:
        """(supporter, recipient) of each eligible pair."""
        ends = zip(self.supporter.tolist(), self.recipient.tolist(), strict=True)
        return {(self.supporters[s], self.recipients[r]) for s, r in ends}

    def ids(self, chosen: np.ndarray) -> list[str]:
        """``supporter>recipient`` of the pairs ``chosen`` (k,) by number."""
        ends = zip(self.supporter[chosen].tolist(), self.recipient[chosen].tolist(), strict=True)
        return [f"{self.supporters[s]}>{self.recipients[r]}" for s, r in ends]

    def keep(self, mask: np.ndarray) -> Pairs:
        """The same without the pairs that ``mask`` (n,) bool leaves out."""
        arrays: dict[str, Any] = {
            k: getattr(self, k)[mask] for k in ("supporter", "recipient", "cost", "load", "in_force")
        }
        return replace(self, **arrays, terms={k: v[mask] for k, v in self.terms.items()})

    def positions(self, listed: Sequence[str], key: str) -> np.ndarray:
        """(n,) bool: pairs named in ``listed`` as ``supporter>recipient``.

        Raises
        ------
        ScenarioError
            When an entry is malformed or names a pair that is not eligible.
        """
        wanted = {tuple(p.strip() for p in item.split(">")) for item in listed}
        if not wanted:
            return np.zeros(self.size, dtype=bool)
        s = {v: i for i, v in enumerate(self.supporters)}
        r = {v: i for i, v in enumerate(self.recipients)}
        code: dict[tuple[str, ...], int] = {
            pair: s[pair[0]] * len(r) + r[pair[1]]
            for pair in wanted
            if len(pair) == 2 and pair[0] in s and pair[1] in r
        }
        every = self.supporter * len(r) + self.recipient
        named = np.isin(every, np.array(sorted(code.values()), dtype=np.int64))
        listed_codes = set(every[named].tolist())
        for pair in sorted(wanted):
            if code.get(pair) not in listed_codes:
                shown = ">".join(pair)
                raise ScenarioError(
                    f"{key}：{shown} 不是可选的组合（应为 帮扶方>受扶方，且双方都在名单内）",
                    f"{key}: {shown} is no eligible pair (write supporter>recipient, both listed)",
                )
        return named


def scored_pairs(context: Context, stage: str) -> Pairs:
    """Pairs of ``pair_scores`` for one stage; only listed pairs are eligible.

    Raises
    ------
    InputError
        When the table has no row of this stage.
    """
    rows = context.network.frame("pair_scores").filter(pl.col("stage") == stage)
    if rows.is_empty():
        raise InputError(
            f'[{stage}] objective = "scores"，但表 pair_scores 没有 stage = {stage} 的行',
            f'[{stage}] objective = "scores", but the table pair_scores has no row with stage = {stage}',
        )
    supporters, supporter = _numbered(rows["supporter"])
    recipients, recipient = _numbered(rows["recipient"])
    code = supporter * len(recipients) + recipient
    if (np.diff(code) < 0).any():
        order = np.argsort(code, kind="stable")
        rows, supporter, recipient = rows[order], supporter[order], recipient[order]
    whole, scale = scale_scores(rows["cost"].to_numpy())
    sense = str(context.policy["sense"])
    return Pairs(
        supporters,
        recipients,
        supporter,
        recipient,
        -whole if sense == "max" else whole,
        rows["load"].to_numpy().astype(np.int64),
        np.zeros(rows.height, dtype=bool),
        scale=scale,
        sense=sense,
    )


def listed_scores(context: Context, stage: str, pairs: pl.DataFrame) -> float | None:
    """Sum of the own scores of ``pairs`` (supporter, recipient); ``None`` where one of them is not listed."""
    scores = context.network.frame("pair_scores").filter(pl.col("stage") == stage)
    found = pairs.join(scores.select("supporter", "recipient", "cost"), on=["supporter", "recipient"])
    return float(found["cost"].sum()) if found.height == pairs.height else None


def pairs_in_force(context: Context, kinds: Sequence[str]) -> pl.DataFrame:
    """Relations of these kinds that hold on the day of planning: columns supporter, recipient; sorted."""
    relations = context.network.frame("relations")
    held = relations.filter(pl.col("kind").is_in(list(kinds)) & holding(context.on))
    return held.select("supporter", "recipient").unique().sort("supporter", "recipient")


def mark_in_force(
    supporters: list[str],
    recipients: list[str],
    supporter: np.ndarray,
    recipient: np.ndarray,
    held: pl.DataFrame,
) -> np.ndarray:
    """(n,) bool: which of the pairs stand in ``held``."""
    s = {v: i for i, v in enumerate(supporters)}
    r = {v: i for i, v in enumerate(recipients)}
    codes = [s[a] * len(recipients) + r[b] for a, b in held.iter_rows() if a in s and b in r]
    if not codes:
        return np.zeros(len(supporter), dtype=bool)
    return np.isin(supporter * len(recipients) + recipient, np.array(codes, dtype=np.int64))


def degree_rows(
    model: ChoiceModel,
    rule: str,
    columns: np.ndarray,
    side: np.ndarray,
    n: int,
    limits: tuple[np.ndarray | float, np.ndarray | float],
    weight: np.ndarray | float = 1.0,
    about: Sequence[str] | None = None,
) -> np.ndarray:
    """One row per member of a side: ``at least ≤ Σ weight·x over its pairs ≤ at most``."""
    return model.rows(rule, side, columns, weight, limits[0], limits[1], n, about)


def single_row(
    model: ChoiceModel,
    rule: str,
    columns: np.ndarray,
    lower: float,
    upper: float,
    weight: np.ndarray | float = 1.0,
) -> np.ndarray:
    """One row over many pairs."""
    return model.rows(rule, np.zeros(len(columns), dtype=np.int64), columns, weight, lower, upper, 1)


def hold(arrays: Arrays, pairs: Pairs, what_if: WhatIf | None) -> Arrays:
    """A model's arrays, whose first columns are the pairs, as they are or with the pairs of a choice to be priced held."""
    if what_if is None:
        return arrays
    ends = zip(pairs.supporter.tolist(), pairs.recipient.tolist(), strict=True)
    named = [(pairs.supporters[s], pairs.recipients[r]) for s, r in ends]
    number = {pair: p for p, pair in enumerate(named)}
    held = {k: v.copy() for k, v in arrays.items() if k in ("lower", "upper", "start")}
    for pair in what_if.fixed.keys() & number.keys():
        for values in held.values():
            values[number[pair]] = float(what_if.fixed[pair])
    cost = arrays["cost"] * what_if.step
    cost[: len(named)] += [pair not in what_if.kept for pair in named]
    for pair in what_if.cheaper.keys() & number.keys():
        cost[number[pair]] -= what_if.cheaper[pair] * what_if.step
    return {**arrays, **held, "cost": cost}


def let_go(answer: Answer, model: ChoiceModel, what_if: WhatIf | None) -> Answer:
    """The answer of :func:`hold`'s arrays with objective and bound in the model's own cost."""
    if what_if is None or "x" not in answer.arrays:
        return answer
    facts, cost = dict(answer.facts), np.concatenate(model.cost)
    facts["objective"] = int(cost @ answer.arrays["x"].astype(np.int64))
    if facts.get("bound") is not None:
        facts["bound"] = min(facts["objective"], int(facts["bound"]) // what_if.step)
    return replace(answer, facts=facts)


def chosen_table(stage: str, pairs: Pairs, chosen: np.ndarray, kind: str | None = None) -> pl.DataFrame:
    """The ``pairs`` table of the chosen pairs (``chosen``: numbers), sorted by supporter and recipient.

    ``kind`` is the kind of relation that they are; by default what the stage decides.
    """
    sign = -1 if pairs.sense == "max" else 1
    terms = (
        terms_column({k: v[chosen] for k, v in pairs.terms.items()}) if pairs.terms else ["{}"] * len(chosen)
    )
    found = pl.DataFrame(
        {
            "stage": [stage] * len(chosen),
            "supporter": [pairs.supporters[i] for i in pairs.supporter[chosen]],
            "recipient": [pairs.recipients[i] for i in pairs.recipient[chosen]],
            "cost": sign * pairs.cost[chosen] / pairs.scale,
            "load": pairs.load[chosen],
            "terms": terms,
            "kind": [kind or KIND_OF.get(stage)] * len(chosen),
        },
        schema=RESULTS["pairs"].dtypes,
    )
    return found.sort("stage", "supporter", "recipient")


def choice_outcome(
    stage: str,
    pairs: Pairs,
    answer: Answer,
    *,
    model: ChoiceModel,
    clashes: Sequence[Text] = (),
    warnings: Sequence[Text] = (),
) -> Outcome:
    """Turn the answer of engine ``mip`` or ``choose``, whose first columns are the pairs, into an outcome."""
    engine = ENGINES_SAID[answer.facts.get("engine", "mip")]
    sizes = {"pairs": pairs.size, "columns": model.n_columns, "rows": model.n_rows}
    sign = -1 if pairs.sense == "max" else 1
    sense: Any = pairs.sense
    bound = answer.facts.get("bound")
    if answer.status not in ("OPTIMAL", "FEASIBLE"):
        status: Any = answer.status
        return Outcome(status, {}, None, None if bound is None else sign * bound, pairs.scale, engine, Text("", ""),
                       sense, sizes, clashes=clashes, warnings=warnings)  # fmt: skip
    chosen = np.flatnonzero(answer.arrays["x"][: pairs.size] > 0)
    status = answer.status
    prices, priced = answer.arrays.get("prices"), answer.facts.get("priced")
    details = {"cut_short": bool(answer.facts.get("cut_short")), "nodes": answer.facts.get("nodes", 0)}
    if prices is not None:
        details["bound_by"] = "prices" if bound == priced else "search"
    return Outcome(
        status=status,
        tables={"pairs": chosen_table(stage, pairs, chosen)},
        objective=sign * answer.facts["objective"],
        bound=None if bound is None else sign * bound,
        scale=pairs.scale,
        engine=engine,
        proof=SOLVERS_WORD if prices is None else PRICED if bound == priced else PARTLY_PRICED,
        sense=sense,
        sizes=sizes,
        certificates={} if prices is None else {"prices": prices},
        warnings=warnings,
        details=details,
        composition=TOTAL_COST if pairs.terms else TOTAL_SCORE,
    )


def _numbered(column: pl.Series) -> tuple[list[str], np.ndarray]:
    """The different ids, sorted, and (n,) int64 the number of each row's among them."""
    ids = column.unique().sort()
    return ids.to_list(), column.cast(pl.Enum(ids)).to_physical().cast(pl.Int64).to_numpy()

"""What is told of every row of a stage's table, and the rules that bind at its ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network
from planner.explain import binding_rules
from planner.plan import Plan
from planner.policy import as_written

OPEN = {
    "kind_zh": pl.String, "kind_en": pl.String, "code": pl.String, "about": pl.String, "missing": pl.Int64,
    "next": pl.String, "next_least": pl.Float64, "reason_zh": pl.String, "reason_en": pl.String,
}  # fmt: skip
"""Columns of what stayed open: a thing (post, county, cadre …), how much of it is missing, who could fill it, why it is so."""


@dataclass(frozen=True)
class EveryRow:
    """A stage's table with a reason beside every row, and what stayed open.

    Parameters
    ----------
    stage, table : str
        The stage, and the result table that it decides.
    rows : DataFrame
        The table's columns; ``rules_zh``, ``rules_en``: rules that leave no room at the row's ends, with values;
        the runner-up (``next`` and columns that begin so); ``next_cost``: its own cost, in points; ``next_least`` and
        ``lose_least``: how much worse the stage is at least with the runner-up, and without the row, in points: bounds, empty where
        none is proved; ``reason_zh``, ``reason_en``.
    left : DataFrame
        Columns :data:`OPEN`.
    titles : mapping of str to Text
        Titles of columns that only this stage has.
    """

    stage: str
    table: str
    rows: pl.DataFrame
    left: pl.DataFrame
    titles: Mapping[str, Text] = field(default_factory=dict)


def open_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Rows of what stayed open; columns that one leaves out are empty."""
    return pl.DataFrame([{c: row.get(c) for c in OPEN} for row in rows], schema=OPEN)


def with_rules(plan: Plan, stage: str, rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The rows with ``rules_zh`` and ``rules_en``: rules of the stage that leave no room at their ends.

    Parameters
    ----------
    plan : Plan
    stage : str
    rows : DataFrame
    columns : sequence of str
        Columns with the ends: places, units, teams, sources. A rule binds at an end, at a place above it, or between two.
    """
    rules = [r for r in binding_rules(plan, stage) if r["at"] and not r["rule"].endswith("_weight")]
    words = [_words(stage, r) for r in rules]
    listed = [(number, place) for number, rule in enumerate(rules) for place in rule["at"]]
    at = pl.DataFrame(listed, schema={"rule": pl.Int64, "at": pl.String}, orient="row")
    ends = rows.select(columns).unique(maintain_order=True)
    numbers = pl.concat([_at_ends(plan.network, ends, at), _between(plan.network, ends, at)])
    texts = pl.DataFrame({"rule": range(len(words)), "zh": [w.zh for w in words], "en": [w.en for w in words]},
                         schema={"rule": pl.Int64, "zh": pl.String, "en": pl.String})  # fmt: skip
    told = (
        numbers.unique()
        .join(texts, on="rule")
        .sort("rule")
        .group_by(columns, maintain_order=True)
        .agg(rules_zh=pl.col("zh").str.join("；"), rules_en=pl.col("en").str.join("; "))
    )
    joined = rows.join(told, on=columns, how="left", maintain_order="left", nulls_equal=True)
    return joined.with_columns(pl.col("rules_zh", "rules_en").fill_null(""))


def _words(stage: str, rule: Mapping[str, Any]) -> Text:
    value = as_written(rule["value"])
    return Text(
        f"{rule['title']['zh']}（{stage}.{rule['rule']} = {value}）",
        f"{rule['title']['en']} ({stage}.{rule['rule']} = {value})",
    )


def _around(network: Network, codes: Iterable[str | None]) -> pl.DataFrame:
    """Each code with itself and the places above it: ``code``, ``at``."""
    known = {c for c in codes if c is not None}
    listed = [(c, place) for c in sorted(known) for place in (c, *network.ancestors(c))]
    return pl.DataFrame(listed, schema={"code": pl.String, "at": pl.String}, orient="row").unique()


def _at_ends(network: Network, ends: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    found = [ends.clear().with_columns(rule=pl.lit(0, pl.Int64))]
    for column in ends.columns:
        here = _around(network, ends[column].unique()).join(at, on="at").select("code", "rule").unique()
        found.append(ends.join(here, left_on=column, right_on="code"))
    return pl.concat(found)


def _between(network: Network, ends: pl.DataFrame, at: pl.DataFrame) -> pl.DataFrame:
    """Rules that stand between two things (``a>b``), each of them an end or above one."""
    none = ends.clear().with_columns(rule=pl.lit(0, pl.Int64))
    split = at.filter(pl.col("at").str.contains(">")).with_columns(
        pl.col("at").str.split_exact(">", 1).struct.rename_fields(["one", "other"]).alias("both")
    )
    pairs = split.select("rule", pl.col("both").struct.unnest())
    if pairs.is_empty() or len(ends.columns) < 2:
        return none
    first, second = ends.columns[:2]
    a = _around(network, ends[first].unique()).rename({"code": first, "at": "one"})
    b = _around(network, ends[second].unique()).rename({"code": second, "at": "other"})
    listed = pl.concat([pairs, pairs.select("rule", one="other", other="one")]).unique()
    found = listed.join(a, on="one").join(b, on="other").select(first, second, "rule").unique()
    return ends.join(found, on=[first, second]).select(*ends.columns, "rule")


def names_of(network: Network, codes: pl.Expr) -> pl.Expr:
    """Names of codes; a code that has none stands for itself."""
    named = {code: name for code, name in network.names.items() if name}
    return codes.replace_strict(named, default=codes, return_dtype=pl.String)


def shown_points(column: pl.Expr, sign: bool = False) -> pl.Expr:
    """Points with three figures behind the point, as text; ``sign``: with a plus where they are above nothing."""
    text = column.round(3).cast(pl.String)
    return pl.when(column > 0).then(pl.lit("+") + text).otherwise(text) if sign else text


def joined(*parts: pl.Expr) -> pl.Expr:
    """Texts one after the other; an empty part leaves no trace."""
    return pl.concat_str([p.fill_null("") for p in parts])


def reasons(language: str, said: pl.Expr, columns: Collection[str] = ()) -> pl.Expr:
    """What a row says of itself, then of its runner-up, of losing it, and the rules that bind.

    Reads ``rules_*``, ``next_*`` and ``lose_least``, and ``next_name``: the runner-up in words of the language (empty: none).
    With ``next_exact`` among ``columns`` a runner-up is told as the best where that holds; all others by what orders them: what is
    proved of each, or where nothing is, its own cost.
    """
    words = WORDS[language]
    next_cost = shown_points(pl.col("next_cost"))
    exact, least = pl.col("next_exact") if "next_exact" in columns else pl.lit(False), pl.col("next_least")
    kind = (
        pl.when(exact).then(pl.lit(words["next"])).when(least.is_null()).then(pl.lit(words["next_by_cost"]))
    )
    rival = pl.when(pl.col("next_name").fill_null("") == "").then(pl.lit(words["none"])).otherwise(
        joined(kind.otherwise(pl.lit(words["next_by_bound"])), pl.col("next_name"),
               pl.when(next_cost.is_not_null()).then(joined(pl.lit(words["cost"]), next_cost)).otherwise(pl.lit("")),
               pl.when(exact).then(_just(words)).otherwise(_at_least("next_least", words["with"])))
    )  # fmt: skip
    rules = pl.when(pl.col(f"rules_{language}") == "").then(pl.lit("")).otherwise(
        joined(pl.lit(words["rules"]), pl.col(f"rules_{language}"))
    )  # fmt: skip
    return joined(said, rival, _at_least("lose_least", words["without"]), rules).alias(f"reason_{language}")


def _just(words: Mapping[str, str]) -> pl.Expr:
    """What the total is worse by with a runner-up that is exact; the ranks before the points are told beside it."""
    least, by = pl.col("next_least"), shown_points(pl.col("next_least").abs())
    worse, better = (
        joined(pl.lit(before), by, pl.lit(after))
        for before, after in (words[key].split("{}") for key in ("just", "better"))
    )
    return pl.when(least > 0).then(worse).when(least < 0).then(better).otherwise(pl.lit(words["even"]))


def _at_least(column: str, words: str) -> pl.Expr:
    before, after = words.split("{}")
    told = joined(pl.lit(before), shown_points(pl.col(column)), pl.lit(after))
    return pl.when(pl.col(column).is_not_null() & (pl.col(column) > 0)).then(told).otherwise(pl.lit(""))


WORDS = {
    "zh": {"none": "；没有别的选择", "next": "；次优：", "next_by_bound": "；次优（按已证明的下界排）：", "next_by_cost": "；次优（按自身成本排）：",
           "cost": "，自身成本 ", "with": "，改选它总共至少差 {} 分", "just": "，改选它总共差 {} 分", "better": "，改选它分数好 {} 分", "even": "，改选它分数一样",
           "without": "；没有这一项总共至少差 {} 分", "rules": "；没有余地的规则："},
    "en": {"none": "; there is no other choice", "next": "; next best: ", "next_by_bound": "; next by the bound proved of each: ",
           "next_by_cost": "; next by its own cost: ", "cost": ", its own cost ",
           "with": ", with which the total is worse by at least {} points", "just": ", with which the total is worse by {} points",
           "better": ", with which the points are better by {}",
           "even": ", with which the points are the same",
           "without": "; without this the total is worse by at least {} points", "rules": "; rules that leave no room: "},
}  # fmt: skip
"""Wordings of :func:`reasons`."""

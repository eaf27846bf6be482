"""Why rows differ, as far as the plans tell: pins and bans, inputs that changed, partners and places exchanged, cost terms."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from graph.language import Text
from graph.wording import said_columns
from planner.compare.churn import first_postings
from planner.compare.consequences import money_of_pairs, money_of_places, pairs_below
from planner.compare.input_words import in_one_text, input_words
from planner.compare.oversight import exits_of_places, pairs_of_teams, pinned_exits
from planner.compare.partners import partners
from planner.compare.policy_words import difference_words
from planner.cross import measured_otherwise
from planner.plan import Plan
from planner.term_words import TERMS

WHY = ("why_zh", "why_en")
SUBJECTS = {
    "pairs": ("supporter", "recipient"),
    "postings": ("cadre", "village"),
    "allocations": ("source", "region"),
    "exits": ("region",),
    "inspections": ("team", "region"),
}
"""Result table → columns of what a row is about."""
STAGES = {"postings": "cadres", "allocations": "funds", "exits": "exit", "inspections": "inspection"}
WITH_POLICY = ("exits", "inspections")
"""Tables whose rows hang on one another through rules of the whole stage (places per year and team, work spread evenly): a policy
value that changed is a reason beside what is told of a row's own costs."""
LISTS = {
    "pins": (Text("新的指定", "newly pinned"), Text("不再指定", "no longer pinned")),
    "bans": (Text("新的禁止", "newly forbidden"), Text("不再禁止", "no longer forbidden")),
}
ELSEWHERE = Text(
    "关于它的输入没有变，由别处的变化带来", "no input about it changed: it follows from changes elsewhere"
)


def with_reasons(
    before: Plan,
    after: Plan,
    changes: Mapping[str, pl.DataFrame],
    inputs: Mapping[str, pl.DataFrame],
    edges: pl.DataFrame,
    known: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    """Changed rows with ``why_zh`` and ``why_en``: every reason that the plans can tell, the nearest first.

    Parameters
    ----------
    before, after : Plan
        The plans.
    changes, inputs : mapping of str to DataFrame
        Rows that differ, of result tables and of what the plans were made from; see :mod:`planner.compare.rows`.
    edges : DataFrame
        The pairs of both; see :func:`planner.compare.partners.links`.
    known : DataFrame
        The places of both; see :func:`planner.compare.places.joined_places`.
    """
    tell, found = _Telling(before, after, edges, known), {}
    words, policy = input_words(inputs), _policy(before, after, tell.names)
    for name, rows in changes.items():
        told = _near(rows, name, tell.of_table(name, rows), words)
        told = told.join(policy, on="stage", how="left", maintain_order="left")
        why = [_why(*x, always=name in WITH_POLICY) for x in (("zh", "；"), ("en", "; "))]
        found[name] = said_columns(told.with_columns(why).select(*rows.columns, *WHY))
    return found


def _near(
    rows: pl.DataFrame, name: str, parts: list[tuple[pl.DataFrame, list[str]]], words: pl.DataFrame
) -> pl.DataFrame:
    """The rows with ``stage`` and ``_zh``, ``_en``: what the plans tell about each; null where it is nothing."""
    found = rows if "stage" in rows.columns else rows.with_columns(stage=pl.lit(STAGES[name]))
    for n, (reasons, key) in enumerate(parts):
        told = reasons.select(*key, **{f"_{n}_{lang}": pl.col(lang) for lang in ("zh", "en")})
        found = found.join(told, on=key, how="left", maintain_order="left", nulls_equal=True)
    found = _with_terms(_with_inputs(found, SUBJECTS[name], words))
    near = []
    for lang, between in (("zh", "；"), ("en", "; ")):
        pieces = [pl.col(f"_{piece}_{lang}") for piece in (*range(len(parts)), "inputs", "terms")]
        text = pl.concat_str(pieces, separator=between, ignore_nulls=True)
        near.append(pl.when(text != "").then(text).alias(f"_{lang}"))
    return found.with_columns(near)


def _with_inputs(found: pl.DataFrame, subjects: Sequence[str], words: pl.DataFrame) -> pl.DataFrame:
    """What changed in the inputs about a row's subjects (``_inputs_zh``, ``_inputs_en``); null where it is nothing."""
    nothing = {f"_inputs_{lang}": pl.lit(None, pl.String) for lang in ("zh", "en")}
    numbered = found.with_row_index("_row")
    about = [
        numbered.select("_row", pl.col(column).alias("id"))
        .join(words, on="id", maintain_order="left")
        .drop("id")
        for column in subjects
    ]
    listed = pl.concat(about)
    if listed.is_empty():  # as it is in most tables: nothing is joined to every row
        return found.with_columns(**nothing)
    merged = listed.group_by("_row", maintain_order=True).agg(pl.col("zh", "en").explode())
    told = merged.select(
        "_row", *(in_one_text(pl.col(lang), lang).alias(f"_inputs_{lang}") for lang in ("zh", "en"))
    )
    return numbered.join(told, on="_row", how="left", maintain_order="left").drop("_row")


def _why(lang: str, between: str, always: bool) -> pl.Expr:
    """What is told about the row, else that it follows from changes elsewhere, with the stage's policy values that changed.

    ``always``: these stand behind what is told, too.
    """
    policy = f"_policy_{lang}"
    elsewhere = pl.concat_str(pl.lit(getattr(ELSEWHERE, lang)), policy, separator=between, ignore_nulls=True)
    near = pl.concat_str(f"_{lang}", policy, separator=between) if always else pl.col(f"_{lang}")
    return pl.coalesce(near, f"_{lang}", elsewhere).alias(f"why_{lang}")


class _Telling:
    """Reasons that only rows of one table have. Names of ids are told; an id without a name stands for itself."""

    def __init__(self, before: Plan, after: Plan, edges: pl.DataFrame, known: pl.DataFrame) -> None:
        self.plans, self.edges, self.known = (before, after), edges, known
        self.names = {k: v for k, v in {**before.network.names, **after.network.names}.items() if v}

    def of_table(self, name: str, rows: pl.DataFrame) -> list[tuple[pl.DataFrame, list[str]]]:
        """Frames of reasons (``zh``, ``en``) for changed rows of a table, each with the columns that it is joined on."""
        if name == "pairs":
            return [
                (_pinned(*self.plans), ["stage", "supporter", "recipient"]),
                (self._exchanged(), ["stage", "kind", "recipient", "how"]),
                (pairs_below(*self.plans, self.edges), ["stage", "supporter", "recipient", "how"]),
            ]
        if name == "postings":
            return [(self._moved(rows), ["cadre", "how"])]
        if name == "allocations":
            return [(money_of_pairs(*self.plans, self.edges), ["source", "region"])]
        if name == "exits":
            return [
                (pinned_exits(*self.plans), ["region"]),
                (money_of_places(*self.plans, self.known), ["region"]),
            ]
        return [
            (exits_of_places(*self.plans), ["region"]),
            (pairs_of_teams(*self.plans, rows, self.edges), ["team", "region"]),
        ]

    def _listed(self, ids: pl.Series, between: str) -> list[str]:
        """Ids that stand in one text, separated by ``;``, by name."""
        return [between.join(self.names.get(i, i) for i in (text or "").split(";")) for text in ids]

    def _exchanged(self) -> pl.DataFrame:
        """stage, kind, recipient, how, zh, en: who came in whose place."""
        swapped = partners(self.edges, self.known).filter(pl.col("swapped") > 0)
        kind = pl.when(pl.col("kind") != pl.col("stage")).then("kind").alias("kind")
        found = []
        for how, other, zh, en in (
            ("new", "went", "接替 ", "in the place of "),
            ("ended", "came", "由其接替：", "replaced by "),
        ):
            found.append(swapped.select(
                "stage", kind, "recipient", pl.lit(how).alias("how"),
                pl.Series("zh", [f"{zh}{n}" for n in self._listed(swapped[other], "、")], dtype=pl.String),
                pl.Series("en", [f"{en}{n}" for n in self._listed(swapped[other], ", ")], dtype=pl.String),
            ))  # fmt: skip
        return pl.concat(found)

    def _moved(self, rows: pl.DataFrame) -> pl.DataFrame:
        """cadre, how, zh, en: where a cadre was before, or is now; the first place of one who has several."""
        found = []
        names = pl.DataFrame({"village": list(self.names), "_name": list(self.names.values())},
                             schema=dict.fromkeys(("village", "_name"), pl.String))  # fmt: skip
        place = pl.coalesce("_name", "village")
        for how, plan, zh, en in (
            ("new", self.plans[0], "原在 ", "was at "),
            ("ended", self.plans[1], "改派 ", "goes to "),
        ):
            told = {"zh": pl.lit(zh) + place, "en": pl.lit(en) + place}
            mine = rows.filter(pl.col("how") == how).select("cadre").unique()
            placed = (
                first_postings(plan).join(mine, on="cadre", how="semi").join(names, on="village", how="left")
            )
            found.append(placed.select("cadre", pl.lit(how).alias("how"), **told))
        return pl.concat(found)


def _pinned(before: Plan, after: Plan) -> pl.DataFrame:
    """stage, supporter, recipient, zh, en: pins and bans of pairs that came or went."""
    rows: dict[tuple[str, str, str], list[Text]] = {}
    for stage in ("pairing", "designation"):
        old, new = (p.head["inputs"]["policy"].get(stage, {}) for p in (before, after))
        for key in dict.fromkeys([*old, *new]):
            words = LISTS.get(key.removeprefix("county_"))
            if words is None:
                continue
            was, now = _listed(old.get(key)), _listed(new.get(key))
            for word, pairs in zip(words, (now - was, was - now), strict=True):
                for supporter, recipient in sorted(pairs):
                    told = Text(f"{word.zh}（{stage}.{key}）", f"{word.en} ({stage}.{key})")
                    rows.setdefault((stage, supporter, recipient), []).append(told)
    made = [
        (*pair, "；".join(t.zh for t in told), "; ".join(t.en for t in told)) for pair, told in rows.items()
    ]
    return pl.DataFrame(made, schema=dict.fromkeys(("stage", "supporter", "recipient", "zh", "en"), pl.String), orient="row")  # fmt: skip


def _listed(value: Any) -> set[tuple[str, str]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        return set()
    split = [str(pair).partition(">") for pair in value]
    return {(a.strip(), b.strip()) for a, _, b in split}


def _with_terms(found: pl.DataFrame) -> pl.DataFrame:
    """Which terms of a changed row's cost moved, in points (``_terms_zh``, ``_terms_en``); rows that only one plan has tell none."""
    if "terms_before" not in found.columns:
        return found.with_columns(_terms_zh=pl.lit(None, pl.String), _terms_en=pl.lit(None, pl.String))
    texts = [_terms(*pair) for pair in zip(found["terms_before"], found["terms"], strict=True)]
    heads = (("zh", "成本构成："), ("en", "cost terms: "))
    return found.with_columns(
        pl.Series(f"_terms_{lang}", [t and f"{head}{t[n]}" for t in texts], dtype=pl.String)
        for n, (lang, head) in enumerate(heads)
    )


def _terms(before: str | None, after: str | None) -> Text | None:
    if not before or not after or before == after:
        return None
    old, new = json.loads(before), json.loads(after)
    moved = [
        (TERMS.get(k, Text(k, k)), f" {old.get(k, 0) / 1000:g} → {new.get(k, 0) / 1000:g}")
        for k in dict.fromkeys([*old, *new])
        if old.get(k, 0) != new.get(k, 0)
    ]
    if not moved:
        return None
    return Text(
        "，".join(f"{title.zh}{told}" for title, told in moved),
        ", ".join(f"{title.en}{told}" for title, told in moved),
    )


def _policy(before: Plan, after: Plan, names: Mapping[str, str]) -> pl.DataFrame:
    """stage, _policy_zh, _policy_en: policy values of the stage that are not the same; those that its cost is measured by first."""
    measured = measured_otherwise([before, after])
    rows = []
    for stage, new in after.head["inputs"]["policy"].items():
        old = before.head["inputs"]["policy"].get(stage)
        if old is None or old == new:
            continue
        differ = [k for k in new if old.get(k) != new[k]]
        first = [k for k in measured.get(stage, []) if k in differ]
        told = [
            (key, difference_words(old.get(key), new[key], names)) for key in dict.fromkeys([*first, *differ])
        ]
        zh, en = "；".join(f"{k} {t.zh}" for k, t in told), "; ".join(f"{k} {t.en}" for k, t in told)
        rows.append((stage, f"本阶段变了的政策值：{zh}", f"policy values of the stage that changed: {en}"))
    return pl.DataFrame(rows, schema=dict.fromkeys(("stage", "_policy_zh", "_policy_en"), pl.String), orient="row")  # fmt: skip

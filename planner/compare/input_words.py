"""What changed in the inputs about each id, in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from graph.language import Text
from graph.schema import TABLES, Table
from graph.schema.column import Column

MOST = 3
"""Changes of inputs that are told of one row; of more it is told how many."""
_NOTHING = pl.DataFrame(schema=dict.fromkeys(("id", "zh", "en"), pl.String))
FURTHER = {"relations": ("supporter", "recipient"), "fund_sources": ("owner_region",)}
"""Columns besides a table's key that name what a row is about."""
HOW = {"new": Text("新增", "new in the inputs"), "ended": Text("已不在输入中", "gone from the inputs")}


def input_words(inputs: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """id, zh, en: what changed in the inputs about each region, unit, cadre, fund source or team, as lists of texts.

    Parameters
    ----------
    inputs : mapping of str to DataFrame
        Table → rows that differ, with ``how``; see :func:`planner.compare.rows.changed_inputs`.
    """
    whole = pl.concat([_NOTHING, *(_words(TABLES[table], rows) for table, rows in inputs.items())])
    return whole.group_by("id", maintain_order=True).agg(pl.col("zh", "en"))


def in_one_text(texts: pl.Expr, language: str) -> pl.Expr:
    """Lists of texts as one each, nothing told twice: the first :data:`MOST`, and how many more there are."""
    between, left = {"zh": ("；", ("；另有 ", " 处")), "en": ("; ", ("; ", " more"))}[language]
    told = texts.list.unique(maintain_order=True)
    more = told.list.len().cast(pl.Int64) - MOST
    rest = pl.when(more > 0).then(pl.concat_str(pl.lit(left[0]), more.cast(pl.String), pl.lit(left[1])))
    return pl.concat_str(told.list.head(MOST).list.join(between), rest.otherwise(pl.lit("")))


def _words(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    about = [c for c in (*table.key, *FURTHER.get(table.name, ())) if _names_something(table, c, rows)]
    values = [c for c in table.columns if f"{c.name}_before" in rows.columns and c.name in rows.columns]
    parts = []
    for column in about:
        others = [c for c in table.key if c != column and c in rows.columns]
        texts = [_text(table, lang, others, values).alias(lang) for lang in ("zh", "en")]
        parts.append(rows.select(pl.col(column).alias("id"), *texts).drop_nulls("id"))
    return pl.concat([_NOTHING, *parts]).unique(maintain_order=True)


def _names_something(table: Table, column: str, rows: pl.DataFrame) -> bool:
    """Whether a column holds ids that results are about; a relation's own id is none."""
    if column not in rows.columns or table.by_name[column].kind != "code":
        return False
    return table.name not in ("relations", "findings") or column != "id"


def _text(table: Table, lang: str, others: list[str], values: list[Column]) -> pl.Expr:
    """``needs 2017 industry: amount 1 → 2``."""
    colon, comma = {"zh": ("：", "、"), "en": (": ", ", ")}[lang]
    title = getattr(table.title, lang)
    where = [pl.col(c).cast(pl.String) for c in others]
    head = pl.concat_str([pl.lit(title), *where], separator=" ", ignore_nulls=True)
    moved = [_value(c, lang) for c in values]
    changed = pl.concat_str(moved, separator=comma, ignore_nulls=True) if moved else pl.lit("")
    words = {how: getattr(text, lang) for how, text in HOW.items()}
    told = pl.col("how").replace_strict(words, default=None, return_dtype=pl.String)
    return pl.concat_str(head, pl.lit(colon), pl.coalesce(told, changed))


def _value(column: Column, lang: str) -> pl.Expr:
    name, title = column.name, getattr(column.title, lang)
    old, new = (pl.col(c).cast(pl.String).fill_null("–") for c in (f"{name}_before", name))
    differs = pl.col(name).ne_missing(pl.col(f"{name}_before"))
    return pl.when(differs).then(pl.concat_str(pl.lit(f"{title} "), old, pl.lit(" → "), new))

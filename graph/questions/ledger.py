"""Pledged against delivered, and where the money went."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from graph.errors import UsageError
from graph.network import Network, RegionSettings
from graph.schema import ENUMS, TABLES

READS = ("regions", "names", "units", "relations", "ledger", "fund_sources", "fund_flows")

MONEY_ITEMS = tuple(item for item, title in ENUMS["ledger_item"].items() if title.en.endswith("(yuan)"))
"""Items of the ledger that are money."""


def pledged_delivered(
    network: Network, year: int | None = None, *, subject: str | None = None
) -> pl.DataFrame:
    """What was promised and what came, by relation, year and item.

    Parameters
    ----------
    network : Network
        Needs ``ledger`` and ``relations``.
    year : int, optional
        Only this year.
    subject : str, optional
        Words that name a place or unit: only relations in which it stands itself.

    Returns
    -------
    DataFrame
        ``relation, kind, supporter, supporter_name, recipient, recipient_name, year, item, pledged,
        delivered, ratio`` (delivered / pledged; null where nothing was pledged), the largest shortfall
        first, ``mark`` last. The relation may be over already: the ledger is a record.

    Raises
    ------
    UsageError
        When nothing is called ``subject``.
    """
    ledger = network.frame("ledger")
    if year is not None:
        ledger = ledger.filter(pl.col("year") == year)
    relations = network.frame("relations").iter_rows(named=True)
    shown = pledged_frame(pledged_rows(relations, ledger.iter_rows(named=True), network.names))
    return shown if subject is None else _of(network, shown, subject)


_LEDGER, _RELATION = TABLES["ledger"].dtypes, TABLES["relations"].dtypes
_SHOWN: dict[str, pl.DataType | type[pl.DataType]] = {
    "relation": pl.String, "kind": _RELATION["kind"],
    "supporter": pl.String, "supporter_name": pl.String, "recipient": pl.String, "recipient_name": pl.String,
    "year": _LEDGER["year"], "item": _LEDGER["item"], "pledged": _LEDGER["pledged"], "delivered": _LEDGER["delivered"],
    "ratio": pl.Float64, "mark": pl.String,
}  # fmt: skip


def pledged_rows(
    relations: Iterable[Mapping[str, Any]], ledger: Iterable[Mapping[str, Any]], names: Mapping[Any, str]
) -> list[dict[str, Any]]:
    """The rows of :func:`pledged_delivered`, of rows of relations and of the ledger; ``names`` of places and units by id.

    A card has some thirty entries, for which frames would cost more than all else on it.
    """
    ends = {row["id"]: row for row in relations}
    shown = []
    for entry in ledger:
        tie = ends.get(entry["relation"], {})
        supporter, recipient = tie.get("supporter"), tie.get("recipient")
        pledged, came = entry["pledged"], entry["delivered"] or 0
        row = {
            **entry,
            "kind": tie.get("kind"),
            "supporter": supporter,
            "supporter_name": names.get(supporter, supporter),
            "recipient": recipient,
            "recipient_name": names.get(recipient, recipient),
            "ratio": came / pledged if pledged and pledged > 0 else None,
        }
        short = 0 if pledged is None else pledged - came
        order = (-short, entry["relation"], entry["year"], entry["item"])
        shown.append((order, {c: row[c] for c in _SHOWN}))
    shown.sort(key=lambda pair: pair[0])
    return [row for _, row in shown]


def pledged_frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """These rows as a frame."""
    return pl.DataFrame(rows, schema=_SHOWN)


def _of(network: Network, rows: pl.DataFrame, words: str) -> pl.DataFrame:
    from graph.questions.place import subject

    code = subject(network, words)[0].id
    return rows.filter((pl.col("supporter") == code) | (pl.col("recipient") == code))


def flows(network: Network, level: str, year: int | None = None) -> pl.DataFrame:
    """Money from whom to where, both ends raised to ``level``.

    Places above the level stay what they are. Two origins stand side by side and must not be added up, as
    money of east–west pairs may be in both: ``ledger`` (delivered, by item) and ``fund_flows`` (by stage).

    Parameters
    ----------
    network : Network
        Uses ``ledger`` with ``relations``, and ``fund_flows`` with ``fund_sources``.
    level : str
        A level of the network's settings.
    year : int, optional
        Only this year.

    Returns
    -------
    DataFrame
        ``origin, year, item`` (ledger item or stage), ``giver, giver_name, taker, taker_name, amount``
        (yuan), the largest first. The giver of a fund flow is the source's owner, else the source itself.

    Raises
    ------
    UsageError
        When there is no such level.
    """
    check_level(network.settings, level)
    moved = pl.concat([_ledger_money(network), _fund_money(network)])
    if year is not None:
        moved = moved.filter(pl.col("year") == year)
    return raised(network, level, moved)


def check_level(settings: RegionSettings, level: str) -> None:
    """Refuse a level that there is not.

    Raises
    ------
    UsageError
        When there is no such level.
    """
    if level not in settings.levels:
        known = ", ".join(settings.levels)
        raise UsageError(f"没有层级 {level}；可用：{known}", f"no level {level}; known: {known}")


def raised(network: Network, level: str, moved: pl.DataFrame) -> pl.DataFrame:
    """Amounts ``origin, year, item, giver, taker, amount`` with both ends raised to a level, summed; see :func:`flows`."""
    ends = pl.concat([moved["giver"], moved["taker"]]).unique().to_list()
    above = {code: network.at_level(code, level) or code for code in ends}
    names = network.names | _source_names(network)
    summed = (
        moved.with_columns(pl.col("giver", "taker").replace(above))
        .group_by("origin", "year", "item", "giver", "taker")
        .agg(pl.col("amount").sum())
        .with_columns(_named("giver", names), _named("taker", names))
    )
    columns = ("origin", "year", "item", "giver", "giver_name", "taker", "taker_name", "amount")
    return summed.select(columns).sort(
        "amount",
        "origin",
        "year",
        "item",
        "giver",
        "taker",
        descending=[True, False, False, False, False, False],
    )


def _ledger_money(network: Network) -> pl.DataFrame:
    ends = network.frame("relations").select(
        pl.col("id").alias("relation"), pl.col("supporter").alias("giver"), pl.col("recipient").alias("taker")
    )
    money = network.frame("ledger").filter(pl.col("item").is_in(MONEY_ITEMS) & (pl.col("delivered") > 0))
    return money.join(ends, on="relation").select(
        pl.lit("ledger").alias("origin"),
        "year",
        "item",
        "giver",
        "taker",
        pl.col("delivered").alias("amount"),
    )


def _fund_money(network: Network) -> pl.DataFrame:
    owners = network.frame("fund_sources").select(pl.col("id").alias("source"), pl.col("owner_region"))
    paid = network.frame("fund_flows").join(owners, on="source", how="left")
    giver = pl.coalesce("owner_region", "source").alias("giver")
    return paid.select(
        pl.lit("fund_flows").alias("origin"), "year", pl.col("stage").alias("item"), giver,
        pl.col("region").alias("taker"), "amount",
    )  # fmt: skip


def _source_names(network: Network) -> dict[str, str]:
    sources = network.frame("fund_sources")
    return dict(zip(sources["id"].to_list(), sources["name"].to_list(), strict=True))


def _named(column: str, names: dict[str, str]) -> pl.Expr:
    return pl.col(column).replace(names).alias(f"{column}_name")

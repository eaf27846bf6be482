"""The tables in which china-2021 differs from china-2016: made from its own sources and from those of 2016."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from scenarios.build.coverage import WITHOUT_DATA
from scenarios.build.policies import policies
from scenarios.build.relations import RECALLED, pair_id
from scenarios.build.tables import conform, from_rows, read_source, read_table, write_csv, write_parquet
from scenarios.generate.shares import split

HOME = Path(__file__).resolve().parent.parent / "china-2021"
SOURCES = HOME / "sources"
ENDED = date(2021, 1, 1)  # the first day that the terms "to 2020" no longer cover
LISTED_ON = date(2021, 8, 27)  # the list of 160 was announced (day recalled)
YEAR, BEFORE = 2022, 2020  # the year that is planned, and the last year of the generated tables
PARTNERED = (
    "150000",
    "450000",
    "500000",
    "510000",
    "520000",
    "530000",
    "610000",
    "620000",
    "630000",
    "640000",
)
WHOLE = (*PARTNERED, "540000", "650000")  # the two others have counterpart support
HUNDRED_MILLION = 100_000_000


def key_counties() -> pl.DataFrame:
    """Tags of the 160 national key counties for rural revitalisation."""
    raw = read_source("key_counties_160", SOURCES)
    page = pl.col("source_ref").fill_null("")
    return conform("region_tags", raw.select(
        region="adcode", tag=pl.lit("key_county_160"), since=pl.lit(LISTED_ON),
        source=pl.lit("key_counties_160.csv") + pl.when(page != "").then(pl.lit(": ") + page).otherwise(pl.lit("")),
        mark=RECALLED,
    ))  # fmt: skip


def region_tags() -> pl.DataFrame:
    """Those of 2016, supporters that support no longer ended, and the 160 key counties."""
    still = read_source("east_west_pairs", SOURCES)["from_adcode"].unique()
    gone = (pl.col("tag") == "supporter") & ~pl.col("region").is_in(still.to_list())
    until = pl.when(gone).then(pl.lit(ENDED)).otherwise("until")
    return pl.concat([read_table("region_tags").with_columns(until=until), key_counties()])


def east_west() -> pl.DataFrame:
    """The eleven pairs after the readjustment of April 2021; eight of them go on."""
    raw = read_source("east_west_pairs", SOURCES)
    return conform("relations", raw.select(
        id=pair_id("ew", "from_adcode", "to_adcode"), kind=pl.lit("east_west"), supporter="from_adcode",
        recipient="to_adcode", since=pl.col("since").str.to_date(), until=pl.col("until").str.to_date(),
        source=pl.lit("china-2021/sources/east_west_pairs.csv"), mark=pl.lit("recalled"),
    ))  # fmt: skip


def all_relations() -> pl.DataFrame:
    """Those of 2016, in which a pair that goes on has its new term, and the new pairs."""
    pairs = east_west()
    return pl.concat([read_table("relations").join(pairs, on="id", how="anti", maintain_order="left"), pairs])


def fund_sources() -> pl.DataFrame:
    """Grants and insurance of 2016 without former supporters; the central special fund has its new name.

    Bonds for relocation had ended, and credit is the banks' to give: neither is divided by the funds' measure of 2021.
    """
    raw = read_table("fund_sources")
    payers = set(east_west()["supporter"])
    gone = (pl.col("level") == "east_west") & ~pl.col("owner_region").is_in(list(payers))
    kept = raw.filter(~gone, pl.col("instrument").is_in(["grant", "insurance"]))
    named = pl.col("name").str.replace(
        "中央财政专项扶贫资金", "中央财政衔接推进乡村振兴补助资金", literal=True
    )
    for old, new in (
        ("扶贫发展", "巩固拓展脱贫攻坚成果和乡村振兴"),
        ("国有贫困", "欠发达国有"),
        ("扶贫小额信贷", "脱贫人口小额信贷"),
    ):
        named = named.str.replace(old, new, literal=True)
    return kept.with_columns(name=named.str.replace_all("扶贫", "帮扶", literal=True))


def fund_budgets() -> pl.DataFrame:
    """2022: the central fund and the east's aid have the recalled totals, all else what it had in 2020.

    Inside a total the shares are those of 2020's generated budgets.
    """
    kinds = fund_sources().select("id", "level", "direction")
    raw = read_table("fund_budgets").filter(pl.col("year") == BEFORE).join(
        kinds, left_on="source", right_on="id", maintain_order="left"
    )  # fmt: skip
    totals = read_source("national_funds", SOURCES)
    amount = raw["amount"].to_numpy().copy()
    known = (raw["level"] == "east_west").to_numpy(), raw["direction"].is_not_null().to_numpy()
    for item, rows in zip(("east_west_fiscal_aid", "central_linking_funds"), known, strict=True):
        total = round(float(totals.filter(item=item)["amount_100m_yuan"].item()) * HUNDRED_MILLION)
        amount[rows] = split(total, amount[rows].astype(float))
    told = pl.when(pl.Series(known[0] | known[1])).then(
        pl.lit("national_funds.csv: total recalled; shares as generated for 2020")
    ).otherwise(pl.lit("as generated for 2020"))  # fmt: skip
    return conform("fund_budgets", raw.select(
        "source", "carry_over_max", year=pl.lit(YEAR), amount=pl.Series(amount), fact_source=told,
        mark=pl.lit("synthetic"),
    ))  # fmt: skip


def needs() -> pl.DataFrame:
    """Needs of 2022: those generated for 2020, without relocation, which had ended."""
    raw = read_table("needs").filter(pl.col("year") == BEFORE, pl.col("programme") != "relocation")
    return raw.with_columns(
        pl.lit(YEAR).alias("year"), pl.lit("as generated for 2020").alias("source"), pl.lit("synthetic").alias("mark")
    )  # fmt: skip


def coverage() -> pl.DataFrame:
    """Where lists are complete: province pairs are whole; who is posted is not in the data of 2021."""
    places = read_source("regions").filter(level="province")["adcode"].to_list()
    poor = set(read_source("poor_counties")["province_adcode"])
    rows: list[dict[str, object]] = []
    for code in (p for p in places if p not in WITHOUT_DATA):
        paired = "yes" if code in WHOLE else "by_design"
        rows.append(
            said("autonomous_prefectures", code, paired, "the readjusted list of pairs; counterpart support")
        )
        rows.append(said("must_staff_villages", code, "no", "postings of 2021 are not in our data"))
        if code in PARTNERED:
            rows.append(said("key_counties_160_supported", code, "yes", "the readjusted list of pairs"))
        if code in poor:
            rows.append(
                said(
                    "designated_key_counties", code, "no", "designated_units.csv is about two thirds complete"
                )
            )
            rows.append(
                said(
                    "poor_counties_supported",
                    code,
                    paired,
                    "the readjusted list of pairs; counterpart support",
                )
            )
    return from_rows("coverage", rows).sort("rule", "region")


def said(rule: str, region: str, complete: str, why: str) -> dict[str, object]:
    """One cell of the table coverage."""
    return {"rule": rule, "region": region, "complete": complete, "source": why, "mark": "assumed"}


def all_policies() -> pl.DataFrame:
    """Documents of 2016 and those of the transition; recalled."""
    listed = (
        (
            "p2020-linking",
            "中共中央、国务院",
            "关于实现巩固拓展脱贫攻坚成果同乡村振兴有效衔接的意见",
            date(2020, 12, 16),
        ),
        ("p2021-funds", "财政部等", "中央财政衔接推进乡村振兴补助资金管理办法", date(2021, 3, 26)),
        ("p2021-key-counties", "国家乡村振兴局等", "国家乡村振兴重点帮扶县名单", LISTED_ON),
    )
    rows = [
        {"id": i, "issuer": by, "level": "central", "title": title, "since": since, "source": "recalled", "mark": "recalled"}
        for i, by, title, since in listed
    ]  # fmt: skip
    return pl.concat([policies(), from_rows("policies", rows)])


def build(target: Path = HOME / "data") -> list[Path]:
    """Write the tables that replace those of china-2016 to ``target``; the built tables of 2016 must be there.

    Returns
    -------
    list of Path
        The files written.
    """
    target.mkdir(parents=True, exist_ok=True)
    return [
        write_parquet("region_tags", region_tags(), target),
        write_parquet("relations", all_relations(), target),
        write_parquet("needs", needs(), target),
        write_csv("fund_sources", fund_sources(), target),
        write_csv("fund_budgets", fund_budgets(), target),
        write_csv("coverage", coverage(), target),
        write_csv("policies", all_policies(), target),
    ]

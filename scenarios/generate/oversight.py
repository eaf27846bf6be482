"""Assessments, inspection teams, findings, ledger of pledges and deliveries.

And the supporting units of villages.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl

from scenarios.generate.counties import Counties
from scenarios.generate.county_tables import YEARS
from scenarios.generate.shares import Floats, choose, generator
from scenarios.generate.village_tables import SOURCE, SYNTHETIC

CATEGORIES = {"commended": 8, "talk_principal": 4, "talk_deputy": 4}  # of the 22 provinces; the rest plain
FINDINGS = 420
KINDS = {
    "inspection": 0.3,
    "audit": 0.2,
    "hotline": 0.15,
    "assessment": 0.1,
    "third_party": 0.1,
    "cross_check": 0.05,
    "party_supervision": 0.05,
    "media": 0.05,
}
SEVERITIES = {"low": 0.48, "medium": 0.4, "severe": 0.12}
STATUSES = {
    "closed": 0.55,
    "rechecked": 0.1,
    "rectified": 0.12,
    "assigned": 0.13,
    "open": 0.08,
    "reopened": 0.02,
}
PROGRAMMES = {
    "industry": 0.3,
    "relocation": 0.15,
    "housing": 0.2,
    "education": 0.1,
    "health": 0.15,
    "dibao": 0.1,
}
ABOVE_PLEDGE = 0.003  # share of ledger rows that bring clearly more than was pledged

EAST_WEST_ITEMS = {  # of one pair in 2016: assumed sizes, growing each year
    "organisation_meetings": 2,
    "officials_sent": 20,
    "professionals_sent": 60,
    "fiscal_funds": 90_000_000,
    "firms_settled": 8,
    "investment": 400_000_000,
    "jobs_placed": 1_500,
    "counties_paired": 6,
}
UNIT_ITEMS = {
    "money_put_in": 6_000_000,
    "money_brought_in": 9_000_000,
    "cadres_trained": 120,
    "technicians_trained": 150,
    "produce_bought": 800_000,
    "produce_sold": 2_500_000,
}


def assessments(counties: Counties, seed: int) -> pl.DataFrame:
    """22 provinces for 2016: 8 commended, 4 + 4 called in. The source names none.

    Which is which is synthetic.
    """
    rng = generator(seed, "assessments")
    provinces = counties.frame.filter("poor")["province"].unique().sort()
    category = np.full(len(provinces), "plain", dtype="<U16")
    order, start = np.argsort(rng.random(len(provinces)), kind="stable"), 0
    for name, count in CATEGORIES.items():
        category[order[start : start + count]] = name
        start += count
    return pl.DataFrame({"region": provinces, "category": category}).with_columns(
        year=pl.lit(2016), source=SOURCE, mark=SYNTHETIC
    )


def inspection_teams(counties: Counties, units: pl.DataFrame, tags: pl.DataFrame, seed: int) -> pl.DataFrame:
    """60 teams: two of each of the 22 provinces, one of each democratic party, eight of central organs."""
    rng = generator(seed, "inspection_teams")
    provinces = counties.frame.filter("poor")["province"].unique().sort().to_list()
    speaks = {"540000": "tibetan", "650000": "uyghur", "510000": "yi", "150000": "mongolian"}
    parties = units.filter(kind="party").select("id", "home_region").rows()
    organs = units.filter(kind="central_organ").select("id", "home_region").rows()[:8]
    led = [(p, p) for p in provinces for _ in range(2)] + parties + organs
    n = len(led)
    return pl.DataFrame(
        {
            "id": [f"t{i:03d}" for i in range(1, n + 1)],
            "unit": [unit for unit, _ in led],
            "home_region": [home for _, home in led],
            "size": 5 + np.floor(rng.random(n) * 6).astype(np.int64),
            "days_max": 40 + 5 * np.floor(rng.random(n) * 9).astype(np.int64),
            "languages": [speaks.get(unit) for unit, _ in led],
        }
    ).with_columns(source=SOURCE, mark=SYNTHETIC)


def findings(counties: Counties, seed: int) -> pl.DataFrame:
    """420 findings of 2016 in poor counties.

    A severe one is open in none of the counties that exited in 2016.
    """
    rng = generator(seed, "findings")
    poor = counties.frame.filter("poor")
    row = np.floor(rng.random(FINDINGS) * poor.height).astype(np.int64)
    pick = {
        name: pl.Series(np.array(list(shares))[choose(rng, FINDINGS, shares)])
        for name, shares in (
            ("kind", KINDS),
            ("severity", SEVERITIES),
            ("status", STATUSES),
            ("programme", PROGRAMMES),
        )
    }
    day = [date(2016, 1, 15) + timedelta(days=int(d)) for d in np.floor(rng.random(FINDINGS) * 330)]
    closed = pl.col("status").is_in(["closed", "rechecked"])
    first = pl.col("exit_year") == 2016
    made = poor[row].select("code", "name", "exit_year").with_columns(**pick, received=pl.Series(day))
    return made.with_columns(status=pl.when(first).then(pl.lit("closed")).otherwise("status")).select(
        id=pl.lit("f") + pl.int_range(1, FINDINGS + 1).cast(pl.String).str.zfill(4),
        region="code",
        year=pl.lit(2016),
        kind="kind",
        programme="programme",
        severity="severity",
        received="received",
        owner=pl.col("name") + pl.lit("扶贫办"),
        due=pl.col("received") + pl.duration(days=90),
        status="status",
        closed_on=pl.when(closed).then(pl.col("received") + pl.duration(days=75)),
        source=SOURCE,
        mark=SYNTHETIC,
    )


def ledger(relations: pl.DataFrame, seed: int) -> pl.DataFrame:
    """What each east–west pair and each designated unit pledged and delivered, 2016–2020."""
    rng = generator(seed, "ledger")
    parts = []
    for kind, items in (("east_west", EAST_WEST_ITEMS), ("designated", UNIT_ITEMS)):
        ids = relations.filter(kind=kind)["id"].sort()
        parts.append(_ledger(ids, items, rng))
    return pl.concat(parts).with_columns(source=SOURCE, mark=SYNTHETIC)


def _ledger(ids: pl.Series, items: dict[str, int], rng: np.random.Generator) -> pl.DataFrame:
    """One row per relation, year and item; deliveries reach 70 to 100 % of the pledge, a few more."""
    n, years, kinds = len(ids), len(YEARS), len(items)
    size: Floats = 0.5 + rng.random(n)
    growth = np.array((1.0, 1.6, 2.6, 3.2, 3.6))
    pledged = size[:, None, None] * growth[None, :, None] * np.array(list(items.values()))[None, None, :]
    pledged = np.maximum(np.round(pledged), 1).astype(np.int64)
    reached = (
        0.7
        + 0.3 * rng.random((n, years, kinds))
        + np.where(rng.random((n, years, kinds)) < ABOVE_PLEDGE, 0.2, 0)
    )
    delivered = np.floor(pledged * reached).astype(np.int64)
    return pl.DataFrame(
        {
            "relation": ids.gather(np.repeat(np.arange(n), years * kinds)),
            "year": np.tile(np.repeat(YEARS, kinds), n),
            "item": pl.Series(np.tile(np.array(list(items)), n * years)),
            "pledged": pledged.ravel(),
            "delivered": delivered.ravel(),
        }
    )


def village_units(regions: pl.DataFrame) -> pl.DataFrame:
    """Per province one military unit, one of the central enterprises' villages and one of private firms."""
    provinces = regions.filter(pl.col("level") == "province").select("code", "name")
    kinds = (
        ("mil", "驻军帮扶（汇总）", "military", "engineering;health"),
        ("soe", "央企百县万村行动（汇总）", "soe", "industry;engineering"),
        ("firm", "万企帮万村民营企业（汇总）", "firm", "industry;e_commerce"),
    )
    return pl.concat(
        provinces.select(
            id=pl.lit(f"{prefix}-") + pl.col("code").str.head(2),
            name=pl.col("name") + pl.lit(title),
            kind=pl.lit(kind),
            system=pl.lit("village_support"),
            home_region="code",
            capacity=pl.lit(0),
            strength=pl.lit(0.3),
            profile=pl.lit(profile),
            source=SOURCE,
            mark=SYNTHETIC,
        )
        for prefix, title, kind, profile in kinds
    )

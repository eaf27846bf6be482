"""The numbers that the rules come to, worked out from the scene: one function per rule."""

from __future__ import annotations

from math import floor

import polars as pl

from planner.verify.funds.scene import HUGE, MILLION, Scene, millionths, part_down, part_up
from planner.verify.places import latest_facts

RESULT = {"commended": 1.2, "plain": 1.0, "talk_deputy": 0.9, "talk_principal": 0.8}
FACTORS = ("poverty", "income", "fiscal", "depth", "tasks", "results")


def cells(scene: Scene) -> pl.DataFrame:
    """Needs that somebody may pay for: ``region, programme, year, need, unit_cost, cap``."""
    paid = scene.allowed.select("region", "programme").unique().with_columns(paid=pl.lit(True))
    found = scene.needs.rename({"amount": "need"}).join(paid, on=["region", "programme"], how="left")
    found = found.join(slot_limits(scene), on=["region", "programme", "year"], how="left")
    cap = pl.min_horizontal("need", pl.col("slot_cap").fill_null(HUGE))
    return found.with_columns(cap=pl.when(pl.col("paid").fill_null(False)).then(cap).otherwise(0)).sort(
        "region", "programme", "year"
    )


def slot_limits(scene: Scene) -> pl.DataFrame:
    """``region, programme, year, slot_cap``: a number of slots shared out by need, the largest remainders first."""
    rows: list[tuple[str, str, int, int]] = []
    shared_out = scene.value("slot_caps") if scene.value("slot_caps_by") == "county" else None
    for programme, number in sorted((shared_out or {}).items()):
        mine = scene.needs.filter(pl.col("programme") == programme).sort("region", "year")
        as_posts = "post" in set(mine["unit"].to_list())
        groups = [mine.filter(pl.col("year") == y) for y in scene.years] if as_posts else [mine]
        for group in groups:
            wanted = group["quantity"].to_list()
            total = sum(wanted)
            if int(number) >= total:
                continue
            whole = [int(number) * w // total for w in wanted]
            rest = [int(number) * w - total * n for w, n in zip(wanted, whole, strict=True)]
            first = sorted(range(len(wanted)), key=lambda i: (-rest[i], i))[: int(number) - sum(whole)]
            for i in first:
                whole[i] += 1
            keys = group.select("region", "programme", "year", "unit_cost").iter_rows()
            rows += [(r, p, y, n * cost) for (r, p, y, cost), n in zip(keys, whole, strict=True)]
    return pl.DataFrame(rows, schema={"region": pl.String, "programme": pl.String, "year": pl.Int64, "slot_cap": pl.Int64},
                        orient="row")  # fmt: skip


def steps(scene: Scene) -> list[tuple[int, float]]:
    """Upper end of each step (millionths of a need) and what a yuan in it counts."""
    given = scene.value("return_steps")
    return sorted((millionths(s), float(v)) for s, v in given.items()) if given else [(MILLION, 1.0)]


def county_numbers(scene: Scene, cell: pl.DataFrame) -> pl.DataFrame:
    """``region, year, payable`` and each rule's floor and ceiling; ``low`` and ``high`` over all of them."""
    found = cell.group_by("region", "year").agg(payable=pl.col("cap").sum()).filter(pl.col("payable") > 0)
    found = found.join(scene.places, on="region").sort("region", "year")
    head = scene.value("per_head")
    floor_yuan = int(scene.value("county_floor") or 0)
    found = found.join(_county_history(scene), on=["region", "year"], how="left").with_columns(
        county_floor=pl.when(~pl.col("outside")).then(floor_yuan).otherwise(0),
        head_low=pl.col("poor") * (int(head[0]) if head else 0),
        head_high=pl.when(pl.col("poor") > 0)
        .then(pl.col("poor") * int(head[1]) if head else HUGE)
        .otherwise(HUGE),
        county_ceiling=pl.lit(
            HUGE if scene.value("county_ceiling") is None else int(scene.value("county_ceiling"))
        ),
        history=pl.col("history").fill_null(0),
    )
    low = pl.max_horizontal("county_floor", "head_low", "history")
    return found.with_columns(
        low=pl.min_horizontal(low, "payable"), high=pl.min_horizontal("head_high", "county_ceiling")
    )


def last_allotted(scene: Scene) -> list[tuple[str, str, int, int]]:
    """Source, region, year, yuan of what was allotted in the newest year before the planned ones."""
    rows = scene.resolved.network.frame("fund_flows").select("source", "region", "year", "amount", "stage")
    old = [
        (s, r, y, a) for s, r, y, a, stage in rows.iter_rows() if stage == "allotted" and y < scene.years[0]
    ]
    newest = max((y for _, _, y, _ in old), default=0)
    return [row for row in old if row[2] == newest]


def grown(scene: Scene, source: str, amount: int, since: int, year: int) -> int:
    """An earlier amount, grown with the source's budget."""
    rows = scene.resolved.network.frame("fund_budgets").select("source", "year", "amount").iter_rows()
    of_year = {y: a for s, y, a in rows if s == source}
    return amount * of_year.get(year, 0) // of_year[since] if of_year.get(since) else amount


def _county_history(scene: Scene) -> pl.DataFrame:
    sums: dict[tuple[str, int], int] = {}
    counties, known = set(scene.places["region"].to_list()), set(scene.sources["source"].to_list())
    if scene.value("stability") is not None:
        for source, region, since, amount in last_allotted(scene):
            for year in scene.years if region in counties and source in known else ():
                keep = max(MILLION - millionths(scene.value("stability")) * (year - since), 0)
                part = keep * grown(scene, source, amount, since, year) // MILLION
                sums[region, year] = sums.get((region, year), 0) + part
    rows = [(r, y, a) for (r, y), a in sums.items()]
    return pl.DataFrame(
        rows, schema={"region": pl.String, "year": pl.Int64, "history": pl.Int64}, orient="row"
    )


def province_factors(
    scene: Scene, year: int, latest: dict[str, dict[str, float]]
) -> dict[str, dict[str, float]]:
    """Province → factor → how much of it (not yet a share)."""
    places = scene.places
    need = dict(
        scene.needs.filter(pl.col("year") == year).join(places.select("region", "province"), on="region")
        .group_by("province").agg(pl.col("amount").sum()).iter_rows()
    )  # fmt: skip
    poor = dict(places.group_by("province").agg(pl.col("poor").sum()).iter_rows())
    deep = dict(places.group_by("province").agg((pl.col("poor") * pl.col("deep")).sum()).iter_rows())
    income, rural, revenue = (latest[m] for m in ("income_per_head", "rural_population", "fiscal_revenue"))
    strength = {g: revenue[g] / max(rural[g], 1.0) for g in poor if g in revenue and g in rural}
    rich = max((income[g] for g in poor if g in income), default=0.0)
    strong = max(strength.values(), default=0.0)
    category = assessed(scene, year - 1)
    return {
        g: {
            "poverty": float(poor[g]),
            "income": poor[g] * (2.0 - income[g] / rich if rich > 0 and g in income else 1.0),
            "fiscal": poor[g] * (2.0 - strength[g] / strong if strong > 0 and g in strength else 1.0),
            "depth": float(deep[g]),
            "tasks": float(need.get(g, 0)),
            "results": poor[g] * RESULT.get(category.get(g, ""), 1.0),
        }
        for g in sorted(poor)
    }


def assessed(scene: Scene, year: int) -> dict[str, str]:
    """Region → category of a year's assessment."""
    rows = scene.resolved.network.frame("assessments").select("region", "year", "category").iter_rows()
    return {region: category for region, y, category in rows if y == year}


def shares(
    factors: dict[str, dict[str, float]], weights: dict[str, float], reach: list[str]
) -> dict[str, int]:
    """Province → share in whole millionths, among the provinces in reach."""
    total = dict.fromkeys(reach, 0.0)
    for name in FACTORS:
        have = sum(factors[g][name] for g in reach)
        for g in reach if have > 0 else ():
            total[g] += float(weights.get(name, 0.0)) * factors[g][name] / have
    if sum(total.values()) <= 0:
        total = dict.fromkeys(reach, 1.0)
    whole = sum(total.values())
    exact = {g: MILLION * t / whole for g, t in total.items()}
    found = {g: floor(e) for g, e in exact.items()}
    largest = sorted(reach, key=lambda g: (-(exact[g] - found[g]), g))
    for g in largest[: MILLION - sum(found.values())]:
        found[g] += 1
    return found


def province_numbers(scene: Scene, cell: pl.DataFrame) -> pl.DataFrame:
    """Bounds of what shared sources give provinces: ``source, province, year, usable`` and each rule's bounds."""
    usable = (
        scene.allowed.join(scene.sources.filter("shared").select("source"), on="source", how="semi")
        .join(cell.filter(pl.col("cap") > 0).select("region", "programme", "year", "cap"), on=["region", "programme"])
        .join(scene.places.select("region", "province"), on="region")
        .group_by("source", "year", "province").agg(usable=pl.col("cap").sum())
    )  # fmt: skip
    budget = {(s, y): b for s, y, b, _ in scene.money.iter_rows()}
    history = _province_history(scene)
    measures = ("income_per_head", "rural_population", "fiscal_revenue")
    latest = {m: latest_facts(scene.resolved, m) for m in measures}
    factors = {year: province_factors(scene, year, latest) for year in scene.years}
    rows = []
    for (source, year), group in sorted(usable.group_by("source", "year"), key=lambda g: g[0]):
        money = budget.get((str(source), int(str(year))), 0)
        reach = dict(group.select("province", "usable").sort("province").iter_rows())
        rows += _source_bounds(
            scene, str(source), int(str(year)), money, reach, factors[int(str(year))], history
        )
    schema = {"source": pl.String, "province": pl.String, "year": pl.Int64, "usable": pl.Int64, "share_low": pl.Int64,
              "share_high": pl.Int64, "reward": pl.Int64, "history_low": pl.Int64, "history_high": pl.Int64}  # fmt: skip
    found = pl.DataFrame(rows, schema=schema, orient="row")
    low = pl.max_horizontal(pl.col("share_low") + pl.col("reward"), "history_low")
    return found.with_columns(
        low=pl.min_horizontal(low, "usable"), high=pl.min_horizontal("share_high", "history_high")
    )


def _source_bounds(
    scene: Scene,
    source: str,
    year: int,
    money: int,
    reach: dict[str, int],
    factors: dict[str, dict[str, float]],
    history: dict[tuple[str, str, int], tuple[int, int]],
) -> list[tuple[str, str, int, int, int, int, int, int, int]]:
    category = assessed(scene, year - 1)
    winners = [g for g in reach if category.get(g) == "commended"]
    prize = part_down(scene.value("reward"), money) if winners and scene.value("reward") is not None else 0
    each = prize // len(winners) if prize else 0
    share = shares(factors, scene.value("factor_weights") or {}, list(reach))
    tolerance = scene.value("province_shares")
    rows = []
    for g, room in reach.items():
        gift = each if g in winners else 0
        low, high = 0, HUGE
        if tolerance is not None:
            target = share[g] * (money - prize) // MILLION
            low = (MILLION - millionths(tolerance)) * target // MILLION
            high = -(-(MILLION + millionths(tolerance)) * target // MILLION) + gift
        before = history.get((source, g, year), (0, HUGE))
        rows.append((source, g, year, room, low, high, gift, *before))
    return rows


def _province_history(scene: Scene) -> dict[tuple[str, str, int], tuple[int, int]]:
    found: dict[tuple[str, str, int], tuple[int, int]] = {}
    if scene.value("stability") is None:
        return found
    shared = set(scene.sources.filter("shared")["source"].to_list())
    provinces = set(scene.places["province"].to_list())
    for source, region, since, amount in last_allotted(scene):
        for year in scene.years if source in shared and region in provinces else ():
            drift = millionths(scene.value("stability")) * (year - since)
            reference = grown(scene, source, amount, since, year)
            low, high = (
                max(MILLION - drift, 0) * reference // MILLION,
                -(-(MILLION + drift) * reference // MILLION),
            )
            found[source, region, year] = (low, high)
    return found


def balance_limits(scene: Scene) -> dict[str, int]:
    """County → what its registered households may owe at any time."""
    size, each = float(scene.value("household_size")), int(scene.value("microcredit_loan_max") or 0)
    return {r: floor(poor / size) * each for r, poor in scene.places.select("region", "poor").iter_rows()}


def relending_limits(scene: Scene) -> dict[tuple[str, int], int]:
    """County and year → what may be relent to its firms."""
    firms = scene.value("relending_programmes")
    rows = scene.needs.filter(pl.col("programme").is_in(firms)) if firms is not None else scene.needs
    sums = rows.group_by("region", "year").agg(pl.col("amount").sum())
    return {(r, y): part_down(scene.value("relending_share"), a) for r, y, a in sums.iter_rows()}


def class_floors(scene: Scene, cell: pl.DataFrame) -> dict[tuple[str, int], int]:
    """Rule and year → yuan that its counties must get at least: never more than they may be paid for."""
    spendable = spendable_by_year(scene, cell)
    budget = scene.value("deep_poverty_of") == "budget"
    shares_of = {
        "outside": scene.value("outside_share"),
        "deep": scene.value("deep_poverty_share") if budget else None,
    }
    placed = cell.join(scene.places.select("region", "deep", "outside"), on="region")
    found: dict[tuple[str, int], int] = {}
    for kind, share in shares_of.items():
        rule = "outside_share" if kind == "outside" else "deep_poverty_share"
        usable = dict(placed.filter(kind).group_by("year").agg(pl.col("cap").sum()).iter_rows())
        found |= {(rule, y): min(part_up(share, m), usable.get(y, 0)) for y, m in spendable.items()}
    return found


def spendable_by_year(scene: Scene, cell: pl.DataFrame) -> dict[int, int]:
    """Year → the smaller of its budgets and of what may be paid for."""
    budgets = dict(scene.money.group_by("year").agg(pl.col("budget").sum()).iter_rows())
    caps = dict(cell.group_by("year").agg(pl.col("cap").sum()).iter_rows())
    return {y: min(budgets.get(y, 0), caps.get(y, 0)) for y in scene.years}

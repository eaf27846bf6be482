"""Each hard rule of `funds`, checked on the table `allocations` row by row or sum by sum."""

from __future__ import annotations

import polars as pl

from graph.language import Text, several
from planner.verify.funds import numbers
from planner.verify.funds.gauge import Gauge
from planner.verify.funds.scene import LENDING, Scene

ELIGIBLE = ("earmarks", "direction_tags", "suitability", "designated_money", *LENDING.values())


def numbered(table: pl.DataFrame) -> pl.DataFrame:
    """Rows with their number in the table, from 1."""
    return table.with_row_index("row", offset=1).with_columns(pl.col("row").cast(pl.Int64))


def first_rows(rows: pl.DataFrame, *keys: str) -> dict[tuple[object, ...], int]:
    """Key → first row that has it."""
    firsts = rows.group_by(*keys).agg(pl.col("row").min())
    return {tuple(r[:-1]): r[-1] for r in firsts.iter_rows()}


def reach_rests_on(scene: Scene) -> tuple[str, ...]:
    """Stages that settle where money may go at all: east–west money follows pairs, units' money designated units."""
    levels = set(scene.sources["level"].to_list())
    by_unit = "unit" in levels and scene.value("designated_money")
    return (("pairing",) if "east_west" in levels else ()) + (("designation",) if by_unit else ())


def check_rows(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> None:
    """Known places, years and programmes; whole positive yuan; no row twice; who may pay for what."""
    key = ["source", "region", "programme", "year"]
    for row, amount in rows.filter(pl.col("amount") <= 0).select("row", "amount").iter_rows():
        gauge.breaks(
            "amount", row, "amount", Text(f"金额 {amount} 应为正", f"an amount of {amount} must be positive")
        )
    for row in sorted(rows.filter(pl.struct(key).is_duplicated())["row"].to_list())[:10]:
        gauge.breaks(
            "key",
            row,
            None,
            Text("同一来源、县、项目、年份出现两次", "the same source, county, programme and year twice"),
        )
    joined = rows.join(scene.reasons.drop("direction"), on=key[:3], how="left")
    joined = joined.join(cell.select(*key[1:], "need"), on=key[1:], how="left").sort("row")
    for row, region, programme, year in (
        joined.filter(pl.col("need").is_null()).select("row", *key[1:]).iter_rows()
    ):
        gauge.breaks(
            "needs",
            row,
            "region",
            Text(
                f"{region} {year} 年没有 {programme} 的需求", f"{region} has no need of {programme} in {year}"
            ),
        )
    by_pairs = set(scene.sources.filter(pl.col("level") == "east_west")["source"].to_list())
    for row, source, region in (
        joined.filter(pl.col("allowed").is_null()).select("row", "source", "region").iter_rows()
    ):
        gauge.breaks(
            "owner_region",
            row,
            "source",
            Text(f"{source} 不能用于 {region}", f"{source} does not reach {region}"),
            ("pairing",) if source in by_pairs else (),
        )
    for rule in ELIGIBLE:
        for row, source, programme in (
            joined.filter(~pl.col(rule)).select("row", "source", "programme").iter_rows()
        ):
            gauge.breaks(
                rule,
                row,
                "programme",
                Text(f"{source} 不能用于 {programme}", f"{source} may not pay for {programme} there"),
                ("designation",) if rule == "designated_money" else (),
            )


def eligible_states(scene: Scene, rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> None:
    """A rule of eligibility binds where it alone keeps a source from a need; a need that is not wholly met is told first."""
    met = rows.group_by("region", "programme").agg(met=pl.col("amount").sum())
    short = (
        cell.group_by("region", "programme")
        .agg(need=pl.col("need").sum())
        .join(met, on=["region", "programme"], how="left")
    )
    short = short.filter(pl.col("need") > pl.col("met").fill_null(0)).select("region", "programme")
    asked = scene.reasons.join(
        cell.select("region", "programme").unique(), on=["region", "programme"], how="semi"
    )
    key = ["source", "region", "programme"]
    for rule in ELIGIBLE:
        others = [pl.col(other) for other in ELIGIBLE if other != rule]
        kept = asked.filter(~pl.col(rule), *others).select(key)
        if not kept.height:
            continue
        left = kept.join(short, on=["region", "programme"], how="semi")
        source, region, programme = (left if left.height else kept).sort(key).row(0)
        words = Text(
            f"{source} 不能用于 {region} 的 {programme}", f"{source} may not pay for {programme} in {region}"
        )
        if left.height:
            words = Text(f"{words.zh}，其需求未全满足", f"{words.en}, where need is left")
        gauge.note(rule, 0, words, (left if left.height else kept)["region"].unique().sort())
    pooled = scene.reasons.filter("pooled").join(rows, on=["source", "region", "programme"], how="semi")
    if pooled.height:
        source, region, programme = pooled.select("source", "region", "programme").sort(pl.all()).row(0)
        gauge.note(
            "pooling",
            0,
            Text(
                f"{source} 在 {region} 整合用于 {programme}",
                f"{source} is pooled for {programme} in {region}",
            ),
            pooled["region"].unique().sort(),
        )


def check_quantity(rows: pl.DataFrame, cell: pl.DataFrame, gauge: Gauge) -> None:
    """Whole things paid for, counted up over the sources in order."""
    key = ["region", "programme", "year"]
    counted = rows.join(cell.select(*key, "unit_cost"), on=key, how="inner").sort("source")
    upto = pl.col("amount").cum_sum().over(key)
    cost = pl.when(pl.col("unit_cost") > 0).then(pl.col("unit_cost"))
    counted = counted.with_columns(should=upto // cost - (upto - pl.col("amount")) // cost)
    wrong = counted.filter(pl.col("should").ne_missing(pl.col("quantity"))).sort("row")
    for row, have, should in wrong.select("row", "quantity", "should").iter_rows():
        gauge.breaks(
            "quantity",
            row,
            "quantity",
            Text(f"数量 {have} 应为 {should}", f"quantity {have} must be {should}"),
        )


def check_cells(rows: pl.DataFrame, cell: pl.DataFrame, scene: Scene, gauge: Gauge) -> None:
    """No need is met beyond itself, no slot used twice."""
    key = ["region", "programme", "year"]
    sums = rows.group_by(key).agg(amount=pl.col("amount").sum(), row=pl.col("row").min())
    for region, programme, year, amount, row, need, cap in (
        sums.join(cell, on=key).filter((pl.col("amount") > pl.col("cap")) | ((pl.col("cap") < pl.col("need")) & (pl.col("amount") == pl.col("cap"))))
        .select(*key, "amount", "row", "need", "cap").sort(key).iter_rows()
    ):  # fmt: skip
        where = Text(f"{region} {year} 年 {programme}", f"{region}, {programme}, {year}")
        unpaid = gauge.reach if cap == 0 and amount <= need else ()  # nobody who reaches it may pay for it
        rule = "slot_caps" if cap < need and amount <= need else "needs"
        gauge.at_most(rule, amount, cap, row, where, [region], unpaid)
    smallest = scene.value("smallest_project")
    if smallest is not None:
        for region, programme, year, amount, row in sums.sort("amount", *key).head(10).iter_rows():
            gauge.at_least(
                "smallest_project",
                amount,
                int(smallest),
                row,
                Text(f"{region} {year} 年 {programme}", f"{region}, {programme}, {year}"),
                [region],
            )
    if scene.value("slot_caps_by") == "country":
        _country_slots(scene, sums, gauge)


def _country_slots(scene: Scene, sums: pl.DataFrame, gauge: Gauge) -> None:
    from fractions import Fraction

    joined = sums.join(scene.needs, on=["region", "programme", "year"], suffix="_need")
    for programme, number in sorted((scene.value("slot_caps") or {}).items()):
        mine = joined.filter((pl.col("programme") == programme) & (pl.col("unit_cost") > 0))
        as_posts = "post" in set(scene.needs.filter(pl.col("programme") == programme)["unit"].to_list())
        groups = [[y] for y in scene.years] if as_posts else [scene.years]
        for years in groups:
            group = mine.filter(pl.col("year").is_in(years))
            by_cost = group.group_by("unit_cost").agg(pl.col("amount").sum())
            used = sum((Fraction(a, cost) for cost, a in by_cost.iter_rows()), Fraction(0))
            row = group["row"].min()
            where = Text(f"{programme} {years[0]} 年起的名额", f"slots of {programme} from {years[0]}")
            left = Fraction(int(number)) - used
            gauge.note("slot_caps", -1 if left < 0 else int(left), where, group["region"].unique().sort())
            if left < 0:
                gauge.breaks("slot_caps", int(str(row)), "amount", Text(
                    f"{where.zh}：用了 {float(used):.2f}，至多 {number}", f"{where.en}: {float(used):.2f} used, at most {number}"))  # fmt: skip


def check_budgets(scene: Scene, rows: pl.DataFrame, gauge: Gauge) -> None:
    """Each source and year spends at most its budget, what came over, and (if so set) what was paid back."""
    spent = {(s, y): a for s, y, a in rows.group_by("source", "year").agg(pl.col("amount").sum()).iter_rows()}
    first = first_rows(rows, "source", "year")
    instrument = dict(scene.sources.select("source", "instrument").iter_rows())
    term = int(scene.value("microcredit_years"))
    come: dict[str, int] = {}
    if not scene.value("budgets"):
        return
    for source, year, budget, carry in scene.money.sort("source", "year").iter_rows():
        back = 0
        if scene.value("microcredit_returns") and instrument.get(source) == "microcredit":
            back = spent.get((source, year - term), 0)
        used, over = spent.get((source, year), 0), come.pop(source, 0)
        where = Text(f"{source} {year} 年", f"{source} in {year}")
        row = first.get((source, year))
        rule = "carry_over" if over and used > budget else "budgets"
        if back and used > budget + over:
            rule = "microcredit_returns"
        gauge.at_most(rule, used, budget + over + back, row, where, [source])
        come[source] = max(min(carry, budget + over + back - used), 0)
    known = set(scene.money.select("source", "year").iter_rows())
    for (source, year), amount in sorted(spent.items()):
        if (source, year) not in known:
            gauge.at_most(
                "budgets",
                amount,
                0,
                first.get((source, year)),
                Text(f"{source} {year} 年", f"{source} in {year}"),
            )


def _nothing_lent(scene: Scene, gauge: Gauge, instrument: str, counties: set[str]) -> None:
    """A limit of nothing leaves no room anywhere, though no row shows it."""
    rule = {"microcredit": "microcredit_loan_max", "relending": "relending_share"}[instrument]
    if counties and scene.value(rule) == 0 and (scene.sources["instrument"] == instrument).any():
        n = len(counties)
        where = Text(f"{n} 个县一元也不能贷", f"{several(n, 'county', 'counties')} may be lent nothing")
        gauge.note(rule, 0, where, sorted(counties))


def check_loans(scene: Scene, rows: pl.DataFrame, gauge: Gauge) -> None:
    """What may be lent in a county: microcredit by household, relending by the firms' need."""
    lenders = scene.sources.select("source", "instrument")
    sums = rows.join(lenders, on="source").group_by("instrument", "region", "year").agg(
        amount=pl.col("amount").sum(), row=pl.col("row").min()
    ).sort("instrument", "region", "year")  # fmt: skip
    credit = {(r, y): (a, row) for i, r, y, a, row in sums.iter_rows() if i == "microcredit"}
    if scene.value("microcredit_loan_max") is not None:
        limit, term = numbers.balance_limits(scene), int(scene.value("microcredit_years"))
        rolling = scene.value("microcredit_window") == "outstanding"
        for (region, year), (amount, row) in credit.items():
            owed = (
                sum(credit.get((region, y), (0, 0))[0] for y in range(year - term + 1, year + 1))
                if rolling
                else amount
            )
            most = limit.get(region, 0) if rolling else limit.get(region, 0) // term
            gauge.at_most(
                "microcredit_loan_max",
                owed,
                most,
                row,
                Text(f"{region} {year} 年小额信贷", f"microcredit in {region}, {year}"),
                [region],
            )
        _nothing_lent(scene, gauge, "microcredit", set(limit))
    if scene.value("relending_share") is not None:
        most_of = numbers.relending_limits(scene)
        _nothing_lent(scene, gauge, "relending", {r for r, _ in most_of})
        for region, year, amount, row in (
            sums.filter(pl.col("instrument") == "relending").drop("instrument").iter_rows()
        ):
            where = Text(f"{region} {year} 年再贷款", f"relending in {region}, {year}")
            gauge.at_most("relending_share", amount, most_of.get((region, year), 0), row, where, [region])

"""Rural people and poor people of every county at the end of 2016, all deep-poverty figures hit at once.

Provincial totals are the published ones. Inside a province the incidence of a county is a shape (by its
lists and its
year of exit, with some noise) times the province's level; one ratio for the whole country between poor and
other
counties makes the share of the poor outside the 832 counties what was published. Counties above 20 % are
set first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from scenarios.generate import totals
from scenarios.generate.shares import Floats, Integers, generator, root, split, split_groups

SHAPE_BY_EXIT = {2017: 0.055, 2018: 0.08, 2019: 0.11, 2020: 0.17}
CAP_POOR, CAP_OTHER, CAP_SANQU = 0.195, 0.12, 0.40
DEEP_BUDGET = 0.55  # of a province's poor at most in counties set above 20 %
LEVEL_MAX = 60.0


@dataclass(frozen=True)
class Counties:
    """Counties as columns, in the order of their codes.

    Attributes
    ----------
    frame : DataFrame
        ``code, name, province, prefecture, lon, lat, poor, sanqu, exit_year, west``.
    rural, poor_2016, poor_2015 : (n,) int64
        Persons.
    above_20 : (n,) bool
        The 113 counties above 20 %.
    deep : (n,) bool
        The 334 deep-poverty counties.
    deep_prefectures : tuple of str
        The 15 prefectures above 20 %.
    """

    frame: pl.DataFrame
    rural: Integers
    poor_2016: Integers
    poor_2015: Integers
    above_20: np.ndarray
    deep: np.ndarray
    deep_prefectures: tuple[str, ...]

    @property
    def incidence(self) -> Floats:
        """Share of poor people among rural people; 0 where nobody is rural."""
        return np.divide(self.poor_2016, self.rural, out=np.zeros(len(self.rural)), where=self.rural > 0)


def listed(regions: pl.DataFrame, tags: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """Counties with what the sources say of each."""
    county = regions.filter(level="county").select("code", "name", prefecture="parent", lon="lon", lat="lat")
    above = regions.filter(level="prefecture").select(prefecture="code", province="parent")
    west = tags.filter(tag="macro_region").select(province="region", west=pl.col("value") == "西部")
    sanqu = tags.filter(tag="sanqu_sanzhou").select(code="region", sanqu=pl.lit(True))
    poor = facts.filter(measure="exit_year").select(code="region", exit_year=pl.col("value").cast(pl.Int64))
    made = county.join(above, on="prefecture", how="left").join(west, on="province", how="left")
    made = made.join(sanqu, on="code", how="left").join(poor, on="code", how="left").sort("code")
    return made.with_columns(
        poor=pl.col("exit_year").is_not_null(),
        exit_year=pl.col("exit_year").fill_null(0),
        sanqu=pl.col("sanqu").fill_null(False),
        west=pl.col("west").fill_null(False),
    )


def provincial(facts: pl.DataFrame, year: int, national: int, elsewhere: dict[str, float]) -> dict[str, int]:
    """Poor people by province; provinces that the source leaves out share the gap to the national figure."""
    provinces = pl.col("region").str.ends_with("0000")
    known = facts.filter(provinces & (pl.col("measure") == "poor_population") & (pl.col("year") == year))
    found = {r: int(v) for r, v in known.select("region", "value").iter_rows() if r not in elsewhere}
    gap = national - sum(found.values())
    shared = split(gap, np.array(list(elsewhere.values())))
    return found | {r: int(n) for r, n in zip(elsewhere, shared, strict=True)}


def rural_by_province(facts: pl.DataFrame, poor: dict[str, int]) -> dict[str, int]:
    """Rural people by province: poor people over incidence.

    Elsewhere an assumption scaled to the national base.
    """
    known = facts.filter(
        (pl.col("measure") == "poverty_incidence")
        & (pl.col("year") == 2016)
        & pl.col("region").str.ends_with("0000")
    )
    found = {r: round(poor[r] / v) for r, v in known.select("region", "value").iter_rows()}
    gap = round(totals.POOR_2016 / totals.INCIDENCE_2016) - sum(found.values())
    others = {r: v for r, v in totals.RURAL_ELSEWHERE.items() if r not in found}
    shared = split(gap, np.array(list(others.values())))
    return found | {r: int(n) for r, n in zip(others, shared, strict=True)}


def rural_weights(frame: pl.DataFrame, rng: np.random.Generator) -> Floats:
    """How rural a county is: districts little, county-level cities much.

    Autonomous counties less than others.
    """
    name = pl.col("name")
    kind = (
        pl.when(name.str.ends_with("区") & pl.col("poor"))
        .then(0.9)
        .when(name.str.ends_with("区"))
        .then(0.25)
        .when(name.str.ends_with("市"))
        .then(1.2)
        .when(name.str.contains("自治|旗"))
        .then(0.8)
        .otherwise(1.0)
    )
    return frame.select(kind.alias("w"))["w"].to_numpy() * (0.55 + 0.9 * rng.random(frame.height))


def shapes(frame: pl.DataFrame, rng: np.random.Generator) -> Floats:
    """Relative incidence by list and year of exit."""
    noise = 0.8 + 0.4 * rng.random(frame.height)
    year = frame["exit_year"].to_numpy()
    shape = np.where(frame["name"].str.ends_with("区").to_numpy(), 0.012, 0.035)
    for exit_year, level in SHAPE_BY_EXIT.items():
        shape = np.where(year == exit_year, level, shape)
    return shape * noise * np.where(frame["sanqu"].to_numpy(), 1.4, 1.0)


def choose_deep(
    frame: pl.DataFrame, rural: Integers, budget: dict[str, float]
) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """The 15 prefectures and 113 counties above 20 %, the latest exits first, within each province's budget.

    Returns
    -------
    above, beside : (n,) bool
        Counties set above 20 %, and other counties of the 15 prefectures.
    prefectures : tuple of str
    """
    late = pl.col("exit_year").filter(pl.col("poor")).mean()
    poor_rural = (pl.col("rural") * pl.col("poor")).sum() / pl.col("rural").sum()
    ranked = (
        frame.with_columns(rural=pl.Series(rural), row=pl.int_range(frame.height))
        .group_by("prefecture", "province", maintain_order=True)
        .agg(
            "row",
            "rural",
            late=late,
            share=poor_rural,
            sanqu=pl.col("sanqu").any(),
            n=pl.col("poor").sum(),
            early=(pl.col("poor") & (pl.col("exit_year") < 2017)).any(),
        )
        .filter(~pl.col("sanqu") & ~pl.col("early") & (pl.col("share") >= 0.78) & (pl.col("n") <= 12))
        .sort("late", "prefecture", descending=[True, False])
    )
    above, beside = np.zeros(frame.height, bool), np.zeros(frame.height, bool)
    poor, year = frame["poor"].to_numpy(), frame["exit_year"].to_numpy()
    taken: list[str] = []
    for prefecture, province, rows, people in ranked.select(
        "prefecture", "province", "row", "rural"
    ).iter_rows():
        cost = 0.25 * sum(people)
        count = int(poor[rows].sum())
        if len(taken) == totals.PREFECTURES_ABOVE_20 or cost > budget[province]:
            continue
        if int(above.sum()) + count > totals.COUNTIES_ABOVE_20:
            continue
        budget[province] -= cost
        taken.append(prefecture)
        above[rows], beside[rows] = poor[rows], ~poor[rows]
    free = poor & ~above & ~frame["sanqu"].to_numpy()
    for row in np.lexsort((np.arange(frame.height), -year)):
        province = frame["province"][int(row)]
        cost = 0.25 * rural[row]
        if int(above.sum()) == totals.COUNTIES_ABOVE_20:
            break
        if free[row] and cost <= budget[province] and year[row] > 2016:
            budget[province] -= cost
            above[row] = True
    return above, beside, tuple(taken)


def counties(regions: pl.DataFrame, tags: pl.DataFrame, facts: pl.DataFrame, seed: int) -> Counties:
    """Rural and poor people of every county.

    Parameters
    ----------
    regions, tags, facts : DataFrame
        Tables ``regions``, ``region_tags``, ``region_facts`` of the sources.
    seed : int
    """
    rng = generator(seed, "counties")
    frame = listed(regions, tags, facts)
    poor_by = provincial(facts, 2016, totals.POOR_2016, totals.POOR_ELSEWHERE_2016)
    rural_by = rural_by_province(facts, poor_by)
    provinces = sorted(rural_by)
    number = {p: i for i, p in enumerate(provinces)}
    frame = frame.filter(pl.col("province").is_in(provinces))
    group = frame["province"].replace_strict(number, return_dtype=pl.Int64).to_numpy()
    rural = split_groups(np.array([rural_by[p] for p in provinces]), group, rural_weights(frame, rng))
    budget = {p: DEEP_BUDGET * poor_by.get(p, 0) for p in provinces}
    above, beside, prefectures = choose_deep(frame, rural, budget)
    noise = rng.random(frame.height)
    incidence = _incidence(
        frame,
        rural,
        group,
        np.array([poor_by.get(p, 0) for p in provinces]),
        above=above,
        beside=beside,
        noise=noise,
        shape=shapes(frame, rng),
    )
    poor = split_groups(np.array([poor_by.get(p, 0) for p in provinces]), group, incidence * rural)
    before_by = provincial(facts, 2015, totals.POOR_2015, totals.POOR_ELSEWHERE_2015)
    before = split_groups(
        np.array([before_by.get(p, 0) for p in provinces]),
        group,
        poor * (0.95 + 0.1 * rng.random(frame.height)),
    )
    deep = _deep(frame, poor / np.maximum(rural, 1), above)
    return Counties(frame, rural, poor, np.maximum(before, poor), above, deep, prefectures)


def _incidence(
    frame: pl.DataFrame,
    rural: Integers,
    group: Integers,
    wanted: Integers,
    *,
    above: np.ndarray,
    beside: np.ndarray,
    noise: Floats,
    shape: Floats,
) -> Floats:
    """Incidence by county so that provinces and the share outside the 832 counties come out as wanted."""
    poor, sanqu = frame["poor"].to_numpy(), frame["sanqu"].to_numpy()
    first = frame["exit_year"].to_numpy() == 2016
    fixed = np.where(above, 0.222 + 0.05 * noise, np.where(beside, 0.10, 0.0))
    fixed = np.where(first, np.where(frame["west"].to_numpy(), 0.021, 0.013) + 0.006 * noise, fixed)
    cap = np.where(sanqu, CAP_SANQU, np.where(poor, CAP_POOR, CAP_OTHER))
    free = fixed == 0

    def fit(ratio: float) -> Floats:
        """Incidence where poor counties stand ``ratio`` times their shape above the others."""
        lift = shape * np.where(poor, ratio, 1.0)
        made = fixed.copy()
        for g, total in enumerate(wanted):
            rows = np.flatnonzero((group == g) & free)
            left = total - float((fixed * rural)[group == g].sum())
            level = root(partial(_poor_at, lift[rows], cap[rows], rural[rows]), 0.0, LEVEL_MAX, left)
            made[rows] = np.minimum(level * lift[rows], cap[rows])
        return made

    def inside(ratio: float) -> float:
        people = fit(ratio) * rural
        return float(people[poor].sum() / people.sum())

    return fit(root(inside, 0.02, 50.0, 1 - totals.OUTSIDE_SHARE, steps=25))


def _poor_at(lift: Floats, cap: Floats, rural: Integers, level: float) -> float:
    """Poor people of a province at a level."""
    return float((np.minimum(level * lift, cap) * rural).sum())


def _deep(frame: pl.DataFrame, incidence: Floats, above: np.ndarray) -> np.ndarray:
    """The three areas and three prefectures, the 113, and the poorest others up to 334."""
    deep: np.ndarray = frame["sanqu"].to_numpy() | above
    rest = np.flatnonzero(frame["poor"].to_numpy() & ~deep)
    order = rest[np.argsort(-incidence[rest], kind="stable")]
    deep[order[: totals.DEEP_COUNTIES - int(deep.sum())]] = True
    return deep

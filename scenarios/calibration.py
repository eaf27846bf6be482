"""``python -m scenarios.calibration``: each published total beside the generated one.

As ``docs/calibration.md``.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from scenarios.build.tables import DATA, read_table
from scenarios.generate import totals

PAGE = Path(__file__).resolve().parent.parent / "docs" / "calibration.md"
SCALE = 1 / 20
SIZED, WHOLE = "1/20", "1"


@dataclass(frozen=True)
class Line:
    """One published total and what the shipped scenario has.

    Attributes
    ----------
    zh, en : str
        What is counted.
    published, generated : float
    size : str
        ``1`` where the scenario has all of it, ``1/20`` where it has a sample.
    tolerance : float
        Largest relative difference that is let pass.
    note : str
        ``recalled`` or ``assumed`` where the published figure itself is; else empty.
    """

    zh: str
    en: str
    published: float
    generated: float
    size: str = WHOLE
    tolerance: float = 0.0
    note: str = ""

    @property
    def wanted(self) -> float:
        """The published figure at the scenario's size."""
        return self.published * (SCALE if self.size == SIZED else 1)

    @property
    def off(self) -> float:
        """Relative difference between generated and wanted."""
        return abs(self.generated - self.wanted) / self.wanted


def lines(folder: Path = DATA) -> list[Line]:
    """All totals that the sources publish and the scenario should hit."""
    return [
        *poverty(folder),
        *villages(folder),
        *people(folder),
        *programmes(folder),
        *money(folder),
        *lists(folder),
    ]


def poverty(folder: Path) -> list[Line]:
    """Poor people and the counties where they live."""
    facts, tags = read_table("region_facts", folder), read_table("region_tags", folder)
    listed = tags.filter(tag="poor_county_832")["region"].to_list()
    sanqu = tags.filter(tag="sanqu_sanzhou")["region"].to_list()
    counties = read_table("regions", folder).filter(level="county")["code"].to_list()
    year = facts.filter(year=2016)
    poor, rural = (
        year.filter((pl.col("measure") == m) & pl.col("region").is_in(counties))
        for m in ("poor_population", "rural_population")
    )
    steep = year.filter((pl.col("measure") == "poverty_incidence") & (pl.col("value") > 0.2))
    beside = steep.filter(pl.col("region").is_in(counties) & ~pl.col("region").is_in(sanqu))
    prefectures = steep.filter(
        pl.col("region").is_in(tags.filter(tag="deep_poverty_prefecture")["region"].to_list())
    )
    people = float(poor["value"].sum())
    outside = float(poor.filter(~pl.col("region").is_in(listed))["value"].sum())
    register = read_table("register_changes", folder).filter(kind="listed")
    deep = tags.filter((pl.col("tag") == "deep_poverty") & pl.col("region").is_in(counties)).height
    return [
        Line("2016 年末农村贫困人口", "poor rural people, end of 2016", totals.POOR_2016, people),
        Line(
            "2016 年末贫困发生率",
            "incidence, end of 2016",
            0.045,
            people / float(rural["value"].sum()),
            tolerance=1e-4,
        ),
        Line(
            "832 县之外的份额",
            "share outside the 832 counties",
            0.39,
            outside / people,
            tolerance=1e-3,
            note="recalled",
        ),
        Line(
            "2014 年建档立卡人口",
            "registered people, 2014",
            totals.REGISTERED_PERSONS_2014,
            float(register["persons"].sum()),
        ),
        Line(
            "2014 年建档立卡户",
            "registered households, 2014",
            totals.REGISTERED_HOUSEHOLDS_2014,
            float(register["households"].sum()),
            tolerance=1e-3,
        ),
        Line("深度贫困县", "deep-poverty counties", totals.DEEP_COUNTIES, deep, note="recalled"),
        Line(
            "三区三州之外发生率超过 20% 的县",
            "counties above 20 % besides the three areas and three prefectures",
            totals.COUNTIES_ABOVE_20,
            beside.height,
        ),
        Line(
            "三区三州之外发生率超过 20% 的市州",
            "prefectures above 20 % besides them",
            totals.PREFECTURES_ABOVE_20,
            prefectures.height,
        ),
    ]


def villages(folder: Path) -> list[Line]:
    """Registered villages, those still to exit, and the poor in them."""
    facts = read_table("region_facts", folder).filter(
        pl.col("region").str.len_chars() == 12, pl.col("year") == 2016
    )
    groups = read_table("household_groups", folder)
    wide = facts.pivot("measure", index="region", values="value")
    homes = groups.group_by(region="village").agg(pl.col("persons").sum())
    wide = wide.join(homes, on="region", how="left").with_columns(pl.col("persons").fill_null(0))
    still = wide.filter(pl.col("poverty_incidence") >= 0.02)
    persons, base = float(still["persons"].sum()), float(still["rural_population"].sum())
    ill = float(groups.filter(cause="illness")["households"].sum()) / float(groups["households"].sum())
    tags = read_table("region_tags", folder)
    return [
        Line("建档立卡贫困村", "registered villages", totals.REGISTERED_VILLAGES, wide.height, SIZED),
        Line(
            "2016 年末尚未退出的村",
            "villages still to exit, end of 2016",
            totals.VILLAGES_STILL_TO_EXIT,
            still.height,
            SIZED,
        ),
        Line("其中的贫困人口", "poor people in them", totals.POOR_IN_THEM, persons, SIZED, 0.02),
        Line("其贫困发生率", "their incidence", totals.INCIDENCE_IN_THEM, persons / base, tolerance=0.01),
        Line(
            "其中发生率超过 20% 的村",
            "of them above 20 %",
            totals.VILLAGES_ABOVE_20,
            still.filter(pl.col("poverty_incidence") > 0.2).height,
            SIZED,
        ),
        Line(
            "因病致贫户的份额（超过 40%）",
            "share of households poor by illness (over 40 %)",
            totals.ILLNESS_SHARE,
            ill,
            tolerance=0.01,
        ),
        Line(
            "软弱涣散村",
            "villages with weak organisations",
            totals.WEAK_VILLAGES,
            tags.filter(tag="weak_organisation").height,
            SIZED,
            note="assumed",
        ),
    ]


def people(folder: Path) -> list[Line]:
    """Cadres, first secretaries, posts."""
    cadres, posts = read_table("cadres", folder), read_table("village_posts", folder)
    lead = cadres.filter(pl.col("roles").str.contains("first_secretary")).height
    military = read_table("relations", folder).filter(pl.col("supporter").str.starts_with("mil-")).height
    return [
        Line("驻村干部", "stationed cadres", totals.CADRES, cadres.height, SIZED),
        Line(
            "其中第一书记", "of them first secretaries", totals.FIRST_SECRETARIES, lead, SIZED, note="assumed"
        ),
        Line(
            "岗位下限之和 / 干部",
            "posts' minima over cadres",
            0.60,
            float(posts["minimum"].sum()) / cadres.height,
            tolerance=0.01,
            note="assumed",
        ),
        Line(
            "岗位目标之和 / 干部",
            "posts' targets over cadres",
            1.03,
            float(posts["target"].sum()) / cadres.height,
            tolerance=0.01,
            note="assumed",
        ),
        Line(
            "军队和武警帮扶村", "villages with military supporters", totals.MILITARY_VILLAGES, military, SIZED
        ),
    ]


def programmes(folder: Path) -> list[Line]:
    """Countable needs."""
    needs = read_table("needs", folder)
    count = dict(needs.group_by("programme").agg(pl.col("quantity").sum()).iter_rows())
    rangers = needs.filter(programme="ecology", year=2016)["quantity"].sum()
    cost = float(needs.filter(programme="relocation")["amount"].sum())
    return [
        Line("电商扶贫县", "e-commerce counties", totals.E_COMMERCE_COUNTIES, count["e_commerce"]),
        Line("旅游扶贫村", "tourism villages", totals.TOURISM_VILLAGES, count["tourism"]),
        Line("光伏扶贫村", "photovoltaic villages", totals.PHOTOVOLTAIC_VILLAGES, count["photovoltaic"]),
        Line("生态护林员（每年）", "forest rangers, each year", totals.RANGERS, float(rangers)),
        Line("易地搬迁人口", "people to be moved", totals.MOVED_PERSONS, count["relocation"]),
        Line("易地搬迁资金（元）", "relocation, yuan", totals.RELOCATION_YUAN, cost),
    ]


def money(folder: Path) -> list[Line]:
    """Budgets."""
    sources, budgets = read_table("fund_sources", folder), read_table("fund_budgets", folder)
    special = sources.filter(pl.col("direction").is_not_null())["id"].to_list()
    by_year = dict(
        budgets.filter(pl.col("source").is_in(special))
        .group_by("year")
        .agg(pl.col("amount").sum())
        .iter_rows()
    )
    total = dict(budgets.group_by("source").agg(pl.col("amount").sum()).iter_rows())
    farm = budgets.filter(source="central_agriculture", year=2016)["amount"].sum()
    made = [
        Line(
            f"{year} 年中央财政专项扶贫资金（元）",
            f"central special fund {year}, yuan",
            amount,
            by_year[year],
            note="" if year == 2017 else "recalled",
        )
        for year, amount in totals.CENTRAL_SPECIAL_YUAN.items()
    ]
    return [
        *made,
        Line(
            "2016 年整合涉农资金（元）",
            "county-integrated agricultural funds 2016, yuan",
            totals.POOLED_2016_YUAN,
            float(farm) + by_year[2016],
        ),
        Line(
            "易地搬迁债券（元）", "relocation bonds, yuan", totals.RELOCATION_YUAN, total["relocation_bond"]
        ),
        Line("扶贫小额信贷（元）", "microcredit, yuan", totals.MICROCREDIT_YUAN, total["microcredit"]),
    ]


def lists(folder: Path) -> list[Line]:
    """Published lists that the scenario carries in full."""
    facts, tags = read_table("region_facts", folder), read_table("region_tags", folder)
    exits = facts.filter(measure="exit_year")
    pairs = read_table("relations", folder).filter(kind="east_west").height
    category = dict(read_table("assessments", folder)["category"].value_counts().iter_rows())
    made = [
        Line(
            f"{year} 年脱贫摘帽县",
            f"counties that exit by the result of {year}",
            count,
            exits.filter(year=year).height,
        )
        for year, count in totals.EXITS.items()
    ]
    counted = {"poor_county_832": 832, "key_county_592": 592, "contiguous_area": 680, "ethnic_prefecture": 30}
    made += [Line(f"标签 {tag}", f"tag {tag}", n, tags.filter(tag=tag).height) for tag, n in counted.items()]
    made.append(Line("东西部协作对子", "east–west pairs", 32, pairs))
    named = {"commended": 8, "talk_principal": 4, "talk_deputy": 4}
    made += [Line(f"2016 年考核 {c}", f"assessment 2016: {c}", n, category[c]) for c, n in named.items()]
    return made


def page(folder: Path = DATA) -> str:
    """The table as Markdown in both languages."""
    head = [
        "# 校准 · Calibration",
        "",
        "由 `python -m scenarios.calibration` 生成，测试保证它是最新的。",
        "随附场景 `china-2016` 里，村和干部约为全国的 1/20，其余（地区、单位、结对、资金）是全部。",
        "",
        "Written by `python -m scenarios.calibration`; a test holds it current. In the shipped scenario",
        "villages and cadres are about 1/20 of the country; all else is whole. A published figure that",
        "is itself `recalled` (凭记忆) or `assumed` (假定) says so.",
        "",
        "| 指标 | figure | 公布 published | 比例 size | 应为 wanted "
        "| 生成 generated | 误差 off | 标记 mark |",
        "|---|---|--:|:-:|--:|--:|--:|---|",
    ]
    rows = [
        f"| {x.zh} | {x.en} | {shown(x.published)} | {x.size} | {shown(x.wanted)} | {shown(x.generated)} "
        f"| {x.off:.2%} | {x.note} |"
        for x in lines(folder)
    ]
    return "\n".join([*head, *rows, "", *ASSUMPTIONS, ""])


def shown(value: float) -> str:
    """A figure as people read it."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.4g}"


ASSUMPTIONS = (
    "## 声明的假定 · Declared assumptions",
    "",
    "- 77.5 万驻村干部与 19.5 万第一书记是两个公布数，来源没有给出重叠；",
    "  这里假定后者是前者的一部分（标记 `assumed`），",
    "  可用 `generate_national(first_secretaries_within_cadres=False)` 关闭。",
    "  · The source gives two counts, 775,000 and 195,000, and not their overlap;",
    "  taking the second as part of the first is an assumption and can be switched off.",
    "- 约 6.7 万个软弱涣散村由此推得：19.5 万减 12.8 万。· The 67,000 further villages follow from it.",
    "- 各省考核等次来源未公布，本项目中为合成。",
    "  · The source names no province: its category here is synthetic.",
    "- 中央专项资金五个方向的比例是假定的。",
    "  · How the central special fund splits by direction is assumed.",
    "- 尚未退出的村约含所在县贫困人口的 55%（832 县）或 21%（其他县）。",
    "  · Villages still to exit hold some 55 % of a listed county's poor and 21 % of another's,",
    "  so that 18 million come out beside 39 % outside the 832.",
)

if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")

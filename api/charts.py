"""What the charts of a page show, as plain figures; the template draws them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from api.cli.show import judged, said, shown_beside, unit_name
from api.money import money
from graph.language import Text, current_language
from graph.network import Network
from graph.percent import percent
from graph.schema import ENUMS
from graph.search import spoken
from planner.plan import Plan

TOP = 15
MOST_ARCS = 3000
WIDTH, HEIGHT, MARGIN = 900.0, 620.0, 14.0


@dataclass(frozen=True)
class Bar:
    """A labelled figure beside the baseline's; ``plan_share`` and ``baseline_share`` are lengths, 0–100.

    ``others``: figure and length (``None``: no bar) of each further plan that the chart names.
    """

    label: str
    plan: str
    baseline: str
    plan_share: float
    baseline_share: float | None
    sign: str = ""
    others: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True)
class BarChart:
    """Bars with a title; its table twin shows the same rows. ``others``: titles of further plans, ``told``: what they come to."""

    title: Text
    unit: str
    bars: list[Bar]
    note: Text = Text("", "")
    others: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class PairMap:
    """Pairs as arcs on longitude and latitude.

    Parameters
    ----------
    title : Text
        Which pairs.
    arcs : list of str
        SVG path data.
    supporters, recipients, others : list of tuple of float
        Points on the drawing: ends of arcs, and seats of other prefectures for orientation.
    rows : list of tuple of str
        Supporter, recipient, cost: the table twin.
    note : Text
        What is not drawn.
    """

    title: Text
    arcs: list[str]
    supporters: list[tuple[float, float]]
    recipients: list[tuple[float, float]]
    others: list[tuple[float, float]]
    rows: list[tuple[str, str, str]]
    note: Text


def kpi_chart(head: Mapping[str, Any]) -> BarChart:
    """Key figures of a stage beside those of the baseline and of further plans; each group of bars has a scale of its own."""
    bars, others, told = [], shown_beside(head), head.get("beside", {}).values()
    for kpi in head["kpis"]:
        plan, baseline, more = kpi["plan"], kpi["baseline"], [kpi["beside"][n] for n in others]
        most = max((abs(v) for v in (plan, baseline, *more) if v is not None), default=0) or 1
        unit = unit_name(kpi["unit"])
        bars.append(Bar(said(kpi["title"]), amount(plan, kpi["unit"], unit), amount(baseline, kpi["unit"], unit),
                        _share(plan, most) or 0.0, _share(baseline, most), judged(kpi),
                        tuple((amount(v, kpi["unit"], unit), _share(v, most)) for v in more)))  # fmt: skip
    notes = tuple(f"{said(o['title'])}{Text('：', ': ')}{said(o['note'])}" for o in told)
    titles = tuple(said(o["title"]) for o in others.values())
    return BarChart(Text(head["title"]["zh"], head["title"]["en"]), "", bars, others=titles, told=notes)


def amount(value: float | int | None, unit: str = "", words: str = "") -> str:
    """A figure with its unit; money in the one that reads well."""
    if value is None:
        return "–"
    if unit == "yuan":
        return str(money(value))
    if unit == "share":
        return percent(value)
    told = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.3f}"
    return f"{told} {words}".strip()


def _share(value: float | int | None, most: float) -> float | None:
    return None if value is None else round(100 * abs(value) / most, 2)


def bar_chart(
    title: Text,
    unit: str,
    plan: Mapping[str, float],
    baseline: Mapping[str, float],
    labels: Mapping[str, str],
) -> BarChart:
    """Bars on one scale, in the order of ``plan``, then what only the baseline has."""
    keys = list(dict.fromkeys([*plan, *baseline]))
    most = max([*plan.values(), *baseline.values(), 1])
    bars = [
        Bar(labels.get(k, k), amount(plan.get(k, 0), unit), amount(baseline.get(k, 0), unit),
            _share(plan.get(k, 0), most) or 0.0, _share(baseline.get(k, 0), most))
        for k in keys
    ]  # fmt: skip
    return BarChart(title, unit_name(unit), bars)


def result_charts(plan: Plan) -> list[BarChart]:
    """Charts of whatever the plan holds: exits, money, postings, inspections."""
    now, before = plan.tables(), plan.tables("baseline")
    charts = []
    if "exits" in now:
        after, earlier = (
            _counts(_without_villages(plan.network, t["exits"]), pl.col("year").cast(pl.String))
            if "exits" in t
            else {}
            for t in (now, before)
        )
        ordered = {y: after.get(y, 0) for y in sorted({*after, *earlier})}
        charts.append(
            bar_chart(Text("每年退出的县", "counties that exit, by year"), "counties", ordered, earlier, {})
        )
    if "allocations" in now:
        charts += _money(plan.network, now["allocations"], before.get("allocations"))
    if "postings" in now:
        charts.append(_postings(plan.network, now["postings"], before.get("postings")))
    if "inspections" in now:
        after, earlier = (
            _counts(t["inspections"], pl.col("kind")) if "inspections" in t else {} for t in (now, before)
        )
        labels = {k: str(t) for k, t in ENUMS["inspection_kind"].every().items()}
        charts.append(
            bar_chart(Text("督查次数，按类别", "inspections, by kind"), "visits", after, earlier, labels)
        )
    return charts


def _without_villages(network: Network, exits: pl.DataFrame) -> pl.DataFrame:
    """Exits of counties; the table also holds those of their villages, the lowest level."""
    level = pl.col("region").replace_strict(network.level_of, default="", return_dtype=pl.String)
    counties = exits.filter(level != network.settings.levels[-1])
    return counties if counties.height else exits


def _counts(frame: pl.DataFrame, by: pl.Expr) -> dict[str, float]:
    counted = frame.group_by(by.alias("by")).len().sort("by")
    return dict(counted.iter_rows())


def _money(network: Network, now: pl.DataFrame, before: pl.DataFrame | None) -> list[BarChart]:
    earlier = now.clear() if before is None else before
    programmes = {k: str(t) for k, t in ENUMS["programme"].every().items()}
    charts = [bar_chart(Text("资金，按项目", "money, by programme"), "yuan",
                        _sums(now, pl.col("programme")), _sums(earlier, pl.col("programme")), programmes)]  # fmt: skip
    top = network.settings.levels[0]
    codes = pl.concat([now["region"], earlier["region"]]).unique().to_list()
    above = {c: network.at_level(c, top) or c for c in codes}
    province = pl.col("region").replace_strict(above, return_dtype=pl.String)
    whole = _sums(now, province)
    shown = dict(list(whole.items())[:TOP])
    kept = {k: v for k, v in _sums(earlier, province).items() if k in shown}
    chart = bar_chart(
        Text("资金，按省", "money, by province"), "yuan", shown, kept, labels_of(network, shown)
    )
    left = len(whole) - len(shown)
    note = (
        Text(f"最多的 {TOP} 个，另有 {left} 个", f"the {TOP} largest; {left} more") if left else Text("", "")
    )
    return [*charts, BarChart(chart.title, chart.unit, chart.bars, note)]


def _sums(frame: pl.DataFrame, by: pl.Expr) -> dict[str, float]:
    """Amounts by group, the largest first."""
    summed = frame.group_by(by.alias("by")).agg(pl.col("amount").sum())
    return dict(summed.sort(["amount", "by"], descending=[True, False]).iter_rows())


def _postings(network: Network, now: pl.DataFrame, before: pl.DataFrame | None) -> BarChart:
    posts = (
        network.frame("village_posts")
        .select("village", "post", "tier")
        .unique(["village", "post"], keep="first")
    )
    tier = pl.concat_str(
        pl.col("tier").fill_null(0).cast(pl.String), pl.lit(" "), pl.col("role").fill_null("")
    )
    counts = [
        {} if t is None else _counts(t.join(posts, on=["village", "post"], how="left"), tier)
        for t in (now, before)
    ]
    labels = {}
    for key in {*counts[0], *counts[1]}:
        level, _, role = key.partition(" ")
        told = ENUMS["role"].get(role, Text(role, role))
        labels[key] = str(Text(f"第 {level} 档 · {told.zh}", f"tier {level} · {told.en}"))
    return bar_chart(
        Text("派驻人数，按档次与职务", "people posted, by tier and role"),
        "persons",
        counts[0],
        counts[1],
        labels,
    )


def labels_of(network: Network, codes: Iterable[str]) -> dict[str, str]:
    """Names of places and units, with pinyin beside them in English."""
    listed = list(codes)
    sounds = spoken(network, listed) if current_language() == "en" else {}
    return {c: f"{network.label(c)} ({sounds[c]})" if sounds.get(c) else network.label(c) for c in listed}


def pair_maps(plan: Plan) -> list[PairMap]:
    """A map per stage that makes pairs."""
    if "pairs" not in plan.tables():
        return []
    pairs = plan.table("pairs")
    return [
        _map(plan, stage, pairs.filter(pl.col("stage") == stage))
        for stage in pairs["stage"].unique(maintain_order=True)
    ]


def _map(plan: Plan, stage: str, pairs: pl.DataFrame) -> PairMap:
    network = plan.network
    points = _points(network)
    homes = dict(network.frame("units").select("id", "home_region").drop_nulls().iter_rows())
    place = {c: _point(network, points, homes.get(c, c)) for c in {*pairs["supporter"], *pairs["recipient"]}}
    drawn = [(s, r) for s, r in pairs.select("supporter", "recipient").iter_rows() if place[s] and place[r]][
        :MOST_ARCS
    ]
    seats = [
        points[c]
        for c, level in network.level_of.items()
        if level in network.settings.levels[:2] and c in points
    ]
    at = _projection([p for p in (*place.values(), *seats) if p])
    ends = {c: at(p) for c, p in place.items() if p}
    names = labels_of(network, place)
    rows = [
        (names[s], names[r], amount(c))
        for s, r, c in pairs.select("supporter", "recipient", "cost").head(MOST_ARCS).iter_rows()
    ]
    left = pairs.height - len(drawn)
    note = Text("示意，非边界用途", "schematic, not for boundary use")
    if left:
        note = Text(f"{note.zh}；{left} 对没有画出（没有坐标，或超过 {MOST_ARCS} 对）",
                    f"{note.en}; {left} pairs are not drawn (no coordinates, or beyond {MOST_ARCS})")  # fmt: skip
    title = plan.stages[stage]["title"]
    return PairMap(
        Text(f"{title['zh']}：{pairs.height:,} 对", f"{title['en']}: {pairs.height:,} pairs"),
        [_arc(ends[s], ends[r]) for s, r in drawn],
        sorted({ends[s] for s, _ in drawn}), sorted({ends[r] for _, r in drawn}),
        sorted({at(p) for p in seats}), rows, note,
    )  # fmt: skip


def _points(network: Network) -> dict[str, tuple[float, float]]:
    rows = network.frame("regions").select("code", "lon", "lat").drop_nulls().iter_rows()
    return {code: (lon, lat) for code, lon, lat in rows}


def _point(
    network: Network, points: Mapping[str, tuple[float, float]], code: str
) -> tuple[float, float] | None:
    return next((points[c] for c in (code, *network.ancestors(code)) if c in points), None)


def _projection(points: list[tuple[float, float]]) -> Any:
    """Longitude and latitude to the drawing: degrees of longitude 0.8 as wide, as at 37° north."""
    lons, lats = [p[0] for p in points] or [0.0], [p[1] for p in points] or [0.0]
    wide, high = max(lons) - min(lons) or 1.0, max(lats) - min(lats) or 1.0
    scale = min((WIDTH - 2 * MARGIN) / (0.8 * wide), (HEIGHT - 2 * MARGIN) / high)
    left = (WIDTH - 0.8 * wide * scale) / 2

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return round(left + (point[0] - min(lons)) * 0.8 * scale, 1), round(
            MARGIN + (max(lats) - point[1]) * scale, 1
        )

    return at


def _arc(a: tuple[float, float], b: tuple[float, float]) -> str:
    """A curve from ``a`` to ``b`` that bends aside by a sixth of its length."""
    middle = ((a[0] + b[0]) / 2 - (b[1] - a[1]) / 6, (a[1] + b[1]) / 2 + (b[0] - a[0]) / 6)
    return f"M{a[0]:g},{a[1]:g}Q{middle[0]:.1f},{middle[1]:.1f} {b[0]:g},{b[1]:g}"

"""What the drawings of a comparison's page show, as points and lengths; the template draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from api.charts import amount
from api.cli.library_words import columns
from api.cli.screen import titled
from api.cli.show import unit_name
from api.comparison_words import COUNTRY, kind_said, plan_labels
from graph.language import Text, current_language
from graph.percent import percent
from planner.compare import Comparison
from planner.compare.support import GIVEN, MEASURES, RECEIVED, SIDES

HALF, ROW, LABEL = 220.0, 24.0, 240.0
LETTERS = 36
"""Length of the longest bar, height of a row, and width of its label, in units of the drawing; what fits it, a Chinese letter as two."""
LETTER = 7.8
"""Width of a letter or digit at most, in any font that a browser may take; a Chinese one takes two."""
TOP = 10
SIDE = 240.0
"""Of the square of Lorenz curves."""
DASHES = ("", "7 4", "2 3", "9 3 2 3", "4 2", "1 4")
INKS = ("var(--first)", "var(--second)", "var(--third)", "var(--fourth)")
RIBBONS = 24
WIDE, GAP = 560.0, 6.0
TALL = 420.0


@dataclass(frozen=True)
class Bar:
    """One difference: ``good`` is ``None`` where neither direction is better; ``whole`` is the label uncut."""

    label: str
    told: str
    length: float
    right: bool
    good: bool | None
    whole: str = ""


@dataclass(frozen=True)
class Bars:
    """Differences to both sides of a line; ``rows``: cells of the table twin, whose heads are ``heads``."""

    title: str
    bars: list[Bar]
    heads: list[str]
    rows: list[list[str]]
    note: str = ""

    @property
    def left(self) -> int:
        """Width of the longest label, so that a small screen shows the bars, too."""
        return round(min(max((LETTER * columns(b.label) for b in self.bars), default=0.0), LABEL)) + 12

    @property
    def room(self) -> int:
        """Width that the longest figure beside a bar needs: it may stand at the end of the longest one."""
        return round(max((LETTER * columns(b.told) for b in self.bars), default=0.0)) + 12


@dataclass(frozen=True)
class Curve:
    """One plan's Lorenz curve; ``dash`` and ``ink`` tell plans apart without and with colour."""

    plan: str
    label: str
    points: str
    ink: str
    dash: str
    gini: str


@dataclass(frozen=True)
class Curves:
    """Lorenz curves of all plans; ``rows``: share of those who have least, then what they have in each plan."""

    title: str
    curves: list[Curve]
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Ribbon:
    """Money that goes elsewhere: the shape, and whether there is more of it."""

    path: str
    more: bool
    told: str


@dataclass(frozen=True)
class Ribbons:
    """Changed flows of money from givers on the left to takers on the right."""

    title: str
    height: float
    ribbons: list[Ribbon]
    left: list[tuple[str, float]]
    right: list[tuple[str, float]]
    heads: list[str]
    rows: list[list[str]]
    note: str = ""


def kpi_bars(found: Comparison, plan: str) -> Bars:
    """Key figures of a plan that are not the first plan's, by how much of the first one's they changed."""
    first, title, labels = found.ids[0], f"title_{current_language()}", plan_labels(found.plans)
    rows, bars = [], []
    missing = {s for i in (first, plan) for s in found.not_planned.get(i, ())}
    compared = found.kpis.filter(~pl.col("stage").is_in(sorted(missing)))
    differing = compared.filter(pl.col(plan).ne_missing(pl.col(first)))
    twice = set(differing.filter(pl.col(title).is_duplicated())[title])
    for row in differing.iter_rows(named=True):
        unit = unit_name(row["unit"])
        was, now = row[first], row[plan]
        rows.append(
            [titled("stage", row["stage"]), row[title], *(amount(v, row["unit"], unit) for v in (was, now))]
        )
        if was is None or now is None:
            continue
        change = (now - was) / abs(was) if was else (1.0 if now > was else -1.0)
        good = (now > was) == (row["better"] == "more") if row["better"] else None
        told = _relative(change) if was else str(Text("原为零", "from nothing"))
        name = f"{row[title]} · {titled('stage', row['stage'])}" if row[title] in twice else row[title]
        bars.append((change, Bar(name, told, 0.0, now > was, good)))
    heads = [str(t) for t in (Text("阶段", "stage"), Text("指标", "key figure"))] + [
        labels[first],
        labels[plan],
    ]
    return Bars(plan, _scaled(bars), heads, rows)


def _relative(change: float) -> str:
    """A change that is not nothing as per cent; one too small to show as such is not told as zero."""
    least = 0.0001
    if abs(change) < least / 2:
        return str(Text(f"不足 {percent(least, 2)}", f"below {percent(least, 2)}"))
    return percent(change, 2, sign=True).replace("-", "−")


def fitted(label: str) -> str:
    """A label that stays left of the bars; the table twin has it whole."""
    if columns(label) <= LETTERS:
        return label
    kept = label
    while columns(kept) >= LETTERS:
        kept = kept[:-1]
    return f"{kept}…"


def _scaled(bars: Sequence[tuple[float, Bar]]) -> list[Bar]:
    most = max((abs(change) for change, _ in bars), default=0.0) or 1.0
    return [
        Bar(fitted(b.label), b.told, round(HALF * abs(c) / most, 1), b.right, b.good, b.label)
        for c, b in bars
    ]


def support_bars(found: Comparison, plan: str, names: Mapping[str, str]) -> list[Bars]:
    """The ten who gain and the ten who lose most, of what each side gets or gives."""
    first, charts, labels = found.ids[0], [], plan_labels(found.plans)
    whole = found.support.amounts.filter((pl.col("kind") == "") | (pl.col("measure") == "load"))
    both = whole.filter(pl.col(first).is_not_null() & pl.col(plan).is_not_null())
    differing = both.with_columns(difference=pl.col(plan) - pl.col(first)).filter(pl.col("difference") != 0)
    for (side, measure, kind), mine in differing.group_by("side", "measure", "kind", maintain_order=True):
        ordered = mine.sort(["difference", "id"], descending=[True, False])
        gains, losses = ordered.filter(pl.col("difference") > 0), ordered.filter(pl.col("difference") < 0)
        shown = pl.concat([gains.head(TOP), losses.tail(TOP)])
        unit = "yuan" if measure == "money" else ""
        bars, rows = [], []
        for row in shown.iter_rows(named=True):
            change, label = row["difference"], names.get(row["id"], row["id"])
            told = ("+" if change > 0 else "−") + amount(abs(change), unit)
            bars.append((change, Bar(label, told, 0.0, change > 0, (change > 0) == (side == RECEIVED))))
            rows.append([label, amount(row[first], unit), amount(row[plan], unit), told])
        note = Text(f"多了的 {gains.height:,} 个，少了的 {losses.height:,} 个；各列出最多的 {TOP} 个",
                    f"{gains.height:,} have more, {losses.height:,} less; the {TOP} who gain and lose most are shown")  # fmt: skip
        heads = ["", labels[first], labels[plan], str(Text("差", "difference"))]
        charts.append(Bars(_title(str(side), str(measure), str(kind)), _scaled(bars), heads, rows, str(note)))
    return charts


def _title(side: str, measure: str, kind: str) -> str:
    named = kind_said(side, measure, kind)
    return f"{SIDES[side]} · {MEASURES[measure]}" + (f" · {named}" if named else "")


def lorenz_curves(found: Comparison) -> list[Curves]:
    """A square per thing that is spread, with a curve for each plan that decides it."""
    charts, labels = [], plan_labels(found.plans)
    for row in found.support.gini.iter_rows(named=True):
        key = [pl.col(k) == row[k] for k in ("side", "measure", "kind")]
        mine = found.support.lorenz.filter(key)
        curves, columns = [], []
        for n, plan in enumerate(found.ids):
            points = mine.filter(pl.col("plan") == plan).select("share_of_ids", "share_of_amount")
            if points.is_empty():
                continue
            drawn = " ".join(f"{SIDE * x:.1f},{SIDE * (1 - y):.1f}" for x, y in points.iter_rows())
            ink, dash = INKS[n % len(INKS)], DASHES[n % len(DASHES)]
            curves.append(Curve(plan, labels[plan], drawn, ink, dash, f"{row[plan]:.4f}"))
            columns.append(points)
        if curves:
            rows = [
                [f"{tenth / 10:.0%}", *(f"{_at(c, tenth / 10):.2%}" for c in columns)] for tenth in range(11)
            ]
            charts.append(Curves(_title(row["side"], row["measure"], row["kind"]), curves, rows))
    order = {RECEIVED: 0, GIVEN: 1}
    return sorted(charts, key=lambda c: min(o for s, o in order.items() if c.title.startswith(str(SIDES[s]))))


def _at(points: pl.DataFrame, share: float) -> float:
    """The curve's height at a share, on the line between its points."""
    import numpy as np

    return float(np.interp(share, points["share_of_ids"].to_numpy(), points["share_of_amount"].to_numpy()))


def flow_ribbons(found: Comparison, plan: str, names: Mapping[str, str]) -> Ribbons | None:
    """The largest changes of money between provinces; ``None`` where nothing changes or a plan allocates none."""
    first = found.ids[0]
    both = found.flows.filter(pl.col(first).is_not_null() & pl.col(plan).is_not_null())
    changed = both.with_columns(difference=pl.col(plan) - pl.col(first)).filter(pl.col("difference") != 0)
    if changed.is_empty():
        return None
    ordered = changed.with_columns(size=pl.col("difference").abs()).sort(
        ["size", "giver", "taker"], descending=[True, False, False]
    )
    shown = ordered.head(RIBBONS).sort("giver", "taker")
    country = str(COUNTRY)
    rows = [
        [names.get(r["giver"], r["giver"]) if r["giver"] is not None else country, names.get(r["taker"], r["taker"]),
         amount(r[first], "yuan"), amount(r[plan], "yuan"), _signed(r["difference"])]
        for r in ordered.iter_rows(named=True)
    ]  # fmt: skip
    edges = [
        (names.get(r["giver"], r["giver"]) if r["giver"] is not None else country, names.get(r["taker"], r["taker"]), r["difference"])
        for r in shown.iter_rows(named=True)
    ]  # fmt: skip
    note = Text(
        f"最大的 {len(edges)} 处变化，共 {len(rows)} 处", f"the {len(edges)} largest of {len(rows)} changes"
    )
    heads = [str(t) for t in (Text("出资省", "giver"), Text("受益省", "taker"))]
    labels = plan_labels(found.plans)
    heads += [labels[first], labels[plan], str(Text("差", "difference"))]
    return _drawn(plan, edges, heads, rows, str(note))


def _signed(yuan: int) -> str:
    return ("+" if yuan > 0 else "−") + amount(abs(yuan), "yuan")


def _drawn(
    plan: str, edges: list[tuple[str, str, int]], heads: list[str], rows: list[list[str]], note: str
) -> Ribbons:
    """Both columns of names, each as high as what changes there, and the ribbons between them."""
    whole = sum(abs(d) for *_, d in edges)
    places: list[dict[str, tuple[float, float]]] = []
    for end in (0, 1):
        sizes: dict[str, float] = {}
        for edge in edges:
            sizes[str(edge[end])] = sizes.get(str(edge[end]), 0.0) + abs(edge[2])
        at, tops = 0.0, {}
        for name, size in sizes.items():
            high = max(TALL * size / whole, 10.0)
            tops[name] = (at, high)
            at += high + GAP
        places.append(tops)
    used: list[dict[str, float]] = [{}, {}]
    ribbons = []
    for giver, taker, change in edges:
        spans = []
        for end, name in enumerate((giver, taker)):
            top, high = places[end][name]
            share = abs(change) / sum(abs(e[2]) for e in edges if e[end] == name)
            begin = top + used[end].get(name, 0.0)
            used[end][name] = used[end].get(name, 0.0) + high * share
            spans.append((begin, begin + high * share))
        (a, b), (c, d) = spans
        half = WIDE / 2
        path = f"M0,{a:.1f}C{half:g},{a:.1f} {half:g},{c:.1f} {WIDE:g},{c:.1f}V{d:.1f}C{half:g},{d:.1f} {half:g},{b:.1f} 0,{b:.1f}Z"
        ribbons.append(Ribbon(path, change > 0, f"{giver} → {taker}: {_signed(change)}"))
    height = max(sum(high + GAP for _, high in tops.values()) for tops in places)
    middles = [
        [(name, round(top + high / 2 + 4, 1)) for name, (top, high) in tops.items()] for tops in places
    ]
    return Ribbons(plan, round(height, 1), ribbons, middles[0], middles[1], heads, rows, note)

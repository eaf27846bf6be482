"""A comparison as an Excel workbook: a sheet for each thing that differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from api.cli.show import unit_name
from api.comparison_about import about_comparison
from api.comparison_words import (
    COUNTRY,
    COUNTS,
    HOW,
    MOVES,
    STATES,
    plan_label,
    said,
    settings_said,
    support_said,
)
from api.workbook import (
    BESIDE_ROWS,
    BETTER,
    CHANGED,
    LESS,
    MORE,
    SHADE,
    SHEET_NAME_CHARACTERS,
    WORSE,
    marks_shaded,
    write_sheets,
)
from graph.language import Text
from graph.network import Network
from graph.schema import ENUMS, RESULTS, TABLES, Table
from graph.tables.write import SHEET_ROWS
from planner.compare import Comparison
from planner.compare.places import joined_network
from planner.compare.support import GIVEN, RECEIVED, SIDES
from planner.sheets import MARK, NAME, PINYIN, Sheet, beside

CHANGES, SUMS = "changes_", "money_by_county"
CHANGE_ROWS = 50_000
"""A longer list of changed rows is left out, and said to be: nobody reads it in a sheet."""
HOW_COLOURS = {"new": BETTER, "ended": WORSE, "changed": CHANGED}
TITLES = {
    "plan": Text("方案", "plan"), "stage": Text("阶段", "stage"), "key": Text("键", "key"), "title": Text("指标", "key figure"),
    "unit": Text("单位", "unit"), "better": Text("何者为好", "better"), "baseline": Text("对照", "baseline"),
    "measured_by": Text("按谁的取值", "by the values of"), "side": Text("哪一方", "side"), "measure": Text("计什么", "measure"),
    "kind": Text("类别", "kind"), "id": Text("编号", "id"), "province": Text("省", "province"),
    "more": Text("多了的个数", "how many have more"), "less": Text("少了的个数", "how many have less"), "same": Text("不变的个数", "how many have the same"),
    "gained": Text("多了合计", "gained in all"), "lost": Text("少了合计", "lost in all"), "rank": Text("名次", "rank"),
    "amount": Text("数量", "amount"), "first": Text("第一个方案中", "in the first plan"), "difference": Text("差", "difference"),
    "share_of_ids": Text("个数的累计份额", "share of those who have least"), "share_of_amount": Text("数量的累计份额", "share of the whole that they have"),
    "supporter": Text("帮扶方", "supporter"), "recipient": Text("受扶方", "recipient"), "state": Text("变化", "change"),
    "recipients": Text("受扶方数", "recipients"), "went": Text("走的帮扶方", "supporters who went"), "came": Text("来的帮扶方", "supporters who came"),
    "cost": Text("成本", "cost"), "cost_before": Text("原成本", "cost before"), "cadre": Text("干部", "cadre"), "how": Text("变化", "change"),
    "village": Text("村", "village"), "village_before": Text("原村", "village before"), "post": Text("岗位", "post"), "post_before": Text("原岗位", "post before"),
    "km": Text("移动距离（公里）", "km between villages"), "km_most": Text("最远（公里）", "km at most"), "home_km": Text("离家（公里）", "km from home"),
    "home_km_before": Text("原离家（公里）", "km from home before"), "stayed": Text("不变", "stayed"), "giver": Text("出资省", "giver"), "taker": Text("受益省", "taker"),
    "why": Text("原因", "why"), **COUNTS, **MOVES,
}  # fmt: skip


def write_comparison(comparison: Comparison, path: Path | str) -> Path:
    """Write a comparison, a sheet each for settings, figures, winners and losers, churn, flows, and changed rows per plan and table.

    Better figures and new rows are blue, worse ones and ended rows vermillion, changed rows yellow, and so is what is marked.

    Raises
    ------
    OutsideError
        When the file cannot be written.
    """
    return write_sheets(comparison_sheets(comparison), path)


def comparison_sheets(found: Comparison) -> list[Sheet]:
    """All sheets in the language in force, the first of which says what is where; what is too long is named there instead."""
    network = joined_network(found.plans)
    sheets = [*_figures(found), *_support(found, network), *_graph(found, network), *_people(found, network)]
    sheets += [_flows(found, network), *_changes(found, network)]
    always = ("settings", "kpis")
    labels = {p.id: plan_label(p) for p in found.plans}
    full = [_headed(s, labels) for s in sheets if s.name in always or s.frame.height]
    full = _told_apart(full)
    kept = [s for s in full if s.frame.height < _most_rows(s)]
    return [about_comparison(found, full, kept), *kept]


def _most_rows(sheet: Sheet) -> int:
    """From how many rows on a sheet is left out."""
    if sheet.name.startswith(CHANGES):
        return CHANGE_ROWS
    return BESIDE_ROWS if sheet.beside else SHEET_ROWS


def _headed(sheet: Sheet, labels: Mapping[str, Text]) -> Sheet:
    """The sheet with plans by what they are called: in the headings of their columns and where they stand in rows."""
    words = {i: str(label) for i, label in labels.items()}
    titles = dict(sheet.titles)
    for i, label in labels.items():
        titles |= {
            i: label,
            f"difference {i}": Text(f"差：{label.zh}", f"difference: {label.en}"),
            f"baseline {i}": Text(f"对照：{label.zh}", f"baseline: {label.en}"),
        }
    said_in = [c for c in ("plan", "measured_by") if c in sheet.frame.columns]
    return replace(sheet, titles=titles, frame=sheet.frame.with_columns(pl.col(said_in).replace(words)))


def _told_apart(sheets: list[Sheet]) -> list[Sheet]:
    """No two sheets may bear the same title, in whatever case."""
    seen: dict[str, int] = {}
    made = []
    for sheet in sheets:
        title = str(sheet.title)[:SHEET_NAME_CHARACTERS]
        seen[title.lower()] = n = seen.get(title.lower(), 0) + 1
        if n > 1:
            end = f" {n}"
            title = title[: SHEET_NAME_CHARACTERS - len(end)] + end
        made.append(replace(sheet, title=Text(title, title)))
    return made


def _figures(found: Comparison) -> Iterator[Sheet]:
    """Settings, key figures with each plan's cell coloured by how it stands to the first plan's, and costs measured alike."""
    yield Sheet("settings", Text("政策值", "settings"), settings_said(found), TITLES)
    ids = found.ids
    first, up = pl.col(ids[0]), pl.col("better") == "more"
    columns = []
    for i in ids[1:]:
        differs = (pl.col("better") != "") & (pl.col(i) != first)
        colour = (
            pl.when(differs & ((pl.col(i) > first) == up))
            .then(pl.lit(BETTER))
            .when(differs)
            .then(pl.lit(WORSE))
        )
        columns += [colour.alias(f"{SHADE}:{i}"), (pl.col(i) - first).alias(f"difference {i}")]
    units = {u: unit_name(u) for u in found.kpis["unit"].unique()}
    better = {"more": str(MORE), "less": str(LESS)}
    kpis = found.kpis.with_columns(*columns, pl.col("unit").replace(units), pl.col("better").replace(better))
    yield Sheet(
        "kpis",
        Text("指标", "key figures"),
        kpis,
        TITLES,
        judged={f"difference {i}": "better" for i in ids[1:]},
    )
    yield Sheet("costs", Text("按同一取值的成本", "costs measured alike"), found.costs, TITLES)


def _named(network: Network, frame: pl.DataFrame, *columns: str) -> tuple[pl.DataFrame, dict[str, Text]]:
    """Names, pinyin and marks beside ids, with their titles; a frame that is too long to stand beside a plan gets empty ones."""
    titles = dict(TITLES)
    for column in columns:
        if frame.height < BESIDE_ROWS:
            frame = beside(network, frame, column)
        else:
            frame = frame.with_columns(pl.lit("").alias(f"{column}_{e}") for e in ("name", "pinyin", "mark"))
        title = TITLES[column]
        titles |= {
            f"{column}_{e}": Text(f"{title.zh}{w.zh}", f"{title.en} {w.en}")
            for e, w in (("name", NAME), ("pinyin", PINYIN), ("mark", MARK))
        }
    return frame, titles


def _support(found: Comparison, network: Network) -> Iterator[Sheet]:
    ids, amounts = found.ids, found.support.amounts
    whole = (pl.col("kind") == "") | (pl.col("measure") == "load")
    differs = pl.any_horizontal([pl.lit(False), *(pl.col(i).ne_missing(pl.col(ids[0])) for i in ids[1:])])
    for side, better in ((RECEIVED, "more"), (GIVEN, "less")):
        mine = amounts.filter(pl.col("side") == side)
        by_kind = Text(f"{SIDES[side].zh}，按类别", f"{SIDES[side].en} by kind")
        for name, title, frame in (
            (side, SIDES[side], mine.filter(whole)),
            (f"{side}_by_kind", by_kind, mine.filter(~whole & differs)),
        ):
            told = _changed_most_first(
                frame.with_columns((pl.col(i) - pl.col(ids[0])).alias(f"difference {i}") for i in ids[1:])
            )
            told, titles = _named(network, support_said(told), "id", "province")
            judged = {f"difference {i}": better for i in ids[1:]}
            sheet = Sheet(name, title, told, titles, beside=True, judged=judged)
            yield marks_shaded(sheet)
    tables = (
        ("balance", Text("得与失", "winners and losers"), found.support.balance, ()),
        ("gini", Text("基尼系数", "Gini"), found.support.gini, ()),
        ("lorenz", Text("洛伦兹曲线", "Lorenz curves"), found.support.lorenz, ()),
        ("worst", Text("最差的十个", "worst-off ten"), found.support.worst, ("id", "province")),
    )
    for name, title, frame, codes in tables:
        told, titles = _named(network, support_said(frame), *codes)
        kinds = {"share_of_ids": "share", "share_of_amount": "share"}
        yield marks_shaded(Sheet(name, title, told, titles, kinds))


def _changed_most_first(frame: pl.DataFrame) -> pl.DataFrame:
    """Of each thing those first whom some plan changes most."""
    sizes = [pl.col(c).abs().fill_null(0.0) for c in frame.columns if c.startswith("difference ")]
    order: list[str | pl.Expr] = ["measure", "kind", pl.max_horizontal(sizes) if sizes else "id", "id"]
    return frame.sort(order, descending=[False, False, bool(sizes), False])


def _graph(found: Comparison, network: Network) -> Iterator[Sheet]:
    moved = pl.any_horizontal(pl.col("swapped", "new", "ended") > 0)
    frame, titles = _named(network, found.partners.filter(moved), "recipient", "province")
    names = network.names
    listed = [pl.Series(c, [_by_name(t, names) for t in frame[c]], dtype=pl.String) for c in ("went", "came")]
    yield marks_shaded(
        Sheet("partners", Text("换对象", "partners"), frame.with_columns(listed), titles, beside=True)
    )
    frame, titles = _named(network, found.partner_counts, "province")
    yield Sheet("partner_counts", Text("结对变化，按省", "pairs by province"), frame, titles)
    frame, titles = _named(network, found.links, "supporter", "recipient")
    shade = pl.col("state").replace_strict(HOW_COLOURS, default=None, return_dtype=pl.String).alias(SHADE)
    frame = said(frame.with_columns(shade), "state", STATES)
    yield Sheet("links", Text("结对图", "pairs as a graph"), frame, titles, beside=True)


def _by_name(ids: str | None, names: Mapping[str, str]) -> str:
    return "; ".join(names.get(i) or i for i in (ids or "").split(";")) if ids else ""


def _people(found: Comparison, network: Network) -> Iterator[Sheet]:
    frame, titles = _named(network, found.moves, "village_before", "village", "province")
    yield marks_shaded(
        Sheet("moves", Text("人员变动", "who moves"), said(frame, "how", MOVES), titles, beside=True)
    )
    frame, titles = _named(network, found.churn, "province")
    yield Sheet("churn", Text("人员变动，按省", "churn by province"), frame, titles)


def _flows(found: Comparison, network: Network) -> Sheet:
    ids = found.ids
    more = [(pl.col(i) - pl.col(ids[0])).alias(f"difference {i}") for i in ids[1:]]
    frame, titles = _named(network, found.flows.with_columns(more), "giver", "taker")
    country = pl.when(pl.col("giver").is_null()).then(pl.lit(str(COUNTRY))).otherwise("giver_name")
    kinds = dict.fromkeys([*ids, *(f"difference {i}" for i in ids[1:])], "money")
    judged = {f"difference {i}": "more" for i in ids[1:]}
    return Sheet("flows", Text("省际资金", "money between provinces"), frame.with_columns(giver_name=country),
                 titles, kinds, judged=judged)  # fmt: skip


def _changes(found: Comparison, network: Network) -> Iterator[Sheet]:
    several = len(found.changes) > 1
    for plan, tables in found.changes.items():
        for name, frame in tables.items():
            yield _rows(network, plan, RESULTS[name], frame, several)
            if name == "allocations" and frame.height >= CHANGE_ROWS:
                yield _sums(network, plan, frame, several)
    for plan, tables in found.inputs.items():
        for name, frame in tables.items():
            yield _rows(network, plan, TABLES[name], frame, several, of_input=True)


def _sums(network: Network, plan: str, frame: pl.DataFrame, several: bool) -> Sheet:
    """What a county gets of a programme in a year, all sources together, where it is not the same.

    Money moves between sources by the ten thousand rows where many divisions are equally good; few counties' sums change.
    """
    amount, how = pl.col("amount"), pl.col("how")
    before = pl.when(how == "new").then(0).when(how == "ended").then(amount).otherwise("amount_before")
    after = pl.when(how == "ended").then(0).otherwise(amount)
    key = ["region", "programme", "year"]
    summed = frame.group_by(key).agg(amount_before=before.sum(), amount=after.sum()).sort(key)
    differs = summed.filter(amount != pl.col("amount_before")).with_columns(
        difference=amount - pl.col("amount_before")
    )
    declared = RESULTS["allocations"]
    titles = {c: declared.by_name[c].title for c in (*key, "amount")} | {
        "amount_before": Text("原金额", "amount before"), "difference": TITLES["difference"], "region_name": Text("地区名称", "region name"),
        "region_pinyin": Text("地区拼音", "region pinyin"), "region_mark": Text("地区标记", "region mark"),
    }  # fmt: skip
    which = f" {plan[:6]}" if several else ""
    title = Text(f"各县资金{which}", f"money by county{which}")
    kinds = dict.fromkeys(("amount", "amount_before", "difference"), "money")
    told = said(beside(network, differs, "region"), "programme", ENUMS["programme"].every())
    return Sheet(SUMS, title, told, titles, kinds, judged={"difference": "more"})


def _rows(
    network: Network, plan: str, declared: Table, frame: pl.DataFrame, several: bool, of_input: bool = False
) -> Sheet:
    frame = frame.drop("terms", "terms_before", strict=False)
    short = frame.height < (BESIDE_ROWS if of_input else CHANGE_ROWS)  # else it is left out, names and all
    titles = {"how": TITLES["how"], "why": TITLES["why"]}
    kinds: dict[str, str] = {}
    for column in declared.columns:
        titles |= {column.name: column.title, f"{column.name}_before": Text(f"原{column.zh}", f"{column.en} before"),
                   f"{column.name}_name": Text(f"{column.zh}名称", f"{column.en} name"),
                   f"{column.name}_pinyin": Text(f"{column.zh}拼音", f"{column.en} pinyin"),
                   f"{column.name}_mark": Text(f"{column.zh}标记", f"{column.en} mark")}  # fmt: skip
        kinds |= {column.name: column.kind, f"{column.name}_before": column.kind}
        added = {f"{column.name}_{e}" for e in ("name", "pinyin", "mark")}
        if (
            short
            and column.kind == "code"
            and column.name in frame.columns
            and not added & set(frame.columns)
        ):
            frame = beside(network, frame, column.name)
    words = {how: str(text) for how, text in HOW.items()}
    shade = pl.col("how").replace_strict(HOW_COLOURS, return_dtype=pl.String).alias(SHADE)
    frame = frame.with_columns(pl.col("how").replace_strict(words, return_dtype=pl.String), shade)
    which = f" {plan[:6]}" if several else ""
    what = Text("输入：", "input: ") if of_input else Text("", "")
    title = Text(f"{what.zh}{declared.zh}{which}", f"{what.en}{declared.en}{which}")
    title = Text(*(t.replace(":", " ").replace("/", " ") for t in title))
    return Sheet(
        f"{'input_' if of_input else CHANGES}{declared.name}", title, frame, titles, kinds, beside=of_input
    )

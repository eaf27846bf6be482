"""A plan as tables for people: names and marks beside codes, key figures, prices, rules, the resolved policy.

Frames bear both languages (columns that end in ``_zh`` and ``_en``); whoever shows them picks one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network
from graph.schema import RESULTS, TABLES
from graph.search import spoken
from graph.wording import said_columns
from planner.plan import Plan
from planner.policy import Setting
from planner.price_words import PriceWords, in_points
from planner.stages import STAGES

NAME = Text("名称", "name")
PINYIN = Text("拼音", "pinyin")
MARK = Text("标记", "mark")
OF_IT = Text("其中", "of it")
BASELINE = Text("对照", "baseline")

_WORDS = {
    "stage": Text("阶段", "stage"), "key": Text("键", "key"), "title": Text("名称", "title"), "plan": Text("方案", "plan"),
    "baseline": BASELINE, "better": Text("何者为好", "better"), "unit": Text("单位", "unit"), "rule": Text("规则", "rule"),
    "value": Text("值", "value"), "default": Text("缺省值", "default"), "state": Text("状态", "state"),
    "tightest": Text("最紧之处", "tightest"), "note": Text("说明", "note"), "set_in": Text("设在", "set in"),
    "cites": Text("依据", "cites"), "status": Text("状态", "status"), "objective": Text("目标", "objective"),
    "bound": Text("界", "bound"), "gap": Text("差距", "gap"), "engine": Text("求解器", "engine"),
    "note_beside": Text("另一做法", "beside it"), "proof": Text("凭什么", "proof"), "table": Text("表", "table"), "mark": MARK, "rows": Text("行数", "rows"),
}  # fmt: skip


PRICES = Text("价：多或少一些钱", "prices of money")
PRICES_OF_NEEDS = Text("价：直接给县", "prices of needs")
PRICE_TITLES = {
    "what": Text("项目", "what"), "rule": Text("规则", "rule"), "source": Text("资金来源", "source"), "region": Text("地区", "region"),
    "programme": Text("用途", "programme"), "year": Text("年份", "year"), "less": Text("少则（分）", "less (points)"),
    "less_yuan": Text("少多少（元）", "less by (yuan)"), "more": Text("多则（分）", "more (points)"),
    "more_yuan": Text("多多少（元）", "more by (yuan)"),
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One table for people.

    Parameters
    ----------
    name : str
        Stem of its file.
    title : Text
        Title of its worksheet.
    frame : DataFrame
        Its rows; texts in the words in force (:mod:`graph.wording`).
    titles : mapping of str to Text
        Title of each column; a column that is not there stands under its name.
    kinds : mapping of str to str
        Kind of a column (``money``, ``share``, ``code``, …) as in ``graph.schema``.
    beside : bool
        Whether it only stands beside what the plan decides, so that it may be left out where it is long.
    judged : mapping of str to str
        Columns of differences → ``more`` or ``less``, whichever is better, or the column that says it row by row: the workbook
        colours them by itself.
    """

    name: str
    title: Text
    frame: pl.DataFrame
    titles: Mapping[str, Text] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    beside: bool = False
    judged: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "frame", said_columns(self.frame))


def plan_sheets(plan: Plan) -> list[Sheet]:
    """Every table of a plan: stages, key figures, results, prices, baseline, plans beside it, rules, policy, marks."""
    results = [result_sheet(plan, name, frame) for name, frame in plan.tables().items()]
    before = [
        result_sheet(plan, name, frame, ("baseline", BASELINE))
        for name, frame in plan.tables("baseline").items()
    ]
    return [
        stage_sheet(plan),
        kpi_sheet(plan),
        *results,
        *price_sheets(plan),
        *before,
        *beside_sheets(plan),
        rule_sheet(plan),
        policy_sheet(plan),
        mark_sheet(plan),
    ]


def result_sheet(plan: Plan, name: str, frame: pl.DataFrame, of: tuple[str, Text] | None = None) -> Sheet:
    """A result table with name, pinyin and mark beside each code, and its JSON terms as columns in points.

    ``of``: short name and title of the other plan whose table it is.
    """
    declared = RESULTS[name]
    titles = {c.name: c.title for c in declared.columns}
    kinds: dict[str, str] = {c.name: c.kind for c in declared.columns}
    for column in declared.columns:
        if column.kind == "code":
            frame = beside(plan.network, frame, column.name)
            titles |= _beside_titles(column.name, column.title)
    if "terms" in frame.columns:
        frame, terms = spread_terms(frame)
        titles |= {
            t: Text(f"{OF_IT.zh} {t.removeprefix('term_')}", f"{OF_IT.en} {t.removeprefix('term_')}")
            for t in terms
        }
    if of is None:
        return Sheet(name, declared.title, frame, titles, kinds)
    title = Text(f"{declared.zh}（{of[1].zh}）", f"{declared.en} ({of[1].en})")
    return Sheet(f"{of[0]}_{name}", title, frame, titles, kinds, beside=True)


def beside_sheets(plan: Plan) -> list[Sheet]:
    """Result tables of the further plans that key figures are held against."""
    found = []
    for key, frame in plan.tables("beside").items():
        stage, other, name = key.split(".")
        title = plan.stages[stage]["beside"][other]["title"]
        found.append(result_sheet(plan, name, frame, (other, Text(title["zh"], title["en"]))))
    return found


def price_sheets(plan: Plan) -> list[Sheet]:
    """What a little more or less money would change: of what there is and must be given; then of what counties need."""
    table = plan.tables("prices").get("funds")
    if table is None:
        return []
    needs = pl.col("rule") == "needs"
    parts = ((~needs, "prices", PRICES), (needs, "prices_needs", PRICES_OF_NEEDS))
    return [_price_sheet(plan, table.filter(mine), name, title) for mine, name, title in parts]


def _price_sheet(plan: Plan, table: pl.DataFrame, name: str, title: Text) -> Sheet:
    words = PriceWords(plan)
    told = [words(row) for row in table.iter_rows(named=True)]
    scale = plan.stages["funds"]["scale"]
    frame = table.select(
        pl.Series("what_zh", [t.zh for t in told], dtype=pl.String), pl.Series("what_en", [t.en for t in told], dtype=pl.String),
        "rule", "source", "region", "programme", "year",
        in_points(table["less"], scale), "less_yuan", in_points(table["more"], scale), "more_yuan",
    )  # fmt: skip
    titles = dict(PRICE_TITLES)
    for column in ("source", "region"):
        frame = beside(plan.network, frame, column)
        titles |= _beside_titles(column, PRICE_TITLES[column])
    return Sheet(name, title, frame, titles, {"less_yuan": "money", "more_yuan": "money"}, beside=True)


def _beside_titles(column: str, title: Text) -> dict[str, Text]:
    """Titles of what :func:`beside` adds."""
    endings = (("name", NAME), ("pinyin", PINYIN), ("mark", MARK))
    return {f"{column}_{e}": Text(f"{title.zh}{word.zh}", f"{title.en} {word.en}") for e, word in endings}


def beside(network: Network, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with ``<column>_name``, ``_pinyin`` and ``_mark`` right after ``column``."""
    codes = frame[column].unique().drop_nulls().to_list()
    sounds = spoken(network, codes)
    known = {c: network.names.get(c) or "" for c in codes} | other_names(network, codes)
    looked = pl.DataFrame(
        {
            column: codes,
            f"{column}_name": [known[c] for c in codes],
            f"{column}_pinyin": [sounds.get(c, "") for c in codes],
            f"{column}_mark": _marks_of(network, codes),
        },
        schema=dict.fromkeys((column, *(f"{column}_{e}" for e in ("name", "pinyin", "mark"))), pl.String),
    )
    joined = frame.join(looked, on=column, how="left", maintain_order="left")
    order = [n for c in frame.columns for n in ((c, *looked.columns[1:]) if c == column else (c,))]
    return joined.select(order)


def other_names(network: Network, codes: Collection[str]) -> dict[str, str]:
    """Names of fund sources, and of inspection teams by their unit. Cadres have none here."""
    wanted = set(codes)
    found = {
        i: n for i, n in network.frame("fund_sources").select("id", "name").iter_rows() if i in wanted and n
    }
    teams = network.frame("inspection_teams").select("id", "unit")
    return found | {i: network.label(u) for i, u in teams.iter_rows() if i in wanted and u}


def _marks_of(network: Network, codes: Sequence[str]) -> pl.Series:
    """The mark of each place, unit, fund source, team or cadre; empty for one that bears none."""
    found, names = pl.DataFrame({"id": codes}, schema={"id": pl.String}), []
    for table in ("regions", "units", "fund_sources", "inspection_teams", "cadres"):
        rows = network.frame(table).filter(pl.col("mark").is_not_null())
        marks = rows.select(pl.col(TABLES[table].key[0]).alias("id"), pl.col("mark").alias(table))
        found = found.join(marks.unique("id", keep="last"), on="id", how="left", maintain_order="left")
        names.append(table)
    return found.select(pl.coalesce(*names, pl.lit("")).alias("mark"))["mark"]


def spread_terms(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The frame with a column per term, in points, instead of the JSON text; and their names."""
    parsed = [json.loads(t or "{}") for t in frame["terms"].to_list()]
    names = list(dict.fromkeys(k for terms in parsed for k in terms))
    columns = [
        pl.Series(f"term_{k}", [None if t.get(k) is None else t[k] / 1000 for t in parsed], dtype=pl.Float64)
        for k in names
    ]
    return frame.drop("terms").with_columns(columns), [c.name for c in columns]


def _sheet(
    name: str, title: Text, lines: list[dict[str, Any]], more: Mapping[str, Text] | None = None, **types: Any
) -> Sheet:
    """A sheet of rows; columns are text unless told otherwise; ``more``: titles that only this sheet has."""
    columns = list(dict.fromkeys(k for line in lines for k in line)) or list(types)
    frame = pl.DataFrame(lines, schema={c: types.get(c, pl.String) for c in columns})
    titles = {**_WORDS, **(more or {})}
    words = {c: titles[c.removesuffix("_zh").removesuffix("_en")] for c in columns}
    return Sheet(name, title, frame, words)


def _both(name: str, said: Mapping[str, str] | Text) -> dict[str, str]:
    both = said.as_dict() if isinstance(said, Text) else said
    return {f"{name}_{language}": both[language] for language in ("zh", "en")}


def stage_sheet(plan: Plan) -> Sheet:
    """Status, objective, bound, gap and proof of each stage; figures in points or yuan; what plans beside it come to."""
    rows = [
        {"stage": s, **_both("title", h["title"]), "status": h["status"], "objective": _scaled(h["objective"], h["scale"]),
         "bound": _scaled(h["bound"], h["scale"]), "gap": h["gap"], **_both("engine", h["engine"]), **_both("proof", h["proof"]),
         **_note_beside(h)}
        for s, h in plan.stages.items()
    ]  # fmt: skip
    sheet = _sheet(
        "stages", Text("阶段", "stages"), rows, objective=pl.Float64, bound=pl.Float64, gap=pl.Float64
    )
    return Sheet(sheet.name, sheet.title, sheet.frame, sheet.titles, {"gap": "share"})


def _note_beside(head: Mapping[str, Any]) -> dict[str, str]:
    told = [(o["title"], o["note"]) for o in head.get("beside", {}).values()]
    zh, en = (
        "；".join(f"{t['zh']}：{n['zh']}" for t, n in told),
        "; ".join(f"{t['en']}: {n['en']}" for t, n in told),
    )
    return _both("note_beside", Text(zh, en)) if told else {}


def _scaled(value: int | None, scale: int) -> float | None:
    return None if value is None else value / scale


def kpi_sheet(plan: Plan) -> Sheet:
    """Key figures, beside them the baseline's and those of further plans."""
    others = {n: o["title"] for h in plan.stages.values() for n, o in h.get("beside", {}).items()}
    rows = [
        {"stage": s, "key": k["key"], **_both("title", k["title"]), "plan": _number(k["plan"]), "baseline": _number(k["baseline"]),
         **{n: _number(k.get("beside", {}).get(n)) for n in others}, "better": k["better"], "unit": k["unit"]}
        for s, h in plan.stages.items() for k in h["kpis"]
    ]  # fmt: skip
    more = {n: Text(title["zh"], title["en"]) for n, title in others.items()}
    floats = dict.fromkeys(("plan", "baseline", *others), pl.Float64)
    return _sheet("kpis", Text("指标", "key figures"), rows, more, **floats)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def rule_sheet(plan: Plan) -> Sheet:
    """Every rule with its value, its state and its tightest place."""
    rows = []
    for stage, head in plan.stages.items():
        titles = {s.key: s.title for s in STAGES[stage].settings}
        values = plan.head["inputs"]["policy"][stage]
        for rule in head["rules"]:
            key = rule["rule"]
            rows.append({"stage": stage, "rule": key, **_both("title", titles.get(key, Text(key, key))),
                         "value": shown(values.get(key, "")), "state": rule["state"], **_both("tightest", rule["tightest"])})  # fmt: skip
    return _sheet("rules", Text("规则", "rules"), rows, stage=pl.String)


def policy_sheet(plan: Plan) -> Sheet:
    """Every policy value as it held, with its default, where it was set and what it cites."""
    rows = []
    for stage, values in plan.head["inputs"]["policy"].items():
        declared = {s.key: s for s in STAGES[stage].settings}
        origins = plan.run.get("origins", {}).get(stage, {})
        cites = plan.head["inputs"]["cites"].get(stage, {})
        for key, value in values.items():
            setting = declared.get(key, Setting(key, "text", "", key, key))
            origin = origins.get(key, {})
            where = f"{origin['file']}:{origin['line']}" if origin.get("file") else ""
            rows.append({"stage": stage, "key": key, **_both("title", setting.title), "value": shown(value),
                         "default": shown(setting.default), "unit": setting.unit,
                         **_both("note", Text(setting.note_zh, setting.note_en)), "set_in": where,
                         "cites": cites.get(key, "")})  # fmt: skip
    return _sheet("policy", Text("政策值", "policy"), rows, stage=pl.String)


def shown(value: Any) -> str:
    """A policy value as it stands in ``scenario.toml``."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def mark_sheet(plan: Plan) -> Sheet:
    """How many rows of each table that the plan read are not from a source."""
    rows = [
        {"table": table, **_both("title", TABLES[table].title), "mark": mark, "rows": n}
        for table, counts in plan.head["marks"].items()
        for mark, n in counts.items()
    ]
    return _sheet("marks", Text("标记", "marks"), rows, table=pl.String, rows=pl.Int64)

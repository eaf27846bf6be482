"""A plan as tables for people: names and marks beside codes, key figures, rules, the resolved policy.

Frames bear both languages (columns that end in ``_zh`` and ``_en``); whoever shows them picks one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import polars as pl

from graph.export import FORMATS, export_network
from graph.language import Text
from graph.network import Network
from graph.schema import RESULTS, TABLES
from graph.search import spoken
from graph.tables.write import disk_told, guarded, write_atomically
from planner.plan import Plan
from planner.policy import Setting
from planner.stages import STAGES

PAIR_FORMATS = {k: v for k, v in FORMATS.items() if v in ("geojson", "graphml")}
"""File ending → format in which the pairs of a plan go on a map or into a network tool."""

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
    "proof": Text("凭什么", "proof"), "table": Text("表", "table"), "mark": MARK, "rows": Text("行数", "rows"),
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
        Its rows.
    titles : mapping of str to Text
        Title of each column; a column that is not there stands under its name.
    kinds : mapping of str to str
        Kind of a column (``money``, ``share``, ``code``, …) as in ``graph.schema``.
    """

    name: str
    title: Text
    frame: pl.DataFrame
    titles: Mapping[str, Text] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)


def plan_sheets(plan: Plan) -> list[Sheet]:
    """Every table of a plan: stages, key figures, results, baseline, rules, policy, marks."""
    results = [result_sheet(plan, name, frame) for name, frame in plan.tables().items()]
    before = [
        result_sheet(plan, name, frame, baseline=True) for name, frame in plan.tables("baseline").items()
    ]
    return [
        stage_sheet(plan),
        kpi_sheet(plan),
        *results,
        *before,
        rule_sheet(plan),
        policy_sheet(plan),
        mark_sheet(plan),
    ]


def result_sheet(plan: Plan, name: str, frame: pl.DataFrame, baseline: bool = False) -> Sheet:
    """A result table with name, pinyin and mark beside each code, and its JSON terms as columns in points."""
    declared = RESULTS[name]
    titles = {c.name: c.title for c in declared.columns}
    kinds: dict[str, str] = {c.name: c.kind for c in declared.columns}
    for column in declared.columns:
        if column.kind == "code":
            frame = beside(plan.network, frame, column.name)
            for ending, word in (("name", NAME), ("pinyin", PINYIN), ("mark", MARK)):
                titles[f"{column.name}_{ending}"] = Text(f"{column.zh}{word.zh}", f"{column.en} {word.en}")
    if "terms" in frame.columns:
        frame, terms = spread_terms(frame)
        titles |= {
            t: Text(f"{OF_IT.zh} {t.removeprefix('term_')}", f"{OF_IT.en} {t.removeprefix('term_')}")
            for t in terms
        }
    title = (
        Text(f"{declared.zh}（{BASELINE.zh}）", f"{declared.en} ({BASELINE.en})")
        if baseline
        else declared.title
    )
    return Sheet(f"baseline_{name}" if baseline else name, title, frame, titles, kinds)


def beside(network: Network, frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The frame with ``<column>_name``, ``_pinyin`` and ``_mark`` right after ``column``."""
    codes = frame[column].unique().drop_nulls().to_list()
    sounds = spoken(network, codes)
    known = {c: network.names.get(c) or "" for c in codes} | _other_names(network, codes)
    marks = _marks_of(network)
    looked = pl.DataFrame(
        {
            column: codes,
            f"{column}_name": [known[c] for c in codes],
            f"{column}_pinyin": [sounds.get(c, "") for c in codes],
            f"{column}_mark": [marks.get(c, "") for c in codes],
        },
        schema=dict.fromkeys((column, *(f"{column}_{e}" for e in ("name", "pinyin", "mark"))), pl.String),
    )
    joined = frame.join(looked, on=column, how="left", maintain_order="left")
    order = [n for c in frame.columns for n in ((c, *looked.columns[1:]) if c == column else (c,))]
    return joined.select(order)


def _other_names(network: Network, codes: list[str]) -> dict[str, str]:
    """Names of fund sources, and of inspection teams by their unit. Cadres have none here."""
    wanted = set(codes)
    found = {
        i: n for i, n in network.frame("fund_sources").select("id", "name").iter_rows() if i in wanted and n
    }
    teams = network.frame("inspection_teams").select("id", "unit")
    return found | {i: network.label(u) for i, u in teams.iter_rows() if i in wanted and u}


def _marks_of(network: Network) -> dict[str, str]:
    """Code or id → mark, of places, units, fund sources, teams and cadres that bear one."""
    found: dict[str, str] = {}
    for table in ("cadres", "inspection_teams", "fund_sources", "units", "regions"):
        rows = network.frame(table).filter(pl.col("mark").is_not_null())
        found.update(rows.select(TABLES[table].key[0], "mark").iter_rows())
    return found


def spread_terms(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The frame with a column per term, in points, instead of the JSON text; and their names."""
    parsed = [json.loads(t or "{}") for t in frame["terms"].to_list()]
    names = list(dict.fromkeys(k for terms in parsed for k in terms))
    columns = [
        pl.Series(f"term_{k}", [None if t.get(k) is None else t[k] / 1000 for t in parsed], dtype=pl.Float64)
        for k in names
    ]
    return frame.drop("terms").with_columns(columns), [c.name for c in columns]


def _sheet(name: str, title: Text, lines: list[dict[str, Any]], **types: Any) -> Sheet:
    """A sheet of rows; columns are text unless told otherwise."""
    columns = list(dict.fromkeys(k for line in lines for k in line)) or list(types)
    frame = pl.DataFrame(lines, schema={c: types.get(c, pl.String) for c in columns})
    words = {c: _WORDS[c.removesuffix("_zh").removesuffix("_en")] for c in columns}
    return Sheet(name, title, frame, words)


def _both(name: str, said: Mapping[str, str] | Text) -> dict[str, str]:
    both = said.as_dict() if isinstance(said, Text) else said
    return {f"{name}_{language}": both[language] for language in ("zh", "en")}


def stage_sheet(plan: Plan) -> Sheet:
    """Status, objective, bound, gap and proof of each stage; figures in points or yuan."""
    rows = [
        {"stage": s, **_both("title", h["title"]), "status": h["status"], "objective": _scaled(h["objective"], h["scale"]),
         "bound": _scaled(h["bound"], h["scale"]), "gap": h["gap"], **_both("engine", h["engine"]), **_both("proof", h["proof"])}
        for s, h in plan.stages.items()
    ]  # fmt: skip
    sheet = _sheet(
        "stages", Text("阶段", "stages"), rows, objective=pl.Float64, bound=pl.Float64, gap=pl.Float64
    )
    return Sheet(sheet.name, sheet.title, sheet.frame, sheet.titles, {"gap": "share"})


def _scaled(value: int | None, scale: int) -> float | None:
    return None if value is None else value / scale


def kpi_sheet(plan: Plan) -> Sheet:
    """Key figures, the baseline beside them."""
    rows = [
        {"stage": s, "key": k["key"], **_both("title", k["title"]), "plan": _number(k["plan"]), "baseline": _number(k["baseline"]),
         "better": k["better"], "unit": k["unit"]}
        for s, h in plan.stages.items() for k in h["kpis"]
    ]  # fmt: skip
    return _sheet("kpis", Text("指标", "key figures"), rows, plan=pl.Float64, baseline=pl.Float64)


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


def write_folder(plan: Plan, folder: Path | str, form: Literal["csv", "parquet"]) -> list[Path]:
    """Write every table of a plan as a file of its own; the files, in order.

    CSV is UTF-8 with a mark at its beginning, so that Excel reads the Chinese; text that a spreadsheet would
    take for a formula has a ``'`` in front.

    Raises
    ------
    OutsideError
        When the folder cannot be written.
    """
    place = Path(folder)
    written = []
    with disk_told(place):
        place.mkdir(parents=True, exist_ok=True)
        for sheet in plan_sheets(plan):
            file = place / f"{sheet.name}.{form}"
            write_atomically(file, lambda temporary, frame=sheet.frame: _write_file(frame, temporary, form))
            written.append(file)
    return written


def _write_file(frame: pl.DataFrame, file: Path, form: str) -> None:
    if form == "csv":
        guarded(frame).write_csv(file, include_bom=True)
    else:
        frame.write_parquet(file)


def write_pairs(plan: Plan, file: Path | str, form: str) -> Path:
    """Write the plan's pairs as GeoJSON (lines and points) or GraphML, with cost, load and marks.

    Raises
    ------
    InputError
        When the plan has no pairs.
    OutsideError
        When the file cannot be written.
    """
    return export_network(pairs_network(plan), file, form=form)


def pairs_network(plan: Plan) -> Network:
    """The plan's network with its pairs in the place of the relations in force."""
    pairs = plan.table("pairs")
    pairs = beside(plan.network, beside(plan.network, pairs, "supporter"), "recipient")
    told = pairs.select(
        pl.concat_str("stage", pl.lit(":"), "supporter", pl.lit(">"), "recipient").alias("id"),
        pl.col("kind").fill_null(pl.col("stage")),
        "supporter", "recipient",
        pl.lit(None, dtype=pl.Date).alias("since"), pl.lit(None, dtype=pl.Date).alias("until"),
        pl.lit(f"plan {plan.id}").alias("source"),
        pl.when(_marked()).then(pl.coalesce(pl.col("supporter_mark", "recipient_mark").replace("", None))).alias("mark"),
        "stage", "cost", "load", "supporter_mark", "recipient_mark",
    )  # fmt: skip
    return plan.network.with_frames({"relations": told})


def _marked() -> pl.Expr:
    return pl.any_horizontal(pl.col("supporter_mark", "recipient_mark") != "")

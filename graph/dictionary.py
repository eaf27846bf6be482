"""The data dictionary, generated from the schema.

``python -m graph.dictionary`` writes ``docs/data-dictionary.md``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from graph.language import Text
from graph.schema import ENUMS, MEASURES, RESULTS, TABLES, Column, Table
from graph.tables.check_cells import bounds
from graph.tables.template import KINDS

PAGE = Path(__file__).parent.parent / "docs" / "data-dictionary.md"

ROOMS = {
    "places": Text("地方", "Places"),
    "support": Text("帮扶", "Support"),
    "people": Text("人员", "People"),
    "money": Text("资金", "Money"),
    "oversight": Text("监督", "Oversight"),
    "results": Text("规划结果", "Results of a plan"),
}

OPENING = """\
# 数据字典 · Data dictionary

由 `python -m graph.dictionary` 从 `graph/schema` 生成，请勿手工修改。
Generated from `graph/schema` by `python -m graph.dictionary`; do not edit by hand.

- 钱一律为整元，份额为 0–1，日期为 年-月-日，列表单元格用 `;` 隔开。
  Money is whole yuan, shares are 0–1, dates are year-month-day, list cells are separated by `;`.
- 列名可写英文名或中文名；缺少的列取缺省值。**粗体**列组成主键。
  A header may be the name or the Chinese title; an absent column takes its default.
  The **bold** columns are the key.
- 时间段为半开区间 `[since, until)`：空的 `until` 表示仍在继续，空的 `since` 表示起始不详。
  Terms are half-open, `[since, until)`: an empty `until` is still running, an empty `since` is not known.
"""


def dictionary() -> str:
    """The whole page as Markdown, in both languages."""
    return "\n".join(_lines())


def main() -> int:
    """Write the page."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(dictionary(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
    return 0


def _lines() -> Iterator[str]:
    yield OPENING
    for room, title in ROOMS.items():
        tables = [t for t in (*TABLES.values(), *RESULTS.values()) if t.room == room]
        yield f"## {title.zh} · {title.en}\n"
        for table in tables:
            yield from _table(table)
    yield "## 指标 · Measures of `region_facts`\n"
    yield "| measure | 中文 | English | 单位 unit |\n|---|---|---|---|"
    for name, (title, unit) in MEASURES.items():
        yield f"| `{name}` | {title.zh} | {title.en} | {unit} |"
    yield "\n## 枚举 · Enumerations\n"
    yield "场景可在 `scenario.toml` 的 `[enums]` 中扩充。 A scenario may add values in `[enums]`.\n"
    for name, values in ENUMS.items():
        if name != "measure":
            yield f"### `{name}`\n"
            yield "| value | 中文 | English |\n|---|---|---|"
            yield from (f"| `{value}` | {title.zh} | {title.en} |" for value, title in values.items())
            yield ""


def _table(table: Table) -> Iterator[str]:
    yield f"### `{table.name}` {table.zh}\n"
    yield f"{table.note_zh}。 {table.note_en[:1].upper()}{table.note_en[1:]}.\n"
    yield "| column | 中文 | English | 类型 kind | 单位 unit | 必填 required | 缺省 default | 说明 note |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (_row(column, table) for column in table.columns)
    yield ""


def _row(column: Column, table: Table) -> str:
    name = f"**`{column.name}`**" if column.name in table.key else f"`{column.name}`"
    default = "" if column.default in (None, "") else f"`{str(column.default).lower()}`"
    must = "✓" if column.required else ""
    cells = (name, column.zh, column.en, _kind(column), column.unit, must, default, _note(column))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _kind(column: Column) -> str:
    kind = KINDS[column.kind]
    return f"{column.kind}: [{column.enum}](#{column.enum})" if column.enum else f"{kind.zh} {kind.en}"


def _note(column: Column) -> str:
    parts = [p for p in (column.note_zh, column.note_en) if p]
    low, high = bounds(column)
    if low is not None and high is not None:
        parts.append(f"{low:.12g}–{high:.12g}")
    elif low is not None:
        parts.append(f"≥ {low:g}")
    if column.foreign:
        parts.append("→ " + " / ".join(f"`{target}`" for target in column.foreign.split("|")))
    if column.example:
        parts.append(f"例 e.g. `{column.example}`")
    return "; ".join(parts)


if __name__ == "__main__":
    sys.exit(main())

"""Plans as Excel workbooks that a planner likes to open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any

import polars as pl

from api.sheet_rows import FIRST_ROW, Body, column_letters, fill_sheets
from graph.errors import InputError
from graph.language import Text, current_language
from graph.schema import ENUMS, RESULTS
from graph.tables.write import SHEET_ROWS, disk_told, write_atomically
from planner.plan import Plan
from planner.sheets import Sheet, plan_sheets

BETTER, WORSE, CHANGED = "#D6E9F5", "#FBE3D3", "#FFF4CC"
"""Backgrounds: tints of blue and vermillion, which everyone can tell apart, and yellow for changed or marked."""
BETTER_INK, WORSE_INK = "#0072B2", "#D55E00"
"""Figures of gains and losses, which Excel colours by itself when they are edited."""

TINTS = ((BETTER, BETTER_INK), (WORSE, WORSE_INK))
MORE, LESS = Text("多", "more"), Text("少", "less")
"""What a column says, row by row, of which way a difference is better."""
SHADE = "_shade"
"""Column with the background of a row; ``_shade:<column>`` that of one cell. Not written itself."""
NUMBERS = {"money": "#,##0", "share": "0.0%", "date": "yyyy-mm-dd", "code": "@", "year": "0"}
SHEET_NAME_CHARACTERS = 31
BESIDE_ROWS = 100_000
"""A longer table that only stands beside the plan is left out, and said to be: it would take minutes to write and to open."""
WIDEST, TITLE_WIDEST = 60, 24
LINE, FILTER = 15, 2
"""Points that a line of a heading is high; letters that the button of the filter takes."""
UNDATED = datetime(1980, 1, 1)
"""The day that files in an archive bear where none is told."""
A4 = 9
"""Excel's number of the paper."""


def write_plan_workbook(plan: Plan, path: Path | str) -> Path:
    """Write a plan as a workbook, a sheet per table, in the language in force.

    Headers are frozen and filtered, rows that rest on marked data are shaded; every text is a text, none a
    formula.

    Raises
    ------
    InputError
        When a table has more rows than a sheet.
    OutsideError
        When the file cannot be written.
    """
    sheets = plan_sheets(plan)
    left = [s for s in sheets if s.beside and s.frame.height > BESIDE_ROWS]
    dropped = {s.name for s in left}
    kept = [marks_shaded(s) for s in sheets if s.name not in dropped]
    return write_sheets([about_sheet(plan, left), *kept], path)


def about_sheet(plan: Plan, left: Sequence[Sheet] = ()) -> Sheet:
    """What the workbook is: plan, date, what the shading means, how to check it, what was left out."""
    title = plan.head["title"]
    lines = [
        (Text("场景", "scenario"), Text(title["zh"], title["en"])),
        (Text("方案编号", "plan id"), Text(plan.id, plan.id)),
        (Text("基准日", "as of"), Text(plan.head["inputs"]["date"], plan.head["inputs"]["date"])),
        (Text("jiedui 版本", "jiedui version"), Text(plan.head["jiedui"], plan.head["jiedui"])),
        (Text("核查", "check it with"), Text("jiedui verify", "jiedui verify")),
        (Text("黄色的行", "yellow rows"), Text("涉及并非来自来源的数据（标记：凭记忆 recalled、合成 synthetic、假定 assumed）",
                                            "rest on data that is not from a source (marks: recalled, synthetic, assumed)")),
    ]  # fmt: skip
    lines += [
        (s.title, Text(f"{s.frame.height:,} 行，太长，未写入；请用 --format csv 或 parquet",
                       f"{s.frame.height:,} rows, too long for this workbook: use --format csv or parquet"))
        for s in left
    ]  # fmt: skip
    frame = pl.DataFrame([(str(a), str(b)) for a, b in lines], schema=["what", "is"], orient="row")
    titles = {"what": Text("项目", "item"), "is": Text("内容", "content")}
    return Sheet("about", Text("说明", "about"), frame, titles)


def marks_shaded(sheet: Sheet) -> Sheet:
    """The sheet with rows shaded that rest on marked data."""
    marks = [c for c in sheet.frame.columns if c.endswith("_mark")]
    if not marks:
        return sheet
    marked = pl.any_horizontal(pl.col(marks).fill_null("") != "")
    shade = pl.when(marked).then(pl.lit(CHANGED)).alias(SHADE)
    return replace(sheet, frame=sheet.frame.with_columns(shade))


def write_sheets(sheets: Sequence[Sheet], path: Path | str) -> Path:
    """Write sheets in the language in force; the file appears whole or not at all."""
    target = Path(path)
    for sheet in sheets:
        if sheet.frame.height >= SHEET_ROWS:
            raise InputError(
                f"{sheet.name} 有 {sheet.frame.height:,} 行，Excel 工作表最多 {SHEET_ROWS - 1:,} 行；请用 --format csv 或 parquet",
                f"{sheet.name} has {sheet.frame.height:,} rows, an Excel sheet holds {SHEET_ROWS - 1:,}; use --format csv or parquet",
            )
    with disk_told(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(target, lambda temporary: temporary.write_bytes(workbook_bytes(sheets)))
    return target


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """The workbook in memory: on a full disk the library would leave half an archive."""
    import xlsxwriter

    empty = BytesIO()
    with xlsxwriter.Workbook(empty, {"constant_memory": True}) as book:
        book.set_properties({"created": UNDATED})  # else the same plan would give other bytes every second
        pen = _Pen(book)
        bodies = [pen.write(sheet) for sheet in sheets]
    return fill_sheets(empty.getvalue(), bodies)


def spoken_columns(frame: pl.DataFrame) -> list[tuple[str, str]]:
    """Columns for a reader of the language in force, each with the word its title is found by.

    The name and pinyin beside a code are left out where no row has a name: cadres have none.
    """
    other = "en" if current_language() == "zh" else "zh"
    hidden = ("_pinyin",) if current_language() == "zh" else ()
    kept = [c for c in frame.columns if not c.startswith(SHADE) and not c.endswith((f"_{other}", *hidden))]
    nameless = {
        c.removesuffix("_name") for c in kept if c.endswith("_name") and not _said_somewhere(frame[c])
    }
    kept = [c for c in kept if c not in {f"{n}_{end}" for n in nameless for end in ("name", "pinyin")}]
    return [(c, c.removesuffix(f"_{current_language()}")) for c in kept]


def _said_somewhere(column: pl.Series) -> bool:
    """Whether a row has a text there; a table without rows keeps its columns."""
    return column.is_empty() or column.dtype != pl.String or bool((column.fill_null("") != "").any())


class _Pen:
    """Writes the sheets of one workbook without their rows, with one format per kind and background of a cell."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bg_color": "#E7E6E6", "text_wrap": True, "valign": "top"})
        self.formats: dict[tuple[str, str | None], Any] = {}

    def write(self, sheet: Sheet) -> Body:
        """Widths, header and filter; a row with a blank cell of each format; what is to stand in the rows."""
        columns = spoken_columns(sheet.frame)
        page = self.book.add_worksheet(str(sheet.title)[:SHEET_NAME_CHARACTERS])
        page.freeze_panes(1, 0)
        page.set_paper(A4)  # printed: all columns on one page, the header on each
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        titles = [str(sheet.titles.get(c, sheet.titles.get(word, Text(word, word)))) for c, word in columns]
        widths = [_width(title, sheet.frame[c]) for title, (c, _) in zip(titles, columns, strict=True)]
        page.set_row(
            0, LINE * max(map(_lines, titles, widths), default=1)
        )  # told: not every program finds it out
        for at, (title, width) in enumerate(zip(titles, widths, strict=True)):
            page.set_column(at, at, width)
            page.write_string(0, at, title, self.head)
        if columns:
            page.autofilter(0, 0, max(1, sheet.frame.height), len(columns) - 1)
        names = [c for c, _ in columns]
        self._judge(page, sheet, names)
        wanted: dict[tuple[str, str | None], int] = {}
        formats = [_formats(sheet, name, wanted) for name in names]
        if sheet.frame.height:
            for at, (kind, shade) in enumerate(wanted):
                page.write_blank(FIRST_ROW - 1, at, None, self._format(kind, shade))
        return Body(sheet.frame.select(worded(sheet.frame[c]) for c in names), formats)

    def _judge(self, page: Any, sheet: Sheet, names: Sequence[str]) -> None:
        """Conditional formats of the columns that are gains and losses."""
        inks = (
            [self.book.add_format({"bg_color": bg, "font_color": ink}) for bg, ink in TINTS]
            if sheet.judged
            else []
        )
        for column, better in sheet.judged.items():
            at, last = names.index(column), max(FIRST_ROW - 1, sheet.frame.height)
            cell = f"{column_letters(at)}{FIRST_ROW}"
            for ink, sign in zip(inks, (">", "<"), strict=True):
                rule = f"={cell}{sign}0" if better == "more" else f"=0{sign}{cell}"
                if better not in ("more", "less"):
                    says = f"${column_letters(names.index(better))}{FIRST_ROW}"
                    rule = f'=OR(AND({says}="{MORE}",{cell}{sign}0),AND({says}="{LESS}",0{sign}{cell}))'
                options = {"type": "formula", "criteria": rule, "format": ink}
                page.conditional_format(FIRST_ROW - 1, at, last, at, options)

    def _format(self, kind: str, shade: str | None) -> Any:
        if (kind, shade) not in self.formats:
            wanted = {"num_format": NUMBERS.get(kind, kind)} if kind else {}
            self.formats[kind, shade] = self.book.add_format(wanted | ({"bg_color": shade} if shade else {}))
        return self.formats[kind, shade]


def _formats(sheet: Sheet, column: str, wanted: dict[tuple[str, str | None], int]) -> int | pl.Series:
    """Number of the format of a column's cells, or of each of them where some have a background; adds to ``wanted``."""
    kind = _kind(sheet, column)
    held = next((c for c in (f"{SHADE}:{column}", SHADE) if c in sheet.frame.columns), None)
    if held is None:
        return wanted.setdefault((kind, None), len(wanted))
    shades = sheet.frame[held]
    distinct = shades.unique(maintain_order=True).to_list()
    numbers = [wanted.setdefault((kind, shade), len(wanted)) for shade in distinct]
    return shades.replace_strict(distinct, numbers, return_dtype=pl.UInt32)


def _kind(sheet: Sheet, column: str) -> str:
    """Kind of a column's number format; a format of Excel itself where the schema says nothing."""
    if column.removesuffix("_before") in ("year", "announced_year"):
        return "year"
    kind = sheet.kinds.get(column, "")
    if kind in NUMBERS:
        return kind
    dtype = sheet.frame[column].dtype
    return "#,##0" if dtype.is_integer() else "#,##0.###" if dtype.is_float() else ""


def worded(cells: pl.Series) -> pl.Series:
    """A column for people: values of enumerations by their Chinese title, marks with the code word beside it."""
    if cells.dtype != pl.String or current_language() != "zh":
        return cells
    name = cells.name.removesuffix("_before")
    if name == "mark" or name.endswith("_mark"):
        return cells.replace({mark: f"{title.zh} {mark}" for mark, title in ENUMS["mark"].items()})
    if name == "state":
        return cells.replace({state: title.zh for state, title in STATES.items()})
    declared = next((t.by_name[name] for t in RESULTS.values() if name in t.by_name), None)
    if declared is None or declared.kind != "enum":
        return cells
    return cells.replace({value: title.zh for value, title in ENUMS[declared.enum].every().items()})


STATES = {"binding": Text("起作用", "binding"), "slack": Text("有余量", "slack"), "off": Text("关闭", "off")}


def _width(title: str, cells: pl.Series) -> int:
    """Width that shows the first rows and a line of the title, which goes on below; a Chinese character takes two."""
    shown = [f"{c:,}" if isinstance(c, int | float) else str(c) for c in cells.head(200) if c is not None]
    widest = max((_room(s) for s in shown), default=0)
    return max(6, min(WIDEST, max(widest, min(_room(title), TITLE_WIDEST)) + 3))


def _lines(title: str, width: int) -> int:
    """Lines that a title takes in a column of this width."""
    spread = "".join(ch * _room(ch) for ch in title)  # a Chinese character is as wide as two letters
    return len(wrap(spread, max(width - FILTER, 2))) or 1


def _room(text: str) -> int:
    return sum(2 if ord(ch) > 0x2E80 else 1 for ch in text)

"""What a column and a table are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import polars as pl

from graph.language import Text

Kind = Literal["text", "code", "integer", "number", "share", "money", "date", "boolean", "enum", "list"]

DTYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "code": pl.String(),
    "enum": pl.String(),
    "list": pl.String(),  # canonical cell text: members separated by ";"
    "integer": pl.Int64(),
    "money": pl.Int64(),  # whole yuan
    "number": pl.Float64(),
    "share": pl.Float64(),  # 0 to 1
    "date": pl.Date(),
    "boolean": pl.Boolean(),
}


@dataclass(frozen=True)
class Column:
    """One declared column.

    Parameters
    ----------
    name : str
        Column name, as files, rules and graph properties use it.
    kind : str
        One of ``DTYPES``: says type, check and unit habit (``money`` is whole yuan, ``share`` is 0–1).
    zh, en : str
        Titles. A header may be the name or the Chinese title.
    unit : str
        Unit of a value, for example ``yuan`` or ``persons``.
    required : bool
        A cell must not be empty.
    default : object
        What an absent column or an empty cell means; ``None`` stays null.
    foreign : str
        ``table.column`` this refers to; checked where that table is there.
    enum : str
        Name of the enumeration in ``graph.schema.enums`` for kinds ``enum`` and ``list``.
    minimum, maximum : float or None
        Inclusive bounds.
    note_zh, note_en : str
        Help shown in the template and the data dictionary.
    example : str
        An example cell for the template.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    unit: str = ""
    required: bool = False
    default: Any = None
    foreign: str = ""
    enum: str = ""
    minimum: float | None = None
    maximum: float | None = None
    note_zh: str = ""
    note_en: str = ""
    example: str = ""

    @property
    def title(self) -> Text:
        """Both titles."""
        return Text(self.zh, self.en)

    @property
    def note(self) -> Text:
        """Both notes."""
        return Text(self.note_zh, self.note_en)

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type of the column in frames."""
        return DTYPES[self.kind]


@dataclass(frozen=True)
class Table:
    """One declared table: its key and its columns, ``source`` and ``mark`` always last.

    Parameters
    ----------
    name : str
        Table name; also the file's or the sheet's.
    key : tuple of str
        Columns that together name a row.
    columns : tuple of Column
        In the order in which files are written.
    zh, en : str
        Titles; a sheet or file may bear the Chinese one.
    note_zh, note_en : str
        What a row is.
    room : str
        Chapter of the data dictionary.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    zh: str
    en: str
    note_zh: str = ""
    note_en: str = ""
    room: str = ""
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name.update({c.name: c for c in self.columns})

    @property
    def title(self) -> Text:
        """Both titles."""
        return Text(self.zh, self.en)

    @property
    def dtypes(self) -> dict[str, pl.DataType]:
        """Column name to Polars type, in file order."""
        return {c.name: c.dtype for c in self.columns}

    def empty(self) -> pl.DataFrame:
        """A frame without rows that has every column."""
        return self._empty.clone()

    @cached_property
    def _empty(self) -> pl.DataFrame:
        return pl.DataFrame(schema=self.dtypes)


SOURCE = Column(
    "source",
    "text",
    "来源",
    "source",
    note_zh="缺省为文件名",
    note_en="absent: the file's name",
    example="县统计局 2016",
)
MARK = Column(
    "mark",
    "enum",
    "标记",
    "mark",
    enum="mark",
    note_zh="空：有来源；recalled 凭记忆；synthetic 合成；assumed 假定",
    note_en="empty: from a source; recalled; synthetic; assumed",
)


FACT_SOURCE = replace(SOURCE, name="fact_source", zh="数据来源", en="source of the fact")
"""Where ``source`` already names the fund source (``fund_budgets``, ``fund_flows``)."""


def table(
    name: str,
    key: str,
    zh: str,
    en: str,
    *columns: Column,
    note_zh: str = "",
    note_en: str = "",
    room: str = "",
) -> Table:
    """Declare a table; key columns are required, ``source`` and ``mark`` are added."""
    keys = tuple(key.split())
    made = _with_required(columns, keys)
    origin = FACT_SOURCE if any(c.name == "source" for c in columns) else SOURCE
    return Table(name, keys, (*made, origin, MARK), zh, en, note_zh, note_en, room)


def result(
    name: str, key: str, zh: str, en: str, *columns: Column, note_zh: str = "", note_en: str = ""
) -> Table:
    """Declare a table that a plan holds; it has no ``source``: the plan is its source."""
    keys = tuple(key.split())
    return Table(name, keys, _with_required(columns, keys), zh, en, note_zh, note_en, "results")


def _with_required(columns: tuple[Column, ...], keys: tuple[str, ...]) -> tuple[Column, ...]:
    """Key cells must be filled, but a date may be unknown and a batch unnamed."""
    return tuple(
        replace(c, required=True) if c.name in keys and c.kind != "date" and c.name != "batch" else c
        for c in columns
    )

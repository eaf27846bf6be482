"""One cell of text → a value, for the cells that a column-wise cast could not take.

Each function returns the value, or a :class:`Bad` that says what is wrong and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from math import isfinite
from typing import Any, NamedTuple

from graph.language import Text
from graph.schema import Column

INT64 = 2**63 - 1
YEARS = range(1900, 2201)

_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]00:00(?::00(?:\.0+)?)?)?$"
)
_DIGITS_DATE = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_OTHER_DATE = re.compile(r"^\d{1,4}[-/.年]\d{1,2}([-/.月]\d{0,4}日?)?$|^\d{4}年?$")
_TEN_THOUSANDS = re.compile(r"^([+-]?\d[\d,]*(?:\.\d+)?)\s*(万|亿)元?$")
_MARKED = re.compile(r"^[+-]?\d{1,3}(?:[,，\s]\d{3})+(?:\.\d+)?$")
_NOT_FINITE = re.compile(r"^[+-]?(nan|inf|infinity|∞|无穷|1\.#inf|1\.#qnan)$", re.IGNORECASE)

TRUE = frozenset(("true", "1", "yes", "y", "t", "是", "真", "对", "√"))
FALSE = frozenset(("false", "0", "no", "n", "f", "否", "假", "错", "×"))


class Bad(NamedTuple):
    """Why a cell cannot be read: finding code, what is wrong, how to mend it."""

    code: str
    what: Text
    mend: Text


def whole(text: str, column: Column) -> int | Bad:
    """A whole number (also ``12.0`` or ``1e6``)."""
    number = _float(text)
    if isinstance(number, Bad):
        return number
    if not number.is_integer():
        what = Text(f"“{text}”不是整数", f"“{text}” is no whole number")
        if column.kind == "money":
            return Bad(
                "wrong-type",
                what,
                Text(f"金额以整元计：{round(number)}", f"money is whole yuan: {round(number)}"),
            )
        return Bad(
            "wrong-type",
            what,
            Text(f"请写整数，如 {round(number)}", f"write a whole number such as {round(number)}"),
        )
    if abs(number) > INT64 - 1024:
        return Bad(
            "wrong-type",
            Text(f"“{text}”太大", f"“{text}” is too large"),
            Text("请检查单位", "check its unit"),
        )
    return int(text) if re.fullmatch(r"[+-]?\d+", text) else int(number)


def number(text: str, column: Column) -> float | Bad:
    """A decimal number."""
    del column
    return _float(text)


def day(text: str, column: Column) -> date | Bad:
    """A date: ISO, or another form with the year first."""
    del column
    found = _DATE.match(text) or _DIGITS_DATE.match(text)
    if found:
        year, month, dom = (int(g) for g in found.groups())
        if year not in YEARS:
            return _impossible(text, Text("年份应在 1900–2200 之间", "the year must be from 1900 to 2200"))
        try:
            return date(year, month, dom)
        except ValueError:
            return _impossible(
                text,
                Text("历法中没有这一天；请写 年-月-日", "no calendar has that day; write year-month-day"),
            )
    like = _OTHER_DATE.match(text)
    example = f"{text[:4]}-01-01" if re.match(r"^\d{4}年?$", text) else "2016-12-31"
    return Bad(
        "impossible-date" if like else "wrong-type",
        Text(f"“{text}”不是日期", f"“{text}” is no date"),
        Text(f"请写 年-月-日，如 {example}", f"write year-month-day, for example {example}"),
    )


def truth(text: str, column: Column) -> bool | Bad:
    """Yes or no, in either language."""
    del column
    word = text.casefold()
    if word in TRUE or word in FALSE:
        return word in TRUE
    return Bad(
        "wrong-type",
        Text(f"“{text}”不是“是/否”", f"“{text}” is neither true nor false"),
        Text("请写 true 或 false", "write true or false"),
    )


READERS: dict[str, Callable[[str, Column], Any]] = {
    "integer": whole,
    "money": whole,
    "number": number,
    "share": number,
    "date": day,
    "boolean": truth,
}


def _impossible(text: str, mend: Text) -> Bad:
    return Bad("impossible-date", Text(f"“{text}”不是可能的日期", f"“{text}” is no possible date"), mend)


def _float(text: str) -> float | Bad:
    if _NOT_FINITE.match(text):
        return not_finite(text)
    try:
        value = float(text) if "_" not in text else None
    except ValueError:
        value = None
    if value is None:
        return Bad("wrong-type", Text(f"“{text}”不是数", f"“{text}” is no number"), _number_meant(text))
    return value if isfinite(value) else not_finite(text)


def not_finite(text: str) -> Bad:
    """NaN and ∞ are no figures."""
    return Bad(
        "not-finite",
        Text(f"“{text}”不是有限的数", f"“{text}” is no finite number"),
        Text("不知道就留空", "leave the cell empty where the figure is not known"),
    )


def _number_meant(text: str) -> Text:
    if text.endswith(("%", "％")) and not isinstance(share := _float(text[:-1].strip()), Bad):
        return Text(f"份额写成 0–1：{share / 100:g}", f"write a share as 0–1: {share / 100:g}")
    if scaled := _TEN_THOUSANDS.match(text):
        times = 10_000 if scaled[2] == "万" else 100_000_000
        meant = float(scaled[1].replace(",", "")) * times
        return Text(f"不写“万”“亿”：{meant:.0f}", f"write it in full: {meant:.0f}")
    if _MARKED.match(text):
        plain = re.sub(r"[,，\s]", "", text)
        return Text(f"不写千分位：{plain}", f"write it without thousands marks: {plain}")
    return Text("请只写数字", "write digits only")

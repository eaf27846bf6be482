"""Amounts of money in words, in the unit that reads well: yuan, 万元 or 亿元; yuan or million yuan."""

from __future__ import annotations

from graph.language import Language, Text
from graph.wording import own_big_money

Unit = tuple[float, str, int | None]
"""Yuan in one, its name, digits after the point."""
HUNDRED_MILLION, MILLION, TEN_THOUSAND = 1e8, 1e6, 1e4


def money(yuan: float, brief: bool = False) -> Text:
    """An amount of either sign with its unit; ``brief``: ``m yuan`` where it would say ``million yuan``.

    The unit is the largest of which there is one at least, after rounding; single yuan are told whole. Where a scenario says in
    what large sums are told, that is the only large one.
    """
    zh = _in(yuan, _own("zh", 2) or ((HUNDRED_MILLION, "亿元", 2), (TEN_THOUSAND, "万元", 2)), "元")
    en = _in(yuan, _own("en", 1) or ((MILLION, "m yuan" if brief else "million yuan", 1),), "yuan")
    return Text(zh, en)


def _own(language: Language, digits: int) -> tuple[Unit, ...]:
    big = own_big_money(language)
    return () if big is None else ((*big, digits),)


def axis_money(yuan: float) -> str:
    """The same as short as can be, for an axis and above a bar: without saying yuan, whole units from a hundred on."""
    zh = _in(yuan, ((HUNDRED_MILLION, "亿", None), (TEN_THOUSAND, "万", None)), "")
    en = _in(yuan, ((MILLION, "m", None),), "")
    return str(Text(zh.strip(), en.replace(" ", "")))


def _in(yuan: float, units: tuple[Unit, ...], plain: str) -> str:
    for size, name, digits in units:
        if abs(round(yuan)) >= size:
            many = yuan / size
            few = 0 if abs(many) >= 100 or many.is_integer() else 1
            return f"{many:,.{few if digits is None else digits}f} {name}"
    return f"{yuan:,.0f} {plain}"

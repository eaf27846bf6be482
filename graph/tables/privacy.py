"""Refuse what looks like an identity card, a telephone or a bank card number in any cell of text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.schema import TABLES, Column
from graph.tables.raw import RawTable
from graph.tables.rows import ROW, text_column

_CANDIDATE = r"\d{11}|\d{3,4}[ -]\d{4}[ -]?\d{4}|0\d{2,3}-\d{7}"
_CODE_CANDIDATE = r"\d{15}|\d{4}[ -]\d{4}[ -]\d{4}"
_LINK = re.compile(r"(?:https?://|www\.)\S+|[\w-]+(?:\.[\w-]+)+/\S*")
_EDGE, _END = r"(?<![0-9])", r"(?![0-9])"
_ID_CARD = re.compile(_EDGE + r"([1-9]\d{5})((?:18|19|20)\d{6})\d{3}[0-9Xx]" + _END)
_OLD_ID_CARD = re.compile(_EDGE + r"([1-9]\d{5})(\d{6})\d{3}" + _END)
_MOBILE = re.compile(_EDGE + r"(?:86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}" + _END)
_LANDLINE = re.compile(_EDGE + r"0\d{2,3}-\d{7,8}" + _END)
_CARD = re.compile(_EDGE + r"[34569]\d{3}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?" + _END)
_PROVINCES = frozenset(
    (
        11,
        12,
        13,
        14,
        15,
        21,
        22,
        23,
        31,
        32,
        33,
        34,
        35,
        36,
        37,
        41,
        42,
        43,
        44,
        45,
        46,
        50,
        51,
        52,
        53,
        54,
        61,
        62,
        63,
        64,
        65,
        71,
        81,
        82,
        83,
    )
)

_TITLES = {
    "id": Text("身份证号", "an identity card number"),
    "phone": Text("电话号码", "a telephone number"),
    "card": Text("银行卡号", "a bank card number"),
}


def check_privacy(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """One error per cell that looks like a personal number; the finding never repeats the number."""
    found: list[Finding] = []
    for name, frame in frames.items():
        words = [c for c in TABLES[name].columns if c.kind in ("text", "code", "list")]
        suspects = frame.select(pl.col(c.name).str.contains(_pattern(c)).any() for c in words).row(0)
        for column in (c for c, suspect in zip(words, suspects, strict=True) if suspect):
            for position, kind in _personal(frame[column.name], is_code=column.kind == "code"):
                row = int(frame[ROW][position])
                found.append(_refused(name, row, column.name, kind, files.get(name)))
    return found


def check_left_out(raw: RawTable, names: Sequence[str]) -> list[Finding]:
    """The same for columns of a file that no table has (``names``, as found) and that are left out."""
    found: list[Finding] = []
    for name in names:
        header = name.split("\0", 1)[0] or None
        for position, kind in _personal(text_column(raw.frame[name]), is_code=False):
            found.append(_refused(raw.table, raw.first_row + position, header, kind, raw.file))
    return found


def personal_number(text: str, *, is_code: bool = False) -> str:
    """What a text looks like: ``id``, ``phone``, ``card``, or ``""``.

    Identity cards: 18 digits (GB 11643-1999) or 15 (the older form) with a province and a possible day of
    birth; a wrong check digit does not save them. Bank cards: 16–19 digits with a right Luhn digit. Codes
    of places and units have up to 12 digits, so telephone numbers are not looked for in columns of codes.
    """
    plain = _LINK.sub(" ", text)
    if any(_is_person(m[1], m[2]) for m in _ID_CARD.finditer(plain)):
        return "id"
    if any(_is_person(m[1], "19" + m[2]) for m in _OLD_ID_CARD.finditer(plain)):
        return "id"
    if any(luhn(re.sub(r"\D", "", m[0])) for m in _CARD.finditer(plain)):
        return "card"
    if not is_code and (_MOBILE.search(plain) or _LANDLINE.search(plain)):
        return "phone"
    return ""


def luhn(digits: str) -> bool:
    """Whether the last digit is right by ISO/IEC 7812-1 (Luhn)."""
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return (sum(doubled) + sum(int(d) for d in digits[-1::-2])) % 10 == 0


def _personal(series: pl.Series, *, is_code: bool) -> list[tuple[int, str]]:
    """Position and kind of each personal number in a column of text."""
    hits = series.str.contains(_CODE_CANDIDATE if is_code else _CANDIDATE).fill_null(value=False)
    kinds = {c: personal_number(c, is_code=is_code) for c in series.filter(hits).unique().to_list()}
    bad = {c: kind for c, kind in kinds.items() if kind}
    if not bad:
        return []
    return [(int(i), bad[series[int(i)]]) for i in series.is_in(list(bad)).fill_null(value=False).arg_true()]


def _pattern(column: Column) -> str:
    return _CODE_CANDIDATE if column.kind == "code" else _CANDIDATE


def _is_person(region: str, born: str) -> bool:
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:8]))
    except ValueError:
        return False
    return int(region[:2]) in _PROVINCES and date(1880, 1, 1) <= day <= date(2100, 1, 1)


def _refused(table: str, row: int, column: str | None, kind: str, file: str | None) -> Finding:
    title = _TITLES[kind]
    return Finding(
        "personal-number", "error", table, row, column, "***",
        Text(f"像是{title.zh}，拒绝导入", f"looks like {title.en}, which is refused"),
        Text("请删除个人信息；人员只用编号", "take personal data out; persons have ids only"), file,
    )  # fmt: skip

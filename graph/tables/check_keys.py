"""Checks between rows and tables: keys that occur twice, references to nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.schema import TABLES, Column
from graph.tables.codes import retired_codes, say_successors, successors
from graph.tables.rows import ROW, as_text
from graph.tables.suggest import NearestCode


def check_keys(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """Rows whose key another row has already (the first of them is not reported); units called as a region is."""
    found: list[Finding] = []
    for name, frame in frames.items():
        key = list(TABLES[name].key)
        if not frame.height or _all_differ(frame, key):
            continue
        filled = pl.all_horizontal(pl.col(c).is_not_null() for c in key if TABLES[name].by_name[c].required)
        first = pl.col(ROW).first().over(key).alias("_first")
        again = frame.with_columns(first).filter(filled & (pl.col(ROW) != pl.col("_first")))
        for row, earlier, *cells in again.select(ROW, "_first", *key).iter_rows():
            value = ", ".join(as_text(c) or "" for c in cells)
            found.append(_twice(name, key, int(row), int(earlier), value, file=files.get(name)))
    return found + _named_twice(frames, files)


def _named_twice(frames: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[Finding]:
    """Units whose id is a region's code: columns that name either could mean both."""
    if "units" not in frames or "regions" not in frames:
        return []
    codes = (
        frames["regions"].select(pl.col("code").alias("id"), pl.col(ROW).alias("_region")).drop_nulls("id")
    )
    both = frames["units"].join(codes.unique("id", keep="first"), on="id", maintain_order="left")
    return [
        Finding(
            "ambiguous-id", "error", "units", int(row), "id", str(value),
            Text(f"该编号也是地区代码（地区表第 {int(region)} 行）", f"this id is a region's code, too (row {int(region)} of regions)"),
            Text("请给单位换一个编号，并改正引用它的行", "give the unit another id, and mend the rows that name it"),
            files.get("units"),
        )
        for row, region, value in both.select(ROW, "_region", "id").iter_rows()
    ]  # fmt: skip


def _all_differ(frame: pl.DataFrame, key: list[str]) -> bool:
    """Whether no key stands twice: where all hashes differ, all keys do, and only else are keys compared."""
    if frame.select(pl.struct(key).hash().n_unique()).item() == frame.height:
        return True
    return not frame.select(key).is_duplicated().any()


def check_foreign(
    frames: Mapping[str, pl.DataFrame],
    files: Mapping[str, str],
    columns: Mapping[str, Sequence[Column]] | None = None,
    *,
    unread: Collection[str] = (),
) -> list[Finding]:
    """References to rows that no table has; a notice says what could not be checked.

    ``columns`` (table → columns) are looked at instead of all declared ones. References to ``unread`` tables
    (whose keys or rows could not be read, which is reported already) are not looked at.
    """
    found: list[Finding] = []
    unchecked: dict[str, list[str]] = {}
    nearest: dict[str, NearestCode] = {}
    for name, frame in frames.items():
        for column in TABLES[name].columns if columns is None else columns.get(name, ()):
            if not column.foreign or not frame[column.name].null_count() < frame.height:
                continue
            targets = [tuple(t.split(".")) for t in column.foreign.split("|")]
            if any(t in unread for t, _ in targets):
                continue
            absent = [t for t, _ in targets if t not in frames]
            if absent:
                unchecked.setdefault("|".join(absent), []).append(f"{name}.{column.name}")
                continue
            known = pl.concat([frames[t][c].drop_nulls().alias("known") for t, c in targets])
            cell = frame.select(ROW, column.name).drop_nulls(column.name)
            lost = cell.filter(~pl.col(column.name).is_in(known.implode()))
            if not lost.height:
                continue
            here = set(known)
            near = nearest.setdefault(column.foreign, NearestCode(here))
            of_places = any(t == "regions" for t, _ in targets)
            news = retired_codes(frames.get("region_successions")) if of_places else {}
            names = _names(frames, [t for t, _ in targets])
            told: dict[
                str, tuple[str | None, Text, Text]
            ] = {}  # value → as shown, what is wrong, how to mend it
            for value in lost[column.name].unique(maintain_order=True).to_list():
                became = successors(str(value), here, news)
                what, mend = _lost(column, str(value), None if became else near(str(value)), names)
                told[value] = (as_text(str(value)), what, say_successors(became, names) if became else mend)
            code, file = "unknown-parent" if column.name == "parent" else "foreign-key", files.get(name)
            found += [
                Finding(code, "error", name, row, column.name, *told[value], file)
                for row, value in lost.iter_rows()
            ]
    return found + [_not_checked(tables, named) for tables, named in unchecked.items()]


def _names(frames: Mapping[str, pl.DataFrame], tables: list[str]) -> dict[str, str]:
    named: dict[str, str] = {}
    for table in tables:
        frame = frames[table]
        if "name" in frame.columns:
            named.update(zip(frame[TABLES[table].key[0]].to_list(), frame["name"].to_list(), strict=True))
    return named


def _lost(column: Column, value: str, near: str | None, names: Mapping[str, str]) -> tuple[Text, Text]:
    """What is wrong with a reference, and how to mend it."""
    targets = [t.split(".")[0] for t in column.foreign.split("|")]
    zh = "或".join(TABLES[t].zh for t in targets)
    en = " or ".join(_ONE.get(t, t) for t in targets)
    own_parent = column.name == "parent"
    what = Text(
        f"没有{'上级' if own_parent else ''}{zh} {value}", f"no {'parent ' if own_parent else ''}{en} {value}"
    )
    if near is None:
        mend = Text(f"请改正，或在{zh}表中加上它", f"correct it, or add it to {' or '.join(targets)}")
    else:
        shown = f"{near} {names.get(near) or ''}".strip()
        mend = Text(f"最接近的是：{shown}", f"nearest known: {shown}")
    return what, mend


_ONE = {
    "regions": "region",
    "units": "unit",
    "relations": "relation",
    "cadres": "cadre",
    "fund_sources": "fund source",
    "policies": "policy",
}


def _twice(table: str, key: list[str], row: int, earlier: int, value: str, *, file: str | None) -> Finding:
    columns = " + ".join(key)
    return Finding(
        "duplicate-key", "error", table, row, key[0] if len(key) == 1 else columns, value,
        Text(f"主键重复，第 {earlier} 行已有", f"the key is in row {earlier} already"),
        Text("请删除一行，或改正主键", "remove one of the rows, or correct its key"), file,
    )  # fmt: skip


def _not_checked(tables: str, columns: list[str]) -> Finding:
    missing = tables.split("|")
    zh = "、".join(f"{t}（{TABLES[t].zh}）" for t in missing)
    return Finding(
        "foreign-unchecked", "notice", missing[0], None, None, None,
        Text(f"没有 {zh} 表，未核对引用：{'、'.join(columns)}",
             f"{' and '.join(missing)} not given, so these were not checked: {', '.join(columns)}"),
        Text("其中的代码只作标识使用", "their codes are only identifiers"),
    )  # fmt: skip

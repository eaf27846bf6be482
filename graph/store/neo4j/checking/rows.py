"""What may be wrong with the rows of one table themselves."""

from __future__ import annotations

from collections.abc import Iterator

from graph.language import Text
from graph.schema import TABLES
from graph.schema.column import Column, Kind
from graph.schema.model import LEVEL_LABELS, POSITION, ROW, SHAPES, Shape
from graph.store.keyring import SEALED
from graph.store.neo4j.checking.probe import (
    UNTIL_OPEN,
    Probe,
    key_text,
    row_of,
    stands,
)
from graph.store.neo4j.values import derived
from graph.store.told import pattern

WHOLE = "INTEGER NOT NULL"
TYPES: dict[Kind, tuple[str, ...]] = {
    "text": ("STRING",), "code": ("STRING",), "enum": ("STRING",), "list": ("LIST<STRING NOT NULL>",),
    "integer": ("INTEGER",), "money": ("INTEGER",), "number": ("INTEGER", "FLOAT"), "share": ("INTEGER", "FLOAT"),
    "date": ("DATE",), "boolean": ("BOOLEAN",),
}  # fmt: skip
"""Kind of a column → types of Cypher that its property may have."""
OWN = ("network", ROW, POSITION, "recorded_at", "superseded_by")
OF_ENTITIES = ("changed_at", "held")
NO_COLUMN = Text(
    "请删去该属性，或用正确的列名（见数据字典）",
    "remove the property, or write the column's name (data dictionary)",
)
BY_HAND = Text(
    "请删去它，再用 jiedui graph request 或 graph load 加入；直接建的行任何读者都看不到",
    "remove it, and add it by jiedui graph request or graph load; no reader sees a row that was made by hand",
)


def row_probes(table: str) -> Iterator[Probe]:
    """Everything to be asked about a table."""
    shape = SHAPES[table]
    yield _unkept(shape)
    yield _nobodys(shape)
    yield _types(shape)
    yield _unknown(shape)
    yield _key(shape)
    yield _backwards(shape)
    if shape.kind != "entity":  # an entity's key is held by a constraint
        yield _twice(shape)
    if table == "regions":
        yield _level_label(shape)
    if table == "cadre_names":
        yield _clear_name(shape)


def _mine(shape: Shape, condition: str) -> str:
    return f"MATCH {pattern(shape)} WHERE x.network = $network AND {condition}\n"


def _unkept(shape: Shape) -> Probe:
    names = ["recorded_at", "superseded_by", POSITION] + (["changed_at"] if shape.kind == "entity" else [])
    lacking = " OR ".join([f"x.{n} IS NOT :: {WHOLE}" for n in names] + ["x.row IS NOT :: STRING NOT NULL"])
    held = ""
    if shape.kind == "entity":
        bare = ", ".join(f"'{n}'" for n in ("network", shape.key))
        held = f" AND NOT all(k IN keys(x) WHERE k IN [{bare}])"
    return Probe(
        "no-bookkeeping", shape.table,
        _mine(shape, f"({lacking}){held}") + f"RETURN {row_of(shape)} AS row, '' AS value",
        Text("{row} 没有版本记录（row、position、recorded_at、superseded_by）", "{row} has no bookkeeping (row, position, recorded_at, superseded_by)"),
        BY_HAND,
    )  # fmt: skip


def _nobodys(shape: Shape) -> Probe:
    return Probe(
        "no-network", shape.table,
        f"MATCH {pattern(shape)} WHERE x.network IS NULL\nRETURN {row_of(shape)} AS row, '' AS value",
        Text("{row} 不属于任何网络（没有属性 network）", "{row} belongs to no network (no property network)"),
        BY_HAND,
        "warning",
    )  # fmt: skip


def _types(shape: Shape) -> Probe:
    asked = ", ".join(f"CASE WHEN {_wrong(c)} THEN '{c.name}' END" for c in TABLES[shape.table].columns)
    return Probe(
        "wrong-type", shape.table,
        _mine(shape, stands("x", shape))
        + f"WITH x, [c IN [{asked}] WHERE c IS NOT NULL] AS wrong UNWIND wrong AS c\n"
        + f"RETURN {row_of(shape)} AS row, c + ' = ' + coalesce(toStringOrNull(x[c]), CASE WHEN x[c] IS NULL THEN 'null' ELSE '[…]' END) "
        + "+ CASE WHEN x[c] IS :: STRING NOT NULL THEN ' (text)' ELSE '' END AS value",
        Text("{row}：{value}，类型不对或必填而空", "{row}: {value} is of the wrong type, or empty where it must not be"),
        Text("请改成数据字典所列的类型", "set a value of the type that the data dictionary says"),
    )  # fmt: skip


def _wrong(column: Column) -> str:
    must = " NOT NULL" if column.required else ""
    empty = f" OR x.{column.name} = ''" if column.required and TYPES[column.kind] == ("STRING",) else ""
    return f"x.{column.name} IS NOT :: {' | '.join(f'{t}{must}' for t in TYPES[column.kind])}{empty}"


def _unknown(shape: Shape) -> Probe:
    names = [c.name for c in TABLES[shape.table].columns] + [*OWN, *derived(shape.table)]
    names += OF_ENTITIES if shape.kind == "entity" else ()
    listed = ", ".join(f"'{n}'" for n in names)
    return Probe(
        "unknown-property", shape.table,
        _mine(shape, f"any(k IN keys(x) WHERE NOT k IN [{listed}])")
        + f"UNWIND [k IN keys(x) WHERE NOT k IN [{listed}]] AS k\nRETURN {row_of(shape)} AS row, k AS value",
        Text("{row} 的属性 {value} 不是列，读表时会丢失", "{row} has a property {value}, which is no column and is not read"),
        NO_COLUMN,
        "warning",
    )  # fmt: skip


def _key(shape: Shape) -> Probe:
    return Probe(
        "wrong-key", shape.table,
        _mine(shape, f"{stands('x', shape)} AND x.row <> {key_text(shape)}")
        + f"RETURN x.row AS row, {key_text(shape)} AS value",
        Text("{row} 的主键列现在是 {value}", "the key cells of {row} are now {value}"),
        Text("主键不能直接改：请改回，再删旧行、加新行", "a key cannot be changed by hand: set it back, then remove the old row and add a new one"),
    )  # fmt: skip


def _backwards(shape: Shape) -> Probe:
    since = "changed_at" if shape.kind == "entity" else "recorded_at"
    beyond = f"x.superseded_by > v + 1 AND x.superseded_by <> {UNTIL_OPEN}"
    return Probe(
        "wrong-versions", shape.table,
        _mine(shape, f"(x.superseded_by <= x.{since} OR x.{since} > v + 1 OR ({beyond}) OR x.recorded_at < 1)")
        + f"RETURN {row_of(shape)} AS row, toStringOrNull(x.{since}) + '–' + toStringOrNull(x.superseded_by) AS value",
        Text("{row} 的版本 {value} 不可能", "{row} has impossible versions {value}"),
        Text("请改回：两者都是整数，前者小于后者，不超过当前版本", "set them back: whole numbers, the first below the second, none beyond the head"),
    )  # fmt: skip


def _twice(shape: Shape) -> Probe:
    return Probe(
        "twice", shape.table,
        _mine(shape, f"{stands('x')} AND x.row IS NOT NULL")
        + "WITH x.row AS row, count(*) AS times WHERE times > 1\nRETURN row, toString(times) AS value",
        Text("{row} 同时有 {value} 个状态", "{row} stands {value} times at once"),
        Text("请只留一个", "keep one of them"),
    )  # fmt: skip


def _level_label(shape: Shape) -> Probe:
    pairs = " OR ".join(
        f"(x:{label} AND x.level <> '{level}') OR (NOT x:{label} AND x.level = '{level}')"
        for level, label in LEVEL_LABELS.items()
    )
    return Probe(
        "wrong-label", shape.table,
        _mine(shape, f"{stands('x', shape)} AND ({pairs})")
        + f"RETURN {row_of(shape)} AS row, x.level + ' ≠ ' + reduce(s = '', l IN labels(x) | s + ':' + l) AS value",
        Text("{row} 的标签与层级不一致：{value}", "the labels of {row} do not agree with its level: {value}"),
        Text("请使标签与列 level 一致", "make the label agree with the column level"),
        column="level",
    )  # fmt: skip


def _clear_name(shape: Shape) -> Probe:
    """In any version: a name that was once in clear is in every backup made since."""
    return Probe(
        "clear-name", shape.table,
        _mine(shape, f"NOT coalesce(toStringOrNull(x.name) STARTS WITH '{SEALED}', true)")
        + f"RETURN {row_of(shape)} AS row, '' AS value",
        Text("{row} 的姓名没有封存，谁都读得到，也无法遗忘", "the name of {row} is not sealed: anybody reads it, and it cannot be forgotten"),
        Text("请删去这个节点，再用 jiedui graph load 或 request 加入；以前的备份里仍有明文", "remove this node and add the name by jiedui graph load or request; backups made since hold it in clear"),
        column="name",
    )  # fmt: skip

"""What a change is called for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.language import Text
from graph.schema import TABLES
from planner.clash.edits import Cell, Edit, Put
from planner.clash.members import names_in
from planner.policy import OFF, as_written
from planner.published import FROZEN
from planner.stage import Context, Stage

UP, DOWN = Text("提高", "raise"), Text("降低", "lower")


def edit_words(stage: Stage, context: Context, edit: Edit) -> Text:
    """One change in a line: what, from what to what."""
    if isinstance(edit, Cell):
        return _cell_words(context, edit)
    setting = next(s for s in stage.settings if s.key == edit.key)
    where = f"{stage.name}.{edit.key}"
    if not isinstance(edit, Put):
        names = names_in(context.network, edit.entry)
        more = Text(f"（{names.zh}）", f" ({names.en})") if names.zh else Text("", "")
        if edit.key == FROZEN:
            return Text(
                f"解除对 {edit.entry}{more.zh} 的冻结（{where}）",
                f"lift the freeze of {edit.entry}{more.en} ({where})",
            )
        if not setting.entries:
            return Text(
                f"从 {setting.zh}（{where}）中去掉 {edit.entry}{more.zh}",
                f"take {edit.entry}{more.en} out of {setting.en} ({where})",
            )
        return Text(
            f"收回 {setting.zh} {edit.entry}{more.zh}（{where}）",
            f"take back {edit.entry}{more.en} from {setting.en} ({where})",
        )
    old = context.policy.values[edit.key]
    if edit.value == OFF:
        return Text(
            f"关闭 {setting.zh}（{where}，现为 {shown(old)}）",
            f"switch off {setting.en} ({where}, now {shown(old)})",
        )
    verb = _verb(old, edit.value)
    if isinstance(old, Mapping) and isinstance(edit.value, Mapping):
        told = _entries_words(old, edit.value)
        return Text(
            f"{verb.zh} {setting.zh}（{where}）：{told.zh}", f"{verb.en} {setting.en} ({where}): {told.en}"
        )
    return Text(
        f"{verb.zh} {setting.zh}（{where}）：{shown(old)} → {shown(edit.value)}",
        f"{verb.en} {setting.en} ({where}) from {shown(old)} to {shown(edit.value)}",
    )


def _entries_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> Text:
    """The numbers of a table that change."""
    changed = [(name, shown(old[name]), shown(n)) for name, n in new.items() if n != old[name]]
    return Text(
        "，".join(f"{name} {was} → {n}" for name, was, n in changed),
        ", ".join(f"{name} from {was} to {n}" for name, was, n in changed),
    )


def _verb(old: Any, new: Any) -> Text:
    """Raise or lower, where the values can be compared."""
    if isinstance(old, int | float) and isinstance(new, int | float):
        return UP if new > old else DOWN
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return UP if sum(new) > sum(old) else DOWN
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        ways = {_verb(old[name], n) for name, n in new.items() if n != old[name]}
        if len(ways) == 1:
            return ways.pop()
    return Text("改", "change")


def shown(value: Any) -> str:
    """A value for people: money in groups of three digits."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:,}"
    return as_written(value)


def _cell_words(context: Context, edit: Cell) -> Text:
    declared = TABLES[edit.table]
    key = dict(zip(declared.key, edit.row, strict=True))
    old = _old(context, edit)
    name = context.network.label(str(edit.row[0]))
    if edit.table == "village_posts":
        post = key["post"]
        return Text(
            f"让 {name} 的 {post} 可以空着（最少人数 {old} → {edit.value}）",
            f"let {post} of {name} stay open (at least {edit.value} instead of {old})",
        )
    year = f"{key['year']} 年" if "year" in key else ""
    year_en = f" in {key['year']}" if "year" in key else ""
    column = declared.by_name[edit.column]
    what = Text(column.zh, column.en)
    if edit.table == "capacities":
        what = Text("核查队数", "verification teams")
    elif edit.table == "pledges":
        what = Text("责任书（县、村或人）", f"pledge of {key['measure']}")
    verb = UP if edit.value > old else DOWN
    return Text(
        f"把 {name} {year}的{what.zh}从 {old:g} {verb.zh}到 {edit.value:g}",
        f"{verb.en} the {what.en} of {name}{year_en} from {old:g} to {edit.value:g}",
    )


def _old(context: Context, edit: Cell) -> Any:
    """The cell as it is."""
    columns = [*TABLES[edit.table].key, edit.column]
    for *row, value in context.network.frame(edit.table).select(columns).iter_rows():
        if tuple(row) == edit.row:
            return value
    raise KeyError(edit)

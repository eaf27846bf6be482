"""The plans of a folder, each with what it was made from, what it changed, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from graph.errors import InputError, UsageError
from graph.language import Text
from graph.office.label import Label
from planner.plan import Plan, read_plan
from planner.policy import differing


@dataclass(frozen=True)
class Entry:
    """One plan of a catalogue.

    Parameters
    ----------
    plan : Plan
        The plan.
    made : datetime
        When its folder was written, in UTC.
    parent : Plan or None
        The plan that it is told against: the newest one before it of the scenario that its own one stands on, else of the
        same scenario.
    settings : sequence of (str, str, str, str)
        Policy values that differ from the parent's: stage, key, the parent's, its own.
    tables : sequence of str
        Input tables that differ from the parent's.
    """

    plan: Plan
    made: datetime
    parent: Plan | None = None
    settings: Sequence[tuple[str, str, str, str]] = ()
    tables: Sequence[str] = field(default_factory=tuple)

    @property
    def id(self) -> str:
        """The plan's id."""
        return self.plan.id

    @property
    def scenario(self) -> str:
        """Name of its scenario; empty where nobody kept it."""
        return str(self.plan.run.get("scenario", ""))

    @property
    def changed(self) -> str:
        """What differs from the parent, in one line."""
        return "; ".join([*(f"{s}.{k} = {new}" for s, k, _, new in self.settings), *self.tables])

    def to_dict(
        self, label: Label | None = None, adopted: Sequence[Mapping[str, Any]] = ()
    ) -> dict[str, Any]:
        """Plain values for JSON; ``label``: what colleagues wrote on it, ``adopted``: which parts of it they adopted."""
        return {
            "id": self.plan.id,
            "folder": str(self.plan.folder),
            "title": self.plan.head["title"],
            "scenario": self.scenario,
            "made": self.made.isoformat(timespec="seconds"),
            "parent": self.parent.id if self.parent else None,
            "settings": [{"stage": s, "key": k, "parent": old, "value": new} for s, k, old, new in self.settings],
            "tables": list(self.tables),
            "stages": {s: {"status": h["status"], "kpis": {k["key"]: k["plan"] for k in h["kpis"]}}
                       for s, h in self.plan.stages.items()},
            "label": label.to_dict() if label else None,
            "adopted": [dict(part) for part in adopted],
        }  # fmt: skip


def catalogue(folder: str | Path) -> tuple[list[Entry], list[Text]]:
    """The plans of a folder, the newest first, and what in it cannot be read as one; of a plan's own folder that plan alone.

    Raises
    ------
    InputError
        When there is no such folder.
    """
    place = Path(folder)
    if not str(folder) or not place.is_dir():  # Path("") would be the current folder
        raise InputError(
            f"没有文件夹 {folder or '（空的名字）'}；先用 jiedui plan 做方案",
            f"there is no folder {folder or '(an empty name)'}; make plans with jiedui plan",
        )
    found: list[tuple[int, Plan]] = []
    unread: list[Text] = []
    own = place / "plan.json"
    for file in [own] if own.is_file() else place.glob("[!.]*/plan.json"):
        try:
            plan = read_plan(file.parent)
            _ = plan.sealed, plan.run
            found.append((file.stat().st_mtime_ns, plan))
        except InputError as error:
            unread.append(error.text)
    found.sort(key=lambda pair: (pair[0], pair[1].id))
    plans = [plan for _, plan in found]
    entries = [_entry(plan, at, plans[:i]) for i, (at, plan) in enumerate(found)]
    return entries[::-1], sorted(unread)


def plan_named(folder: str | Path, name: str) -> Plan:
    """A plan by its folder, or by the first digits of its id in a folder of plans.

    Raises
    ------
    UsageError
        When no plan, or more than one, begins so.
    InputError
        When it cannot be read.
    """
    if (Path(name) / "plan.json").is_file():
        return read_plan(name)
    hits = sorted(p.parent for p in Path(folder).glob("[!.]*/plan.json") if p.parent.name.startswith(name))
    if len(hits) == 1 and name:
        return read_plan(hits[0])
    listed = ", ".join(h.name for h in hits[:5])
    if hits and name:
        raise UsageError(f"{name} 指多个方案：{listed}", f"{name} means several plans: {listed}")
    raise UsageError(
        f"没有方案 {name}（在 {folder} 中）；jiedui plans 列出所有方案",
        f"there is no plan {name} in {folder}; jiedui plans lists all",
    )


def _entry(plan: Plan, made_ns: int, before: Sequence[Plan]) -> Entry:
    made = datetime.fromtimestamp(made_ns / 1e9, UTC)
    parent = _parent(plan, before)
    if parent is None:
        return Entry(plan, made)
    old, new = (p.head["inputs"]["policy"] for p in (parent, plan))
    both = [s for s in new if s in old]  # stages that only one of them ran are no change of values
    settings = differing({s: old[s] for s in both}, {s: new[s] for s in both})
    return Entry(plan, made, parent, settings, _other_tables(parent, plan))


def _parent(plan: Plan, before: Sequence[Plan]) -> Plan | None:
    """The published plan that it was planned beside; else the newest plan of the scenario that its own stands on, or of its own."""
    published = [p for p in before if p.id == plan.head["inputs"].get("published")]
    if published:
        return published[-1]
    chain = [str(c) for c in plan.run.get("chain", ())] or [str(plan.run.get("scenario", ""))]
    for scenario in (*chain[1:], chain[0]):
        for other in reversed(before):
            if scenario and other.run.get("scenario") == scenario:
                return other
    return None


def _other_tables(parent: Plan, plan: Plan) -> list[str]:
    """Input tables whose files are not the same, as far as both plans have them."""
    old, new = (_sealed(p) for p in (parent, plan))
    return sorted(t for t in new if t in old and old[t] != new[t])


def _sealed(plan: Plan) -> Mapping[str, str]:
    """Input table → digest of its file."""
    inputs = {
        name.removeprefix("resolved/").removesuffix(".parquet"): d
        for name, d in plan.sealed.items()
        if name.startswith("resolved/")
    }
    return {t: d for t, d in inputs.items() if t != "names"}

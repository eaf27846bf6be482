"""A plan: an immutable folder.

::

    <id>/plan.json              stages, status, objective, bound, gap, sizes, KPIs, rules, warnings
    <id>/tables/<name>.parquet  what was decided
    <id>/baseline/<name>.parquet
    <id>/beside/<stage>.<name>.<table>.parquet  further plans that key figures are held against
    <id>/certificates/<stage>/<name>.npy
    <id>/prices/<stage>.parquet what a little more or less would change, where the stage tells it
    <id>/rules/at.parquet       where each rule leaves no room, and which side of it
    <id>/resolved/<table>.parquet  what the stages saw
    <id>/published/<stage>.<table>.parquet  the published plan that this one was held against, where there was one
    <id>/seal.json, seals/      hashes of every file, and the sums that find a changed cell
    <id>/run.json               seconds, machine, workers, where settings stand: in no hash
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.errors import InputError
from graph.network import Network, RegionSettings
from graph.schema import RESULTS, TABLES
from graph.wording import Wording, heard
from planner.identity import PLAN_FORMAT
from planner.published import Published


@dataclass(frozen=True)
class Plan:
    """A plan on disk, read as far as it is asked.

    Parameters
    ----------
    folder : Path
        Its folder, named by its id.
    head : mapping
        ``plan.json``.
    """

    folder: Path
    head: Mapping[str, Any] = field(repr=False)

    @property
    def id(self) -> str:
        """Hash of the plan's inputs."""
        return str(self.head["id"])

    @property
    def stages(self) -> dict[str, dict[str, Any]]:
        """Stage → status, objective, bound, gap, KPIs, rules and so on."""
        return dict(self.head["stages"])

    def table(self, name: str, part: str = "tables") -> pl.DataFrame:
        """One table; ``part`` is ``tables``, ``baseline``, ``prices`` (by stage), ``beside``, ``resolved`` or ``rules``.

        Raises
        ------
        InputError
            When the plan has no such table or it cannot be read.
        """
        path = self.folder / part / f"{name}.parquet"
        try:
            return pl.read_parquet(path)
        except FileNotFoundError as error:
            if f"{part}/{path.name}" in self.sealed:
                raise self._not_whole([f"{part}/{path.name}"]) from error
            raise InputError(
                f"{self.folder.name} 没有表 {part}/{name}", f"{self.folder.name} has no table {part}/{name}"
            ) from error
        except (OSError, pl.exceptions.PolarsError) as error:
            raise InputError(
                f"无法读取 {path}：文件已损坏", f"cannot read {path}: the file is damaged"
            ) from error

    def decided(self, name: str) -> pl.DataFrame:
        """A result table; an empty one where the plan decides nothing of the kind."""
        return self.table(name) if self.decides(name) else RESULTS[name].empty()

    def decides(self, name: str) -> bool:
        """Whether the plan has a result table of that name."""
        return (self.folder / "tables" / f"{name}.parquet").is_file()

    def tables(self, part: str = "tables") -> dict[str, pl.DataFrame]:
        """All tables of a part by name.

        Raises
        ------
        InputError
            When one that was written is gone, or one cannot be read.
        """
        here = sorted((self.folder / part).glob("*.parquet"))
        lost = sorted(
            {f for f in self.sealed if f.startswith(f"{part}/")} - {f"{part}/{p.name}" for p in here}
        )
        if lost:  # without it the plan would seem to have decided less
            raise self._not_whole(lost)
        return {p.stem: self.table(p.stem, part) for p in here}

    def _not_whole(self, lost: list[str]) -> InputError:
        """What to say where files that were written are gone."""
        return InputError(
            f"{self.folder}：方案不完整，缺少 {'、'.join(lost)}；请取回整个文件夹，或用 jiedui plan --again 重新计算",
            f"{self.folder}: the plan is not whole, {', '.join(lost)} is missing; get the whole folder again, or compute "
            "it again with jiedui plan --again",
        )

    @cached_property
    def sealed(self) -> dict[str, str]:
        """File → digest, as they were when the plan was written; empty where no seal was kept.

        Raises
        ------
        InputError
            When the seal is damaged.
        """
        return dict(self._beside("seal.json").get("files", {}))

    def certificates(self, stage: str) -> dict[str, np.ndarray]:
        """What proves a stage's bound: name → array."""
        folder = self.folder / "certificates" / stage
        return {p.stem: np.load(p, allow_pickle=False) for p in sorted(folder.glob("*.npy"))}

    def tight(self, stage: str, rule: Mapping[str, Any]) -> list[str] | None:
        """Where a rule of ``plan.json`` leaves no room: ids of places, units, teams, fund sources, or ``a>b``.

        ``None`` where the plan is of a time when plans did not tell; for a while they told in ``plan.json`` itself.
        """
        if "at_count" not in rule:
            listed = rule.get("at")
            return None if listed is None else list(listed)
        return self._tight.get((stage, rule["rule"]), [])

    def sides(self, stage: str, rule: str) -> dict[str, str]:
        """Place → ``least`` or ``most``, where just that of the rule is what leaves no room, ``both`` where they are one; others are left out.

        Empty in plans of a time when plans did not tell.
        """
        mine = self._sided.filter((pl.col("stage") == stage) & (pl.col("rule") == rule))
        return dict(mine.select("at", "side").iter_rows())

    @cached_property
    def _sided(self) -> pl.DataFrame:
        rows = self.tables("rules").get("at")
        if rows is None or "side" not in rows.columns:
            return pl.DataFrame(schema=dict.fromkeys(("stage", "rule", "at", "side"), pl.String))
        return rows.filter(pl.col("side") != "")

    @cached_property
    def _tight(self) -> dict[tuple[str, str], list[str]]:
        rows = self.table("at", "rules").group_by("stage", "rule").agg(pl.col("at"))
        return {(stage, rule): at for stage, rule, at in rows.iter_rows()}

    @cached_property
    def network(self) -> Network:
        """What the stages saw."""
        inputs = self.head["inputs"]
        settings = RegionSettings(inputs["codes"], tuple(inputs["levels"]))
        enums = {k: tuple(v) for k, v in inputs["enums"].items()}
        frames = {name: completed(name, frame) for name, frame in self.tables("resolved").items()}
        on = date.fromisoformat(inputs["date"])
        return Network(frames, settings, enums, self.id, on, inputs.get("titles", {}))

    @cached_property
    def wording(self) -> Wording:
        """The words of its scenario, which it keeps; they leave names and its title as they are."""
        titles = self.head.get("inputs", {}).get("titles", {})
        return Wording(titles, lambda: (*self.head["title"].values(), *self.network.every_name()))

    @cached_property
    def published(self) -> Published | None:
        """The plan that this one was held against; ``None`` where there was none."""
        name = self.head["inputs"].get("published")
        if name is None:
            return None
        found: dict[str, dict[str, pl.DataFrame]] = {}
        for file, frame in self.tables("published").items():
            stage, _, table = file.partition(".")
            found.setdefault(stage, {})[table] = frame
        return Published(str(name), found)

    @cached_property
    def run(self) -> dict[str, Any]:
        """``run.json``: how it was computed; empty where it is not there.

        Raises
        ------
        InputError
            When it is damaged.
        """
        return self._beside("run.json")

    def _beside(self, name: str) -> dict[str, Any]:
        """A JSON file beside ``plan.json``; empty where it is not there."""
        path = self.folder / name
        try:
            found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        except (OSError, ValueError) as error:
            raise InputError(f"{path} 已损坏：{error}", f"{path} is damaged: {error}") from error
        if not isinstance(found, dict):
            raise InputError(f"{path} 已损坏", f"{path} is damaged")
        return found


def completed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """A table with every declared column; those that no stage read have their default."""
    missing = [c for c in TABLES[name].columns if c.name not in frame.columns]
    added = [pl.lit(c.default, dtype=c.dtype).alias(c.name) for c in missing]
    return frame.with_columns(added).select(list(TABLES[name].by_name))


def read_plan(where: str | Path) -> Plan:
    """Read a plan's folder; of a folder that holds plans the newest.

    Raises
    ------
    InputError
        When there is no plan, it is of a newer format, or ``plan.json`` is damaged.
    """
    folder = Path(where)
    if not (folder / "plan.json").is_file():
        inside = list(folder.glob("[!.]*/plan.json"))
        if not inside:
            raise InputError(
                f"{folder} 不是方案文件夹，其中也没有方案", f"{folder} is no plan's folder and holds no plan"
            )
        folder = max(inside, key=lambda p: (p.stat().st_mtime_ns, p.parent.name)).parent
    try:
        head = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        found, name = head["format"], head["id"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{folder}/plan.json 已损坏：{error}", f"{folder}/plan.json is damaged: {error}"
        ) from error
    if found != PLAN_FORMAT:
        raise InputError(
            f"{folder}：方案格式 {found} 本版本不认识（认识 {PLAN_FORMAT}）；若更新，请升级 jiedui；若更旧，请用它的场景重新规划（jiedui plan）",
            f"{folder}: plan format {found} is unknown to this version (it reads {PLAN_FORMAT}); where it is newer, upgrade jiedui; where it is older, "
            "plan its scenario again (jiedui plan)",
        )
    whole = isinstance(name, str) and isinstance(head.get("inputs"), dict) and _stages(head.get("stages"))
    if not whole:
        raise InputError(
            f"{folder}/plan.json 已损坏：没有编号、输入或阶段",
            f"{folder}/plan.json is damaged: it has no id, inputs or stages",
        )
    plan = Plan(folder, head)
    heard(plan.wording)
    return plan


def _stages(found: object) -> bool:
    """Whether it is stage → what the plan tells of it."""
    return isinstance(found, dict) and all(isinstance(stage, dict) for stage in found.values())

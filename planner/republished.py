"""The published plan, as a scenario is planned again beside it: read, kept in the new plan's folder, part of its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from graph.errors import ScenarioError
from planner.decisions import of_stages
from planner.identity import table_digest
from planner.plan import read_plan
from planner.policy import Policy
from planner.published import AGAINST, Published

FOLDER = "published"


def published_plan(where: str | Path) -> Published:
    """The decisions of a plan's folder, or of the newest plan in a folder.

    Raises
    ------
    InputError
        When there is no plan, or it cannot be read.
    """
    plan = read_plan(where)
    return Published(plan.id, of_stages(plan.tables()))


def tables_of(published: Published | None) -> Mapping[str, Mapping[str, pl.DataFrame]]:
    """Stage → its tables; empty where there is no published plan."""
    return {} if published is None else published.tables


def kept_tables(published: Published | None) -> dict[str, pl.DataFrame]:
    """``stage.table`` → rows: as a plan's folder keeps them."""
    return {f"{s}.{t}": frame for s, tables in tables_of(published).items() for t, frame in tables.items()}


def read_kept(plan: str, folder: Path) -> Published:
    """Read what :func:`kept_tables` gave, from a folder of such files."""
    found: dict[str, dict[str, pl.DataFrame]] = {}
    for path in sorted(folder.glob("*.parquet")):
        stage, _, table = path.stem.partition(".")
        found.setdefault(stage, {})[table] = pl.read_parquet(path)
    return Published(plan, found)


def published_digests(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Digest of every table of :func:`kept_tables`, by a name that no table of a network has."""
    return {f"{FOLDER}/{name}": table_digest(frame) for name, frame in tables.items()}


def demand_published(
    policies: Mapping[str, Policy], stages: Iterable[str], published: Published | None
) -> None:
    """A limit, a price or a freeze needs a published plan.

    Raises
    ------
    ScenarioError
        When one is set and there is no such plan, or that plan does not decide the stage.
    """
    for stage in stages:
        keys = [k for k in AGAINST if policies[stage].values.get(k, "off") != "off"]
        if not keys:
            continue
        if published is None:
            raise ScenarioError(
                f"[{stage}] {keys[0]}：没有给出已公布的方案（--published 方案文件夹，或 scenario.toml 的 published）",
                f"[{stage}] {keys[0]}: no published plan is given (--published PLAN, or published = in scenario.toml)",
            )
        if not published.of(stage):
            known = ", ".join(published.tables)
            raise ScenarioError(
                f"[{stage}] {keys[0]}：已公布的方案 {published.plan} 没有这一阶段的决定（有：{known}）",
                f"[{stage}] {keys[0]}: the published plan {published.plan} decides nothing of this stage (it has: {known})",
            )

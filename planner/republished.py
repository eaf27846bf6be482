"""The published plan, as a scenario is planned again beside it: read, kept in the new plan's folder, part of its id."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from graph.errors import ScenarioError
from graph.language import Text, several
from graph.network import Network
from graph.schema import RESULTS, TABLES
from planner.decisions import of_stages
from planner.identity import table_digest
from planner.plan import read_plan
from planner.policy import Policy
from planner.published import AGAINST, Published
from planner.stage_words import typed_stages

FOLDER = "published"


def published_plan(where: str | Path) -> Published:
    """The decisions of a plan's folder, or of the newest plan in a folder.

    Raises
    ------
    InputError
        When there is no plan, or it cannot be read.
    """
    plan = read_plan(where)
    told = plan.run.get("chain") or [plan.run.get("scenario")]
    chain = tuple(str(name) for name in told if name) if isinstance(told, list) else ()
    return Published(plan.id, of_stages(plan.tables()), chain)


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


def of_another(published: Published | None, name: str, chain: Sequence[str]) -> Text | None:
    """That the published plan is of another scenario; ``None`` where one of both stands on the other, or on the same one.

    Parameters
    ----------
    published : Published or None
        The plan.
    name, chain
        This scenario's name, and its own and its bases'.
    """
    if published is None or not published.chain or {name, *chain} & set(published.chain):
        return None
    other, plan = published.chain[0], published.plan
    return Text(f"已公布的方案 {plan} 是场景 {other} 的，这里规划的是场景 {name}",
                f"the published plan {plan} is of the scenario {other}, this is {name}")  # fmt: skip


def fitting(published: Published, stages: Iterable[str], network: Network) -> tuple[int, int]:
    """Published decisions of these stages: those that name only what the network has, and all of them."""
    columns = [(t, c.name) for t in network.frames for c in TABLES[t].columns if c.kind == "code"]
    known = pl.concat([network.frame(t)[c].drop_nulls().unique() for t, c in columns]).unique()
    fit = count = 0
    for stage in stages:
        for table, frame in published.of(stage).items():
            ids = [c.name for c in RESULTS[table].columns if c.kind == "code" and c.name in frame.columns]
            here = [frame[c].is_in(known.implode()) | frame[c].is_null() for c in ids]
            fit, count = fit + int(pl.select(pl.all_horizontal(here).sum()).item()), count + frame.height
    return fit, count


def demand_fitting(
    published: Published | None, stages: Iterable[str], name: str, chain: Sequence[str], network: Network
) -> None:
    """Something of what the published plan decides in these stages can be held here; it may decide nothing of them.

    Raises
    ------
    ScenarioError
        When none of what it decides names what this network has.
    """
    if published is None:
        return
    fit, count = fitting(published, stages, network)
    if fit or not count:
        return
    other = of_another(published, name, chain) or Text(
        f"已公布的方案 {published.plan}", f"the published plan {published.plan}"
    )
    raise ScenarioError(
        f"{other.zh}：它的 {count} 项决定所说的地区、单位、人都不在这里，没有可以对照的；请换一个方案，或去掉 --published",
        f"{other.en}: none of its {several(count, 'decision')} is about places, units and people that are here, so there is nothing "
        "to hold against it; name another plan, or leave --published out",
    )


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
            known = typed_stages(published.tables)
            raise ScenarioError(
                f"[{stage}] {keys[0]}：已公布的方案 {published.plan} 没有这一阶段的决定（有：{known.zh}）",
                f"[{stage}] {keys[0]}: the published plan {published.plan} decides nothing of this stage (it has: {known.en})",
            )

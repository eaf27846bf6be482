"""What is not the same in two scenarios, each as a change that can be made to the first by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from graph.language import Text
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.wording import Titles
from planner.identity import DISPLAY
from planner.inputs import read_columns
from planner.policy import Policy, as_written
from planner.scenario import Scenario

Apply = Callable[[Scenario], Scenario]


@dataclass(frozen=True)
class Change:
    """One input that is not the same.

    Parameters
    ----------
    name : str
        How it is typed: ``stage.key``, ``date``, ``seed``, ``limits``, ``stages``, or a table.
    what : Text
        What changes, for people.
    apply : callable
        A scenario → the same with this input as the second plan has it.
    """

    name: str
    what: Text
    apply: Apply = field(repr=False)


def input_changes(old: Scenario, new: Scenario) -> Iterator[Change]:
    """Every input that is not the same, as a change that can be made to the old scenario, in the order in which they are made."""
    if old.on != new.on:
        told = Text(f"基准日：{old.on} → {new.on}", f"date: {old.on} → {new.on}")
        yield Change("date", told, lambda s: replace(s, on=new.on, network=replace(s.network, on=new.on)))
    if old.seed != new.seed:
        told = Text(f"种子：{old.seed} → {new.seed}", f"seed: {old.seed} → {new.seed}")
        yield Change("seed", told, lambda s: replace(s, seed=new.seed))
    if old.limits != new.limits:
        yield Change("limits", Text("求解限额", "limits of work"), lambda s: replace(s, limits=new.limits))
    stages, fewer = _stages_change(old, new), {*new.stages} < {*old.stages}
    if fewer:
        yield from stages  # the new plan keeps no tables for the others
    whether = _elastic_change(old, new)
    if new.elastic:
        yield from whether  # before what may need it
    beside = _published_change(old, new)
    if new.published is not None:
        yield from beside  # before the values that are held against it
    yield from _setting_changes(old, new)
    if new.published is None:
        yield from beside
    if not new.elastic:
        yield from whether
    yield from _table_changes(old, new)
    if not fewer:
        yield from stages  # they may need the new tables
    if _scheme(old) != _scheme(new):
        told = Text(
            "代码方案、层级、自有取值或其名称", "code scheme, levels, own enumeration values or titles"
        )
        yield Change("scheme", told, _with_scheme(new))
    if old.title != new.title or old.origin != new.origin:
        told = Text("名称与出处（不影响决定）", "title and origin (they decide nothing)")
        yield Change("title", told, lambda s: replace(s, title=new.title, origin=new.origin))


def _stages_change(old: Scenario, new: Scenario) -> list[Change]:
    """Other stages."""
    if old.stages == new.stages:
        return []
    told = Text(
        f"阶段：{'、'.join(old.stages)} → {'、'.join(new.stages)}",
        f"stages: {', '.join(old.stages)} → {', '.join(new.stages)}",
    )

    def apply(scenario: Scenario) -> Scenario:
        found = replace(scenario, stages=new.stages, policies={**new.policies, **scenario.policies})
        return _with_further(found, old, new)

    return [Change("stages", told, apply)]


def _with_further(scenario: Scenario, old: Scenario, new: Scenario) -> Scenario:
    """The scenario with tables and columns that only the new stages read: a plan keeps none that its stages do not read."""
    before, frames = read_columns(old.stages), {}
    for name, columns in read_columns(new.stages).items():
        if not new.network.has(name):
            continue
        further = [c for c in columns if c not in before.get(name, ())]
        if name not in before:
            frames[name] = new.network.frame(name)
        elif further and scenario.network.has(name):
            frames[name] = _with_columns(scenario.network.frame(name), new.network.frame(name), further, name)
    return replace(scenario, network=scenario.network.with_frames(frames)) if frames else scenario


def _with_columns(
    frame: pl.DataFrame, other: pl.DataFrame, columns: Sequence[str], table: str
) -> pl.DataFrame:
    """The frame with these columns as ``other`` has them, by key; rows that ``other`` lacks keep theirs."""
    key = list(TABLES[table].key)
    told = other.select(*key, *(pl.col(c).alias(f"_{c}") for c in columns), _there=pl.lit(True))
    found = frame.join(told, on=key, how="left", maintain_order="left", nulls_equal=True)
    taken = [pl.when("_there").then(f"_{c}").otherwise(c).alias(c) for c in columns]
    return found.with_columns(taken).select(frame.columns)


def _elastic_change(old: Scenario, new: Scenario) -> list[Change]:
    """Whether promises may be broken where the rules cannot hold together."""
    if old.elastic == new.elastic:
        return []
    zh, en = ((t[old.elastic], t[new.elastic]) for t in (("否", "是"), ("no", "yes")))
    told = Text(
        f"可以违约（--elastic）：{zh[0]} → {zh[1]}", f"promises may be broken (--elastic): {en[0]} → {en[1]}"
    )
    return [Change("elastic", told, lambda s: replace(s, elastic=new.elastic))]


def _published_change(old: Scenario, new: Scenario) -> list[Change]:
    """Another published plan that is planned beside, or none any more."""
    before, after = (s.published.plan if s.published is not None else "–" for s in (old, new))
    if before == after:
        return []
    told = Text(f"已公布的方案：{before} → {after}", f"published plan: {before} → {after}")
    return [Change("published", told, lambda s: replace(s, published=new.published))]


def _setting_changes(old: Scenario, new: Scenario) -> Iterator[Change]:
    for stage, policy in new.policies.items():
        if stage not in old.policies:
            continue
        before = old.policies[stage]
        for key, value in policy.values.items():
            origin, was = policy.origins.get(key), before.origins.get(key)
            cites = (origin.cites if origin else "") != (was.cites if was else "")
            if before.values.get(key) == value and not cites:
                continue
            told = Text(f"{stage}.{key}：{as_written(before.values.get(key))} → {as_written(value)}",
                        f"{stage}.{key}: {as_written(before.values.get(key))} → {as_written(value)}")  # fmt: skip
            yield Change(f"{stage}.{key}", told, _with_value(stage, key, policy))


def _with_value(stage: str, key: str, policy: Policy) -> Apply:
    def apply(scenario: Scenario) -> Scenario:
        mine = scenario.policies.get(stage, policy)
        origins = {k: o for k, o in mine.origins.items() if k != key}
        if key in policy.origins:
            origins[key] = policy.origins[key]
        made = Policy({**mine.values, key: policy.values[key]}, origins)
        return replace(scenario, policies={**scenario.policies, stage: made})

    return apply


def _table_changes(old: Scenario, new: Scenario) -> Iterator[Change]:
    """Tables that differ in what stages of both plans read; what only one plan's stages read comes and goes with these stages."""
    columns = [read_columns(s.stages) for s in (old, new)]
    for name in TABLES:
        there = [s.network.has(name) for s in (old, new)]
        if not any(there) or name in DISPLAY or not all(name in c for c in columns):
            continue
        frames = [s.network.frame(name) for s in (old, new)]
        both = [c for c in columns[0][name] if c in columns[1][name]]
        if there[0] == there[1] and frames[0].select(both).equals(frames[1].select(both)):
            continue
        sizes = f"{frames[0].height:,} → {frames[1].height:,}"
        title = TABLES[name].title
        mine = [c for c in columns[0][name] if c not in both]
        yield Change(
            name,
            Text(f"表 {title.zh}（{name}，{sizes} 行）", f"table {title.en} ({name}, rows {sizes})"),
            _with_table(name, new, mine),
        )


def _with_table(name: str, new: Scenario, kept: Sequence[str]) -> Apply:
    """Take a table over but for columns (``kept``) that only stages of the first plan read: the second plan does not have them."""

    def apply(scenario: Scenario) -> Scenario:
        if not new.network.has(name):
            network = scenario.network.only([t for t in scenario.network.frames if t != name])
            return replace(scenario, network=network)
        frame = new.network.frame(name)
        if kept and scenario.network.has(name):
            frame = _with_columns(frame, scenario.network.frame(name), kept, name)
        return replace(scenario, network=scenario.network.with_frames({name: frame}))

    return apply


def _scheme(scenario: Scenario) -> tuple[RegionSettings, Mapping[str, tuple[str, ...]], Titles]:
    network = scenario.network
    return network.settings, network.enums, network.titles


def _with_scheme(new: Scenario) -> Apply:
    def apply(scenario: Scenario) -> Scenario:
        settings, enums, titles = _scheme(new)
        network = replace(scenario.network, settings=settings, enums=enums, titles=titles)
        return replace(scenario, network=network)

    return apply

"""Why two plans differ: the changed inputs taken over one after the other, planned again after each.

What a change does depends on those before it; so the order is told with the answer, and may be chosen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InfeasibleError, InputError, LimitReached, UsageError
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import RESULTS, TABLES
from graph.wording import Titles
from planner.compare import changed_tables
from planner.deciding import OnProgress
from planner.explain import resolve_subject, row_words, rows_about
from planner.identity import DISPLAY
from planner.inputs import read_columns
from planner.plan import Plan
from planner.policy import Policy, as_written
from planner.replay import scenario_of
from planner.reuse import FOLDER
from planner.run import make_plan
from planner.scenario import Scenario
from planner.workplace import workplace

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


@dataclass(frozen=True)
class Step:
    """What one change did, those before it being made already.

    Parameters
    ----------
    change : Change
        The change.
    plan_id : str or None
        The plan after it; ``None`` where there is none.
    trouble : Text or None
        Why there is none: the rules cannot hold together, no answer within the limit, or a table that a stage lacks.
    kpis : sequence of (str, str, Text, float or None, float or None)
        Key figures that it moved: stage, key, title, before, after.
    rows : mapping of str to mapping of str to int
        Result table → how (new, ended, changed) → rows.
    about : sequence of (str, Text)
        What was decided about the subject asked for, where this change altered it: ``new`` or ``ended``, and the row.
    """

    change: Change
    plan_id: str | None
    trouble: Text | None = None
    kpis: Sequence[tuple[str, str, Text, float | None, float | None]] = ()
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    about: Sequence[tuple[str, Text]] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "change": self.change.name,
            "what": self.change.what.as_dict(),
            "plan": self.plan_id,
            "trouble": self.trouble.as_dict() if self.trouble else None,
            "kpis": [{"stage": s, "key": k, "title": t.as_dict(), "before": a, "after": b} for s, k, t, a, b in self.kpis],
            "rows": {t: dict(n) for t, n in self.rows.items()},
            "about": [{"how": how, "row": row.as_dict()} for how, row in self.about],
        }  # fmt: skip


def changes_between(first: Plan, second: Plan, order: Sequence[str] = ()) -> list[Change]:
    """The inputs that are not the same, in the order in which they are to be taken over.

    Parameters
    ----------
    first, second : Plan
        The plans.
    order : sequence of str
        Names of changes that come first, in this order; then day, seed, limits, stages that fall away, policy values,
        tables, further stages.

    Raises
    ------
    UsageError
        When ``order`` names what did not change.
    """
    found = {c.name: c for c in _changes(scenario_of(first), scenario_of(second))}
    unknown = [name for name in order if name not in found]
    if unknown:
        listed = ", ".join(found) or "–"
        raise UsageError(
            f"{unknown[0]} 没有变化；变化的有：{listed}", f"{unknown[0]} did not change; what did: {listed}"
        )
    named = dict.fromkeys(order)
    return [*(found[n] for n in named), *(c for n, c in found.items() if n not in named)]


def why_different(
    first: Plan,
    second: Plan,
    *,
    order: Sequence[str] = (),
    subject: str = "",
    workers: int | None = None,
    on_progress: OnProgress | None = None,
) -> list[Step]:
    """Take the changed inputs over one after the other and plan again after each.

    Parameters
    ----------
    first, second : Plan
        The plan that is begun with, and the one that is arrived at.
    order : sequence of str
        See :func:`changes_between`.
    subject : str
        Tell for each step what it altered about this subject, too; see :func:`planner.explain.explain`.
    workers : int, optional
        Child processes that solve.
    on_progress : callable, optional
        Told of each plan's progress; of a new step as stage ``step``, with ``number``, ``of`` and ``change``.

    Returns
    -------
    list of Step
        In the order taken; the last one's plan decides what ``second`` does.

    Raises
    ------
    UsageError
        When ``order`` names what did not change, or the subject is not known in the second plan.
    """
    changes = changes_between(first, second, order)
    keys = resolve_subject(second, subject) if subject else ()
    scenario, before, steps = scenario_of(first), first, list[Step]()
    with tempfile.TemporaryDirectory(prefix="jiedui-why-") as folder:
        for number, change in enumerate(changes, 1):
            if on_progress:
                on_progress("step", "", {"number": number, "of": len(changes), "change": change.name})
            scenario = change.apply(scenario)
            try:
                with workplace(workers) as pool:  # a pool for each: a plan that fails stops its pool
                    after = make_plan(
                        scenario,
                        Path(folder),
                        executor=pool,
                        answers=first.folder.parent / FOLDER,
                        on_progress=on_progress,
                    )
            except (InfeasibleError, InputError, LimitReached) as error:
                steps.append(Step(change, None, error.text))
                continue
            steps.append(_step(change, before, after, keys))
            before = after
    return steps


def _step(change: Change, before: Plan, after: Plan, keys: tuple[str, ...]) -> Step:
    rows = changed_tables(before, after)
    counts = {t: dict(f.group_by("how", maintain_order=True).len().iter_rows()) for t, f in rows.items()}
    return Step(change, after.id, None, _moved(before, after), counts, list(_about(before, after, keys)))


def _moved(before: Plan, after: Plan) -> list[tuple[str, str, Text, float | None, float | None]]:
    old = {(s, k["key"]): k["plan"] for s, h in before.stages.items() for k in h["kpis"]}
    return [
        (s, k["key"], Text(k["title"]["zh"], k["title"]["en"]), old.get((s, k["key"])), k["plan"])
        for s, h in after.stages.items()
        for k in h["kpis"]
        if old.get((s, k["key"])) != k["plan"]
    ]


def _about(before: Plan, after: Plan, keys: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
    if not keys:
        return
    for how, plan, other in (("ended", before, after), ("new", after, before)):
        tables, others = plan.tables(), other.tables()
        for name, frame in tables.items():
            mine = _decided(frame, name, keys)
            theirs = _decided(others[name], name, keys) if name in others else mine.clear()
            for row in mine.join(theirs, on=mine.columns, how="anti", nulls_equal=True).iter_rows(named=True):
                title, words = RESULTS[name].title, row_words(plan, name, row)
                yield how, Text(f"{title.zh}：{words.zh}", f"{title.en}: {words.en}")


def _decided(frame: pl.DataFrame, table: str, keys: tuple[str, ...]) -> pl.DataFrame:
    stages = frame["stage"].unique().to_list() if "stage" in frame.columns else [""]
    found = [rows_about(frame, table, keys, str(stage)) for stage in stages]
    shown = [
        c.name
        for c in RESULTS[table].columns
        if c.name in frame.columns and c.name not in ("terms", "sample", "cost")
    ]
    return pl.concat([f.select(shown) for f in found]) if found else frame.select(shown).clear()


def _changes(old: Scenario, new: Scenario) -> Iterator[Change]:
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

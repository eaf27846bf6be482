"""Why two plans differ: the changed inputs taken over one after the other, planned again after each.

What a change does depends on those before it; so the order is told with the answer, and may be chosen.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from graph.errors import InfeasibleError, InputError, LimitReached, UsageError
from graph.language import Text
from graph.schema import RESULTS
from graph.wording import unheard
from planner.compare import changed_tables
from planner.deciding import OnProgress
from planner.explain import resolve_subject, row_words, rows_about
from planner.input_changes import Change, input_changes
from planner.plan import Plan
from planner.replay import scenario_of
from planner.reuse import FOLDER
from planner.run import make_plan
from planner.workplace import workplace


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
        Result table → how (new, ended, changed; figures: the same decision with other figures) → rows.
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
    found = {c.name: c for c in input_changes(scenario_of(first), scenario_of(second))}
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
    with tempfile.TemporaryDirectory(prefix="jiedui-why-") as folder, unheard():
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

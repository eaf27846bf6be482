"""A plan's certificates in a self-contained form: all costs and prices as arrays, to be checked with NumPy alone.

``docs/certificates.md`` describes the arrays, ``docs/check_certificate.py`` checks them in a few lines.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.errors import UsageError
from planner.explain import context_of
from planner.plan import Plan
from planner.solve.executor import LocalProcesses
from planner.solve.task import Arrays
from planner.stage import Context, Limits
from planner.stages import STAGES
from planner.stages.cadres.build import Built

Found = list[dict[str, np.ndarray]]


def write_certificates(plan: Plan, folder: Path) -> list[Path]:
    """Write ``<stage>-<n>.npz`` for every stage whose bound its certificate proves, at least before a search went beyond; the files.

    Raises
    ------
    UsageError
        When no stage of the plan has such a certificate.
    """
    files = []
    for stage, read in READERS.items():
        head = plan.stages.get(stage, {})
        proved = head.get("bound_proved") or head.get("details", {}).get("bound_by") == "search"
        if not proved or plan.head["inputs"]["policy"][stage].get("objective") == "scores":
            continue
        folder.mkdir(parents=True, exist_ok=True)
        for number, arrays in enumerate(read(plan, context_of(plan, stage)), start=1):
            file = folder / f"{stage}-{number}.npz"
            parts: Mapping[str, Any] = arrays
            np.savez_compressed(file, **parts)
            files.append(file)
    if not files:
        raise UsageError(
            f"方案中没有由证书证明的阶段；有此证书的阶段：{'、'.join(READERS)}",
            f"no stage of the plan is proved by a certificate; stages that may be: {', '.join(READERS)}",
        )
    return files


def _posting(plan: Plan, context: Context) -> Found:
    """One per task of the stage `cadres`: its costs, who goes where, what people and seats are worth."""
    tasks, built = STAGES["cadres"].tasks(context, Limits())
    certificate = plan.certificates("cadres")
    crowd, model = built.model.crowd, built.model
    worth = np.zeros(len(crowd.supply), np.int64)
    worth[crowd.number] = np.asarray(certificate["worth_cadre"])[crowd.rows]
    slots = np.asarray(certificate["worth_post"])
    sent = _sent(plan, built)
    found = []
    for task, (classes_in, slots_in, _) in zip(tasks, built.parts, strict=True):
        at = np.full(len(crowd.supply), -1)
        at[classes_in] = np.arange(len(classes_in))
        to = np.full(model.posts.table.height, -1)
        to[slots_in] = np.arange(len(slots_in))
        mine = sent[at[sent[:, 0]] >= 0]
        plain: Arrays = {
            k: v for k, v in task.arrays.items() if k not in UNSEEN and not k.startswith("rule_")
        }
        found.append({
            **{k: np.asarray(v) for k, v in plain.items()}, "worth_class": worth[classes_in], "worth_slot": slots[slots_in],
            "x_class": at[mine[:, 0]], "x_slot": to[mine[:, 1]], "x_stays": mine[:, 2], "x_count": mine[:, 3],
        })  # fmt: skip
    return found


UNSEEN = ("zone", "wish", "class_mark", "slot_mark", "hard", "village", "leads", "there", "led", "wanted")
"""Arrays of a task that hints and team rules need, as those called ``rule_*``: the bound does not know them."""


def _sent(plan: Plan, built: Built) -> np.ndarray:
    """(k, 4): class, post, whether they stay there, how many; those in their minimum term aside."""
    crowd, people, posts = built.model.crowd, built.model.people, built.model.posts
    keys = posts.table.select("village", "post").with_row_index("slot")
    rows = people.table.select(pl.col("id").alias("cadre")).with_row_index("person")
    listed = plan.table("postings").join(keys, on=["village", "post"]).join(rows, on="cadre")
    number = np.full(people.table.height, -1)
    number[crowd.rows] = crowd.number
    person, slot = (listed[c].cast(pl.Int64).to_numpy() for c in ("person", "slot"))
    free = number[person] >= 0
    stays = (people.post[person] == slot)[free]
    triple = np.stack([number[person][free], slot[free], stays.astype(np.int64)], axis=1)
    found, count = np.unique(triple, axis=0, return_counts=True)
    return np.column_stack([found, count])


def _flow(plan: Plan, context: Context) -> Found:
    """The network of the stage `funds`, its flow and node potentials: solved again, since the plan keeps prices by rule."""
    tasks, _ = STAGES["funds"].tasks(context, Limits())
    with LocalProcesses() as executor:
        answers = executor.run(tasks)
    kept = ("tail", "head", "lower", "upper", "cost", "supply")
    return [
        {k: np.asarray(t.arrays[k]) for k in kept}
        | {k: np.asarray(a.arrays[k]) for k in ("flow", "potential")}
        for t, a in zip(tasks, answers, strict=True)
        if "potential" in a.arrays and t.engine in ("bounded_flow", "flow_kept")
    ]


READERS: Mapping[str, Callable[[Plan, Context], Found]] = {"cadres": _posting, "funds": _flow}

"""Progress of long work: a live line per running stage on a terminal, plain lines otherwise; nothing with ``--quiet``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from graph.language import Text, several
from graph.schema import ENUMS

EVERY_SECONDS = 2.0
OnProgress = Callable[[str, str, Mapping[str, Any]], None]
listener: OnProgress | None = None
"""Hears every event beside what is shown, also where nothing is; whoever runs a command for somebody far away sets it."""


def tell_listener(stage: str, label: str, facts: Mapping[str, Any]) -> None:
    """Tell an event to whoever listens, beside what is shown."""
    if listener is not None:
        listener(stage, label, facts)


STATUS = {
    "OPTIMAL": Text("最优", "optimal"),
    "FEASIBLE": Text("可行", "feasible"),
    "INFEASIBLE": Text("不可行", "infeasible"),
    "NO_SOLUTION_IN_TIME": Text("时限内无解", "no solution in time"),
}


def broken_word(n: int, places: int | None = None) -> Text:
    """How a stage stands that breaks ``n`` promises, as no plan keeps them all; ``places``: of how many places, where it is known."""
    if places is None or places == n:
        return Text(f"违约 {n} 处", f"{several(n, 'promise')} broken")
    return Text(
        f"违约 {n} 项（{places} 处）", f"{several(n, 'promise')} broken at {several(places, 'place')}"
    )


class Progress:
    """Tells what a plan is at. A context manager; call it as ``on_progress``."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.live: Any = None
        self.tasks: dict[str, Any] = {}
        self.last: dict[str, float] = {}
        self.found_again = False

    def __enter__(self) -> Progress:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress as Bars
            from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            self.live = Bars(*columns, console=Console(stderr=True), transient=True)
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def __call__(self, stage: str, label: str, facts: Mapping[str, Any]) -> None:
        """One event of the runner; see :func:`planner.run.make_plan`."""
        tell_listener(stage, label, facts)
        self.found_again |= facts.get("state") == "found"
        if self.found_again:
            return
        if self.quiet:
            return
        name = str(ENUMS["stage"].get(stage, Text("复核", "verify") if stage == "verify" else stage))
        if facts.get("state") == "begun":
            self._begin(name)
        elif facts.get("state") == "done":
            status = str(STATUS.get(facts["status"], facts["status"]))
            if facts.get("broken"):
                status = str(broken_word(facts["broken"], facts["broken_at"]))
            if self.live is not None:
                self.live.remove_task(self.tasks.pop(name))
            self._line(f"✓ {name}  {status}  {facts['seconds']:.1f} s{reused(facts)}")
        elif self.live is not None:
            self.live.update(self.tasks[name], description=f"{name}  {describe(facts)}")
        elif time.monotonic() - self.last.get(name, 0.0) > EVERY_SECONDS:
            self.last[name] = time.monotonic()
            self._line(f"  {name}  {describe(facts)}")

    def _begin(self, name: str) -> None:
        if self.live is None:
            self._line(f"… {name}")
        else:
            self.tasks[name] = self.live.add_task(name, total=None)

    def _line(self, text: str) -> None:
        if self.live is not None:
            self.live.console.print(text, markup=False, highlight=False)
        else:
            print(text, file=sys.stderr, flush=True)


def describe(facts: Mapping[str, Any]) -> str:
    """Facts of a solve in a few words: objective, bound, gap, and whatever else the engine tells."""
    words = []
    objective, bound = facts.get("objective"), facts.get("bound")
    if objective is not None:
        words.append(f"{Text('目标', 'objective')} {objective:,.0f}")
    if bound is not None:
        words.append(f"{Text('界', 'bound')} {bound:,.0f}")
    gap = gap_of(facts)
    if gap is not None:
        words.append(f"{Text('差距', 'gap')} {gap:.2%}")
    words += [f"{k} {v}" for k, v in facts.items() if k not in ("objective", "bound", "state")]
    return "  ".join(words)


def gap_of(facts: Mapping[str, Any]) -> float | None:
    """Share of the objective (at least 1) by which objective and bound of a solve differ; ``None`` where one is not known."""
    objective, bound = facts.get("objective"), facts.get("bound")
    if objective is None or bound is None:
        return None
    return float(abs(objective - bound) / max(1.0, abs(objective)))


def reused(facts: Mapping[str, Any]) -> str:
    """How many of a stage's answers were kept from earlier plans or began with one; empty where none."""
    kept, begun = int(facts.get("reused") or 0), int(facts.get("resumed") or 0)
    if not kept + begun:
        return ""
    all_of = kept + int(facts["solved"])
    zh = [f"{kept} 个沿用已有答案"] * (kept > 0) + [f"{begun} 个从上次的答案接着算"] * (begun > 0)
    en = [f"{kept} of {several(all_of, 'task')} answered before"] * (kept > 0)
    en += [f"{begun} of {several(all_of, 'task')} begun with an earlier answer"] * (begun > 0)
    return "  " + str(Text(f"（{all_of} 个任务中 {'，'.join(zh)}）", f"({', '.join(en)})"))

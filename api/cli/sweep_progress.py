"""How far a sweep is: one live line on a terminal, a plain line now and then otherwise; nothing with ``--quiet``."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import TracebackType
from typing import Any

from api.cli.progress import tell_listener
from graph.language import Text
from planner.sweep.run import Told

EVERY_SECONDS = 5.0


class SweepProgress:
    """A context manager; call it as ``on_progress``.

    Parameters
    ----------
    quiet : bool
        Whether nothing is told.
    runs : int
        All runs.
    """

    def __init__(self, quiet: bool, runs: int) -> None:
        self.quiet, self.runs = quiet, runs
        self.live: Any = None
        self.bar: Any = None
        self.last = 0.0
        self.ended = 0

    def __enter__(self) -> SweepProgress:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn

            columns = (BarColumn(), TextColumn("{task.description}"))
            self.live = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar = self.live.add_task("…", total=self.runs)
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    @contextmanager
    def told_at_the_end(self) -> Iterator[None]:
        """Where Ctrl-C ends the work, say what is kept."""
        try:
            yield
        except KeyboardInterrupt:
            with suppress(OSError):  # there may be no terminal left to say it on
                kept = Text(f"\n{self.runs} 次中的 {self.ended} 次已留下，再运行同一条命令会接着做",
                            f"\n{self.ended} of {self.runs} runs are kept; the same command goes on")  # fmt: skip
                print(kept, file=sys.stderr)
            raise

    def __call__(self, told: Told) -> None:
        """As :func:`planner.sweep.run.run_sweep` calls it."""
        self.ended = told.ended
        tell_listener("runs", "", {"number": told.ended, "of": told.runs, "without_plan": told.without_plan})
        if self.quiet:
            return
        if self.live is not None:
            self.live.update(self.bar, completed=told.ended, description=str(line(told)))
        elif time.monotonic() - self.last > EVERY_SECONDS or told.ended == told.runs:
            self.last = time.monotonic()
            print(line(told), file=sys.stderr, flush=True)


def line(told: Told) -> Text:
    """Ended, without a plan, time left."""
    zh, en = f"{told.ended}/{told.runs}", f"{told.ended}/{told.runs}"
    if told.without_plan:
        zh, en = f"{zh}，{told.without_plan} 次没有方案", f"{en}, {told.without_plan} without a plan"
    if told.seconds_left is not None and told.ended < told.runs:
        left = timedelta(seconds=round(told.seconds_left))
        zh, en = f"{zh}，约还需 {left}", f"{en}, about {left} left"
    return Text(zh, en)

"""Steps of long work on the server: a live line on a terminal, plain lines otherwise; nothing with ``--quiet``."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from graph.server.telling import Step

EVERY_SECONDS = 2.0


class Steps:
    """Tells what is being done. A context manager; call it with each step."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet
        self.live: Any = None
        self.task: Any = None
        self.shown = ""
        self.last = 0.0

    def __enter__(self) -> Steps:
        if not self.quiet and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
            self.live = Progress(*columns, console=Console(stderr=True), transient=True)
            self.live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live is not None:
            self.live.stop()

    def __call__(self, step: Step) -> None:
        """One step, or how far it is."""
        if self.quiet:
            return
        text = str(step.text)
        if text != self.shown:
            self.shown, self.last = text, time.monotonic()
            if self.live is None:
                print(f"… {text}", file=sys.stderr, flush=True)
            else:
                if self.task is not None:
                    self.live.remove_task(self.task)
                self.task = self.live.add_task(text, total=None)
        elif self.live is not None:
            self.live.update(self.task, description=f"{text}  {amount(step)}")
        elif time.monotonic() - self.last > EVERY_SECONDS or step.done == step.total:
            self.last = time.monotonic()
            print(f"  {amount(step)}", file=sys.stderr, flush=True)


def amount(step: Step) -> str:
    """How much of how much, in MB."""
    return f"{step.done / 1e6:.0f} / {step.total / 1e6:.0f} MB"

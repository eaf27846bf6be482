"""How far a roll is: a line for each year that has ended; nothing with ``--quiet``."""

from __future__ import annotations

import sys
from contextlib import suppress
from types import TracebackType

from api.cli.progress import tell_listener
from graph.language import Text
from planner.roll.horizon import TITLES


class RollProgress:
    """A context manager; call it as ``on_progress``. Where Ctrl-C ends the work, it says what is kept."""

    def __init__(self, quiet: bool) -> None:
        self.quiet = quiet

    def __enter__(self) -> RollProgress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, KeyboardInterrupt):
            with suppress(OSError):  # there may be no terminal left to say it on
                kept = Text(
                    "\n做好的方案都留着，再运行同一条命令会接着做",
                    "\nplans that were made are kept; the same command goes on",
                )
                print(kept, file=sys.stderr)

    def __call__(self, horizon: str, year: int, done: int, whole: int) -> None:
        """As :func:`planner.roll.run.run_roll` calls it."""
        tell_listener("years", horizon, {"year": year, "number": done, "of": whole})
        if not self.quiet:
            print(f"… {TITLES[horizon]} {year} ({done}/{whole})", file=sys.stderr, flush=True)

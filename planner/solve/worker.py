"""The child process: takes tasks from its parent one at a time, runs the engine, writes the answer.

``python -P -m planner.solve.worker``; each line on standard input is a task's folder. Lines on standard
output are JSON: ``{"progress": …}`` while it works, ``{"done": folder}`` or ``{"failed": …}`` at the end. It
ends with its parent: by the closed pipe, and on Linux by the kernel's word even inside a solver.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planner.solve.child import begin


def main() -> int:
    """Serve until standard input closes."""
    out = begin()

    def tell(message: Mapping[str, Any]) -> None:
        out.write(json.dumps(message) + "\n")

    for line in sys.stdin:
        folder = Path(line.rstrip("\n"))
        try:
            _serve(folder, tell)
        except MemoryError:
            tell({"failed": "memory"})
        except Exception:  # the parent raises it as a defect, with this text in its log
            tell({"failed": "defect", "trace": traceback.format_exc()})
        else:
            tell({"done": str(folder)})
    return 0


def _serve(folder: Path, tell: Any) -> None:
    from planner.solve.engines import run
    from planner.solve.exchange import read_task, write_answer

    task = read_task(folder)
    answer = run(task.engine, task.arrays, task.options, lambda found: tell({"progress": dict(found)}))
    write_answer(folder, answer)


if __name__ == "__main__":
    sys.exit(main())

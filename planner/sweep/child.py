"""The child process of a sweep: reads the scenario once, then makes one run after another, solving in this process.

``python -P -m planner.sweep.child JOB``; JOB is a :class:`~planner.sweep.member.Job` as JSON. Each line on standard input is
the number of a run, each on standard output a JSON object ``{"row": …, "facts": …}``. It ends with its parent: by the closed
pipe, and on Linux by the kernel's word even inside a solver.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from planner.solve.child import begin


def main(job_told: str) -> int:
    """Serve until standard input closes."""
    out = begin()
    from planner.sweep.design import design_of
    from planner.sweep.kept import kept_scenario
    from planner.sweep.member import Job, plan_run

    job = Job(**json.loads(job_told))
    scenario = kept_scenario(Path(job.sweep))
    head: dict[str, Any] = json.loads((Path(job.sweep) / "sweep.json").read_text(encoding="utf-8"))
    design = design_of(scenario, head["vary"], **head["drawn"])
    for line in sys.stdin:
        row, facts = plan_run(scenario, design, int(line), job)
        out.write(json.dumps({"row": row, "facts": facts}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

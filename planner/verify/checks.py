"""The check of each stage by name; one file each, like the stages."""

from __future__ import annotations

from collections.abc import Callable

from planner.verify import cadres, designation, exit, funds, inspection, pairing
from planner.verify.outcome import Certificates, Resolved, StageCheck, Tables

Check = Callable[[Resolved, Tables, Certificates], StageCheck]

CHECKS: dict[str, Check] = {
    "pairing": pairing.check,
    "designation": designation.check,
    "cadres": cadres.check,
    "funds": funds.check,
    "exit": exit.check,
    "inspection": inspection.check,
}

"""The stages, each in a file of its own; :data:`STAGES` lists them in the order in which they run."""

from __future__ import annotations

from planner.stage import Stage
from planner.stages import designation, exit, pairing

STAGES: dict[str, Stage] = {stage.name: stage for stage in (pairing.STAGE, designation.STAGE, exit.STAGE)}

"""Read once before any reading is forked off, so that each begins at once. Nothing is computed here: threads are not forked."""

import api.service.scenarios.steps
import api.service.uploads.reading  # noqa: F401
from planner.stages import STAGES

SEEN = tuple(STAGES.values())
"""Stages are imported when they are first looked at."""

"""The engines by name. Each is ``solve(arrays, options, report) -> Answer`` and is imported when first used."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from planner.solve.task import Answer, Arrays

ENGINES = {
    "mip": "planner.solve.mip",
    "elastic": "planner.solve.elastic",
    "posting_between": "planner.solve.posting_between",
    "least": "planner.solve.least",
    "each": "planner.solve.each",
    "swap": "planner.solve.swap",
    "choose": "planner.solve.choose",
    "whether": "planner.solve.whether",
    "conflict": "planner.solve.conflict",
    "posting": "planner.solve.posting",
    "bounded_flow": "planner.solve.bounded_flow",
    "flow_short": "planner.solve.flow_short",
    "flow_rows": "planner.solve.flow_rows",
    "flow_rows_kept": "planner.solve.flow_rows_kept",
    "flow_sizes": "planner.solve.flow_sizes",
    "flow_prices": "planner.solve.flow_prices",
    "flow_nearest": "planner.solve.flow_nearest",
    "flow_futures": "planner.solve.flow_futures",
    "flow_budget": "planner.solve.flow_budget",
    "flow_kept": "planner.solve.flow_kept",
    "fair_levels": "planner.solve.fair_levels",
    "most_kept": "planner.solve.most_kept",
}


def run(
    engine: str, arrays: Arrays, options: Mapping[str, Any], report: Callable[[Mapping[str, Any]], None]
) -> Answer:
    """Run one engine here, in this process; ``KeyError`` where no engine has that name."""
    module = importlib.import_module(ENGINES[engine])
    began = time.perf_counter()
    answer: Answer = module.solve(arrays, options, report)
    return replace(answer, seconds=time.perf_counter() - began)

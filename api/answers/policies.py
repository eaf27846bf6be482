"""Policy values that questions need beside the network."""

from __future__ import annotations

from typing import Any

from graph.store.opening import store_address


def policies_of(where: str) -> dict[str, Any]:
    """Values of every stage: a scenario's own; for a store, which has none, those of every new scenario."""
    from planner.policy import resolve
    from planner.scenario import read_policies
    from planner.stages import STAGES

    if store_address(where) is None:
        return dict(read_policies(where))
    return {name: resolve(stage.settings, {}, {}) for name, stage in STAGES.items()}

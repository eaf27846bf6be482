"""What of which plans was adopted on a network."""

from __future__ import annotations

from typing import Any

from graph.office.office import Office
from graph.office.request import Request
from graph.store.protocol import Store


def plan_requests(store: Store, network: str) -> dict[str, Request]:
    """Plan id → its request, of all plans that were ever proposed."""
    return {r.plan: r for r in Office(store, network).requests() if r.plan}


def adoptions(requests: dict[str, Request]) -> dict[str, list[dict[str, Any]]]:
    """Plan id → the parts of it that were adopted, the oldest first; of those of which any was."""
    return {plan: [dict(part) for part in r.applied] for plan, r in requests.items() if r.applied}

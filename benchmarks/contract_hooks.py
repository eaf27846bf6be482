"""What schemathesis does not choose for itself, so that an attack neither waits for the country to be planned nor shuts itself out."""

from __future__ import annotations

import os
import random
from collections.abc import MutableMapping
from ipaddress import IPv4Network
from typing import Any

import schemathesis
from schemathesis import HookContext

STUB = "stub"
JOBS, TOKENS = "/api/v1/jobs/", "/api/v1/tokens/"
OWN = "ATTACK_TOKEN"
"""In the environment: id of the token that the attack comes in with; empty where it has none."""
OTHER = "0123456789abcdef"
NET = IPv4Network("10.0.0.0/8")
_chance = random.Random(1)


@schemathesis.hook
def before_call(context: HookContext, case: Any, kwargs: dict[str, Any]) -> None:
    """Orders name a stub scenario; the attack's own token is not revoked; each request of one who has a token comes from another address.

    Shipped scenarios take minutes to plan, and whether the order is right does not hang on its scenario's size. Wrong tokens, which
    are tried beside the right one, are limited by address: all of one address would be told to wait, whatever else is wrong.
    """
    from planner.shipped import shipped

    named = case.body.get("scenario") if case.path.startswith(JOBS) and isinstance(case.body, dict) else None
    if isinstance(named, str) and named in shipped():
        case.body = {**case.body, "scenario": STUB}
    if own := os.environ.get(OWN):
        if case.method == "DELETE" and case.path.startswith(TOKENS) and case.path_parameters.get("id") == own:
            case.path_parameters["id"] = OTHER
        if isinstance(case.headers, MutableMapping):
            case.headers["X-Forwarded-For"] = str(NET[_chance.randrange(NET.num_addresses)])

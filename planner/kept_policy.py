"""Policy values out of a folder that keeps them, a plan's or a sweep's, as they were when they were kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.policy import OFF, Origin, Policy
from planner.stages import STAGES

Origins = Mapping[str, Mapping[str, Any]]
"""Key → ``file``, ``line``, ``cites``, as :meth:`~planner.policy.Origin.as_dict` tells them."""


def kept_policies(
    values: Mapping[str, Mapping[str, Any]],
    origins: Mapping[str, Origins],
    cites: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Policy]:
    """Stage → its policy.

    Parameters
    ----------
    values : mapping
        Stage → key → value; what the folder is too old to know is as :func:`later_values` says.
    origins : mapping
        Stage → key → where it was set.
    cites : mapping, optional
        Stage → key → the policy that it cites, where a folder keeps these apart: they alone count then.
    """
    return {
        stage: Policy(
            {**later_values(stage), **given},
            _origins(origins.get(stage, {}), None if cites is None else cites.get(stage, {})),
        )
        for stage, given in values.items()
    }


def later_values(stage: str) -> dict[str, Any]:
    """What holds in folders that are older than a policy value: the default; a rule was off."""
    return {s.key: OFF if s.rule else s.default for s in STAGES[stage].settings}


def _origins(told: Origins, cites: Mapping[str, str] | None) -> dict[str, Origin]:
    known = {k: str(o.get("cites", "")) for k, o in told.items()} if cites is None else cites
    places = {k: (str(o.get("file", "")), int(o.get("line", 0))) for k, o in told.items()}
    return {k: Origin(*places.get(k, ("", 0)), known.get(k, "")) for k in [*places, *known]}

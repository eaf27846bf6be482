"""Broken promises that a plan itself tells: each must be exactly as told, and nothing else may be broken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from graph.language import Text
from planner.verify.outcome import Broken, Resolved, StageCheck

NEVER: Mapping[str, frozenset[str]] = {
    "pairing": frozenset({"cover_ethnic"}),
    "designation": frozenset(),
    "cadres": frozenset(),
    "funds": frozenset({"budgets"}),
    "exit": frozenset({"standard", "keep_after_exit"}),
    "inspection": frozenset({"no_own", "no_paired", "no_designated", "no_supervising", "no_reciprocal"}),
}
"""Stage → rules that no plan may break, whatever it tells."""

Key = tuple[str, str, float, float]


def excused(stage: str, resolved: Resolved, told: Mapping[str, Any] | None, check: StageCheck) -> StageCheck:
    """The check without the broken promises that are ``told`` as they are; with those told that are not broken so."""
    promises = [] if told is None else list(told["broken"])
    wanted = {_told(p) for p in promises}
    never = NEVER[stage] | _prescribed(stage, resolved)
    left = [b for b in check.broken if b.required is None or b.rule in never or _found(b) not in wanted]
    there = {_found(b) for b in check.broken if b.required is not None}
    for p in promises:
        if _told(p) not in there:
            what = Text(f"写着违反（{p['about']}：应 {p['required']}，有 {p['got']}），实则并非如此",
                        f"told as broken ({p['about']}: {p['required']} required, {p['got']} there), and it is not so")  # fmt: skip
            left.append(Broken(p["rule"], "plan.json", None, f"stages.{stage}.details.elastic", what))
    if told is not None and not promises:
        what = Text("写着有违约，却一处也没有列出", "it is told that promises are broken, and none is listed")
        left.append(Broken("elastic", "plan.json", None, f"stages.{stage}.details.elastic", what))
    return replace(check, broken=left)


def _told(promise: Mapping[str, Any]) -> Key:
    return promise["rule"], promise["about"], float(promise["required"]), float(promise["got"])


def _found(broken: Broken) -> Key:
    assert broken.required is not None
    assert broken.got is not None
    return broken.rule, broken.about, round(float(broken.required), 6), round(float(broken.got), 6)


def _prescribed(stage: str, resolved: Resolved) -> frozenset[str]:
    """Rules of `exit` whose values the centre's standard gives, which nobody may depart from."""
    return frozenset(resolved.value(stage, "standard") or ()) if stage == "exit" else frozenset()

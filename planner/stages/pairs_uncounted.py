"""Own scores without any rule that asks for a pair: nothing can then fall short, and counting says so instead of nothing."""

from __future__ import annotations

from graph.language import Text
from planner.stage import Context
from planner.stages.words import Uncounted


def nothing_asked(context: Context, least: int, *ranges: str) -> list[Text]:
    """Told where own scores decide, and neither ``least`` (partners of every recipient), the lower end of a range nor a pin asks for a pair.

    Parameters
    ----------
    context : Context
        What the stage sees.
    least : int
        Partners that each recipient must have.
    *ranges : str
        Settings ``[at least, at most]`` that may ask for pairs, for the words, those of recipients first.
    """
    policy = context.policy
    if policy["objective"] != "scores" or least or policy.on("pins"):
        return []
    if any(policy.on(key) and policy[key][0] for key in ranges):
        return []
    listed = ", ".join(ranges)
    return [Uncounted(f"没有规则要求任何一方至少有一对（{listed}、pins）：没有什么会不够，因此没有可预先计数的",
                      f"no rule asks anybody to have a pair ({listed}, pins): nothing can fall short, so there is nothing to count ahead")]  # fmt: skip

"""Posts that people are too few for, no more of them than needed: read off the flow's cut, not tried one by one.

A cut tells posts that ask for more people than may take any of them. Where it asks for several too many, so many less one are left
open and the cut is taken again; where it asks for one too many, each of its posts is needed: the post that nobody holds was reached
from every other one by people who may change places, so that whichever post is left open, they move up and all others are filled.
This holds where nothing but places for people counts, so not under rules on whole teams.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from planner.clash.edits import Edit
from planner.clash.members import Member, not_short
from planner.clash.trial import Trials
from planner.shortage import Shortage
from planner.stage import Context
from planner.stages.cadres.settings import TEAM_RULES

MUST = "must_fill_tier"
ROUNDS = 30
"""Cuts that are taken at most."""
OF_TEAMS = ("team_led", "team_minimum", *TEAM_RULES)


def needed_posts(
    trials: Trials,
    context: Context,
    kept: Sequence[Member],
    posts: Collection[tuple[str, str]],
    aside: Sequence[Edit],
) -> set[tuple[str, str]] | None:
    """Posts of ``posts`` that clash with the rules ``kept``, each of them needed; ``None`` where a cut does not tell.

    ``aside``: changes that take out every other rule.
    """
    keys = {m.key for m in kept}
    if MUST not in keys or keys & set(OF_TEAMS):
        return None
    asked = {
        (v, p): n
        for v, p, n in context.network.frame("village_posts").select("village", "post", "minimum").iter_rows()
    }
    left = set(posts)
    for _ in range(ROUNDS):
        short = trials.shortage([*aside, *not_short(context, left)])
        if short is None:
            return None
        left, spare = set(short.posts), short.asked - short.people - 1
        if spare == 0:
            return left
        fewer = _without(short, asked, spare)
        if len(fewer) == len(left):
            return None
        left = fewer
    return None


def _without(short: Shortage, asked: dict[tuple[str, str], int], spare: int) -> set[tuple[str, str]]:
    """The posts but for the last ones that ask for no more than ``spare`` people together."""
    left = set(short.posts)
    for post in sorted(short.posts, reverse=True):
        if asked[post] <= spare:
            left.remove(post)
            spare -= asked[post]
    return left

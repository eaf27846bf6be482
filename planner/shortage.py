"""Too few people for posts that must be filled, as a claim that anybody can count again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Shortage:
    """Posts that must be filled, and that too few people may take: the certificate that nothing can be done.

    Parameters
    ----------
    posts : sequence of (str, str)
        Village and post of each, as in ``village_posts``.
    asked : int
        People that their minima still ask for, beside those who are there for their minimum term.
    people : int
        Cadres who may take, or stay at, at least one of them, each unit's within what it may release.
    """

    posts: Sequence[tuple[str, str]]
    asked: int
    people: int

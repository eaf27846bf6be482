"""What the certificate proves: a bound from the worth of one person more at each post.

For prices ``v`` of posts any plan costs at least ``Σ seats·min(worth, v) − Σ people·max(0, best of v − cost)``: the linear
programme's dual. Every allowed pair of a cadre and a post enters the maximum, so nothing about how the plan was made is
believed. Team rules only make plans dearer.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import Any

import numpy as np

from planner.verify.cadres.book import HALF_ROUND_KM, NAME, WEIGHTS, Book
from planner.verify.cadres.groups import Grid, group_people

SCALE = 1000


def step(book: Book) -> int:
    """Worth of one level in thousandths: a power of ten above what all postings together can cost."""
    weight = book.weight
    most = int(
        SCALE * (weight["distance_weight"] * HALF_ROUND_KM / 10 + sum(weight[w] for w in WEIGHTS[1:]))
    ) + len(WEIGHTS)
    found = 1
    while found <= (len(book.posts) + 1) * most:
        found *= 10
    return found


def worths(book: Book) -> list[tuple[int, int]]:
    """Worth of a must-seat and of a further seat of each post, thousandths.

    Levels from the bottom: further seats; then by tier, the last tier first, members below first secretaries; on top
    first secretaries for people who stay anyway and have none.
    """
    one, tag = step(book), book.value("tiers")
    keys = [
        (0, 0) if tag is None else (p.tier, 0 if _tagged(book, p.village, tag) else 1) for p in book.posts
    ]
    order = {key: i for i, key in enumerate(sorted(set(keys)))}
    there = {book.posts[c.post].village for c in book.cadres if c.in_term and c.post is not None}
    led = {book.posts[c.post].village for c in book.cadres
           if c.in_term and c.post is not None and book.posts[c.post].role == "first_secretary"}  # fmt: skip
    teams = {p.village for p in book.posts if p.role == "member"} if book.value("team_led") else set()
    found = []
    for post, key in zip(book.posts, keys, strict=True):
        leads = post.role == "first_secretary"
        must, further = one * (2 * (len(order) - order[key]) + leads), one
        if leads and post.village in there and post.village not in led and post.village in teams:
            must = 2 * (len(order) + 1) * one
            further = must if post.minimum == 0 else one
        found.append((must, further))
    return found


def _tagged(book: Book, village: str, tag: str) -> bool:
    return any(tag in book.tags.get(place, ()) for place in book.path(village))


def prove(book: Book, prices: np.ndarray) -> int:
    """Lower bound in thousandths on the objective of every plan that keeps the rules.

    Parameters
    ----------
    book : Book
    prices : ndarray
        (m,) int64 worth of one person more at each post, in the order of ``village_posts``.
    """
    fixed = Counter(c.post for c in book.cadres if c.in_term)
    total = 0
    for number, (post, worth) in enumerate(zip(book.posts, worths(book), strict=True)):
        there, price = fixed[number], int(prices[number])
        must = max(0, post.minimum - there)
        further = max(0, post.target - there) - must
        total += must * min(worth[0], price) + further * min(worth[1], price)
    for cadre in book.cadres:
        if cadre.in_term and cadre.post is not None:
            total += whole(book.terms(cadre, book.posts[cadre.post], True))
    return total - _people(book, prices)


def whole(terms: dict[str, float]) -> int:
    """A cost in thousandths: each part rounded as the tables say, distance and profile alone having fractions."""
    return sum(int(np.rint(v * SCALE)) for v in terms.values())


def _people(book: Book, prices: np.ndarray) -> int:
    """What all free people together could gain at these prices, each unit within its cap."""
    gains: dict[str | None, list[tuple[int, int]]] = defaultdict(list)
    grid = Grid(book, np.maximum(prices, -(2**60)))
    for group in group_people(book):
        best = grid.best(group)
        stays: Counter[int] = Counter()
        for number in group.staying:
            cadre = book.cadres[number]
            post = cadre.post if cadre.post is not None else 0
            stays[max(best, int(prices[post]) - whole(book.terms(cadre, book.posts[post], True)))] += 1
        stays[best] += group.others
        gains[group.first.unit] += [(max(0, g), n) for g, n in stays.items()]
    caps = _caps(book)
    return sum(_most(found, caps.get(unit)) for unit, found in gains.items())


def _most(gains: list[tuple[int, int]], cap: int | None) -> int:
    """The largest gains, at most ``cap`` people."""
    total, left = 0, math.inf if cap is None else cap
    for gain, people in sorted(gains, reverse=True):
        taken = int(min(people, left))
        total, left = total + gain * taken, left - taken
    return total


def _caps(book: Book) -> dict[str | None, int]:
    share: Any = book.resolved.value(NAME, "unit_release_share")
    if share is None:
        return {}
    listed = Counter(c.unit for c in book.cadres if c.unit is not None)
    fixed = Counter(c.unit for c in book.cadres if c.in_term)
    return {unit: max(0, math.ceil(n * share - 1e-9) - fixed[unit]) for unit, n in listed.items()}

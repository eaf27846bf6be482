"""What the certificate proves: a bound from the worth of one person more at each post.

For prices ``v`` of posts any plan costs at least ``Σ seats·min(worth, v) − Σ people·max(0, best of v − cost)``: the linear
programme's dual. Every allowed pair of a cadre and a post enters the maximum, so nothing about how the plan was made is
believed. Team rules only make plans dearer.
"""

from __future__ import annotations

import numpy as np

from planner.verify.cadres.book import WEIGHTS, Book
from planner.verify.cadres.fit import SCALE, Fit
from planner.verify.cadres.groups import Area, Groups
from planner.verify.cadres.published import Published, price
from planner.verify.cadres.teams import fixed_people, release_caps
from planner.verify.codes import exact_sum, rank_within

HALF_ROUND_KM = 20_016.0
NOTHING = -(2**61)
LEAST_PRICE, MOST_PRICE = -(2**60), 2**63 - 1


def step(book: Book) -> int:
    """Worth of one level in thousandths: a power of ten above what all postings together can cost."""
    weight = book.weight
    most = int(
        SCALE * (weight["distance_weight"] * HALF_ROUND_KM / 10 + sum(weight[w] for w in WEIGHTS[1:]))
    ) + len(WEIGHTS)
    most += 2 * price(book)  # of whoever comes, and of whoever is kept for it
    found = 1
    while found <= (len(book.posts) + 1) * most:
        found *= 10
    return found


Worths = tuple[np.ndarray, np.ndarray]
"""Worth of a must-seat and of a further seat of each post, in steps."""


def worths(book: Book) -> Worths:
    """(posts,) int64 each: worth of a must-seat and of a further seat of each post, in steps.

    Levels from the bottom: further seats; then by tier, the last tier first, in each the places without the tag before those
    with it (also where there are none), members below first secretaries; on top first secretaries for people who stay anyway
    and have none; what has to be filled above all of them.
    """
    posts, people, tag = book.posts, book.people, book.value("tiers")
    levels, order = 1, np.zeros(len(posts), dtype=np.int64)
    if tag is not None:
        listed = np.unique(posts.tier)
        levels, order = 2 * max(len(listed), 1), 2 * np.searchsorted(listed, posts.tier)
        order[~book.places.any_above(book.tagged(tag), posts.village)] += 1
    leads = posts.of_role(book.leader_role)
    must, further = 2 * (levels - order) + leads, np.ones(len(posts), dtype=np.int64)
    if book.value("team_led"):
        there, led, teams = np.zeros((3, len(book.places)), dtype=bool)
        kept = people.post[people.in_term]
        there[posts.village[kept]] = True
        led[posts.village[kept[leads[kept]]]] = True
        teams[posts.village[posts.of_role(book.member_role)]] = True
        wanted = leads & (there & ~led & teams)[posts.village]
        must[wanted] = 2 * (levels + 1)
        further[wanted & (posts.minimum == 0)] = 2 * (levels + 1)
    last = book.value("must_fill_tier")
    if last is not None:
        must[(posts.tier <= last) & (posts.minimum > 0)] += 2 * (levels + 1)
    return must, further


def prove(
    book: Book,
    fit: Fit,
    groups: Groups,
    worth: Worths,
    prices: np.ndarray,
    published: Published,
    limit_price: int = 0,
) -> int:
    """Lower bound in thousandths on the objective of every plan that keeps the rules.

    Parameters
    ----------
    book : Book
    fit : Fit
    groups : Groups
    worth : tuple of ndarray
        As :func:`worths` gives them before any freeze.
    prices : ndarray
        (m,) int64 worth of one person more at each post, in the order of ``village_posts``.
    published : Published
    limit_price : int
        Thousandths for each change, over the policy's own: what the limit on changes is worth; 0 where there is none.
    """
    posts, people = book.posts, book.people
    there = np.bincount(people.post[people.in_term], minlength=len(posts))
    must = np.maximum(posts.minimum - there, 0)
    further = np.maximum(posts.target - there, 0) - must
    one, total = step(book), 0
    for seats, steps in zip((must, further), worth, strict=True):
        whole = [min(one * k, MOST_PRICE) for k in range(int(steps.max(initial=0)) + 1)]
        total += exact_sum(np.minimum(np.array(whole, dtype=np.int64)[steps], prices), seats)
    total += sum(one * int(steps @ shut) for steps, shut in zip(worth, published.shut, strict=True))
    kept = np.flatnonzero(people.in_term)
    total += exact_sum(_cost(fit, kept, people.post[kept], people.here[kept] == people.post[kept]))
    each = price(book) + limit_price
    total += each * int(np.count_nonzero(published.held >= 0))  # all of them elsewhere
    total -= limit_price * int(book.value("published_changes_max") or 0)
    return total - _people(book, fit, groups, np.maximum(prices, LEAST_PRICE), published, each)


def _cost_of_staying(fit: Fit, cadre: np.ndarray, post: np.ndarray) -> np.ndarray:
    """(k,) int64 thousandths."""
    return _cost(fit, cadre, post, np.ones(len(cadre), dtype=bool))


def _cost(fit: Fit, cadre: np.ndarray, post: np.ndarray, stays: np.ndarray) -> np.ndarray:
    """(k,) int64 thousandths: each part rounded as the tables say, distance and profile alone having fractions."""
    terms = fit.terms(cadre, post, stays)
    return np.asarray(sum(np.rint(v * SCALE).astype(np.int64) for v in terms.values()))


def _people(book: Book, fit: Fit, groups: Groups, prices: np.ndarray, published: Published, each: int) -> int:
    """What all free people together could gain at these prices, each unit within its cap.

    Where changes have a price: who is held to no post pays it anywhere, who is held to one is spared it there.
    """
    best = np.append(_best(fit, groups, prices), NOTHING)  # the last for those who may not be newly posted
    gain, free = best[groups.of], groups.free
    post = book.people.post[free]
    stays = np.flatnonzero(post >= 0)
    staying = prices[post[stays]] - _cost_of_staying(fit, free[stays], post[stays])
    gain[stays] = np.maximum(gain[stays], staying)
    held = published.held[free]
    gain[held < 0] -= each * published.given
    kept = np.flatnonzero(held >= 0)
    there = prices[held[kept]] - _cost(fit, free[kept], held[kept], post[kept] == held[kept]) + each
    gain[kept] = np.maximum(gain[kept], there)
    gain = np.maximum(gain, 0)
    share, unit = book.value("unit_release_share"), book.people.unit[free]
    if share is not None:
        room = release_caps(book, share)[1] - fixed_people(book)
        cap = np.where(unit >= 0, room[unit], len(free))
        largest_first = np.lexsort((-gain, unit))
        gain, unit, cap = gain[largest_first], unit[largest_first], cap[largest_first]
        gain = gain[rank_within(unit + 1) < cap]
    return exact_sum(gain)


def _best(fit: Fit, groups: Groups, prices: np.ndarray) -> np.ndarray:
    """(groups,) int64: largest price less cost over all posts that each may newly take; very low where there is none."""
    found = np.full(groups.count, NOTHING, dtype=np.int64)
    may = np.logical_and.reduce([np.ones(groups.penalty.shape, dtype=bool), *groups.allowed.values()])
    last: tuple[int, Area | None] = (-1, None)
    near, open_ = np.zeros(0, np.int64), np.zeros(0, bool)
    for group in groups:
        area = groups.area(group.pair)
        if not len(area.posts):
            continue
        home, unit = int(groups.reach.home[group.pair]), int(groups.reach.unit[group.pair])
        if last != (home, area):  # pairs are sorted by home
            last, (near, open_) = (home, area), _from_home(groups, group.pair, area)
        gain = prices[area.posts] - (near + _of_unit(fit, unit, area.villages))[area.at]
        gain[~open_[area.at]] = NOTHING
        top, at = np.maximum.reduceat(gain, area.starts), np.ix_(area.kinds, group.traits)
        found[group.numbers] = np.where(may[at], top[:, None] - groups.penalty[at], NOTHING).max(axis=0)
    return found


def _from_home(groups: Groups, pair: int, area: Area) -> tuple[np.ndarray, np.ndarray]:
    """(villages,) thousandths that distance and move cost; whether distance and home county allow each village."""
    km, weight = groups.km(pair, area.villages), groups.book.weight
    cost = np.rint(np.nan_to_num(weight["distance_weight"] * km / 10) * SCALE).astype(np.int64)
    allowed = np.ones(len(km), dtype=bool)
    for table in groups.allowed_there(pair, area.villages).values():
        allowed &= table
    return cost + round(SCALE * weight["keep_weight"]), allowed


def _of_unit(fit: Fit, unit: int, village: np.ndarray) -> np.ndarray:
    """(k,) thousandths that one unit's own counties and its profile add."""
    found, weight = np.zeros(len(village), dtype=np.int64), fit.book.weight
    if unit in fit.book.own:
        inside = fit.book.within_own.holds(np.full(len(village), unit), village)
        found += round(SCALE * weight["own_county_weight"]) * ~inside
    if fit.profile[unit] >= 0:
        unserved = 1 - fit.served_by(int(fit.profile[unit]))[village]
        found += np.rint(weight["profile_weight"] * unserved * SCALE).astype(np.int64)
    return found

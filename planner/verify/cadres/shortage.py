"""Count again why posts that must be filled cannot be: whoever may take any of them, cadre after cadre.

So many people cannot fill more posts than they are (Hall's condition), however they are sent. Nothing about how the posts
were found is believed: who may go where is read from the tables, as for a plan.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from graph.language import Text
from planner.shortage import Shortage
from planner.verify.cadres.book import NAME, Book
from planner.verify.cadres.fit import Fit
from planner.verify.cadres.groups import Groups
from planner.verify.cadres.reach import Reach
from planner.verify.cadres.teams import fixed_people, release_caps
from planner.verify.outcome import Resolved, Tables
from planner.verify.score_book import ScoreBook

SHOWN = 5
"""Posts that are named."""


def check_shortage(resolved: Resolved, tables: Tables, told: Shortage) -> list[Text]:
    """What is wrong with a claim that too few people may take posts that must be filled; empty where it is true.

    Parameters
    ----------
    resolved : Resolved
    tables : mapping of str to DataFrame
        What earlier stages decided: ``pairs`` of ``designation`` open counties to a unit's people.
    told : Shortage
    """
    posts = pl.DataFrame(list(told.posts), schema={"village": pl.String, "post": pl.String}, orient="row")
    found = _of_posts(posts, posts.is_duplicated().to_numpy(), "列了不止一次", "are listed more than once")
    if resolved.value(NAME, "objective") == "scores":
        wrong, asked, people = _by_scores(resolved, posts.unique(maintain_order=True))
    else:
        wrong, asked, people = _by_rules(resolved, tables, posts.unique(maintain_order=True))
    found += wrong
    if (asked, people) != (told.asked, told.people):
        found.append(Text(
            f"这些岗位要 {asked} 人、有 {people} 人可到，却写着 {told.asked} 与 {told.people}",
            f"these posts ask for {asked}, and {people} may take one of them; told are {told.asked} and {told.people}",
        ))  # fmt: skip
    if asked <= people:
        found.append(Text(
            f"这些岗位要 {asked} 人，可到的有 {people} 人：并不缺人",
            f"these posts ask for {asked}, and {people} may take one of them: they do not lack people",
        ))  # fmt: skip
    return found


def _by_rules(resolved: Resolved, tables: Tables, listed: pl.DataFrame) -> tuple[list[Text], int, int]:
    """What is wrong with the posts; how many people they ask for, and how many may come."""
    book = Book(resolved, tables)
    posts, top = book.posts, book.value("must_fill_tier")
    number = book.post_of(listed)
    unknown, known = number < 0, number[number >= 0]
    soft = np.zeros(len(number), dtype=bool)
    soft[~unknown] = (posts.tier[known] > top) if top is not None else True
    in_term = np.bincount(book.people.post[book.people.in_term], minlength=len(posts))
    asked = int(np.maximum(posts.minimum - in_term, 0)[known].sum())
    chosen = np.zeros(len(posts), dtype=bool)
    chosen[known] = True
    return _wrong_posts(listed, unknown, soft), asked, _within_caps(book, *_reaching(book, chosen))


def _wrong_posts(listed: pl.DataFrame, unknown: np.ndarray, soft: np.ndarray) -> list[Text]:
    return [
        *_of_posts(listed, unknown, "不在 village_posts 中", "are not in village_posts"),
        *_of_posts(listed, soft, "不是必须配齐的岗位", "need not be filled"),
    ]


def _of_posts(posts: pl.DataFrame, wrong: np.ndarray, zh: str, en: str) -> list[Text]:
    """The first posts of which something is said; nothing where it is said of none."""
    named = [f"{v}/{p}" for v, p in posts.filter(wrong).unique(maintain_order=True).iter_rows()]
    told = ", ".join(named[:SHOWN]) + (f" …(+{len(named) - SHOWN})" if len(named) > SHOWN else "")
    return [Text(f"{told} {zh}", f"{told} {en}")] if named else []


def _reaching(book: Book, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Free cadres, and whether each may take one of the ``chosen`` (posts,) bool, or stay there."""
    fit, reach = Fit(book), Reach(book)
    groups = Groups(book, fit, reach)
    may = np.logical_and.reduce([np.ones(groups.penalty.shape, dtype=bool), *groups.allowed.values()])
    reached = np.zeros(groups.count + 1, dtype=bool)  # the last for those who may not be newly posted
    for group in groups:
        posts = groups.area(group.pair).posts
        posts = posts[chosen[posts]]
        there = groups.allowed_there(group.pair, book.posts.village[posts]).values()
        posts = posts[np.logical_and.reduce([np.ones(len(posts), dtype=bool), *there])]
        reached[group.numbers] = may[np.ix_(np.unique(groups.kind[posts]), group.traits)].any(axis=0)
    stays = book.people.post[groups.free]
    return groups.free, reached[groups.of] | ((stays >= 0) & chosen[stays])


def _within_caps(book: Book, free: np.ndarray, reaching: np.ndarray) -> int:
    """How many of them may go, no more of a unit than it releases."""
    share, unit = book.value("unit_release_share"), book.people.unit[free[reaching]]
    if share is None:
        return len(unit)
    room = release_caps(book, float(share))[1] - fixed_people(book)
    of_unit = np.bincount(unit[unit >= 0], minlength=len(book.places))
    return int((unit < 0).sum() + np.minimum(of_unit, room).sum())


def _by_scores(resolved: Resolved, listed: pl.DataFrame) -> tuple[list[Text], int, int]:
    """The same where only listed pairs are allowed, and every post that is listed must have its minimum."""
    book, seats = ScoreBook(resolved, NAME), resolved.network.frame("village_posts")
    keys = [f"{village}/{post}" for village, post in listed.iter_rows()]
    least = {f"{v}/{p}": n or 0 for v, p, n in seats.select("village", "post", "minimum").iter_rows()}
    named, wanted = set(book.recipients), set(keys)
    unknown = np.array([k not in least for k in keys], dtype=bool)
    soft = np.array([k in least and k not in named for k in keys], dtype=bool)
    people = {cadre for cadre, key in book if key in wanted}
    return _wrong_posts(listed, unknown, soft), sum(least.get(k, 0) for k in keys), len(people)

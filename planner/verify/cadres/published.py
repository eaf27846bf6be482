"""Postings that were published: whom a freeze keeps where they are, to which post each of the others is held, and how many changed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from graph.language import Text, several
from planner.verify.cadres.book import NAME, Book
from planner.verify.cadres.fit import SCALE, Fit
from planner.verify.cadres.reach import Reach
from planner.verify.cadres.rows import TABLE, Rows
from planner.verify.cadres.rules import Findings
from planner.verify.outcome import RuleState
from planner.verify.published import CHANGES, FROZEN, PRICE, entries


def price(book: Book) -> int:
    """Thousandths that a change costs."""
    return round(float(book.value(PRICE) or 0) * SCALE)


class Published:
    """The published postings against a book; the book then counts whom a freeze keeps among those in their term.

    Attributes
    ----------
    given : bool
        Whether there are published postings at all.
    cadre, post : ndarray
        (k,) numbers of those whose cadre and post are there.
    frozen : ndarray
        (n,) bool: cadres whom a freeze keeps at the published post.
    closed : ndarray
        (places,) bool: frozen places.
    held : ndarray
        (n,) int64: post to which each cadre who may be moved is held; −1 for all others.
    listed : Posts
        The posts before a freeze: a seat that it closes is open all the same.
    shut : ndarray
        (2, posts) int64: must-seats and further seats that nobody may take for a freeze.
    """

    def __init__(self, book: Book) -> None:
        self.book = book
        table = book.resolved.published.get(NAME, {}).get(TABLE)
        self.given = table is not None
        rows = book.network.frame("postings").select("cadre", "village", "post").head(0)
        rows = rows if table is None else table.select("cadre", "village", "post")
        cadre, post = book.row_of.of(rows["cadre"]), book.post_of(rows)
        known = (cadre >= 0) & (post >= 0)
        self.cadre, self.post = cadre[known], post[known]
        self.closed = self._closed() if self.given else np.zeros(len(book.places), dtype=bool)
        self.listed = book.posts
        self.frozen = self._freeze()
        must = self.listed.minimum - book.posts.minimum
        self.shut = np.stack([must, self.listed.target - book.posts.target - must])
        self.held = np.full(len(book.people), -1, dtype=np.int64)

    def _closed(self) -> np.ndarray:
        book = self.book
        marked = np.zeros(len(book.places), dtype=bool)
        for entry in entries(book.resolved, NAME):
            if entry.until is not None and book.resolved.on.year > entry.until:
                continue
            if entry.places is None:
                return np.ones(len(marked), dtype=bool)
            at = book.places.codes.of(pl.Series(sorted(entry.places), dtype=pl.String))
            marked[at[at >= 0]] = True
        return marked

    def _freeze(self) -> np.ndarray:
        """Mark who is kept, and let frozen villages ask for nobody else."""
        book, people, posts = self.book, self.book.people, self.book.posts
        free = people.able & ~people.in_term
        village = posts.village
        mine = free[self.cadre] & self.closed[village[self.post]]
        here, leads = people.post[people.in_term], posts.of_role(book.value("leader_role"))
        led, whole = np.zeros((2, len(book.places)), dtype=bool)
        led[village[here[leads[here]]]] = True
        to = self.post[mine]
        led[village[to[leads[to]]]] = True
        if book.value("team_led"):
            filled = np.bincount(village, posts.target, len(book.places)) > 0
            whole[village[posts.of_role(book.value("member_role"))]] = True
            mine &= (led | ~(whole & filled))[village[self.post]]
        found = np.zeros(len(people), dtype=bool)
        found[self.cadre[mine]] = True
        at = people.post.copy()
        at[self.cadre[mine]] = self.post[mine]
        book.people = replace(
            people, post=at, in_term=people.in_term | found, lasting=people.lasting & ~found
        )
        there = np.bincount(at[book.people.in_term], minlength=len(posts))
        shut = self.closed[village]
        least, most = (np.where(shut, np.minimum(x, there), x) for x in (posts.minimum, posts.target))
        book.posts = replace(posts, minimum=least, target=most)
        return found

    def hold(self, fit: Fit, reach: Reach) -> None:
        """Find to which post each is held: rules let the cadre be there, and not all its seats are taken by people in their term."""
        book, who, at = self.book, self.cadre, self.post
        people, posts = book.people, book.posts
        there = np.bincount(people.post[people.in_term], minlength=len(posts))
        may = people.lasting[who] & reach.holds(who, at)
        most = book.value("distance_max_km")
        if most is not None:
            may &= ~(fit.km(who, at) > most + 1e-6)
        if book.value("role_allowed"):
            may &= fit.role_fits(who, at)
        if book.value("skill") == "require":
            may &= ~fit.skill_lacks(who, at)
        if book.value("language") == "require":
            may &= ~fit.language_lacks(who, at)
        if book.value("avoid_home_county"):
            may &= ~fit.at_home(who, at)
        may |= people.post[who] == at
        may &= people.able[who] & ~people.in_term[who] & (posts.target - there > 0)[at]
        self.held[who[may]] = at[may]

    def stays(self, rows: Rows) -> np.ndarray:
        """(k,) bool: whether each cadre is held to the post: for rules on teams and households that is staying."""
        return np.asarray(self.held[rows.cadre] == rows.post)

    def changed(self, rows: Rows) -> int:
        """Cadres who may be moved and are not where they are held, or are posted though held nowhere."""
        if not self.given:
            return 0
        people, at = self.book.people, np.full(len(self.book.people), -1, dtype=np.int64)
        at[rows.cadre] = rows.post
        return int(np.count_nonzero(people.able & ~people.in_term & (at != self.held)))

    def check(self, rows: Rows, found: Findings) -> None:
        """Frozen postings are there, and nobody else is in frozen villages; how the rules stand."""
        book, people = self.book, self.book.people
        n = self.changed(rows)
        told = Text(f"{n} 项变动", several(n, "change"))
        most = book.value(CHANGES)
        if most is not None:
            if n > most:
                what = Text(f"{n} 项变动，至多 {most}", f"{several(n, 'change')}, at most {most} are allowed")
                found.say(CHANGES, None, "cadre", what)
            found.settle(CHANGES, self.given and n >= most, told)
        if book.value(PRICE) is not None:
            found.states[PRICE] = RuleState(PRICE, "binding" if n and price(book) else "slack", told)
        if book.value(FROZEN) is None:
            return
        at = np.full(len(people), -1, dtype=np.int64)
        at[rows.cadre] = rows.post
        for cadre in np.flatnonzero(self.frozen & (at != people.post)).tolist():
            name, label = people.name[cadre], book.label(book.posts.village[people.post[cadre]])
            found.say(FROZEN, None, "cadre", Text(f"{name} 离开冻结的 {label}", f"{name} leaves {label}, which is frozen"))  # fmt: skip
        kept = people.in_term[rows.cadre] & (people.post[rows.cadre] == rows.post)
        other = self.closed[book.posts.village[rows.post]] & ~kept
        for i in np.flatnonzero(other).tolist():
            name, label = people.name[int(rows.cadre[i])], book.label(book.posts.village[rows.post[i]])
            what = Text(f"{name} 派到冻结的 {label}", f"{name} is posted to {label}, which is frozen")
            found.say(FROZEN, int(rows.number[i]), "village", what)
        n = int(self.frozen.sum())
        told = Text(f"{n} 人因冻结留在原处", f"{several(n, 'person stays', 'people stay')} as published")
        found.settle(
            FROZEN, bool(self.closed.any()), told, book.names(np.flatnonzero(self._regions()).tolist())
        )

    def _regions(self) -> np.ndarray:
        """(places,) bool: frozen places right below none that is frozen."""
        above = (
            self.book.places.paths[:, 1]
            if self.book.places.paths.shape[1] > 1
            else np.full(len(self.closed), -1)
        )
        return np.asarray(self.closed & ~(self.closed[above] & (above >= 0)))

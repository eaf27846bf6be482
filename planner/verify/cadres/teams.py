"""Rules of `cadres` on posts, teams, terms and units."""

from __future__ import annotations

import numpy as np

from graph.language import Text, several
from graph.titles import role_title
from planner.verify.cadres.book import Book, Posts
from planner.verify.cadres.rows import TABLE, Rows
from planner.verify.cadres.rules import Findings, people_at
from planner.verify.codes import rank_within
from planner.verify.outcome import Broken


class Teams:
    """Who stands where, post by post and village by village.

    Attributes
    ----------
    at_post, in_term : ndarray
        (posts,) int64: people in the plan, and people whose minimum term is not over.
    people : ndarray
        (places,) int64: people of the plan in each village.
    led, whole : ndarray
        (places,) bool: the plan has a first secretary there; the village has member posts.
    listed : Posts
        The posts before a freeze, by which a post is open or not.
    """

    def __init__(self, book: Book, rows: Rows, found: Findings, listed: Posts) -> None:
        self.book, self.rows, self.found, self.listed = book, rows, found, listed
        people, posts, size = book.people, book.posts, len(book.places)
        self.at_post = people_at(book, rows)
        self.in_term = np.bincount(people.post[people.in_term], minlength=len(posts))
        self.village = posts.village[rows.post]
        self.people = np.bincount(self.village, minlength=size)
        self.led, self.whole = np.zeros((2, size), dtype=bool)
        self.led[self.village[posts.of_role(book.leader_role)[rows.post]]] = True
        self.whole[posts.village[posts.of_role(book.member_role)]] = True

    def check(self) -> None:
        """All rules on posts and teams in force."""
        self._target()
        self._tiers()
        self._team_rules()
        self._term()
        self._release()
        self._hard()

    def _target(self) -> None:
        most = np.maximum(self.book.posts.target, self.in_term)
        for post in np.flatnonzero(self.at_post > most).tolist():
            n, last = self.at_post[post], int(self.rows.number[self.rows.post == post].max())
            what = Text(f"{n} 人多于目标 {most[post]}", f"{n} people, more than the target {most[post]}")
            self.found.say("target", last, "post", what)

    def _tiers(self) -> None:
        if self.book.value("tiers") is None:
            return
        posts = self.listed
        missing = np.maximum(posts.minimum - self.at_post, 0)
        told = Text("必须岗位都已配齐", "every must-post is filled")
        if missing.any():
            tier = posts.tier[missing > 0].min()
            n = missing[posts.tier == tier].sum()
            told = Text(f"第 {tier} 级起有 {n} 人空缺", f"from tier {tier} on posts are open ({n})")
        villages = np.unique(posts.village[missing > 0])
        self.found.settle("tiers", bool(missing.any()), told, self.book.names(villages))

    def _team_rules(self) -> None:
        """New people only where a team is led and whole; nobody stays without a leader."""
        book, found = self.book, self.found
        least, led_rule = book.value("team_minimum"), book.value("team_led")
        villages = np.flatnonzero(self.whole)
        teams = villages[self.people[villages] > 0]
        seats = np.bincount(book.posts.village, book.posts.target, len(book.places)).astype(np.int64)
        alone = ~self.led if led_rule else np.zeros(len(book.places), dtype=bool)
        small = np.zeros(len(book.places), dtype=bool)
        if least is not None:
            small = self.people < np.minimum(least, seats)
        new = self.rows.only(~book.people.in_term[self.rows.cadre])
        first, newest = self._first_rows(self.rows), self._first_rows(new)
        wrong = teams[alone[teams] | small[teams]]
        for village in wrong[np.argsort(self._first_posts()[wrong])].tolist():
            label, n = book.label(village), self.people[village]
            if alone[village]:
                leader = role_title(book.leader_role)
                what = Text(f"{label} 没有{leader.zh}", f"{label} has no {leader.en}")
                found.say("team_led", int(first[village]), "village", what)
            if small[village] and newest[village]:
                what = Text(f"{label} 只有 {n} 人", f"{label} has only {n} people")
                found.say("team_minimum", int(newest[village]), "village", what)
        if least is not None:
            self._settle_least(teams[self.people[teams] == least], int(small[teams].sum()), least)
        if led_rule:
            none = villages[self.people[villages] == 0]
            told = Text(
                f"{len(none)} 个村因此没有派人",
                f"{several(len(none), 'village gets', 'villages get')} nobody for that",
            )
            found.settle("team_led", len(none) > 0, told, book.names(none))

    def _settle_least(self, tight: np.ndarray, short: int, least: int) -> None:
        told = Text(
            f"{len(tight)} 个村恰好 {least} 人",
            f"{several(len(tight), 'village has', 'villages have')} just {least}",
        )
        if short:
            told = Text(
                f"{told.zh}；{short} 个村只有任期未满的人、不足 {least} 人",
                f"{told.en}; {short} hold only people in their term, fewer than {least}",
            )
        self.found.settle(
            "team_minimum", len(tight) > 0 or short > 0, told, self.book.names(tight), least=True
        )

    def _first_posts(self) -> np.ndarray:
        """(places,) int64: the first post of each village; 0 where it has none."""
        found = np.zeros(len(self.book.places), dtype=np.int64)
        found[self.book.posts.village[::-1]] = np.arange(len(self.book.posts))[::-1]
        return found

    def _first_rows(self, rows: Rows) -> np.ndarray:
        """(places,) int64: the number of each village's first row; 0 where it has none."""
        found = np.zeros(len(self.book.places), dtype=np.int64)
        found[self.book.posts.village[rows.post[::-1]]] = rows.number[::-1]
        return found

    def _term(self) -> None:
        """Who has not served the minimum term stays; members only where the village has a leader."""
        if self.book.value("minimum_term_years") is None:
            return
        people = self.book.people
        placed = np.full(len(people), -1, dtype=np.int64)
        placed[self.rows.cadre] = self.rows.post
        bound = np.flatnonzero(people.in_term)
        village = self.book.posts.village[people.post[bound]]
        gone = placed[bound] != people.post[bound]
        if self.book.value("team_led"):
            leads = self.book.posts.of_role(self.book.leader_role)[people.post[bound]]
            gone &= leads | self.led[village] | (placed[bound] >= 0)
        for cadre, place in zip(bound[gone].tolist(), village[gone].tolist(), strict=True):
            name, label = people.name[cadre], self.book.label(place)
            what = Text(
                f"{name} 未满最短任期却离开 {label}", f"{name} leaves {label} before the minimum term is over"
            )
            self.found.say("minimum_term_years", None, "cadre", what)
        n = len(bound)
        told = Text(f"{n} 人在最短任期内", f"{several(n, 'person is', 'people are')} in the minimum term")
        self.found.settle("minimum_term_years", n > 0, told)

    def _release(self) -> None:
        share = self.book.value("unit_release_share")
        if share is None:
            return
        book, of = self.book, self.book.people.unit[self.rows.cadre]
        listed, most = release_caps(book, share)
        sent = np.bincount(of[of >= 0], minlength=len(book.places))
        over = np.flatnonzero((of >= 0) & (rank_within(of + 1) >= most[of]))
        for row in over.tolist():
            label, n = book.label(of[row]), most[of[row]]
            what = Text(f"{label} 派出多于 {n} 人", f"{label} releases more than {n}")
            self.found.say("unit_release_share", int(self.rows.number[row]), "cadre", what)
        units = np.flatnonzero((listed > 0) & (most > 0)).tolist()
        units.sort(key=lambda u: book.places.names[u])
        told, full = Text("没有写明单位的人", "nobody's unit is told"), list[int]()
        if units:
            top = units[int(np.argmax(sent[units] / most[units]))]
            label = book.label(top)
            told = Text(
                f"{label} 派出 {sent[top]} / {most[top]} 人", f"{label} releases {sent[top]} of {most[top]}"
            )
            full = [u for u in units if sent[u] >= most[u] and share < 1]
        self.found.settle("unit_release_share", bool(full), told, book.names(full))

    def _hard(self) -> None:
        """Minima up to a tier are met."""
        top = self.book.value("must_fill_tier")
        if top is None:
            return
        posts = self.book.posts
        must = posts.tier <= top
        short = np.where(must, posts.minimum - self.at_post, 0)
        rows = self.book.network.frame("village_posts")
        names, which = rows["village"], rows["post"]
        for post in np.flatnonzero(short > 0).tolist():
            label = self.book.label(posts.village[post])
            what = Text(
                f"{label} 的必须岗位缺 {short[post]} 人", f"{label}: {short[post]} must-posts are open"
            )
            there, about = int(self.at_post[post]), f"{names[post]}>{which[post]}"
            required = int(posts.minimum[post])
            self.found.broken.append(
                Broken("must_fill_tier", TABLE, None, "post", what, about=about, required=required, got=there)
            )
        people = int(posts.minimum[must].sum())
        told = Text(f"{people} 人须配齐", f"{several(people, 'person', 'people')} must be there")
        just = np.unique(posts.village[must & (self.at_post == posts.minimum) & (posts.minimum > 0)])
        self.found.settle("must_fill_tier", len(just) > 0, told, self.book.names(just), least=True)


def release_caps(book: Book, share: float) -> tuple[np.ndarray, np.ndarray]:
    """(places,) int64: how many cadres each unit lists, and how many it may release, people in their term included."""
    unit, size = book.people.unit, len(book.places)
    listed = np.bincount(unit[unit >= 0], minlength=size)
    fixed = fixed_people(book)
    return listed, np.maximum(np.ceil(listed * share - 1e-9).astype(np.int64), fixed)


def fixed_people(book: Book) -> np.ndarray:
    """(places,) int64: people of each unit whose minimum term is not over."""
    unit = book.people.unit[book.people.in_term]
    return np.bincount(unit[unit >= 0], minlength=len(book.places))

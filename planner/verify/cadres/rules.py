"""Every rule of `cadres`: what breaks it and how it stands. First those on who may newly go where."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from graph.language import Text, several
from graph.titles import role_title
from planner.verify.cadres.book import Book
from planner.verify.cadres.fit import Fit
from planner.verify.cadres.reach import Reach
from planner.verify.cadres.rows import TABLE, Finding, Rows, tell
from planner.verify.outcome import Broken, RuleState, State


class Findings:
    """What the rules collect: ``broken`` and ``states``."""

    def __init__(self, broken: list[Broken]) -> None:
        self.broken = broken
        self.states: dict[str, RuleState] = {}

    def say(self, rule: str, row: int | None, column: str, what: Text) -> None:
        """One place where the plan is wrong."""
        self.broken.append(Broken(rule, TABLE, row, column, what))

    def settle(
        self, rule: str, binding: bool, tightest: Text, at: Iterable[str] = (), least: bool = False
    ) -> None:
        """How a rule stands, once all that breaks it is known; ``least``: it asks for a least, which is just met ``at`` these places."""
        if any(b.rule == rule for b in self.broken):
            self.states[rule] = RuleState(rule, "broken", tightest)
        else:
            state: State = "binding" if binding else "slack"
            places = tuple(at) if binding else ()
            self.states[rule] = RuleState(rule, state, tightest, places, places if least else ())


def check_people(
    book: Book, fit: Fit, reach: Reach, rows: Rows, found: Findings, forbidding: Collection[str]
) -> None:
    """Rules on who may take up a new post; ``forbidding``: those that forbid something by themselves."""
    new = rows.only(~rows.stays)
    km = fit.km(new.cadre, new.post)
    found.broken += tell(new, _of_new(book, fit, reach, new, km))
    if book.value("distance_max_km") is not None:
        told = Text("没有新派", "nobody is newly posted")
        if (km >= 0).any():
            farthest = np.nanmax(km)
            told = Text(f"最远 {farthest:.0f} 公里", f"farthest {farthest:.0f} km")
        found.settle("distance_max_km", "distance_max_km" in forbidding, told)
    _settle_areas(book, reach, rows, found, forbidding)
    _settle_people(book, found, forbidding)
    for rule, lacks in (("skill", fit.skill_lacks), ("language", fit.language_lacks)):
        if book.value(rule) is not None:
            n = int(lacks(rows.cadre, rows.post).sum())
            told = Text(f"{n} 人不符", f"{several(n, 'person does', 'people do')} not fit")
            found.settle(rule, n > 0 or rule in forbidding, told)


def _of_new(book: Book, fit: Fit, reach: Reach, new: Rows, km: np.ndarray) -> list[Finding]:
    """Which new postings break which rule, in the order in which a row's are told."""
    posts, most = book.posts, book.value("distance_max_km")
    role, skill = posts.role[new.post], posts.skill[new.post]
    unit = book.people.unit[new.cadre]
    no = np.zeros(len(new), dtype=bool)
    return [
        ("availability", "cadre", ~book.people.lasting[new.cadre],
         lambda i: Text("规划日不可派，或任不满最短任期，或已写明结束原因",
                        "is not available, cannot serve the minimum term, or has a reason to end"), None),
        ("posting_area", "village", ~reach.holds(new.cadre, new.post),
         lambda i: Text("不在派驻范围内", "is outside the area in which the cadre serves"),
         lambda i: ("designation",) if unit[i] >= 0 else ()),  # its unit's counties are open to it
        ("role_allowed", "post", ~fit.role_fits(new.cadre, new.post) if book.value("role_allowed") else no,
         lambda i: Text(f"不可任 {posts.roles[role[i]]}", f"may not be {posts.roles[role[i]]}"), None),
        ("skill", "post", fit.skill_lacks(new.cadre, new.post) if book.value("skill") == "require" else no,
         lambda i: Text(f"岗位要求 {posts.skills[skill[i]]}", f"the post asks for {posts.skills[skill[i]]}"), None),
        ("language", "village", fit.language_lacks(new.cadre, new.post) if book.value("language") == "require" else no,
         lambda i: Text("不会当地语言", "does not speak the area's language"), None),
        ("distance_max_km", "village", no if most is None else km > most + 1e-6,
         lambda i: Text(f"相距 {km[i]:.0f} 公里", f"{km[i]:.0f} km from home"), None),
        ("avoid_home_county", "village", fit.at_home(new.cadre, new.post) if book.value("avoid_home_county") else no,
         lambda i: Text("在家乡县", "lies in the home county"), None),
    ]  # fmt: skip


def _settle_areas(book: Book, reach: Reach, rows: Rows, found: Findings, forbidding: Collection[str]) -> None:
    """Rules on where one may serve: how many people they bind."""
    if not book.value("posting_area"):
        return
    idle = book.people.lasting.copy()
    idle[rows.cadre] = False
    n, room = int(idle.sum()), int(np.maximum(book.posts.target - people_at(book, rows), 0).sum())
    told = Text(
        f"{n} 名可派的人未派，{room} 个岗位空缺",
        f"{several(n, 'person who could go stays', 'people who could go stay')}, {several(room, 'post is', 'posts are')} open",
    )
    found.settle("posting_area", "posting_area" in forbidding, told)
    if book.value("own_county_area"):
        narrowed = book.names(reach.narrowed())
        told = Text(
            f"{len(narrowed)} 个单位只有部分定点县可去",
            f"{several(len(narrowed), 'unit')} may go to some of {'its' if len(narrowed) == 1 else 'their'} counties only",
        )
        found.settle("own_county_area", bool(narrowed), told, narrowed)


def _settle_people(book: Book, found: Findings, forbidding: Collection[str]) -> None:
    """Rules on who may go, and as what: how many people they bind."""
    if book.value("availability"):
        out = int((~book.people.lasting).sum())
        told = Text(f"{out} 人不可新派", f"{several(out, 'person', 'people')} may not be newly posted")
        found.settle("availability", out > 0, told)
    if book.value("role_allowed"):
        role = book.leader_role
        able, title = int(book.people.may_be(role).sum()), role_title(role)
        posts = int(book.posts.target[book.posts.of_role(role)].sum())
        told = Text(
            f"{able} 人可任{title.zh}，岗位 {posts} 个",
            f"{several(able, 'person', 'people')} may be {title.en}, for {several(posts, 'post')}",
        )
        found.settle("role_allowed", "role_allowed" in forbidding, told)
    if book.value("avoid_home_county"):
        known = int((book.people.home >= 0).sum())
        told = Text(f"{known} 人写明了家乡", f"{known} people have a home that is told")
        found.settle("avoid_home_county", "avoid_home_county" in forbidding, told)


def people_at(book: Book, rows: Rows) -> np.ndarray:
    """(posts,) int64: how many stand at each post."""
    return np.bincount(rows.post, minlength=len(book.posts))

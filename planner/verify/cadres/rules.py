"""Every rule of `cadres`, posting by posting."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graph.language import Text, several
from planner.verify.cadres.book import FIRST, MEMBER, Book, Cadre, Post
from planner.verify.outcome import Broken, RuleState, State

TABLE = "postings"


@dataclass(frozen=True)
class Row:
    """One posting; ``number`` from 1 within the stored table, ``cost`` in 1/scale."""

    number: int
    cadre: int
    post: int
    stays: bool
    cost: int


class Rules:
    """Checks rows against the book; ``broken`` and ``states`` collect what is found.

    ``forbidding``: rules on who may go where that forbid something by themselves.
    """

    def __init__(
        self, book: Book, rows: list[Row], broken: list[Broken], forbidding: Collection[str]
    ) -> None:
        self.book, self.rows, self.broken, self.forbidding = book, rows, broken, forbidding
        self.states: dict[str, RuleState] = {}
        self.at_post = Counter(r.post for r in rows)
        self.by_village: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.by_village[book.posts[row.post].village].append(row)
        self.in_term = Counter(c.post for c in book.cadres if c.in_term)
        self.of_unit: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in book.cadres:
            self.of_unit[cadre.unit or ""].append(cadre)

    def check(self) -> None:
        """All rules in force."""
        self._people()
        self._seats()
        self._teams()
        self._term()
        self._release()
        self._hard()

    def _say(
        self, rule: str, row: Row | None, column: str | None, zh: str, en: str, rests: tuple[str, ...] = ()
    ) -> None:
        self.broken.append(Broken(rule, TABLE, row.number if row else None, column, Text(zh, en), rests))

    def _settle(self, rule: str, binding: bool, tightest: Text, at: Iterable[str] = ()) -> None:
        if any(b.rule == rule for b in self.broken):
            self.states[rule] = RuleState(rule, "broken", tightest)
        else:
            state: State = "binding" if binding else "slack"
            self.states[rule] = RuleState(rule, state, tightest, tuple(at) if binding else ())

    def _people(self) -> None:
        """Rules on who may take up a new post."""
        book = self.book
        far, far_km = None, -1.0
        for row in self.rows:
            cadre, post = book.cadres[row.cadre], book.posts[row.post]
            if row.stays:
                continue
            km = book.km(cadre.home, post.village)
            if km is not None and km > far_km:
                far, far_km = row, km
            self._person(row, cadre, post, km)
        told = Text("没有新派", "nobody is newly posted")
        if far is not None:
            told = Text(f"最远 {far_km:.0f} 公里", f"farthest {far_km:.0f} km")
        most = book.value("distance_max_km")
        if most is not None:
            self._settle("distance_max_km", "distance_max_km" in self.forbidding, told)
        self._areas()
        if book.value("availability"):
            out = sum(not c.lasting for c in book.cadres)
            self._settle(
                "availability",
                out > 0,
                Text(f"{out} 人不可新派", f"{several(out, 'person', 'people')} may not be newly posted"),
            )
        for rule, missed in (("skill", self._skill), ("language", self._language)):
            if book.value(rule) is not None:
                n = sum(missed(r) for r in self.rows)
                self._settle(
                    rule,
                    n > 0 or rule in self.forbidding,
                    Text(f"{n} 人不符", f"{several(n, 'person does', 'people do')} not fit"),
                )

    def _areas(self) -> None:
        """Rules on where and as what one may serve: how many people they bind."""
        book = self.book
        placed = {r.cadre for r in self.rows}
        idle = sum(c.lasting and n not in placed for n, c in enumerate(book.cadres))
        room = sum(max(0, seat.target - self.at_post[n]) for n, seat in enumerate(book.posts))
        if book.value("posting_area"):
            told = Text(
                f"{idle} 名可派的人未派，{room} 个岗位空缺",
                f"{several(idle, 'person who could go stays', 'people who could go stay')}, {several(room, 'post is', 'posts are')} open",
            )
            self._settle("posting_area", "posting_area" in self.forbidding, told)
        if book.value("posting_area") and book.value("own_county_area"):
            narrowed = {
                unit for unit, own in book.own.items()
                if any(book.area(c.home, c.unit)[1] != own for c in self.of_unit[unit])
            }  # fmt: skip
            told = Text(
                f"{len(narrowed)} 个单位只有部分定点县可去",
                f"{len(narrowed)} units may go to some of their counties only",
            )
            self._settle("own_county_area", bool(narrowed), told, sorted(narrowed))
        if book.value("role_allowed"):
            able = sum(FIRST in c.roles for c in book.cadres)
            posts = sum(p.target for p in book.posts if p.role == FIRST)
            told = Text(
                f"{able} 人可任第一书记，岗位 {posts} 个",
                f"{several(able, 'person', 'people')} may be first secretary, for {several(posts, 'post')}",
            )
            self._settle("role_allowed", "role_allowed" in self.forbidding, told)
        if book.value("avoid_home_county"):
            known = sum(c.home is not None for c in book.cadres)
            told = Text(f"{known} 人写明了家乡", f"{known} people have a home that is told")
            self._settle("avoid_home_county", "avoid_home_county" in self.forbidding, told)

    def _skill(self, row: Row) -> bool:
        return self.book.skill_missed(self.book.cadres[row.cadre], self.book.posts[row.post])

    def _language(self, row: Row) -> bool:
        return self.book.language_missed(self.book.cadres[row.cadre], self.book.posts[row.post].village)

    def _person(self, row: Row, cadre: Cadre, post: Post, km: float | None) -> None:
        book = self.book
        if not cadre.lasting:
            self._say("availability", row, "cadre", "规划日不可派，或任不满最短任期，或已写明结束原因",
                      "is not available, cannot serve the minimum term, or has a reason to end")  # fmt: skip
        if not book.reaches(cadre, post.village):
            self._say(
                "posting_area",
                row,
                "village",
                "不在派驻范围内",
                "is outside the area in which the cadre serves",
                () if cadre.unit is None else ("designation",),  # its unit's counties are open to it
            )
        if book.value("role_allowed") and post.role not in cadre.roles:
            self._say("role_allowed", row, "post", f"不可任 {post.role}", f"may not be {post.role}")
        if book.value("skill") == "require" and book.skill_missed(cadre, post):
            self._say("skill", row, "post", f"岗位要求 {post.skill}", f"the post asks for {post.skill}")
        if book.value("language") == "require" and book.language_missed(cadre, post.village):
            self._say("language", row, "village", "不会当地语言", "does not speak the area's language")
        most = book.value("distance_max_km")
        if most is not None and km is not None and km > most + 1e-6:
            self._say("distance_max_km", row, "village", f"相距 {km:.0f} 公里", f"{km:.0f} km from home")
        if book.value("avoid_home_county") and at_home(book, cadre, post.village):
            self._say("avoid_home_county", row, "village", "在家乡县", "lies in the home county")

    def _seats(self) -> None:
        for post, n in sorted(self.at_post.items()):
            most = max(self.book.posts[post].target, self.in_term[post])
            if n > most:
                last = max((r for r in self.rows if r.post == post), key=lambda r: r.number)
                self._say(
                    "target",
                    last,
                    "post",
                    f"{n} 人多于目标 {most}",
                    f"{n} people, more than the target {most}",
                )
        open_tiers: Counter[int] = Counter()
        villages: set[str] = set()
        for number, seat in enumerate(self.book.posts):
            missing = max(0, seat.minimum - self.at_post[number])
            open_tiers[seat.tier] += missing
            villages |= {seat.village} if missing else set()
        if self.book.value("tiers") is not None:
            tier = min((t for t, n in open_tiers.items() if n), default=None)
            told = Text("必须岗位都已配齐", "every must-post is filled") if tier is None else Text(
                f"第 {tier} 级起有 {open_tiers[tier]} 人空缺",
                f"from tier {tier} on posts are open ({open_tiers[tier]})")  # fmt: skip
            self._settle("tiers", tier is not None, told, sorted(villages))

    def _teams(self) -> None:
        """New people only where a team is led and whole; nobody stays without a leader."""
        least, led_rule = self.book.value("team_minimum"), self.book.value("team_led")
        short = alone = 0
        whole = self._villages()
        for village, (has_members, seats) in whole.items():
            rows = self.by_village.get(village, [])
            if not has_members or not rows:
                continue
            led = any(self.book.posts[r.post].role == FIRST for r in rows)
            new = [r for r in rows if not self.book.cadres[r.cadre].in_term]
            label = self.book.network.label(village)
            if led_rule and not led:
                alone += 1
                self._say(
                    "team_led", rows[0], "village", f"{label} 没有第一书记", f"{label} has no first secretary"
                )
            if least is not None and len(rows) < min(least, seats):
                short += 1
                if new:
                    self._say(
                        "team_minimum",
                        new[0],
                        "village",
                        f"{label} 只有 {len(rows)} 人",
                        f"{label} has only {len(rows)} people",
                    )
        if least is not None:
            tight = [v for v, rows in self.by_village.items() if len(rows) == least and whole[v][0]]
            told = Text(
                f"{len(tight)} 个村恰好 {least} 人",
                f"{several(len(tight), 'village has', 'villages have')} just {least}",
            )
            if short:
                told = Text(
                    f"{told.zh}；{short} 个村只有任期未满的人、不足 {least} 人",
                    f"{told.en}; {short} hold only people in their term, fewer than {least}",
                )
            self._settle("team_minimum", bool(tight) or short > 0, told, sorted(tight))
        if led_rule:
            none = [v for v, (has, _) in whole.items() if has and v not in self.by_village]
            told = Text(
                f"{len(none)} 个村因此没有派人",
                f"{several(len(none), 'village gets', 'villages get')} nobody for that",
            )
            self._settle("team_led", bool(none), told, sorted(none))

    def _villages(self) -> dict[str, tuple[bool, int]]:
        found: dict[str, tuple[bool, int]] = {}
        for post in self.book.posts:
            has, seats = found.get(post.village, (False, 0))
            found[post.village] = (has or post.role == MEMBER, seats + post.target)
        return found

    def _term(self) -> None:
        """Who has not served the minimum term stays, unless the village has no first secretary."""
        if self.book.value("minimum_term_years") is None:
            return
        placed = {r.cadre: r.post for r in self.rows}
        names = {row: name for name, row in self.book.row_of.items()}
        kept = 0
        for number, cadre in enumerate(self.book.cadres):
            if not cadre.in_term or cadre.post is None:
                continue
            kept += 1
            village = self.book.posts[cadre.post].village
            excused = self.book.value("team_led") and not self._led(village) and number not in placed
            if placed.get(number) != cadre.post and not excused:
                what = f"{names[number]} 未满最短任期却离开 {self.book.network.label(village)}"
                self._say("minimum_term_years", None, "cadre", what,
                          f"{names[number]} leaves {self.book.network.label(village)} before the minimum term is over")  # fmt: skip
        self._settle(
            "minimum_term_years",
            kept > 0,
            Text(f"{kept} 人在最短任期内", f"{several(kept, 'person is', 'people are')} in the minimum term"),
        )

    def _led(self, village: str) -> bool:
        return any(self.book.posts[r.post].role == FIRST for r in self.by_village.get(village, []))

    def _release(self) -> None:
        share = self.book.value("unit_release_share")
        if share is None:
            return
        listed = Counter(c.unit for c in self.book.cadres if c.unit is not None)
        fixed = Counter(c.unit for c in self.book.cadres if c.in_term)
        sent: Counter[str | None] = Counter()
        for row in self.rows:
            unit = self.book.cadres[row.cadre].unit
            sent[unit] += 1
            if unit is not None:
                most = max(math.ceil(listed[unit] * share - 1e-9), fixed[unit])
                if sent[unit] > most:
                    label = self.book.network.label(unit)
                    self._say(
                        "unit_release_share",
                        row,
                        "cadre",
                        f"{label} 派出多于 {most} 人",
                        f"{label} releases more than {most}",
                    )
        most_of = {u: max(math.ceil(listed[u] * share - 1e-9), fixed[u]) for u in listed}
        used = {u: sent[u] / most_of[u] for u in sorted(most_of) if most_of[u]}
        told = Text("没有写明单位的人", "nobody's unit is told")
        if used:
            top = max(used, key=lambda u: used[u])
            label = self.book.network.label(top)
            told = Text(
                f"{label} 派出 {sent[top]} / {most_of[top]} 人",
                f"{label} releases {sent[top]} of {most_of[top]}",
            )
        full = [u for u, part in used.items() if part >= 1 and share < 1]
        self._settle("unit_release_share", bool(full), told, full)

    def _hard(self) -> None:
        top = self.book.value("must_fill_tier")
        if top is None:
            return
        for number, post in enumerate(self.book.posts):
            if post.tier <= top and self.at_post[number] < post.minimum:
                label = self.book.network.label(post.village)
                self._say("must_fill_tier", None, "post", f"{label} 的必须岗位缺 {post.minimum - self.at_post[number]} 人",
                          f"{label}: {post.minimum - self.at_post[number]} must-posts are open")  # fmt: skip
        must = [p for p in self.book.posts if p.tier <= top]
        people = sum(p.minimum for p in must)
        told = Text(f"{people} 人须配齐", f"{several(people, 'person', 'people')} must be there")
        just = {p.village for n, p in enumerate(self.book.posts)
                if p.tier <= top and self.at_post[n] == p.minimum > 0}  # fmt: skip
        self._settle("must_fill_tier", bool(just), told, sorted(just))


def at_home(book: Book, cadre: Cadre, village: str) -> bool:
    """Whether a village lies in the cadre's home county; homes given above a county do not tell."""
    if cadre.home is None:
        return False
    level = book.value("home_level")
    county = book.climb(cadre.home, level)
    rank = book.rank.get(book.network.level_of.get(county, ""), len(book.rank))
    return rank >= book.rank[level] and county in book.path(village)

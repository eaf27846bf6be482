"""One unit for a village's team, a speaker in each team, spouses together: each bites and then does not; brute force beside."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.errors import ScenarioError
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve import posting_keep
from planner.stage import Limits, Outcome
from planner.stages.cadres import STAGE
from planner.stages.cadres.build import read_model
from planner.verify import verify
from planner.verify.cadres import check
from planner.verify.outcome import StageCheck
from tests.planner.cadre_land import DEGREE, PLAIN, REGIONS, Rows, cadre, first, members, placed
from tests.planner.small import MORE, TWO, write_small
from tests.planner.tiny import assert_told, context, network, resolved, solve

SINCE, LONG_AGO = {"since": date(2016, 1, 1)}, {"since": date(2010, 1, 1)}
LISU = {"region_tags": [{"region": "a2", "tag": "language:lisu"}]}
RULES = ("team_one_unit", "team_language", "spouses_together")
AT = {r["code"]: round(r["lon"] / DEGREE) for r in REGIONS}
COUNTY = {f"v{k}": c for k, c in enumerate(("a1", "a1", "a2", "b1"))}


def seen_as(people: Rows, posts: Rows, tables: dict[str, Any] | None = None, **values: Any) -> Any:
    net = network(**{"regions": REGIONS, "cadres": people, "village_posts": posts, **(tables or {})})
    return context(STAGE, net, **{**PLAIN, **values})


def checked(seen: Any, outcome: Outcome) -> StageCheck:
    """The plan keeps the rules by the check's own code; its certificate proves no more than what is told."""
    found = check(resolved(STAGE, seen), outcome.tables, outcome.certificates)
    assert [b.text.en for b in found.broken] == []
    assert_told(found)
    assert found.objective == outcome.objective
    assert found.bound is not None and outcome.bound is not None and outcome.objective is not None
    assert found.bound <= outcome.bound <= outcome.objective
    assert outcome.details.get("bound_by") in (None, "search" if found.bound < outcome.bound else "prices")
    return found


def decide(people: Rows, posts: Rows, tables: dict[str, Any] | None = None, **values: Any) -> Outcome:
    seen = seen_as(people, posts, tables, **values)
    outcome = solve(STAGE, seen)
    if outcome.status in ("OPTIMAL", "FEASIBLE"):
        checked(seen, outcome)
    return outcome


def states(people: Rows, posts: Rows, tables: dict[str, Any] | None = None, **values: Any) -> dict[str, Any]:
    seen = seen_as(people, posts, tables, **values)
    return {r.rule: r for r in checked(seen, solve(STAGE, seen)).rules}


TEAM = [first("v0"), members("v0", 2, 2)]


def test_a_village_is_served_by_one_unit() -> None:
    """u1's people live next door, but are two; u2's three come 30 km each."""
    people = [
        *(cadre(f"n{k}", unit="u1") for k in range(2)),
        *(cadre(f"f{k}", "a2", unit="u2") for k in range(3)),
    ]
    assert set(placed(decide(people, TEAM))) > {"n0", "n1"}
    found = decide(people, TEAM, team_one_unit=True)
    assert set(placed(found)) == {"f0", "f1", "f2"}
    assert (found.status, found.objective) == (
        "OPTIMAL",
        9000,
    )  # by hand: three times 30 km, a point each 10 km
    [told] = found.details["components"]
    assert (told["way"], told["gap"], told["bound"]) == ("exact over teams", 0, 9000)
    assert told["proved"] == 3000  # what the flow alone proves


def test_one_unit_is_slack_where_one_has_all() -> None:
    people = [cadre(f"n{k}", unit="u1") for k in range(3)]
    found = decide(people, TEAM, team_one_unit=True)
    assert found.details["components"][0]["way"] == "flow" and found.details["bound_by"] == "prices"
    told = states(people, TEAM, team_one_unit=True)["team_one_unit"]
    assert (told.state, told.at) == ("binding", ("v0",))
    assert states(people[:1], [first("v0")], team_one_unit=True)["team_one_unit"].state == "slack"
    assert states(people, TEAM)["team_one_unit"].state == "off"


def test_who_stays_does_not_count_for_the_unit() -> None:
    people = [cadre("old", unit="u1"), *(cadre(f"n{k}", unit="u2") for k in range(2))]
    for began in (SINCE, LONG_AGO):
        held = {"postings": [{"cadre": "old", "village": "v0", "post": "fs", **began}]}
        assert len(placed(decide(people, TEAM, held, team_one_unit=True, keep_weight=6.0))) == 3


def test_a_team_has_a_speaker() -> None:
    """Nobody near v2 speaks Lisu; the speaker lives in a1 and is worth the way."""
    people = [*(cadre(f"n{k}", "a2") for k in range(3)), cadre("s", "a1", languages="lisu")]
    posts = [first("v2"), members("v2", 2, 2)]
    assert "s" not in placed(decide(people, posts, LISU))
    found = decide(people, posts, LISU, team_language=True)
    assert "s" in placed(found) and (found.status, found.objective) == ("OPTIMAL", 3000)
    assert placed(decide(people[:3], posts, LISU, team_language=True)) == {}
    assert "s" not in placed(decide(people, posts, team_language=True))  # no tag, no rule
    told = states(people, posts, LISU, team_language=True)["team_language"]
    assert (told.state, told.at) == ("binding", ("v2",))


def test_the_one_speaker_goes_where_more_is_lost() -> None:
    """v2 asks for three, v3 for one; one speaker: the larger team is sent."""
    people = [*(cadre(f"n{k}", "a2") for k in range(4)), cadre("s", "a2", languages="lisu")]
    posts = [first("v2"), members("v2", 2, 2), first("v3")]
    tags = {"region_tags": [{"region": p, "tag": "language:lisu"} for p in ("a2", "b1")]}
    found = decide(people, posts, tags, team_language=True, posting_area="off")
    assert {p.split("/")[0] for p in placed(found).values()} == {"v2"} and len(placed(found)) == 3
    assert found.status == "OPTIMAL"


def test_a_speaker_who_stays_anyway_is_enough() -> None:
    people = [cadre("old", "a2", languages="yi;lisu"), *(cadre(f"n{k}", "a2") for k in range(2))]
    held = {"postings": [{"cadre": "old", "village": "v2", "post": "fs", **SINCE}]}
    posts = [first("v2"), members("v2", 2, 2)]
    assert len(placed(decide(people, posts, {**LISU, **held}, team_language=True))) == 3


def test_spouses_go_to_one_county() -> None:
    """Each has a post next door; together one has to go 30 km."""
    people = [cadre("x", "a1", household="h"), cadre("y", "a2", household="h")]
    posts = [first("v0"), first("v1"), first("v2")]
    assert placed(decide(people, posts, tiers="off")) == {"x": "v0/fs", "y": "v2/fs"}
    found = decide(people, posts, spouses_together="county")
    assert {COUNTY[p.split("/")[0]] for p in placed(found).values()} == {"a1"} and len(placed(found)) == 2
    assert (found.status, found.objective) == ("OPTIMAL", decided_worth(people, posts, empty=1) + 2000)
    assert len(placed(decide(people, posts, spouses_together="prefecture"))) == 2
    told = states(people, posts, spouses_together="county")["spouses_together"]
    assert (told.state, told.at) == ("binding", ("a1",))
    assert told.tightest.en == "1 household has several people posted in one place"


def decided_worth(people: Rows, posts: Rows, empty: int) -> int:
    """What so many must-posts of one tier left empty are worth."""
    return empty * int(read_model(seen_as(people, posts)).posts.worth[0][0])


def test_one_spouse_alone_may_go_anywhere() -> None:
    people = [cadre("x", "a1", household="h"), cadre("y", "b1", household="h")]
    posts = [first("v0"), first("v3")]
    assert len(placed(decide(people, posts))) == 2
    found = decide(people, posts, spouses_together="county")
    assert len(placed(found)) == 1 and found.status == "OPTIMAL"
    assert states(people, posts, spouses_together="county")["spouses_together"].state == "slack"


def test_a_term_binds_the_spouse() -> None:
    people = [
        cadre("x", "a1", household="h"),
        cadre("y", "a1", household="h"),
        cadre("z", "a1", household=""),
    ]
    held = {"postings": [{"cadre": "x", "village": "v2", "post": "fs", **SINCE}]}
    posts = [first("v2"), first("v0"), members("v2", 0, 1)]
    found = placed(decide(people, posts, held, spouses_together="county", team_minimum="off"))
    assert found["x"] == "v2/fs" and found["z"] == "v0/fs" and found["y"] == "v2/m"


def test_spouses_who_stay_apart_may_stay() -> None:
    people = [cadre("x", "a1", household="h"), cadre("y", "a2", household="h")]
    held = {"postings": [{"cadre": "x", "village": "v0", "post": "fs", **LONG_AGO},
                         {"cadre": "y", "village": "v2", "post": "fs", **LONG_AGO}]}  # fmt: skip
    posts = [first("v0"), first("v2")]
    assert len(placed(decide(people, posts, held, spouses_together="county", keep_weight=6.0))) == 2


def test_households_of_several_components_are_decided_together() -> None:
    people = [cadre("x", "a1", household="h"), cadre("y", "b1", household="h"), cadre("z", "b1")]
    tasks, _ = STAGE.tasks(seen_as(people, [first("v0"), first("v3")], spouses_together="county"), Limits())
    assert len(tasks) == 1


def test_levels_of_spouses_are_checked() -> None:
    with pytest.raises(ScenarioError, match="spouses_together"):
        STAGE.count(seen_as([cadre("x")], [first("v0")], spouses_together="kanton"))


def test_hard_posts_that_no_rule_lets_fill_are_told() -> None:
    people = [cadre(f"n{k}", unit=f"u{k}") for k in range(3)]
    found = decide(people, TEAM, team_one_unit=True, must_fill_tier=1)
    assert found.status == "INFEASIBLE" and "team_one_unit" in found.clashes[0].en
    assert decide(people, TEAM, must_fill_tier=1).status == "OPTIMAL"


def test_one_swap_breaks_each_rule() -> None:
    """A plan that keeps all three, and one person changed."""
    people = [cadre("s", "a2", unit="u1", languages="lisu", household="h"), cadre("t", "a2", unit="u1", household="h"),
              cadre("o", "a2", unit="u2"), cadre("q", "a2", unit="u1")]  # fmt: skip
    posts = [first("v2"), members("v2", 1, 1), first("v0", minimum=0)]
    on = {"team_one_unit": True, "team_language": True, "spouses_together": "county", "team_minimum": 2}
    seen = seen_as(people, posts, LISU, **on)

    def wrong(*rows: tuple[str, str, str, float]) -> set[str]:
        table = solve(STAGE, seen).tables["postings"].clear()
        roles = {"fs": "first_secretary", "m": "member"}
        made = [{"cadre": c, "village": v, "post": p, "role": roles[p], "cost": x} for c, v, p, x in rows]
        found = check(
            resolved(STAGE, seen), {"postings": table.vstack(type(table)(made, schema=table.schema))}, {}
        )
        return {b.rule for b in found.broken}

    assert wrong(("s", "v2", "fs", 0.0), ("t", "v2", "m", 0.0)) == set()
    assert wrong(("s", "v2", "fs", 0.0), ("o", "v2", "m", 0.0)) == {"team_one_unit"}
    assert wrong(("q", "v2", "fs", 0.0), ("t", "v2", "m", 0.0)) == {"team_language"}
    assert wrong(("s", "v2", "fs", 0.0), ("q", "v2", "m", 0.0), ("t", "v0", "fs", 3.0)) == {
        "spouses_together"
    }


@dataclass(frozen=True)
class Case:
    """A random land and which rules are on."""

    people: list[dict[str, Any]]
    posts: list[dict[str, Any]]
    tables: dict[str, list[dict[str, Any]]]
    values: dict[str, Any]


def drawn(seed: int) -> Case:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(3, 6))
    villages = [f"v{k}" for k in sorted(rng.choice(4, int(rng.integers(1, 4)), replace=False).tolist())]
    posts = []
    for village in villages:
        posts.append(first(village, minimum=int(rng.integers(0, 2))))
        if rng.random() < 0.6:
            low = int(rng.integers(0, 2))
            posts.append(members(village, low, low + int(rng.integers(0, 2)) + (low == 0)))
    people = [
        cadre(f"c{k}", str(rng.choice(["a1", "a2", "b1"])), unit=str(rng.choice(["u1", "u2"])),
              languages="lisu" if rng.random() < 0.3 else None, household=str(rng.choice(["h", "g", ""])) or None,
              roles="first_secretary;member" if rng.random() < 0.6 else "member")
        for k in range(n)
    ]  # fmt: skip
    held = []
    for person in people:
        if rng.random() < 0.35:
            post = posts[int(rng.integers(0, len(posts)))]
            began = SINCE if rng.random() < 0.5 else LONG_AGO
            held.append({"cadre": person["id"], "village": post["village"], "post": post["post"], **began})
    seats = {(p["village"], p["post"]): p["target"] for p in posts}
    kept = []
    for row in held:  # no more in place than there are seats
        if seats[row["village"], row["post"]] > 0:
            seats[row["village"], row["post"]] -= 1
            kept.append(row)
    tags = [{"region": r, "tag": "language:lisu"} for r in ("a1", "a2", "b1") if rng.random() < 0.5]
    on = rng.random(3) < 0.6
    on[int(rng.integers(0, 3))] = True
    values = {"team_one_unit": True, "team_language": True, "spouses_together": "county"}
    chosen = {k: v for (k, v), yes in zip(values.items(), on.tolist(), strict=True) if yes}
    more = {
        "posting_area": "off",
        "keep_weight": 6.0,
        "team_minimum": int(rng.integers(1, 4)),
        "team_led": bool(rng.random() < 0.7),
    }
    if rng.random() < 0.3:
        more["unit_release_share"] = 0.5
    return Case(people, posts, {"postings": kept, "region_tags": tags}, {**more, **chosen})


def optimum(case: Case) -> int:
    """The least objective over every way to post everyone, by the rules in the words of the page; own code throughout."""
    posts, worth = (
        case.posts,
        read_model(seen_as(case.people, case.posts, case.tables, **case.values)).posts.worth,
    )
    held = {r["cadre"]: r for r in case.tables["postings"]}
    choices = []
    for person in case.people:
        row = held.get(person["id"], {"village": "", "post": "", "since": None})
        here = [j for j, p in enumerate(posts) if (p["village"], p["post"]) == (row["village"], row["post"])]
        may = [j for j, p in enumerate(posts) if p["role"] in person["roles"].split(";")]
        choices.append(here if row["since"] == SINCE["since"] else sorted({-1, *here, *may}))
    every = (_Choice(case, at) for at in itertools.product(*choices))
    return min(c.value(worth) for c in every if c.fits())


@dataclass(frozen=True)
class _Choice:
    """One way to post everyone: the post of each, −1 for nobody's."""

    case: Case
    at: tuple[int, ...]

    @property
    def held(self) -> list[Any]:
        place = {
            r["cadre"]: (r["village"], r["post"], r["since"].year == 2016)
            for r in self.case.tables["postings"]
        }
        return [place.get(p["id"]) for p in self.case.people]

    def village(self, k: int) -> str | None:
        return self.case.posts[self.at[k]]["village"] if self.at[k] >= 0 else None

    def term(self, k: int) -> bool:
        return bool(self.held[k] and self.held[k][2])

    def new(self, k: int) -> bool:
        post = self.case.posts[self.at[k]]
        return self.at[k] >= 0 and not (self.held[k] and self.held[k][:2] == (post["village"], post["post"]))

    def everyone(self) -> range:
        return range(len(self.case.people))

    def fits(self) -> bool:
        return (
            all(self.at.count(j) <= p["target"] for j, p in enumerate(self.case.posts))
            and all(self._released(u) for u in ("u1", "u2"))
            and all(self._team(v) for v in {p["village"] for p in self.case.posts})
            and all(self._together(h) for h in ("h", "g"))
        )

    def _released(self, unit: str) -> bool:
        mine = [k for k in self.everyone() if self.case.people[k]["unit"] == unit]
        cap = max(-(-len(mine) // 2), sum(map(self.term, mine)))
        return "unit_release_share" not in self.case.values or sum(self.at[k] >= 0 for k in mine) <= cap

    def has_members(self, v: str) -> bool:
        return any(p["role"] == "member" for p in self.case.posts if p["village"] == v)

    def led(self, v: str) -> bool:
        here = [k for k in self.everyone() if self.village(k) == v]
        roles = [self.case.posts[self.at[k]]["role"] for k in here]
        return not self.case.values["team_led"] or "first_secretary" in roles

    def _team(self, v: str) -> bool:
        on, people = self.case.values, self.case.people
        here = [k for k in self.everyone() if self.village(k) == v]
        if all(map(self.term, here)):
            return True
        least = min(on["team_minimum"], sum(p["target"] for p in self.case.posts if p["village"] == v))
        whole = not self.has_members(v) or (self.led(v) and len(here) >= least)
        tagged = any(t["region"] == COUNTY[v] for t in self.case.tables["region_tags"])
        mute = "team_language" in on and tagged and not any(people[k]["languages"] for k in here)
        mixed = "team_one_unit" in on and len({people[k]["unit"] for k in here if self.new(k)}) > 1
        return whole and not mute and not mixed

    def _together(self, home: str) -> bool:
        mine = [k for k in self.everyone() if self.case.people[k]["household"] == home and self.at[k] >= 0]
        apart = len({COUNTY[str(self.village(k))] for k in mine}) > 1
        return "spouses_together" not in self.case.values or not (apart and any(map(self.new, mine)))

    def value(self, worth: np.ndarray) -> int:
        """Who is without a leader leaves, for as much as the seats are worth."""
        unled = {
            p["village"]
            for p in self.case.posts
            if self.has_members(p["village"]) and not self.led(p["village"])
        }
        left = [k for k in self.everyone() if self.at[k] >= 0 and self.village(k) not in unled]
        total = sum(
            1000 * abs(AT[str(self.village(k))] - AT[self.case.people[k]["home_region"]]) + 6000 * self.new(k)
            for k in left
        )
        for j, p in enumerate(self.case.posts):
            there = sum(self.at[k] == j for k in left)
            must = max(p["minimum"] - there, 0)
            total += must * int(worth[0][j]) + max(p["target"] - there - must, 0) * int(worth[1][j])
        return total


@contextmanager
def only_around() -> Iterator[None]:
    """As where the whole is too large to decide at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting_keep, "MOST_PAIRS", -1)
        yield


@pytest.mark.parametrize("seed", range(60))
def test_small_lands_are_decided_to_the_optimum(seed: int) -> None:
    case = drawn(seed)
    best = optimum(case)
    found = decide(case.people, case.posts, case.tables, **case.values)
    assert (found.objective, found.bound, found.status) == (best, best, "OPTIMAL")


@pytest.mark.parametrize("seed", range(60))
def test_by_default_small_lands_are_decided_to_the_optimum(seed: int) -> None:
    """The same lands with the rules on leaders and sizes alone: who is in the term may have to leave."""
    case = drawn(seed)
    case = replace(case, values={k: v for k, v in case.values.items() if k not in RULES})
    best = optimum(case)
    found = decide(case.people, case.posts, case.tables, **case.values)
    assert (found.objective, found.bound, found.status) == (best, best, "OPTIMAL")


@pytest.mark.parametrize("seed", range(60))
def test_around_teams_the_bound_is_honest(seed: int) -> None:
    case = drawn(seed)
    with only_around():
        found = decide(case.people, case.posts, case.tables, **case.values)
    assert found.bound is not None and found.objective is not None
    assert found.bound <= optimum(case) <= found.objective


def test_a_plan_on_disk_is_verified_and_says_its_way(tmp_path: Path) -> None:
    """c0 and c3 are spouses of one unit in county A, where two more of other units live; vA asks for two people."""
    more = {
        **MORE,
        "cadres": MORE["cadres"]
        .replace("roles\n", "roles,household\n")
        .replace("first_secretary\n", "first_secretary;member,\n"),
    }
    more["cadres"] = more["cadres"].replace(
        "c0,u1,A,first_secretary;member,", "c0,u1,A,first_secretary;member,h"
    )
    more["cadres"] = more["cadres"].replace(
        "c3,u1,A,first_secretary;member,", "c3,u1,A,first_secretary;member,h"
    )
    more["village_posts"] += "vA,m,member,1,1\n"
    rules = 'team_one_unit = true\nteam_language = true\nspouses_together = "county"\nteam_minimum = 2\n'
    plan = make_plan(read_scenario(write_small(tmp_path / "s", TWO + rules, **more)), tmp_path / "plans")
    assert verify(plan).ok
    head = plan.stages["cadres"]
    assert {c["way"] for c in head["details"]["components"]} <= {"flow", "exact over teams"}
    assert all(c["gap"] == c["objective"] - c["bound"] == 0 for c in head["details"]["components"])
    told = {r["rule"]: r["state"] for r in head["rules"]}
    assert [told[rule] for rule in RULES] == ["binding", "slack", "binding"]

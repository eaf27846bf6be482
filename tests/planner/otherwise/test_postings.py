"""People elsewhere: by hand, and against every way of posting them that keeps the rules."""

from __future__ import annotations

import itertools
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from graph.schema import RESULTS
from planner.explain import context_of, explain
from planner.otherwise import Otherwise, otherwise
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.stages.cadres import STAGE
from planner.stages.cadres.build import read_model
from planner.stages.cadres.standing import Standing
from planner.subject import may_decide, read_subject
from tests.planner.cadre_land import PLAIN, REGIONS, cadre, first, members, verdict
from tests.planner.planned import planned
from tests.planner.tiny import context, network

Rows = list[dict[str, Any]]
LAX: dict[str, Any] = {**PLAIN, "team_led": "off", "team_minimum": "off", "tiers": "off", "minimum_term_years": "off",
                       "posting_area": "off"}  # fmt: skip


def ask(plan: Plan, text: str, stage: str = "cadres") -> list[Otherwise]:
    return otherwise(plan, read_subject(plan, text), [stage], executor=InProcess())


def made(folder: Path, cadres: Rows, posts: Rows, **values: Any) -> Plan:
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts)
    return planned(folder, net, cadres={**LAX, **values})


def test_a_chain_by_hand(tmp_path: Path) -> None:
    """v0 at 0 km and v1 at 10 km from a1, where c1 and c2 live: 0 + 1 point. c3 lives 100 km from v0, 90 km from v1.

    c3 in v0: 10 + 1, which is 10 more. In v1: 9 + 0, which is 8 more.
    """
    cadres = [cadre("c1"), cadre("c2"), cadre("c3", "b1")]
    plan = made(tmp_path, cadres, [first("v0"), first("v1")])
    assert plan.stages["cadres"]["objective"] == 1000  # one goes 10 km
    (told,) = ask(plan, "c3>v0")
    assert (told.status, told.change, told.worse, told.tie) == ("OPTIMAL", 10.0, True, False)
    assert (told.moves[0].who, told.moves[0].before, told.moves[0].after) == ("c3", "", "v0/fs")
    assert len(told.moves) == 2 and told.moves[1].before == "v0/fs" and told.moves[1].after == ""
    (county,) = ask(plan, "c3>a1")  # v0 or v1, whichever is less
    assert county.change == 8.0 and county.moves[0].after == "v1/fs"
    assert ask(plan, "c3")[0].change == 8.0  # the best place that c3 could have


def test_a_tie_is_called_a_tie(tmp_path: Path) -> None:
    plan = made(tmp_path, [cadre("c1"), cadre("c2")], [first("v0")])
    (there,) = plan.table("postings")["cadre"].to_list()
    (told,) = ask(plan, there)
    assert told.tie and told.change == 0 and [m.who for m in told.moves] == [there, *({"c1", "c2"} - {there})]
    other = ({"c1", "c2"} - {there}).pop()
    assert ask(plan, f"{other}>v0")[0].tie


def test_people_are_asked_about_in_their_own_stage_alone(tmp_path: Path) -> None:
    """A village is no such thing: other stages may know it."""
    plan = made(tmp_path, [cadre("c1")], [first("v0")])
    assert may_decide(plan, "cadres", ["c1", "v0"]) and not may_decide(plan, "designation", ["c1"])
    assert may_decide(plan, "exit", ["v0"]) and not may_decide(plan, "exit", ["v0", "c1"])
    assert not otherwise(plan, read_subject(plan, "c1"), ["pairing"], executor=InProcess())


def test_away_from_a_post_without_a_solve(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """c1 at home in v0 goes: c2, 30 km from there, comes for 3; without c2, c1 stays at home and the seat is empty."""
    plan = made(tmp_path / "two", [cadre("c1"), cadre("c2", "a2")], [first("v0")])
    alone = made(tmp_path / "one", [cadre("c1")], [first("v0", minimum=0)])
    monkeypatch.setattr(InProcess, "run", lambda *_: pytest.fail("solved"))
    (told,) = ask(plan, "c1")
    assert (told.status, told.change, told.tie) == ("OPTIMAL", 3.0, False)
    assert [(m.who, m.before, m.after) for m in told.moves] == [("c1", "v0/fs", ""), ("c2", "", "v0/fs")]
    (told,) = ask(alone, "c1>v0")
    assert told.status == "OPTIMAL" and told.worse and [m.who for m in told.moves] == ["c1"]
    assert told.parts[0][1] == told.change  # all of it is the seat


def test_who_is_barred_is_told_each_rule_with_value_and_origin(tmp_path: Path) -> None:
    cadres = [cadre("c1"), cadre("c2", "b1", roles="member")]
    plan = made(tmp_path, cadres, [first("v0")], posting_area="prefecture")
    (told,) = ask(plan, "c2>v0")
    assert (told.status, told.change) == ("INFEASIBLE", None)
    listed = [t.en for t in told.forbidden]
    assert len(listed) == 2
    assert any("cadres.posting_area = prefecture" in t and "scenario.toml:" in t for t in listed)
    assert any("cadres.role_allowed = true; default" in t for t in listed)
    free = made(tmp_path / "off", cadres, [first("v0")], posting_area="off", role_allowed="off")
    assert ask(free, "c2>v0")[0].status == "OPTIMAL"  # the rules off, the reason is gone


def test_who_can_go_nowhere_is_told_by_which_rule(tmp_path: Path) -> None:
    cadres = [cadre("c1"), cadre("c2", "b1")]
    plan = made(tmp_path, cadres, [first("v0")], posting_area="prefecture")
    (told,) = explain(plan, "c2")
    assert (
        told.said.en
        == "c2 is posted nowhere: no post within reach has a seat left: area within which a cadre serves (cadres.posting_area)"
    )
    assert told.by == ("posting_area",) and told.rules[0]["rule"] == "posting_area"
    assert ask(plan, "c2")[0].status == "INFEASIBLE"
    (told,) = explain(made(tmp_path / "off", cadres, [first("v0")]), "c2")
    assert told.said.en == "c2 is posted nowhere: every post within reach is better filled by somebody else"
    assert ask(made(tmp_path / "off2", cadres, [first("v0")]), "c2")[0].worse


def test_whose_last_posting_ended_for_a_reason_is_told_so(tmp_path: Path) -> None:
    cadres = [cadre("c1"), cadre("c2", available_from=date(2018, 1, 1)), cadre("c3")]
    held = [
        {
            "cadre": "c3",
            "village": "v1",
            "post": "fs",
            "since": date(2016, 6, 1),
            "ended_because": "promotion",
        }
    ]
    posts = [first("v0"), first("v1")]
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts, postings=held)
    plan = planned(tmp_path, net, cadres=LAX)
    (told,) = ask(plan, "c3>v0")
    assert [t.en for t in told.forbidden] == [
        "the last posting was ended for a reason of its own (postings.ended_because)"
    ]
    assert explain(plan, "c3")[0].why.en.endswith("ended for a reason of its own (postings.ended_because)")
    (told,) = ask(plan, "c2>v0")
    assert "cadres.availability" in told.forbidden[0].en and explain(plan, "c2")[0].why.en.startswith(
        "not available"
    )


@pytest.mark.parametrize("seed", [*range(4), 9, 32, 36, 45, 48, 53])
@pytest.mark.parametrize("teams", [False, True])
def test_brute_force_agrees(tmp_path: Path, seed: int, teams: bool) -> None:
    """Every posting of three people that keeps the rules, priced by the independent check."""
    rng = np.random.default_rng(seed)
    homes = rng.choice(["a1", "a2", "b1"], size=3)
    cadres = [cadre(f"c{k}", str(h), unit="u1" if rng.random() < 0.5 else "u2") for k, h in enumerate(homes)]
    posts = [
        first("v0"),
        members("v0", 1, 1),
        first("v1") if rng.random() < 0.5 else first("v2"),
        members("v2", 0, 2),
    ]
    rules = (
        {"team_led": True, "team_minimum": 2, "team_one_unit": bool(rng.random() < 0.5) or "off"}
        if teams
        else {}
    )
    plan = made(tmp_path, cadres, posts, **rules)
    every = _all_postings(cadres, posts, {**LAX, **rules})
    best = min(value for value, _ in every)
    assert plan.stages["cadres"]["objective"] == best
    rows = plan.table("postings").select("cadre", "village", "post").iter_rows()
    posted = {c: f"{v}/{p}" for c, v, p in rows}
    for name, village in itertools.product([c["id"] for c in cadres], sorted({p["village"] for p in posts})):
        has = posted.get(name, "").startswith(f"{village}/")
        other = [(value, at) for value, at in every if at.get(name, "").startswith(f"{village}/") != has]
        allowed = [value for value, _ in other]
        (told,) = ask(plan, f"{name}>{village}")
        if not allowed:
            assert told.status == "INFEASIBLE"
            continue
        assert told.change is not None
        assert round(told.change * 1000) == min(allowed) - best, (name, village, has)
        if told.parts:
            assert sum(c for _, c in told.parts) == pytest.approx(told.change)
        assert told.status == "OPTIMAL" and told.least is None
        assert len(told.moves) == min(_moved(posted, at) for value, at in other if value == min(allowed))
        if not teams:
            assert _worth_of_moves(plan, told) == pytest.approx(told.change)


def _moved(before: dict[str, str], after: dict[str, str]) -> int:
    return sum(before.get(name) != after.get(name) for name in {*before, *after})


def _all_postings(cadres: Rows, posts: Rows, values: dict[str, Any]) -> list[tuple[int, dict[str, str]]]:
    """Objective and cadre → village and post of every way of posting that the check finds nothing in."""
    seen = context(STAGE, network(regions=REGIONS, cadres=cadres, village_posts=posts), **values)
    model = read_model(seen)
    number = {
        c: int(n)
        for c, n in zip(
            (c["id"] for c in cadres), model.crowd.number[np.argsort(model.crowd.rows)], strict=True
        )
    }
    found = []
    for way in itertools.product([None, *range(len(posts))], repeat=len(cadres)):
        if any(way.count(s) > p["target"] for s, p in enumerate(posts)):
            continue
        rows = [
            {"cadre": c["id"], "village": posts[s]["village"], "post": posts[s]["post"], "role": posts[s]["role"],
             "cost": int(model.costs.single(np.array([number[c["id"]]]), np.array([s]), np.array([False]))[0]) / 1000}
            for c, s in zip(cadres, way, strict=True) if s is not None
        ]  # fmt: skip
        told = verdict(cadres, posts, pl.DataFrame(rows, schema=RESULTS["postings"].dtypes),
                       **{k: v for k, v in values.items() if k not in PLAIN})  # fmt: skip
        if not told.broken and told.objective is not None:
            found.append((told.objective, {r["cadre"]: f"{r['village']}/{r['post']}" for r in rows}))
    return found


def _worth_of_moves(plan: Plan, told: Otherwise) -> float:
    """Points that the moves told come to by themselves: costs of places left and taken, worth of seats emptied and filled."""
    model = read_model(context_of(plan, "cadres"))
    row = {c: k for k, c in enumerate(model.people.table["id"].to_list())}
    slot = {f"{v}/{p}": k for k, (v, p) in enumerate(model.posts.table.select("village", "post").iter_rows())}
    at = {
        c: slot[f"{v}/{p}"]
        for c, v, p in plan.table("postings").select("cadre", "village", "post").iter_rows()
    }
    then = {**at, **{m.who: slot[m.after] for m in told.moves if m.after}}
    for move in told.moves:
        if not move.after:
            then.pop(move.who)
    return (_total(model, row, then) - _total(model, row, at)) / 1000


def _total(model: Any, row: dict[str, int], at: dict[str, int]) -> int:
    number = dict(zip(model.crowd.rows.tolist(), model.crowd.number.tolist(), strict=True))
    cost = sum(
        int(model.costs.single(np.array([number[row[c]]]), np.array([s]), np.array([False]))[0])
        for c, s in at.items()
    )
    there = np.bincount(list(at.values()), minlength=len(model.posts.minimum))
    must = np.maximum(model.posts.minimum - there, 0)
    further = np.maximum(model.posts.target - there, 0) - must
    return cost + int(must @ model.posts.worth[0] + further @ model.posts.worth[1])


def test_nothing_forced_betters_a_proved_plan() -> None:
    """The worths alone may prove less than the search did: what they tell of another posting is then cut off at nothing."""
    proved, open_ = {"objective": 900, "bound": 900, "proved": 600}, {"objective": 900, "bound": 600}
    nothing = np.zeros(0, np.int64)
    standing = Standing(None, None, nothing, nothing, nothing, [proved, open_])  # type: ignore[arg-type]  # neither is asked
    assert standing.at_least(0, np.array([-281, 40])).tolist() == [0, 40]
    assert standing.at_least(1, np.array([-281, 40])).tolist() == [-281, 40]

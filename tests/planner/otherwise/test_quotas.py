"""Limits at which a pair is swapped: as all answers that keep the limit say, number by number."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from planner.otherwise.choice import Asking
from planner.otherwise.choices import pair_choices
from planner.otherwise.quotas import LIMITS, OWN, quota_turns, quota_words
from planner.solve.mip import violated
from planner.solve.pool import InProcess
from tests.planner.every_row.test_pairs import HEAD, SCORES, made
from tests.planner.pairing_land import FREE, tables
from tests.planner.planned import planned
from tests.planner.tiny import network


def drawn(folder: Path, seed: int) -> Asking:
    """Four units, of which u1 has room for one, and three counties with one or two units each; own scores."""
    rng = np.random.default_rng(seed)
    lines = [f"designation,{u},{c},{rng.integers(-20, 60)},1\n" for u in ("u1", "u2", "u3") for c in "ABC"]
    settings = ("designation.units_per_county=[1,2]", "designation.counties_per_unit=[0,2]")
    return Asking(made(folder, HEAD + "".join(lines), 1, *settings), "designation", InProcess())


def turned(asking: Asking, pair: tuple[str, str], rule: str, most: float) -> bool | None:
    """Whether the pair is better swapped with another limit, by all answers; ``None`` where there is none."""
    (found,) = pair_choices(asking)
    arrays, model = found.model.arrays(), found.model
    rows = np.flatnonzero(arrays["row_rule"] == model.rules.index(rule))
    if rule in OWN:
        rows = rows[np.concatenate(model.about)[rows] == pair[0]]
    upper = arrays["row_upper"].copy()
    upper[rows] = most
    (column,) = np.flatnonzero(found.named([pair]))
    points = (np.array(p) for p in itertools.product((0, 1), repeat=found.model.n_columns))
    costs: dict[bool, list[int]] = {True: [], False: []}
    for x in points:
        if not violated({**arrays, "row_upper": upper}, x).size:
            costs[bool(x[column])].append(int(found.pairs.cost @ x))
    has = bool(found.chosen[column])
    if not costs[True] and not costs[False]:
        return None
    return min(costs[not has], default=np.inf) < min(costs[has], default=np.inf)


@pytest.mark.parametrize("seed", range(3))
def test_all_answers_say_the_same(tmp_path: Path, seed: int) -> None:
    asking = drawn(tmp_path, seed)
    (found,) = pair_choices(asking)
    seen = set()
    for pair in (("u1", "A"), ("u1", "B"), ("u2", "C")):
        for turn in quota_turns(asking, found, pair):
            rule, step = turn.rule.partition(".")[2], 1 if turn.up else -1
            seen.add(turn.state)
            for most in range(turn.now, turn.sure + step, step) if (turn.sure - turn.now) * step >= 0 else ():
                assert turned(asking, pair, rule, most) is False
            if turn.state == "turns":
                assert turn.at == turn.sure + step and turned(asking, pair, rule, turn.at) is True
            elif turn.state == "infeasible":
                assert turned(asking, pair, rule, turn.sure - 1) is None
            elif turn.state == "never" and turn.up:
                assert not any(turned(asking, pair, rule, most) for most in (turn.now + 1, turn.now + 2, 9))
    assert "never" in seen


def test_by_hand(tmp_path: Path) -> None:
    """u1 has room for B alone. With room for two it takes A from u2 as well (1 instead of 4); with none it has to leave B to u3."""
    asking = Asking(made(tmp_path, SCORES, 1), "designation", InProcess())
    (found,) = pair_choices(asking)
    told = {(p, t.up): t for p in (("u2", "A"), ("u1", "B")) for t in quota_turns(asking, found, p)
            if t.rule == "designation.unit_capacity"}  # fmt: skip
    less = told[("u1", "B"), False]
    assert (less.state, less.at, less.sure, less.now) == ("turns", 0, 1, 1)
    assert "with 0 it is swapped, with 1 it is not (both solved)" in quota_words(less, True).en
    more = {t.rule: t for t in quota_turns(asking, found, ("u1", "A")) if t.up}["designation.unit_capacity"]
    assert (more.state, more.at) == ("turns", 2) and more.as_dict()["confirmed"]
    assert (
        told[("u1", "B"), True].state == "never"
        and "再多也不会换掉它" in quota_words(told[("u1", "B"), True], True).zh
    )
    assert {t.rule.partition(".")[2] for t in quota_turns(asking, found, ("u1", "B"))} <= set(LIMITS)


def test_rows_that_look_ahead_are_no_limits_of_region_pairs(tmp_path: Path) -> None:
    """The first model counts county pairs in shares: that limit is asked about of county pairs alone."""
    values = {**FREE, "cover_recipients": True, "county_pairs": True, "partners_per_recipient": [1, 1]}
    asking = Asking(planned(tmp_path, network(**tables()), pairing=values), "pairing", InProcess())
    regions, counties = pair_choices(asking)
    asked = [
        {t.rule for t in quota_turns(asking, found, found.ends(int(np.flatnonzero(found.chosen)[0])))}
        for found in (regions, counties)
    ]
    assert asked[0] == {"pairing.partners_per_recipient"}
    assert "pairing.county_partners_per_supporter" in asked[1]

"""What makes a pair dear to lose: by hand, and gone with the rule."""

from __future__ import annotations

from pathlib import Path

from planner.otherwise.choice import Asking
from planner.otherwise.dear import in_the_way_of_less
from planner.otherwise.pairs import pair_otherwise
from planner.solve.pool import InProcess
from tests.planner.every_row.test_pairs import SCORES, made


def test_who_would_take_it_for_less_but_for_a_rule(tmp_path: Path) -> None:
    """u1 would take A for 1, but has room for B alone; without u2 on A it goes there, and u3 takes B: 2.5 more."""
    asking = Asking(made(tmp_path / "on", SCORES, 1), "designation", InProcess())
    lost = pair_otherwise(asking, ("u2", "A"), False)
    assert lost.change == 2.5
    (rule,) = in_the_way_of_less(asking, lost)
    assert (rule.key, rule.supporters) == ("unit_capacity", ["u1"])
    assert rule.as_dict()["supporters"] == ["u1"]
    kept = pair_otherwise(asking, ("u1", "B"), False)
    assert in_the_way_of_less(asking, kept) == []  # u3 costs 5.5 more by itself than u1, and the price is 2.5


def test_with_the_rule_off_it_stands_in_nobodys_way(tmp_path: Path) -> None:
    asking = Asking(made(tmp_path, SCORES, 1, "designation.unit_capacity=off"), "designation", InProcess())
    lost = pair_otherwise(asking, ("u1", "A"), False)
    assert lost.change == 3.0 and in_the_way_of_less(asking, lost) == []

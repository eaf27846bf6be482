"""Candidates by hand: which plan each criterion picks, ties, and plans that break a rule somewhere."""

from __future__ import annotations

from fractions import Fraction

from planner.robust.choose import Candidate, best_known, judge, picks
from planner.robust.held import Value


def candidate(name: str, *costs: int | None) -> Candidate:
    return Candidate(name, (), {j: Value(c, int(c is None)) for j, c in enumerate(costs)})


def test_each_criterion_has_its_own_plan() -> None:
    """Regrets against 0, 2, 2: steady 5 (5, 4, 1), bold 10 (0, 10, 0), middle 7."""
    plans = [candidate("steady", 5, 6, 3), candidate("bold", 0, 12, 2), candidate("mean", 1, 2, 9)]
    judged = judge(plans)
    assert best_known(plans) == {0: 0, 1: 2, 2: 2}
    assert [j.figures["mean"] for j in judged] == [Fraction(14, 3), Fraction(14, 3), Fraction(4)]
    assert [j.figures["worst"] for j in judged] == [6, 12, 9]
    assert [j.figures["regret"] for j in judged] == [5, 10, 7]
    assert picks(judged) == {"mean": ["mean"], "worst": ["steady"], "regret": ["steady"]}


def test_ties_are_ties() -> None:
    assert picks(judge([candidate("a", 1, 3), candidate("b", 3, 1)])) == {
        "mean": ["a", "b"], "worst": ["a", "b"], "regret": ["a", "b"]
    }  # fmt: skip


def test_a_plan_that_breaks_no_rule_comes_before_a_cheaper_one_that_does() -> None:
    judged = judge([candidate("cheap", 1, None), candidate("safe", 9, 9), candidate("never", None, None)])
    assert set(map(tuple, picks(judged).values())) == {("safe",)}
    assert judged[0].candidate.breaks == (1,)
    assert judged[0].figures["mean"] == 1
    assert judged[2].figures["mean"] is None
    assert picks(judge([candidate("never", None)]))["worst"] == []

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from graph.errors import UsageError
from graph.schema import RESULTS
from planner.compare import changed_rows, compare
from planner.plan import Plan
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.planner.compare.made import made, money, posting
from tests.planner.small import FILE, MORE, TWO, write_small

PAIRS = RESULTS["pairs"]


def pairs(*rows: tuple[str, str, float]) -> pl.DataFrame:
    """Rows of supporter, recipient, cost."""
    full = [("designation", s, r, c, 1, "{}", "designated") for s, r, c in rows]
    return pl.DataFrame(full, schema=PAIRS.dtypes, orient="row")


def test_rows_in_which_only_a_measure_changed_come_last() -> None:
    """A dearer pair is no other pair; another load is another decision."""
    old = pairs(("u1", "A", 1.0), ("u2", "B", 1.0))
    new = pairs(("u1", "A", 1.5), ("u2", "B", 1.0)).with_columns(
        load=pl.when(pl.col("recipient") == "B").then(2).otherwise("load").cast(old.schema["load"])
    )
    assert changed_rows(old, new, PAIRS)["recipient"].to_list() == ["B", "A"]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The same counties without the wish to keep what is there."""
    place = tmp_path_factory.mktemp("other")
    scenario = read_scenario(
        write_small(place / "other", FILE + 'keep_share = "off"\nchange_weight = 0.0\npins = ["u3>A"]\n')
    )
    return make_plan(scenario, place / "plans")


def test_new_ended_and_changed_rows() -> None:
    found = changed_rows(pairs(("u", "A", 1.0), ("u", "B", 2.0), ("u", "D", 4.0)),
                         pairs(("u", "B", 2.5), ("u", "C", 3.0), ("u", "D", 4.0)), PAIRS)  # fmt: skip
    assert found.select("how", "recipient", "cost", "cost_before").rows() == [
        ("new", "C", 3.0, None), ("ended", "A", 1.0, None), ("changed", "B", 2.5, 2.0),
    ]  # fmt: skip


def test_a_value_that_becomes_empty_is_a_change() -> None:
    old = pairs(("u", "A", 1.0))
    new = old.with_columns(kind=pl.lit(None, dtype=pl.String))
    assert changed_rows(old, new, PAIRS)["how"].to_list() == ["changed"]
    assert changed_rows(new, new, PAIRS).is_empty()


def test_settings_key_figures_and_rows_that_differ(small_plan: Plan, other: Plan) -> None:
    found = compare([small_plan, other])
    assert set(found.settings["key"]) == {"keep_share", "change_weight", "pins"}
    covered = found.kpis.filter(pl.col("key") == "counties_covered").to_dicts()[0]
    assert (covered["baseline"], covered[small_plan.id], covered[other.id]) == (2, 4, 4)
    rows = found.changes[other.id]["pairs"]
    assert ("new", "u3", "A") in rows.select("how", "supporter", "recipient").rows()
    assert found.as_dict()["plans"] == [small_plan.id, other.id]


def test_a_plan_is_like_itself(small_plan: Plan) -> None:
    found = compare([small_plan, small_plan])
    assert found.settings.is_empty() and found.changes == {small_plan.id: {}}


def test_three_plans_are_held_against_the_first(small_plan: Plan, other: Plan, tmp_path: Path) -> None:
    third = make_plan(
        read_scenario(write_small(tmp_path / "s", FILE + 'bans = ["u1>A"]\nkeep_share = "off"\n')),
        tmp_path / "p",
    )
    found = compare([small_plan, other, third])
    assert list(found.changes) == [other.id, third.id]
    assert found.kpis.columns[-3:] == [small_plan.id, other.id, third.id]


def test_one_plan_is_refused(small_plan: Plan) -> None:
    with pytest.raises(UsageError):
        compare([small_plan])


def test_why_in_a_plan_that_was_solved(small_plan: Plan, other: Plan) -> None:
    rows = compare([small_plan, other]).changes[other.id]["pairs"]
    (pinned,) = rows.filter((pl.col("supporter") == "u3") & (pl.col("recipient") == "A")).iter_rows(
        named=True
    )
    assert pinned["why_en"].startswith("newly pinned (designation.pins)")


def test_identical_plans_differ_in_nothing(small_plan: Plan) -> None:
    found = compare([small_plan, small_plan, small_plan])
    assert found.ids == [small_plan.id]
    assert found.flows.is_empty() and found.moves.is_empty()
    assert found.partners.select("swapped", "new", "ended").sum().row(0) == (0, 0, 0)
    counts = found.support.balance.select("more", "less").sum().row(0)
    assert counts == (0, 0)
    json.dumps(found.as_dict())


def test_plans_of_other_stages_and_scenarios(small_plan: Plan, other: Plan, tmp_path: Path) -> None:
    """A plan of two stages, and one of a land that shares nothing."""
    two = make_plan(read_scenario(write_small(tmp_path / "two", TWO, **MORE)), tmp_path / "p")
    alien = made(tmp_path, "alien", allocations=[money("g", "p1", 5)], postings=[posting("c1", "v1")])
    found = compare([small_plan, other, two, alien])
    assert list(found.changes) == [other.id, two.id, "alien"]
    assert found.not_planned == {
        small_plan.id: ["cadres", "funds"], other.id: ["cadres", "funds"], two.id: ["funds"],
        "alien": ["pairing", "designation"] if "pairing" in two.stages else ["designation"],
    }  # fmt: skip
    assert "postings" not in found.changes[two.id] and found.changes["alien"] == {}
    people = found.support.amounts.filter((pl.col("measure") == "people") & (pl.col("side") == "received"))
    assert people[small_plan.id].null_count() == people.height and people[two.id].sum() > 0
    assert found.churn.is_empty() and found.moves.is_empty()
    assert found.links.filter(pl.col("plan") == "alien").is_empty()
    assert not any(s.startswith("funds") for s in found.settings["stage"])
    back = compare([two, small_plan])  # what only the first has planned is no loss, either
    assert back.not_planned == {small_plan.id: ["cadres"]}
    assert "postings" not in back.changes[small_plan.id] and back.moves.is_empty()
    assert back.support.balance.filter(pl.col("measure") == "people").is_empty()
    json.dumps(found.as_dict(), default=str)


def test_the_same_bytes_every_time(small_plan: Plan, other: Plan) -> None:
    texts = {json.dumps(compare([small_plan, other]).as_dict(), default=str) for _ in range(3)}
    assert len(texts) == 1

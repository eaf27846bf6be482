"""``jiedui show``: what the objective counts, and what the states of rules mean."""

from __future__ import annotations

import json

from api.cli.show import gap_shown
from planner.plan import Plan
from tests.api.cli.conftest import Typed


def with_ranks(plan: Plan) -> Plan:
    """The plan as one whose objective has two ranks."""
    head = json.loads((plan.folder / "plan.json").read_text(encoding="utf-8"))
    parts = [("first", 1.5, 1.5), ("second", 12087.033, 0.0)]
    head["stages"]["designation"]["composition"] = {
        "words": {"zh": "先后", "en": "the first decides"}, "ranked": True,
        "parts": [{"title": {"zh": t, "en": t}, "objective": o, "bound": b} for t, o, b in parts],
    }  # fmt: skip
    (plan.folder / "plan.json").write_text(json.dumps(head), encoding="utf-8")
    return plan


def test_a_plain_objective_is_the_total_cost(typed: Typed, small_plan: Plan) -> None:
    _, out, _ = typed("show", small_plan.folder)
    assert "What the objective counts" in out
    told = [line.split() for line in out.splitlines() if line.startswith("designated assistance")]
    (cost,) = [line.split()[2] for line in out.splitlines() if line.startswith("total cost")]
    assert told[0][3] == cost  # the objective is the key figure
    assert told[1][2:] == ["the", "total", "cost"]
    head = json.loads(typed("show", small_plan.folder, "--json")[1])["stages"]["designation"]
    assert head["composition"]["words"] == {"zh": "总成本", "en": "the total cost"}
    assert head["objective"] / head["scale"] == float(cost)


def test_ranks_stand_apart(typed: Typed, own_plan: Plan) -> None:
    _, out, _ = typed("show", with_ranks(own_plan).folder)
    assert "1.500 › 12,087.033" in out
    assert "1.500 › 0.000" in out
    assert "first 1.500 › second 12,087.033 (the first decides)" in out


def test_a_plan_of_an_older_version_has_no_composition(typed: Typed, own_plan: Plan) -> None:
    head = json.loads((own_plan.folder / "plan.json").read_text(encoding="utf-8"))
    del head["stages"]["designation"]["composition"]
    (own_plan.folder / "plan.json").write_text(json.dumps(head), encoding="utf-8")
    code, out, _ = typed("show", own_plan.folder)
    assert code == 0
    assert "What the objective counts" not in out
    assert typed("show", own_plan.folder, "--html", own_plan.folder / "x.html")[0] == 0


def test_states_of_rules_are_defined_where_they_are_listed(typed: Typed, small_plan: Plan) -> None:
    _, out, _ = typed("show", small_plan.folder, "--rules")
    assert "binding: somewhere in this plan it leaves no room" in out
    assert "a slack rule may still shape the plan" in out
    assert "binding: somewhere" not in typed("show", small_plan.folder)[1]
    assert "单独挡住了别的规则都允许的选择" in typed("--lang", "zh", "show", small_plan.folder, "--rules")[1]


def test_the_gap_of_ranks_goes_on_to_the_first_that_is_open() -> None:
    """Equal in the first rank, the second is what is open; where the first is open, nothing is said of the second."""

    def head(*parts: tuple[float, float | None], ranked: bool = True) -> dict[str, object]:
        told = [{"objective": o, "bound": b} for o, b in parts]
        return {"gap": 1e-9, "composition": {"ranked": ranked, "parts": told}}

    assert gap_shown(head((525.7, 525.7), (200.0, 150.0))) == "0 › 25.000%"
    assert gap_shown(head((10, 8), (200.0, 150.0))) == "20.000%"
    assert gap_shown(head((10, 10), (0.0, 0.0))) == "0"
    assert gap_shown(head((10, None), (0.0, None))) == "0.000%"
    assert gap_shown({"gap": None}) == "" and gap_shown({"gap": 0.0}) == "0"

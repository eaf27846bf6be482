"""Prices of money on the command line, named, listed, explained, solved again; and the plan year by year beside the plan."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from api.cli.explained import _costs
from api.letter_words import option_words
from planner.budget_price import budget_prices
from planner.explain import context_of
from planner.plan import Plan, read_plan
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.stages.funds.explain import source_prices
from planner.verify import verify
from tests.api.cli.conftest import Typed

FROZEN = Path(__file__).parents[2] / "frozen"
STEP = ("funds.price_step=100000",)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    scenario = read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=STEP)
    return make_plan(scenario, tmp_path_factory.mktemp("plans"))


def test_show_names_the_most_valuable(typed: Typed, plan: Plan) -> None:
    _, out, _ = typed("show", plan.folder)
    assert "where 100,000 yuan more are worth most" in out
    assert "budget of Grant in 2017" in out and "-93,440.000" in out and "+80,000.000" in out
    assert "given straight to Alba for education in 2017" in out
    told = json.loads(typed("show", plan.folder, "--json")[1])["stages"]["funds"]["details"]["prices"]
    assert told["best"][0]["source"] == "g" and told["best"][0]["worth"] == 80_000_000
    assert "多 100,000 元最值钱之处" in typed("--lang", "zh", "show", plan.folder)[1]


def test_show_lists_all_of_them(typed: Typed, plan: Plan) -> None:
    _, out, _ = typed("show", plan.folder, "--prices", "--limit", "2")
    assert "share outside poor counties in 2017" in out and "-12,990.000" in out and "Brno" not in out
    told = json.loads(typed("show", plan.folder, "--prices", "--json", "--limit", "1")[1])
    assert told["rows"] == plan.table("funds", "prices").height and len(told["shown"]) == 1


def test_a_plan_without_prices_says_so(typed: Typed, tmp_path: Path) -> None:
    code, _, err = typed("show", FROZEN / "plan-1", "--prices")
    assert code == 2 and "no prices" in err
    assert "worth most" not in typed("show", FROZEN / "plan-1")[1]
    scenario = read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=["funds.budgets=false"])
    off = make_plan(scenario, tmp_path)
    assert "no prices: budgets are off" in typed("show", off.folder)[1]
    code, _, err = typed("show", off.folder, "--prices")
    assert code == 2 and "budgets are off" in err
    code, _, err = typed("explain", off.folder, "g", "--price")
    assert code == 2 and "budgets are off" in err


def test_explain_tells_a_county_and_a_source(typed: Typed, plan: Plan) -> None:
    _, out, _ = typed("explain", plan.folder, "A")
    assert "1 yuan more (points)" in out and "100,000 yuan more (points)" in out and "80,000.000" in out
    assert (
        "1 yuan more: for this need, no other money moved; 100,000 yuan more (less): given to it from outside"
        in out
    )
    _, out, _ = typed("explain", plan.folder, "g")
    assert "what 100,000 yuan more or less would change" in out and "budget of 2017" in out
    assert "the budget being 100,000 yuan larger (smaller) and all money planned anew" in out


def test_money_freed_of_its_earmark_stands_apart_from_more_money(plan: Plan) -> None:
    row = {
        "source": "g",
        "region": None,
        "programme": None,
        "year": 2017,
        "less_yuan": None,
        "more_yuan": 100_000,
    }
    priced = [
        {"rule": "budgets", **row, "less": -90_000, "more": 80_000},
        {"rule": "earmarks", **row, "less": None, "more": 7_000},
    ]
    schema = {"rule": pl.String, "region": pl.String, "less": pl.Int64}
    budgets, freed = source_prices(
        context_of(plan, "funds"), pl.DataFrame(priced, schema_overrides=schema), "g"
    )
    assert [(o.what.en, o.total, dict(o.terms)) for o in budgets.options] == [
        ("budget of 2017", 80.0, {"million_less": -90.0})
    ]
    assert budgets.total.en == "100,000 yuan more (points)"
    assert [(o.what.en, o.total, dict(o.terms)) for o in freed.options] == [("money of 2017", 7.0, {})]
    assert freed.total.en == "100,000 yuan freed (points)" and "freed of the earmark" in freed.what.en
    assert option_words(freed, freed.options[0], {}) == "money of 2017: +7 points."


def test_a_side_that_is_not_known_is_left_empty_and_not_told_as_nothing(plan: Plan) -> None:
    """More leaves no plan in the first year and was not worked out in the second; of the third nothing is known."""
    row = {"rule": "budgets", "source": "g", "region": None, "programme": None}
    priced = [
        {**row, "year": 2017, "less": None, "less_yuan": None, "more": None, "more_yuan": 100_000},
        {**row, "year": 2018, "less": -7_000, "less_yuan": 100_000, "more": None, "more_yuan": None},
        {**row, "year": 2019, "less": None, "less_yuan": None, "more": None, "more_yuan": None},
    ]
    schema = {"region": pl.String, "less": pl.Int64, "more": pl.Int64}
    (told,) = source_prices(context_of(plan, "funds"), pl.DataFrame(priced, schema_overrides=schema), "g")
    assert [(o.total, dict(o.terms), o.note.en) for o in told.options] == [
        (None, {}, "100,000 yuan more: no plan"),
        (None, {"million_less": -7.0}, ""),
    ]
    assert option_words(told, told.options[1], {}) == "budget of 2018: -7 points with less."
    assert _costs(told.options[1], ["million_less"], told) == ["", "-7.000"]
    assert _costs(replace(told.options[0], total=3.5, chosen=True), ["million_less"], told) == ["3.500", ""]


def test_explain_solves_again(typed: Typed, plan: Plan) -> None:
    _, out, _ = typed("explain", plan.folder, "g", "--price")
    assert "solved again" in out and "as in the plan's table" in out and "+80,000.000" in out
    told = json.loads(typed("explain", plan.folder, "g", "--price", "--json")[1])["prices"]
    assert told == [{"stage": "funds", "source": "g", "year": 2017, "less": -93440.0, "less_yuan": 100_000,
                     "more": 80_000.0, "more_yuan": 100_000, "kept": True, "less_forbidden": [], "more_forbidden": []}]  # fmt: skip


@pytest.mark.parametrize(("yuan", "change"), [(-100_000, -93_440_000), (100_000, 80_000_000)])
def test_a_budgets_price_is_what_planning_with_the_other_budget_gives(
    plan: Plan, tmp_path: Path, yuan: int, change: int
) -> None:
    """The share outside the listed counties is a share of the budget, so that less must go there as well."""
    other = make_plan(
        read_scenario(with_budget(tmp_path / "other", yuan), stages=["funds"], settings=STEP),
        tmp_path / "plans",
    )
    assert other.stages["funds"]["objective"] - plan.stages["funds"]["objective"] == change


def with_budget(folder: Path, yuan: int) -> Path:
    """A copy of the scenario with so much more in the budget of the grant in 2017."""
    shutil.copytree(FROZEN / "scenario-1", folder)
    path = folder / "data" / "fund_budgets.csv"
    table = pl.read_csv(path)
    here = (pl.col("source") == "g") & (pl.col("year") == 2017)
    table.with_columns(amount=pl.when(here).then(pl.col("amount") + yuan).otherwise("amount")).write_csv(path)
    return folder


def test_where_rules_cross_only_solving_again_tells(tmp_path: Path) -> None:
    crossing = (*STEP, "funds.stability=0.9", "funds.stability_against=plan")
    plan = make_plan(read_scenario(FROZEN / "scenario-1", stages=["funds"], settings=crossing), tmp_path)
    assert (
        plan.tables("prices") == {} and "cross" in plan.stages["funds"]["details"]["prices"]["why_not"]["en"]
    )
    (found,) = budget_prices(plan, "g")
    assert (found.less, found.more, found.kept) == (-93_440.0, 80_000.0, False)


def test_a_table_that_says_otherwise_is_a_defect(plan: Plan, tmp_path: Path) -> None:
    folder = tmp_path / plan.id
    shutil.copytree(plan.folder, folder)
    table = plan.table("funds", "prices")
    table.with_columns(more=table["more"] - 1).write_parquet(folder / "prices" / "funds.parquet")
    with pytest.raises(RuntimeError, match="price of g 2017"):
        budget_prices(read_plan(folder), "g")


def test_show_puts_the_year_by_year_plan_beside_it(typed: Typed, tmp_path: Path) -> None:
    """Half of the budget may wait for next year, where the first steps of Brno's need count more."""
    folder = tmp_path / "two"
    shutil.copytree(FROZEN / "scenario-1", folder)
    for table, row in (("needs", "c2,2018,health,4000000"), ("fund_budgets", "g,2018,0")):
        path = folder / "data" / f"{table}.csv"
        path.write_text(path.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    change = '\n[[change]]\ntable = "fund_budgets"\nset = { carry_over_max = 0.5 }\n'
    file = folder / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8") + change, encoding="utf-8")
    plan = make_plan(read_scenario(folder, stages=["funds"]), tmp_path / "plans")
    _, out, _ = typed("show", plan.folder)
    (points,) = [line.split() for line in out.splitlines() if line.startswith("weighted need met ")]
    assert int(points[3].replace(",", "")) > int(points[-2].replace(",", "")) and "year by year" in out
    assert "looking at all 2 years together is worth" in out
    kpi = next(k for k in plan.stages["funds"]["kpis"] if k["key"] == "points")
    assert kpi["plan"] - kpi["beside"]["year_by_year"] == pytest.approx(
        plan.stages["funds"]["details"]["looking_ahead"] / 1000, abs=1
    )
    assert set(plan.tables("beside")) == {"funds.year_by_year.allocations"}
    assert verify(plan).ok
    table = plan.folder / "beside" / "funds.year_by_year.allocations.parquet"
    frame = pl.read_parquet(table)
    frame.with_columns(amount=frame["amount"] + 1).write_parquet(table)
    assert not verify(plan).ok


def test_a_step_that_is_more_than_is_needed_is_cut_to_the_need(typed: Typed, tmp_path: Path) -> None:
    scenario = read_scenario(
        FROZEN / "scenario-1", stages=["funds"], settings=["funds.price_step=1000000000"]
    )
    plan = make_plan(scenario, tmp_path)
    needs = plan.network.frame("needs").select("region", "programme", "year", need="amount")
    table = plan.table("funds", "prices").filter(pl.col("rule") == "needs")
    both = table.join(needs, on=["region", "programme", "year"])
    assert both.height and (both["more_yuan"] <= both["need"]).all()
    assert "where up to 1,000,000,000 yuan more are worth most" in typed("show", plan.folder)[1]
    row = both.filter(pl.col("less_yuan") < pl.col("need")).row(0, named=True)
    _, out, _ = typed("explain", plan.folder, f"{row['region']}:{row['programme']}:{row['year']}", "--price")
    assert f"with {row['need']:,} yuan for" in out and "1,000,000,000 yuan for" not in out
    assert ", no more than it gets (needs)" in out


def test_a_budget_that_leaves_no_plan_says_which_rules_forbid_it(typed: Typed, tmp_path: Path) -> None:
    """The table, the answer that was solved again and the letter say the same."""
    folder = with_health_grant(tmp_path / "other")
    whole = pl.read_csv(folder / "data" / "fund_budgets.csv").filter(source="g", year=2017)["amount"].item()
    settings = (f"funds.price_step={whole}", "funds.deep_poverty_share=0.8")
    plan = make_plan(read_scenario(folder, stages=["funds"], settings=settings), tmp_path / "plans")
    row = plan.table("funds", "prices").filter(rule="budgets", source="g").row(0, named=True)
    assert (row["less"], row["less_yuan"]) == (None, whole)
    _, out, _ = typed("explain", plan.folder, "g", "--price")
    assert f"{whole:,} yuan less: no plan" in out and "as in the plan's table" in out
    assert "2017, less, no plan: " in out and "deep_poverty_share" in out
    _, letter, _ = typed("explain", plan.folder, "g", "--price", "--format", "text")
    assert "no plan is left (" in letter and "deep_poverty_share" in letter


def test_money_that_is_absent_tells_the_rule_and_has_a_price(typed: Typed, tmp_path: Path) -> None:
    folder = with_health_grant(tmp_path / "other")
    plan = make_plan(read_scenario(folder, stages=["funds"]), tmp_path / "plans")
    code, out, _ = typed("explain", plan.folder, "h>c1:education:2017", "--price")
    assert code == 0 and "not possible, by these rules" in out
    assert out.lower().count("rules keep it from paying for this: earmarks (funds.earmarks)") == 2


def with_health_grant(folder: Path) -> Path:
    """A copy of the scenario with a second grant, for health alone, and c1 in deep poverty."""
    folder = with_budget(folder, 0)
    lines = (
        ("fund_sources", "h,H,social,grant,health"),
        ("fund_budgets", "h,2017,100000"),
        ("region_tags", "c1,deep_poverty,2012-01-01"),
    )
    for table, line in lines:
        path = folder / "data" / f"{table}.csv"
        text = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
        if table == "fund_sources":
            text = [f"{text[0]},programmes", *(f"{t}," for t in text[1:])]
        path.write_text("\n".join([*text, line]) + "\n", encoding="utf-8")
    return folder

"""``[titles]``: what is refused, how files overlay, and that a plan keeps its words and nothing else changes."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import ScenarioError
from graph.language import Text, speaking
from graph.store.load import load
from graph.store.workspace import open_workspace
from graph.wording import worded
from planner.inputs import resolved_head
from planner.plan import Plan, read_plan
from planner.replay import scenario_of
from planner.roll.folder import write_start
from planner.run import make_plan
from planner.scenario import Scenario, read_scenario
from planner.scenario_text import network_text
from planner.solve.pool import InProcess
from planner.sweep.kept import keep_scenario, kept_scenario
from planner.titles import as_file, settled_titles
from planner.verify import verify
from tests.planner.small import FILE, write_small

OWN = """
[titles.words]
county = { zh = "学区", en = "district" }
unit = { zh = "院校", en = "college" }
[titles.unit_kind]
bank = { zh = "钱庄", en = "money house" }
[titles.currency]
zh = "克朗"
en = "crown"
symbol = "kr"
big = { size = 1_000, zh = "千克朗", en = "thousand crowns" }
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return read_scenario(write_small(tmp_path_factory.mktemp("own") / "own", FILE + OWN))


@pytest.fixture(scope="module")
def own_worded_plan(own: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return make_plan(own, tmp_path_factory.mktemp("plans"))


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ("[titles.wrods]\ncadre = { zh = 'a', en = 'b' }", "line 13, titles.wrods: unknown key; did you mean words?"),
        ("[titles.words]\ncader = { zh = 'a', en = 'b' }", "line 14, titles.words.cader: unknown key; did you mean cadre?"),
        ("[titles.words]\ncadre = 'teacher'", "line 14, titles.words.cadre: must be { zh"),
        ("[titles.words]\ncadre = { zh = 'a' }", "line 14, titles.words.cadre: en must be a text that is not empty"),
        ("[titles.words]\ncadre = { zh = ' ', en = 'b' }", "line 14, titles.words.cadre: zh must be a text that is not empty"),
        ("[titles.words]\ncadre = { zh = 'a', en = 'b', mnay = 'c' }", "titles.words.cadre: unknown key; did you mean many?"),
        ("[titles.unit_kind]\nbnak = { zh = 'a', en = 'b' }", "line 14, titles.unit_kind.bnak: unknown key; did you mean bank?"),
        ("[titles.level]\ncounti = { zh = 'a', en = 'b' }", "line 14, titles.level.counti: unknown key; did you mean county?"),
        ("[titles.currency]\nen = 'crown'", "titles.currency.zh: zh must be a text that is not empty"),
        ("[titles.currency]\nzh = 'a'\nen = 'b'\nsmybol = 'c'", "unknown key; did you mean symbol?"),
        ("[titles.currency]\nzh = 'a'\nen = 'b'\nbig = { zh = 'c', en = 'd' }", "size must be a whole number above 1"),
        ("[titles]\nwords = 3", "titles.words: must be a section [titles.words]"),
    ],
)  # fmt: skip
def test_a_wrong_title_is_refused_with_its_line_and_the_nearest(
    section: str, told: str, tmp_path: Path
) -> None:
    folder = write_small(tmp_path / "bad", f"{FILE}{section}\n")
    with pytest.raises(ScenarioError) as error:
        read_scenario(folder)
    assert told in error.value.text.en and error.value.text.zh


def test_all_wrong_titles_are_told_at_once(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "bad", FILE + "[titles.words]\na = 1\nb = { zh = '', en = 'b' }\n")
    with pytest.raises(ScenarioError) as error:
        read_scenario(folder)
    assert len(error.value.text.en.splitlines()) == 4  # no such words, and what is wrong with each


def test_an_overlay_titles_what_its_base_does_not_and_wins_where_it_does(tmp_path: Path) -> None:
    write_small(tmp_path / "base", FILE + OWN)
    over = tmp_path / "over"
    over.mkdir()
    text = 'format = 1\ntitle = "x"\nbase = "../base"\n[titles.words]\ncounty = { zh = "区", en = "borough" }\ncadre = { zh = "教师", en = "teacher" }\n'
    (over / "scenario.toml").write_text(text, encoding="utf-8")
    titles = read_scenario(over).network.titles
    assert {k: t["en"] for k, t in titles["words"].items()} == {
        "cadre": "teacher",
        "county": "borough",
        "unit": "college",
    }
    assert titles["currency"]["name"]["symbol"] == "kr" and titles["unit_kind"]["bank"]["en"] == "money house"


def test_a_file_gives_back_what_it_was_read_from(own: Scenario) -> None:
    assert settled_titles([as_file(own.network.titles)]) == own.network.titles


def test_a_plan_is_told_in_its_words_when_its_scenario_is_gone(own_worded_plan: Plan, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(own_worded_plan.folder, tmp_path / own_worded_plan.id))
    plan = read_plan(moved)
    assert verify(plan).ok
    titles = {k["key"]: k["title"] for k in plan.stages["designation"]["kpis"]}
    assert any("districts" in t["en"] and "学区" in t["zh"] for t in titles.values())
    assert not any("count" in t["en"] or "县" in t["zh"] for t in titles.values())
    with worded(plan.wording), speaking("en"):
        assert str(Text("县", "a unit of a county")) == "a college of a district"


def test_words_decide_nothing(own_worded_plan: Plan, small_plan: Plan) -> None:
    assert own_worded_plan.table("pairs").equals(small_plan.table("pairs"))
    one, two = (p.stages["designation"] for p in (own_worded_plan, small_plan))
    assert (one["objective"], one["bound"]) == (two["objective"], two["bound"])


def test_without_titles_a_plan_is_what_it_was(small: Scenario, own: Scenario) -> None:
    """Titles are in the id of a plan that has them, as its title is, since they are in its bytes."""
    assert "titles" not in resolved_head(small)
    assert resolved_head(own)["titles"]["words"]["unit"]["en"] == "college"


def test_the_same_bytes_whoever_asks(own: Scenario, own_worded_plan: Plan, tmp_path: Path) -> None:
    """Within another vocabulary, or within its own, as the command line has it."""
    with worded(own_worded_plan.wording):
        again = make_plan(own, tmp_path)
    assert again.id == own_worded_plan.id
    assert (again.folder / "plan.json").read_bytes() == (own_worded_plan.folder / "plan.json").read_bytes()


def test_scenarios_that_are_kept_keep_them(own: Scenario, own_worded_plan: Plan, tmp_path: Path) -> None:
    keep_scenario(own, tmp_path / "sweep")
    assert kept_scenario(tmp_path / "sweep").network.titles == own.network.titles
    assert scenario_of(own_worded_plan).network.titles == own.network.titles
    write_start(tmp_path / "roll", own)
    assert read_scenario(tmp_path / "roll" / "start").network.titles == own.network.titles
    place = write_small(tmp_path / "again", network_text(own.network, "again"))
    assert read_scenario(place).network.titles == own.network.titles


def test_a_store_keeps_them(own: Scenario, own_worded_plan: Plan, tmp_path: Path) -> None:
    """Planned out of a workspace a scenario says the same; what its file says besides is laid over."""
    place = tmp_path / "office"
    with closing(open_workspace(place, create=True)) as store:
        load(store, own.network, "own", by="t")
    where = f"workspace:{place}#own"
    assert read_scenario(where).network.titles == own.network.titles
    small = write_small(tmp_path / "small", FILE)
    found = read_scenario(small, network=where)
    plan = make_plan(found, tmp_path / "plans", executor=InProcess(), reuse=False)
    one, two = ([k["title"] for k in p.stages["designation"]["kpis"]] for p in (plan, own_worded_plan))
    assert one == two
    more = (
        '[titles.words]\ncounty = { zh = "区", en = "borough" }\n[titles.currency]\nzh = "镑"\nen = "pound"\n'
    )
    told = read_scenario(write_small(tmp_path / "more", FILE + more), network=where).network.titles
    assert {k: t["en"] for k, t in told["words"].items()} == {"county": "borough", "unit": "college"}
    assert told["currency"]["name"] == {"zh": "镑", "en": "pound"}
    assert told["currency"]["big"] == own.network.titles["currency"]["big"]


def test_the_title_of_a_scenario_is_not_touched(tmp_path: Path) -> None:
    text = FILE.replace('title_en = "small"', 'title_en = "a county"').replace(
        'title = "小县"', 'title = "县"'
    )
    scenario = read_scenario(write_small(tmp_path / "county", text + OWN))
    plan = make_plan(scenario, tmp_path / "plans")
    head = json.loads((plan.folder / "plan.json").read_text(encoding="utf-8"))
    assert head["title"] == {"zh": "县", "en": "a county"}
    with worded(plan.wording), speaking("en"):
        assert str(Text(**head["title"])) == "a county"


def test_sums_in_another_currency_are_not_held_against_ten_thousands(small: Scenario, own: Scenario) -> None:
    assert any(f.code == "money-magnitude" for f in small.findings)
    assert not any(f.code == "money-magnitude" for f in own.findings)

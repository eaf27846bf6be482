"""Scenarios: overlays and their precedence, changes, the command line, and every wrong file told with its line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.errors import InputError, JieduiError, OutsideError, ScenarioError, TableErrors, UsageError
from graph.tables import write_template
from planner.scenario import Scenario, newest_date, read_policies, read_scenario
from planner.scenario_file import line_of
from planner.shipped import find_scenario, shipped

TABLES = {
    "regions.csv": "code,name,level,parent\nP,Province,province,\nA,County A,county,P\nB,County B,county,P\n",
    "units.csv": "id,name,kind,capacity,strength\nu1,One,bank,4,0.5\nu2,Two,soe,2,0.5\n",
    "relations.csv": "id,kind,supporter,recipient,since,until\nr,designated,u1,A,2015-03-01,\n",
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a scenario folder: its file, and tables (by default three small ones)."""

    def made(name: str, text: str = "", tables: Mapping[str, str] | None = TABLES) -> Path:
        folder = tmp_path / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scenario.toml").write_text(text, encoding="utf-8")
        for file, rows in (tables or {}).items():
            (folder / "data").mkdir(exist_ok=True)
            (folder / "data" / file).write_text(rows, encoding="utf-8")
        return folder

    return made


def capacities(scenario: Scenario) -> dict[str, int]:
    return dict(scenario.network.frame("units").select("id", "capacity").iter_rows())


def told(where: Path, **more: Any) -> str:
    """What is said of a scenario that cannot be read."""
    with pytest.raises(JieduiError) as caught:
        read_scenario(where, **more)
    assert caught.value.exit_code == 2
    return caught.value.text.en


# --- overlays ---


def test_precedence_of_values(write: Write):
    write("base", "[designation]\nsame_kind_max = 5\nkeep_share = 0.1\ndistance_weight = 9.0\n")
    top = write("top", 'base = "../base"\n[designation]\nkeep_share = 0.2\ndistance_weight = 8.0\n', None)
    policy = read_scenario(top, settings=["designation.distance_weight=7"]).policies["designation"]
    assert (policy["distance_weight"], policy["keep_share"], policy["same_kind_max"]) == (7, 0.2, 5)
    assert policy["units_per_county"] == [1, 3]  # the default
    assert policy.origins["keep_share"].line == 3 and policy.origins["same_kind_max"].line == 2
    assert policy.origins["distance_weight"].file == "--set" and "units_per_county" not in policy.origins
    assert read_policies(top)["designation"]["keep_share"] == 0.2


def test_a_table_of_the_overlay_replaces_the_base_s(write: Write):
    write("base")
    top = write("top", 'base = "../base"\n', {"units.csv": "id,name,kind,capacity\nu1,New,bank,9\n"})
    assert capacities(read_scenario(top)) == {"u1": 9}


def test_an_overlay_s_data_folder_may_be_empty(write: Write):
    write("base")
    top = write("top", 'base = "../base"\n', None)
    (top / "data").mkdir()
    assert capacities(read_scenario(top)) == {"u1": 4, "u2": 2}


def test_changes_come_after_tables_file_by_file(write: Write):
    scale = '[[change]]\ntable = "units"\nwhere = { id = "u1" }\nscale = { capacity = 0.5 }\n'
    write("base", scale)
    top = write("top", f'base = "../base"\n{scale}', None)
    assert capacities(read_scenario(top)) == {"u1": 1, "u2": 2}  # 4 → 2 → 1: another file may change it again
    fresh = write(
        "fresh", f'base = "../base"\n{scale}', {"units.csv": "id,name,kind,capacity\nu1,New,bank,9\n"}
    )
    assert capacities(read_scenario(fresh)) == {"u1": 4}  # 9 → 4.5 → 4, half to even
    assert [r["source"] for r in read_scenario(top).network.frame("units").iter_rows(named=True)] == [
        "top/scenario.toml [[change]] 1",
        "units.csv",
    ]


def test_the_same_cell_twice_in_one_file(write: Write):
    entry = '[[change]]\ntable = "units"\nwhere = { id = "u1" }\nset = { capacity = 1 }\n'
    said = told(write("twice", entry + entry))
    assert "line 5, [[change]] number 2" in said and "capacity of units u1" in said


def test_a_change_that_matches_no_row(write: Write):
    said = told(write("none", '\n[[change]]\ntable = "units"\nwhere = { kind = "party" }\nremove = true\n'))
    assert "none/scenario.toml, line 2" in said and "no row of units matches" in said


def test_changed_tables_are_checked_like_files(write: Write):
    entry = '[[change]]\ntable = "units"\nwhere = { id = "u1" }\nset = { kind = "bnak", capacity = -1 }\n'
    with pytest.raises(TableErrors) as caught:
        read_scenario(write("bad", entry))
    assert "did you mean bank?" in str(caught.value.text.en) and "negative" in caught.value.text.en


def test_sections_overlay_key_by_key_and_titles_with_their_translation(write: Write):
    write("base", 'title = "底"\ntitle_en = "Base"\nseed = 5\n[limits]\nwork = 3.0\nsolver_threads = 2\n')
    found = read_scenario(write("top", 'base = "../base"\ntitle = "新"\n[limits]\nwork = 2.0\n', None))
    assert found.title == ("新", "新") and found.seed == 5
    assert (found.limits.work, found.limits.solver_threads) == (2.0, 2)
    assert found.chain == ("top", "base")
    assert read_scenario(write("plain", 'base = "../base"\n', None)).title == ("底", "Base")


def test_own_scores_of_a_file_leave_its_base_s_rules_behind(write: Write):
    write("base", "[designation]\nsame_kind_max = 5\n")
    top = write("top", 'base = "../base"\n[designation]\nobjective = "scores"\nkeep_share = 0.3\n', None)
    policy = read_scenario(top).policies["designation"]
    assert (
        policy["same_kind_max"] is None
        and policy["keep_share"] == 0.3
        and policy["units_per_county"] == [1, 1]
    )


@pytest.mark.parametrize("base", ["../base", "base"])
def test_a_base_is_found_beside_the_scenario(write: Write, base: str):
    write("base")
    assert capacities(read_scenario(write("top", f'base = "{base}"\n', None))) == {"u1": 4, "u2": 2}


@pytest.mark.parametrize("base", [".", "../ring", "ring", "../other"])
def test_a_ring_of_bases(write: Write, base: str):
    write("other", 'base = "../ring"\n', None)
    said = told(write("ring", f'base = "{base}"\n'))
    assert "base leads back to itself: ring →" in said


def test_a_base_that_is_not_there(write: Write):
    said = told(write("top", 'base = "../gone"\n'))
    assert "no scenario ../gone" in said and "china-2016" in said


# --- the file's words ---


@pytest.mark.parametrize("text, expected", [
    ("[designation]\n\nkeep_shar = 0.5\n", ["line 3, designation.keep_shar: unknown key; did you mean keep_share?"]),
    ("[designaton]\nkeep_share = 0.5\n", ["line 1, designaton: unknown key; did you mean designation?"]),
    ('titel = "x"\n', ["line 1, titel: unknown key; did you mean title?"]),
    ('[limits]\nthreads = 2\n', ["line 2, limits.threads: unknown key", "solver_threads"]),
    ('stages = ["exits"]\n', ["line 1, stages: no stage exits; did you mean exit?"]),
    ('stages = ["exit", "exit"]\n', ["line 1, stages: names a stage twice"]),
    ("stages = 5\n", ["line 1, stages: has the wrong type"]),
    ("regions = 5\n", ["line 1, regions: has the wrong type"]),
    ('limits = "x"\n', ["line 1, limits: has the wrong type"]),
    ("seed = true\n", ["line 1, seed: has the wrong type"]),
    ("designation = 5\n", ["line 1, designation: must be a section [designation]"]),
    ('[regions]\ncodes = "iso"\n', ["line 2, regions.codes: must be gb2260 or free"]),
    ('[regions]\nlevels = "county"\n', ["line 2, regions.levels: must be a list of texts"]),
    ('[enums]\nunit_kind = "club"\n', ["line 2, enums.unit_kind: must be a list of texts"]),
    ('[enums]\nunit_kinds = ["club"]\n', ["line 2, enums.unit_kinds: unknown key; did you mean unit_kind?"]),
    ("[limits]\nsolver_threads = 0\n", ["line 2, limits.solver_threads: must be a positive integer"]),
    ('[limits]\nwork = "much"\ntime_limit = -1\n', ["line 2, limits.work: must be", "line 3, limits.time_limit: must be"]),
    ("[designation]\nkeep_share = 1.5\nsame_kind_max = 0.5\n", ["line 2", "at most 1", "line 3", "must be an integer"]),
    ("designation.keep_share = 2\n", ["line 1, designation.keep_share: must be at most 1"]),
    ("[exit.path]\n2017 = 7\n", ["line 1, exit.path: must be at most 1"]),
    ('date = "2016-13-01"\n', ["date must be year-month-day"]),
    ("format = 2\n", ["unknown format 2", "upgrade jiedui"]),
    ("x = [\n", ["not valid TOML"]),
    ("change = 3\n", ["line 1, change: has the wrong type"]),
    ("change = [3]\n", ["must be a section [[change]]"]),
    ('network = "nowhere"\n', ["network = nowhere", "is no address of a graph store"]),
    ('data = "tables"\n', ["data names tables, which is not there"]),
])  # fmt: skip
def test_what_is_wrong_and_where(write: Write, text: str, expected: list[str]):
    said = told(write("mine", text))
    assert "mine" in said
    assert [part for part in expected if part not in said] == []


def test_all_wrong_keys_are_named_at_once(write: Write):
    said = told(write("mine", "sede = 1\n[designation]\nkeep_shar = 1\ndistance_weight = -1\n"))
    assert said.count("\n") == 2


def test_a_value_may_cite_its_policy(write: Write):
    found = read_scenario(write("mine", '[designation]\nkeep_share = { value = 0.4, policy = "p7" }\n'))
    policy = found.policies["designation"]
    assert policy["keep_share"] == 0.4
    assert policy.origins["keep_share"].as_dict() == {"file": "scenario.toml", "line": 2, "cites": "p7"}
    assert "must be a number" in told(
        write("wrong", '[designation]\nkeep_share = { value = "x", policy = "p7" }\n')
    )


@pytest.mark.parametrize("text, key, section, line", [
    ("a = 1\n[s]\nb = 2\n", "b", "s", 3),
    ("[s]\n'b' = 2\n", "b", "s", 2),
    ("b = 1\n[s]\nb = 2\n", "b", "", 1),
    ("[t]\nb = 1\n[s]\nb = 2\n", "b", "s", 4),
    ("[s.b]\nx = 1\n", "b", "s", 1),
    ("s.b = 1\n", "b", "s", 1),
    ("[s]\n", "b", "s", 0),
])  # fmt: skip
def test_line_of(text: str, key: str, section: str, line: int):
    assert line_of(text, key, section) == line


# --- the command line ---


@pytest.mark.parametrize("item, value", [
    ("designation.keep_share=0.25", 0.25),
    ("designation.keep_share=off", None),
    ("designation.units_per_county=[2, 4]", [2, 4]),
    (" designation.deep_poverty_tag = x ", "x"),
])  # fmt: skip
def test_set(write: Write, item: str, value: Any):
    key = item.partition("=")[0].strip().partition(".")[2]
    assert read_scenario(write("mine"), settings=[item]).policies["designation"][key] == value


@pytest.mark.parametrize("item, said", [
    ("designation.keep_share", "must be stage.key=value"),
    ("keep_share=1", "must be stage.key=value"),
    ("designaton.keep_share=1", "no stage designaton"),
    ("designation.keep_shar=1", "did you mean keep_share?"),
    ("designation.keep_share=much", "must be a number"),
    ("designation.keep_share=7", "must be at most 1"),
])  # fmt: skip
def test_set_wrong(write: Write, item: str, said: str):
    assert said in told(write("mine"), settings=[item])


# --- the folder ---


def test_tables_alone_are_a_scenario(write: Write, tmp_path: Path):
    folder = write("mine")
    (folder / "scenario.toml").unlink()
    for place in (folder, folder / "data"):
        found = read_scenario(place)
        assert capacities(found) == {"u1": 4, "u2": 2} and "designation" in found.stages


def test_the_day_of_planning(write: Write):
    assert read_scenario(write("none")).on == date(2015, 3, 1)  # the newest beginning in the tables
    for i, text in enumerate(("2016-12-31", '"2016-12-31"', "2016-12-31T08:00:00")):
        on = read_scenario(write(f"day{i}", f"date = {text}\n")).on
        assert type(on) is date and on == date(2016, 12, 31)
    bare = read_scenario(write("bare", "", {"regions.csv": TABLES["regions.csv"]}))
    assert newest_date(bare.network) == date(1970, 1, 1)


def test_stages_are_those_whose_tables_are_there_or_those_named(write: Write):
    assert "cadres" not in read_scenario(write("mine")).stages
    assert read_scenario(write("named", 'stages = ["designation"]\n')).stages == ("designation",)
    assert read_scenario(write("mine"), stages=["pairing"]).stages == ("pairing",)
    assert "no stage x" in told(write("mine"), stages=["x"])


def test_stages_run_in_their_order_whatever_the_order_in_which_they_are_named(write: Write):
    """A stage looks at those before it, as the plan's check does."""
    named = read_scenario(write("named", 'stages = ["exit", "designation"]\n'))
    assert named.stages == ("designation", "exit")
    assert read_scenario(write("mine"), stages=["cadres", "pairing", "cadres"]).stages == (
        "pairing",
        "cadres",
    )


def test_no_tables_no_scenario(write: Write, tmp_path: Path):
    with pytest.raises(InputError, match=r"no table|没有任何表"):
        read_scenario(write("empty", "", None))
    with pytest.raises(UsageError):
        find_scenario(tmp_path / "gone")
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "scenario.toml").write_bytes(b"title = '\xff\xfe'")
    with pytest.raises(ScenarioError, match="TOML"):
        read_scenario(tmp_path / "odd")
    (tmp_path / "dir" / "scenario.toml").mkdir(parents=True)
    with pytest.raises((OutsideError, InputError)):
        read_scenario(tmp_path / "dir")


def test_china_2016_is_shipped():
    assert "china-2016" in shipped()
    assert read_policies("china-2016")["exit"].origins["village_sample"].file == "scenario.toml"


@pytest.mark.parametrize(("file", "rows", "place"), [
    ("relations.csv", "supporter,recipient,kind\nu1,x,designated\n", "relations, id: the column is missing"),
    ("units.csv", "nmae,capacity\nOne,4\n", "units, id: the column is missing"),
    ("units.csv", "what,ever\nOne,4\n", "units, id: the column is missing"),
])  # fmt: skip
def test_a_file_alone_without_its_key_is_told_so(tmp_path: Path, file: str, rows: str, place: str):
    (tmp_path / file).write_text(rows, encoding="utf-8")
    for where in (tmp_path / file, tmp_path):
        with pytest.raises(TableErrors) as caught:
            read_scenario(where)
        assert any(str(f.text.en).startswith(place) for f in caught.value.findings)


def test_an_empty_template_is_told_so(tmp_path: Path):
    book = tmp_path / "tpl.xlsx"
    write_template(book)
    assert told(book) == f"all sheets of {book} are still empty; fill in at least one table"
    assert told(tmp_path) == f"all sheets of {book} are still empty; fill in at least one table"


def test_a_missing_key_comes_before_a_change_that_finds_no_row(write: Write):
    change = '[[change]]\ntable = "units"\nwhere = { id = "u1" }\nset = { capacity = 9 }\n'
    folder = write("s", change, {**TABLES, "units.csv": "name,capacity\nOne,4\n"})
    assert "units, id: the column is missing" in told(folder)


@pytest.mark.parametrize("name", ["", "  "])
def test_an_empty_name_is_not_the_current_folder(write: Write, monkeypatch: pytest.MonkeyPatch, name: str):
    monkeypatch.chdir(write("s"))
    with pytest.raises(UsageError) as caught:
        read_scenario(name)
    assert "name is empty" in caught.value.text.en

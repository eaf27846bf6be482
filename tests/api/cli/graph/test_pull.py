"""``jiedui graph pull`` and ``load``: a network out of a store and in again, in folders that pulls may write."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.api.cli.conftest import Typed
from tests.api.cli.graph.conftest import Graph, Refused, Told

NAMES = "id,name\nc0,张三\nc1,李四\n"
OWN = '\n[enums]\nunit_kind = ["club", "学会"]\n'


def loaded(typed: Typed, place: Path, address: str, *words: str) -> str:
    code, out, err = typed("graph", "load", place, "--on", address, "--by", "李", *words)
    assert code == 0, out + err
    return out


def test_pulled_and_loaded_back_is_the_same_network(
    typed: Typed, graph: Graph, told: Told, folder: Path, address: str, tmp_path: Path
) -> None:
    file = folder / "scenario.toml"
    file.write_text(file.read_text(encoding="utf-8") + OWN, encoding="utf-8")
    units = folder / "data" / "units.csv"
    units.write_text(units.read_text(encoding="utf-8") + "u9,会,学会,,,,\n", encoding="utf-8")
    loaded(typed, folder, address)
    for form in ("csv", "parquet"):
        out = graph("pull", tmp_path / form, "--form", form)
        assert "✓ two version 2" in out
        written = (tmp_path / form / "scenario.toml").read_text(encoding="utf-8")
        assert "date = 2016-12-31" in written and '["club", "学会"]' in written
        assert "nothing changed" in loaded(typed, tmp_path / form, address)
        other = f"workspace:{tmp_path / ('new ' + form)}#copy"
        loaded(typed, tmp_path / form, other)
        code, back, _ = typed("graph", "pull", tmp_path / f"{form}-again", "--form", form, "--on", other)
        assert code == 0, back
        again = tmp_path / f"{form}-again"
        for one in (tmp_path / form).iterdir():
            if one.suffix == f".{form}":
                assert (again / one.name).read_bytes() == one.read_bytes()
        assert (again / "scenario.toml").read_text(encoding="utf-8") == written.replace('"two"', '"copy"')
    assert len(told("versions")["two"]) == 2


def test_a_load_says_which_settings_and_tables_changed(
    typed: Typed, folder: Path, address: str, told: Told
) -> None:
    file = folder / "scenario.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2016-12-31", "2017-03-01") + OWN, encoding="utf-8")
    (folder / "data" / "pins.csv").unlink(missing_ok=True)
    (folder / "data" / "cadre_names.csv").write_text("id,name\n", encoding="utf-8")
    out = loaded(typed, folder, address)
    assert "version 2: 0 rows put" in out and "nothing changed" not in out
    assert "date from 2016-12-31 to 2017-03-01" in out and "own values of unit_kind from none to club" in out
    assert "given for the first time" in out
    assert "code scheme" not in out and "levels" not in out
    assert "nothing changed" in loaded(typed, folder, address)
    file.write_text(text + OWN, encoding="utf-8")
    report = json.loads(loaded(typed, folder, address, "--json"))
    assert report["version"]["number"] == 3 and report["new_tables"] == []
    assert [t["en"] for t in report["settings"]] == ["date from 2017-03-01 to 2016-12-31"]
    assert "日期" in report["settings"][0]["zh"]


RULES = """[[rule]]
name = "all"
en = "every \\"county\\""
kinds = ["east_west"]
level = "county"
"""


def test_own_rules_of_coverage_travel_with_the_network(
    typed: Typed, graph: Graph, folder: Path, address: str, tmp_path: Path
) -> None:
    (folder / "rules.toml").write_text(RULES, encoding="utf-8")
    assert "own rule all from none to zh: all" in loaded(typed, folder, address)

    def asked(on: object, *words: str) -> list[str]:
        code, out, err = typed("gaps", "--on", on, "--json", *words)
        assert code == 0, err
        return [answer["title"]["en"] for answer in json.loads(out)]

    assert asked(address, "--rule", "all") == ['every "county"'] and asked(address)[0] == 'every "county"'
    target = tmp_path / "out"
    graph("pull", target)
    assert "nothing changed" in loaded(typed, target, address)
    assert asked(target) == asked(folder) == asked(address)
    over = tmp_path / "over"
    over.mkdir()
    (over / "scenario.toml").write_text(f'format = 1\nnetwork = "{address}"\n', encoding="utf-8")
    assert asked(over) == asked(address)
    (over / "rules.toml").write_text(RULES.replace("all", "own"), encoding="utf-8")
    assert (
        asked(over, "--rule", "own") and typed("gaps", "--on", over, "--rule", "all")[0] == 2
    )  # one's own instead
    (folder / "rules.toml").unlink()
    assert "to none" in loaded(typed, folder, address)
    assert typed("gaps", "--on", address, "--rule", "all")[0] == 2
    out = graph("pull", target)
    assert "removed: rules.toml" in out and not (target / "rules.toml").exists()


def test_names_do_not_stay_behind(
    typed: Typed, graph: Graph, folder: Path, address: str, tmp_path: Path
) -> None:
    (folder / "data" / "cadre_names.csv").write_text(NAMES, encoding="utf-8")
    loaded(typed, folder, address)
    target = tmp_path / "out"
    out = graph("pull", target, "--names", "--by", "李")
    assert "张三" in (target / "cadre_names.csv").read_text(encoding="utf-8") and "left out" not in out
    assert "nothing changed" in loaded(typed, target, address)
    (target / "mine.txt").write_text("keep", encoding="utf-8")
    out = graph("pull", target)
    assert "removed: cadre_names.csv" in out and "names of cadres were left out" in out
    assert not (target / "cadre_names.csv").exists()
    assert (target / "mine.txt").read_text(encoding="utf-8") == "keep"
    note = json.loads((target / "pull.json").read_text(encoding="utf-8"))
    assert (note["network"], note["version"]) == ("two", 2)
    assert {*note["files"]} == {p.name for p in target.iterdir()} - {"pull.json", "mine.txt"}
    assert "nothing changed" in loaded(typed, target, address)
    assert json.loads(graph("pull", target, "--json"))["names_left_out"] is True


def test_foreign_files_are_not_written_over(graph: Graph, refused: Refused, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    graph("pull", foreign)
    (foreign / "pull.json").unlink()
    assert "no earlier pull wrote it" in refused(2, "pull", foreign)
    target = tmp_path / "out"
    graph("pull", target)
    (target / "units.parquet").write_text("mine", encoding="utf-8")
    err = refused(2, "pull", target, "--form", "parquet")
    assert "units.parquet" in err and "needs.parquet" not in err
    assert (target / "units.parquet").read_text(encoding="utf-8") == "mine"
    assert (target / "units.csv").is_file()
    (target / "units.parquet").unlink()
    out = graph("pull", target, "--form", "parquet")
    assert "units.csv" in out and not list(target.glob("*.csv"))
    book = tmp_path / "two.xlsx"
    assert "does not hold" in graph("pull", book, "--form", "xlsx")
    assert "is there already" in refused(2, "pull", book, "--form", "xlsx")


@pytest.mark.parametrize("files", [["../kept.csv"], "units.csv", [7], None])
def test_a_note_that_no_pull_wrote_removes_nothing(refused: Refused, tmp_path: Path, files: object) -> None:
    (tmp_path / "kept.csv").write_text("mine", encoding="utf-8")
    target = tmp_path / "out"
    target.mkdir()
    (target / "pull.json").write_text(json.dumps({"files": files}), encoding="utf-8")
    assert "not empty" in refused(2, "pull", target)
    assert (tmp_path / "kept.csv").is_file()


def test_version_and_day_do_not_go_together(graph: Graph, refused: Refused, tmp_path: Path) -> None:
    err = refused(2, "pull", tmp_path / "x", "--version", 1, "--known-on", "2030-01-01")
    assert "--version and --known-on" in err and not (tmp_path / "x").exists()
    graph("pull", tmp_path / "x", "--known-on", "2030-01-01")

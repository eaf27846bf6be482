"""A scenario resolved, with where each value and table is from."""

from __future__ import annotations

from pathlib import Path

from planner.scenario_shown import shown
from planner.shipped import shipped


def test_the_nearest_file_that_sets_a_value_is_named(tmp_path: Path) -> None:
    middle, top = tmp_path / "middle", tmp_path / "top"
    middle.mkdir()
    (middle / "scenario.toml").write_text(
        'format = 1\nbase = "teachers"\n[cadres]\nteam_minimum = 3\nminimum_term_years = { value = 1, policy = "P1" }\n'
    )
    (top / "data").mkdir(parents=True)
    (top / "scenario.toml").write_text(
        'format = 1\nbase = "middle"\ntitle = "t"\n[cadres]\nteam_minimum = 4\n[[change]]\ntable = "units"\nscale = { capacity = 2 }\n'
    )
    (top / "data" / "coverage.csv").write_text("rule,region,complete\ndesignated,S1,yes\n")
    found = shown(top)
    values = {v.key: v for v in found.policies["cadres"]}
    told = {
        k: (values[k].value, values[k].scenario, values[k].line)
        for k in ("team_minimum", "minimum_term_years")
    }
    assert told == {"team_minimum": (4, "top", 5), "minimum_term_years": (1, "middle", 5)}
    assert values["minimum_term_years"].cites == "P1" and values["leader_role"].scenario == "teachers"
    assert (values["skill_weight"].scenario, values["skill_weight"].value) == (
        "",
        values["skill_weight"].default,
    )
    tables = {t.table: t for t in found.tables}
    assert (tables["coverage"].rows, tables["coverage"].scenario) == (1, "top")
    assert (tables["units"].scenario, tables["units"].changes) == ("teachers", 1)
    assert tables["units"].marks == {"synthetic": tables["units"].rows}
    assert tuple(found.chain) == ("top", "middle", "teachers") and found.title.en == "t"
    assert found.to_dict()["policies"]["cadres"][0]["title"].keys() == {"zh", "en"}


def test_own_scores_shut_out_what_bases_set(tmp_path: Path) -> None:
    (tmp_path / "scenario.toml").write_text(
        'format = 1\nbase = "teachers"\n[designation]\nobjective = "scores"\n'
    )
    values = {v.key: v for v in shown(tmp_path).policies["designation"]}
    assert values["objective"].scenario == tmp_path.name
    assert (values["deep_poverty_tag"].scenario, values["recipients_tag"].scenario) == ("", "")


def test_every_shipped_scenario_is_shown() -> None:
    for name in ("teachers", "what-if-no-rewards"):
        assert shown(shipped()[name]).stages

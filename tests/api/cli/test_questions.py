"""``ask``, ``gaps``, ``withdraw`` and ``export`` as a user types them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import polars as pl
import pytest
from click.testing import CliRunner

from api.cli import ask, export, gaps, withdraw
from api.cli.term_leaders import Leaders
from graph.errors import CheckFailed, InputError, JieduiError, UsageError
from graph.language import use_language

COMMANDS: dict[str, click.Command] = {
    "ask": ask.command, "gaps": gaps.command, "withdraw": withdraw.command, "export": export.command
}  # fmt: skip

TABLES = {
    "regions": "code,name,level,parent\nA,珠海市,prefecture,\nB,怒江州,prefecture,\n"
    "C,兰坪县,county,B\nD,福贡县,county,B\n",
    "names": "id,name,kind\nB,nu jiang zhou,pinyin\nA,Zhuhai,english\n",
    "relations": "id,kind,supporter,recipient,since,until,mark\n"
    "r1,east_west,A,B,2016-12-07,2021-01-01,recalled\nr2,county_pair,A,C,,,\n",
    "region_tags": "region,tag\nB,ethnic_prefecture\n",
    "coverage": "rule,region,complete\nautonomous_prefectures,B,yes\n",
}


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A stranger's own scenario, as a folder."""
    data = tmp_path / "mine" / "data"
    data.mkdir(parents=True)
    (data.parent / "scenario.toml").write_text('format = 1\ndate = "2017-06-01"\n', encoding="utf-8")
    for name, text in TABLES.items():
        (data / f"{name}.csv").write_text(text, encoding="utf-8")
    return str(data.parent)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Type a command; its errors come through as they are."""
    monkeypatch.delenv("JIEDUI_NETWORK", raising=False)
    use_language("en")

    def typed(*words: str) -> str:
        command = COMMANDS[words[0]]
        result = CliRunner().invoke(command, list(words[1:]))
        if isinstance(result.exception, JieduiError):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.output

    return typed


OWN_RULES = """
[[rule]]
name = "all_twinned"
en = "everybody is twinned"
kinds = ["east_west", "county_pair"]
level = "county"

[[rule]]
name = "autonomous_prefectures"
en = "ours is asked in its own words"
kinds = ["east_west"]
tag = "ethnic_prefecture"
"""


def test_a_scenarios_own_rules_are_asked_with_ours(run: Callable[..., str], small: str) -> None:
    before = [a["rule"] for a in json.loads(run("gaps", "--on", small, "--json"))]
    assert before == ["autonomous_prefectures"]
    (Path(small) / "rules.toml").write_text(OWN_RULES, encoding="utf-8")
    found = json.loads(run("gaps", "--on", small, "--json"))
    assert sorted(a["rule"] for a in found) == ["all_twinned", "autonomous_prefectures"]
    told = run("gaps", "--on", small)
    assert "ours is asked in its own words" in told and "every autonomous prefecture" not in told
    one = json.loads(run("gaps", "--on", small, "--rule", "all_twinned", "--json"))
    assert [a["rule"] for a in one] == ["all_twinned"]
    with pytest.raises(UsageError, match="known: all_twinned"):
        run("gaps", "--on", small, "--rule", "none")


def test_a_rule_file_that_is_wrong_is_an_error(run: Callable[..., str], small: str) -> None:
    (Path(small) / "rules.toml").write_text("[[rule]]\nname = 'x'\n", encoding="utf-8")
    with pytest.raises(InputError, match="give kinds"):
        run("gaps", "--on", small)


def test_card_shows_supporter_term_and_mark_in_both_languages(run: Callable[..., str], small: str) -> None:
    told = run("ask", "nujiang", "--on", small)
    assert "怒江州 (nu jiang zhou)" in told
    assert "珠海市 (Zhuhai)" in told
    assert "recalled" in told
    assert "2016-12-07 – 2021-01-01" in told
    use_language("zh")
    told = run("ask", "怒江", "--on", small)
    assert "凭记忆 recalled" in told
    assert "Zhuhai" not in told


def test_the_day_asked_for_changes_the_state(run: Callable[..., str], small: str) -> None:
    assert json.loads(run("ask", "B", "--on", small, "--json"))["at"] == "2017-06-01"
    late = json.loads(run("ask", "B", "--on", small, "--json", "--at", "2021-01-01"))
    assert late["supported_by"][0]["state"] == "ended"


def test_gaps_counts_and_strict(run: Callable[..., str], small: str) -> None:
    assert "1 of 1 covered" in run("gaps", "--on", small)
    assert "0 of 1 covered" in run("gaps", "--on", small, "--at", "2021-01-01")
    with pytest.raises(CheckFailed, match="1 gaps"):
        run("gaps", "--on", small, "--at", "2021-01-01", "--strict")


def test_gaps_by_rules_of_ones_own(run: Callable[..., str], small: str, tmp_path: Path) -> None:
    rules = tmp_path / "rules.toml"
    rules.write_text('[[rule]]\nname = "each"\nkinds = ["county_pair"]\nlevel = "county"\n', encoding="utf-8")
    (answer,) = json.loads(run("gaps", "--on", small, "--rules", str(rules), "--json"))
    assert answer["counts"] == {"covered": 1, "uncovered": 0, "by_design": 0, "not_in_data": 1}
    assert not answer["stated"]
    rules.write_text("rule = 3", encoding="utf-8")
    with pytest.raises(InputError, match="no \\[\\[rule\\]\\]"):
        run("gaps", "--on", small, "--rules", str(rules))
    with pytest.raises(UsageError, match="no rule nothing"):
        run("gaps", "--on", small, "--rule", "nothing")


def test_withdrawal_names_who_is_left_bare(run: Callable[..., str], small: str) -> None:
    told = run("withdraw", "zhuhai", "--on", small)
    assert "2 relations end, 2 places uncovered" in told
    assert "autonomous_prefectures" in told
    assert "nobody is left uncovered" in run("withdraw", "福贡", "--on", small)


def test_withdrawal_counts_the_places_below_and_the_units_that_stay(
    run: Callable[..., str], small: str
) -> None:
    data = Path(small) / "data"
    assert "places below" not in run("withdraw", "A", "--on", small)
    (data / "regions.csv").write_text(TABLES["regions"] + "E,香洲区,county,A\n", encoding="utf-8")
    (data / "units.csv").write_text("id,name,home_region\nu1,港口集团,E\n", encoding="utf-8")
    (data / "relations.csv").write_text(
        TABLES["relations"] + "r3,county_pair,E,D,,,\nr4,designated,u1,D,,,\n", encoding="utf-8"
    )
    told = run("withdraw", "A", "--on", small)
    assert "3 relations end (1 of them of places below it), 3 places uncovered" in told
    assert "1 unit whose home is there stays" in told
    assert "香洲区" in told
    use_language("zh")
    told = run("withdraw", "A", "--on", small)
    assert "结束 3 对关系（其中下级的 1 对），3 处落空" in told
    assert "1 个单位不随之退出" in told


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["D", "--ego", "1"], "lies in"),
        (["--terms", "48"], "2021-01-01"),
        (["--loads"], "Zhuhai"),
        (["--ledger"], "pledged"),
        (["--flows", "county"], "ledger"),
        (["--paths", "A", "D"], "lies in"),
        (["--structure"], "articulation"),
        (["--difference", "2016-01-01", "2017-01-01"], "begun (1)"),
    ],
)
def test_other_questions_answer_as_text_and_json(
    run: Callable[..., str], small: str, words: list[str], expected: str
) -> None:
    assert expected in run("ask", *words, "--on", small)
    assert json.loads(run("ask", *words, "--on", small, "--json")) is not None


def test_terms_count_minimum_terms_by_county_and_list_people_only_when_asked(
    run: Callable[..., str], small: str
) -> None:
    data = Path(small) / "data"
    (data / "regions.csv").write_text(TABLES["regions"] + "V,前村,village,C\n", encoding="utf-8")
    (data / "cadres.csv").write_text("id\nk1\nk2\n", encoding="utf-8")
    (data / "postings.csv").write_text(
        "cadre,village,post,since,role\nk1,V,a,2015-09-01,first_secretary\nk2,V,b,2016-06-01,member\n",
        encoding="utf-8",
    )
    told = run("ask", "--terms", "3", "--on", small)
    assert "postings: 1 person (1 first secretary) in 1 county; minimum term 2 years" in told
    assert "兰坪县" in told
    assert "k1" not in told
    assert "2 people" in run("ask", "--terms", "12", "--on", small)
    assert "k1" in run("ask", "--terms", "3", "--each", "--on", small)
    assert "each" not in json.loads(run("ask", "--terms", "3", "--on", small, "--json"))
    (Path(small) / "scenario.toml").write_text(  # the scenario's own policy value holds
        'format = 1\ndate = "2017-06-01"\n[cadres]\nminimum_term_years = 1\n', encoding="utf-8"
    )
    assert json.loads(run("ask", "--terms", "3", "--on", small, "--json"))["postings"] == []
    (Path(small) / "scenario.toml").write_text(
        'format = 1\ndate = "2017-06-01"\n[cadres]\nminimum_term_years = "off"\n', encoding="utf-8"
    )
    assert "minimum term not counted" in run("ask", "--terms", "12", "--on", small)


def test_terms_that_end_speak_of_the_role_that_leads(run: Callable[..., str]) -> None:
    told = run("ask", "--terms", "24", "--on", "teachers")
    assert (
        "30 people (head_teacher: 30)" in told and "of them head_teacher" in told
    )  # its title is read with the command line's settings
    assert "secretar" not in told
    each = pl.DataFrame(
        {"cadre": ["a", "b"], "role": ["head_teacher", "teacher"], "region": ["x", "x"], "why": ["until"] * 2}
    )
    unknown = Leaders.of(each, "first_secretary")  # a store, which tells no policy
    assert (unknown.column, unknown.told) == ("", ("", ""))
    known = Leaders.of(each, "head_teacher")
    assert "1)" in known.told.en
    assert known.beside(each.select("region", "why").unique())["leaders"].to_list() == [1]
    assert Leaders.of(each.clear(), "first_secretary").told.zh == "（第一书记 0 人）"


def test_codes_are_said_in_words_of_the_language(run: Callable[..., str], small: str) -> None:
    assert "county pair; east–west collaboration" in run("ask", "--loads", "--on", small)
    assert "east_west" not in run("ask", "--loads", "--on", small)
    use_language("zh")
    assert "县县结对、东西部协作" in run("ask", "--loads", "--on", small)
    assert "凭记忆 recalled" in run("ask", "--terms", "48", "--on", small)


def test_names_of_places_above_and_lists_are_said_in_the_language(
    run: Callable[..., str], small: str
) -> None:
    told = run("ask", "D", "--on", small)
    assert "怒江州 (nu jiang zhou)" in told.splitlines()[0]
    assert "autonomous prefecture [ethnic_prefecture]" in run("ask", "B", "--on", small)
    assert "珠海市 (Zhuhai)" in run("gaps", "--on", small)  # the supporter of what is covered
    data = Path(small) / "data"
    (data / "relations.csv").write_text(TABLES["relations"] + "r3,east_west,D,B,,,\n", encoding="utf-8")
    assert "珠海市 (Zhuhai), 福贡县" in run("gaps", "--on", small)
    use_language("zh")
    assert "民族自治州 [ethnic_prefecture]" in run("ask", "B", "--on", small)
    assert "珠海市、福贡县" in run("gaps", "--on", small)


def test_wrong_use_is_said_in_one_line(run: Callable[..., str], small: str) -> None:
    for words, said in (
        (["ask", "--on", small], "say which place"),
        (["ask", "--ego", "1", "--on", small], "needs a place"),
        (["ask", "--loads", "--ledger"], "one question at a time"),
        (["ask", "B", "--on", "neo4j://there"], "no password"),
        (["ask", "B", "--on", "nowhere-at-all"], "no scenario"),
        (["ask", "--loads", "--plan", "nowhere", "--on", small], "holds no plan"),
    ):
        with pytest.raises((UsageError, InputError), match=said):
            run(*words)


def test_environment_names_the_network(
    run: Callable[..., str], small: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIEDUI_NETWORK", small)
    assert "怒江州" in run("ask", "B")


def test_export_writes_a_file(run: Callable[..., str], small: str, tmp_path: Path) -> None:
    assert "written" in run("export", "--to", str(tmp_path / "n.geojson"), "--on", small)
    assert (tmp_path / "n.geojson").stat().st_size > 100


@pytest.mark.journey
def test_shipped_network_is_asked_from_any_folder(
    run: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "珠海市" in run("ask", "怒江")
    assert "30 of 30 covered" in run("gaps", "--rule", "autonomous_prefectures")
    assert "怒江傈僳族自治州" in run("ask", "nj")


def test_history_and_ledger_of_a_pair(run: Callable[..., str], small: str) -> None:
    (Path(small) / "data" / "ledger.csv").write_text(
        "relation,year,item,pledged,delivered\nr1,2017,fiscal_funds,100,80\n", encoding="utf-8"
    )
    told = run("ask", "--between", "zhuhai", "nujiang", "--on", small)
    assert "east–west collaboration" in told
    assert "0.800" in told
    answer = json.loads(run("ask", "--relation", "r1", "--on", small, "--json"))
    assert [t["id"] for t in answer["relations"]] == ["r1"]
    with pytest.raises(UsageError, match="no relation r9"):
        run("ask", "--relation", "r9", "--on", small)


def test_files_have_no_past_and_need_no_driver(run: Callable[..., str], small: str) -> None:
    with pytest.raises(UsageError, match="files, which have no past"):
        run("ask", "B", "--on", small, "--known-on", "2017-01-01")
    program = (
        "import sys; from api.cli.main import run\n"
        f"run(['ask', 'B', '--on', {small!r}])\n"
        "assert not {'neo4j', 'sqlite3', 'networkx'} & set(sys.modules), sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, timeout=60)

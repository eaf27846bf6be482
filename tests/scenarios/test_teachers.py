"""The invented country: its tables, its plan, and no word of another programme in any output."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from api.cli.main import run
from graph.language import use_language
from planner.scenario import read_scenario
from scenarios.build.tables import read_table
from scenarios.build.teachers import HOME, build
from tests.demo_plan import answer

FOREIGN = re.compile(
    r"[Pp]oor count|832|592|三区三州|three regions|贫困县|[Aa]utonomous|自治州|China|中国|中央财政|2016|"
    r"[Ff]irst secretar|第一书记|deep.poverty count|深度贫困|[Mm]icrocredit lent"
)
"""What belongs to another programme. Keys of policy values, such as ``funds.deep_poverty_share``, are public names."""
NOT_ITS_WORD = re.compile(
    r"(?<![\w.\[=/_-])(?:[Cc]adres?|[Cc]ount(?:y|ies)|[Vv]illages?|[Yy]uan|[Pp]overty|[Pp]oor|[Ee]ast–west|[Pp]refectures?|[Pp]rovinces?|"
    r"[Dd]esignated \w+)(?![\w\].=_/:：-])|干部|县|村|扶贫|贫困|元|东西部|定点|书记|自治州|(?<!缺)省"
)
"""What jiedui calls things that this scenario has its own words for: people, places, pairs and money."""
CODES = re.compile(r"(?m) {2}cadres {2,}| \bcadres funds\b|^cadres {2,}")
"""Names of stages where they are codes: in a column of their own."""
Said = Callable[..., str]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """Type a line in this process; what it prints."""

    def type_line(*words: str | Path) -> str:
        capfd.readouterr()
        code = run([str(w) for w in words])
        out, err = capfd.readouterr()
        assert code == 0 and "Traceback" not in out + err, out + err
        return out

    yield type_line
    use_language(None)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = answer("plan", "teachers", "-o", tmp_path_factory.mktemp("plans"), "-q")
    assert {h["status"] for h in made["stages"].values()} == {"OPTIMAL"} and len(made["stages"]) == 4
    assert answer("verify", made["folder"])["ok"]
    return Path(made["folder"])


def test_every_row_is_marked_and_a_rebuild_gives_the_same_bytes(tmp_path: Path) -> None:
    assert {p.name for p in build(tmp_path)} == {p.name for p in (HOME / "data").iterdir()}
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (HOME / "data" / path.name).read_bytes(), path.name
        assert set(read_table(path.stem, tmp_path)["mark"]) == {"synthetic"}


def test_levels_and_values_are_its_own_and_nothing_is_remarkable() -> None:
    found = read_scenario("teachers")
    assert found.findings == []
    assert found.network.settings.levels == ("state", "district", "school")
    assert found.network.settings.codes == "free"
    assert set(found.network.frame("regions")["level"]) == {"state", "district", "school"}
    assert found.title.zh != found.title.en


def test_schools_are_led_and_whole(plan: Path) -> None:
    """60 schools: a head and at least one teacher each, who may hold the role that they hold."""
    people = pl.read_parquet(plan / "tables" / "postings.parquet")
    cadres = read_table("cadres", HOME / "data")
    by_school = people.group_by("village").agg(pl.col("role"))
    assert by_school.height == 60
    assert all("head_teacher" in roles and "teacher" in roles for roles in by_school["role"])
    roles = people.join(cadres, left_on="cadre", right_on="id")
    assert all(role in may.split(";") for role, may in roles.select("role", "roles").iter_rows())
    districts = pl.read_parquet(plan / "tables" / "pairs.parquet").filter(stage="pairing")
    assert districts["recipient"].n_unique() == 15


@pytest.mark.parametrize(
    "words",
    [
        ("check", "teachers"), ("gaps", "--on", "teachers"), ("ask", "Corrie", "--on", "teachers"), ("ask", "--terms", "24", "--on", "teachers"),
        ("withdraw", "Aldenport", "--on", "teachers"), ("show", "PLAN"), ("show", "PLAN", "--prices"), ("explain", "PLAN", "Corrie"),
        ("explain", "PLAN", "S2-02-1"), ("explain", "PLAN", "t003"), ("explain", "PLAN", "c1"), ("compare", "PLAN", "PLAN"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_no_output_speaks_of_another_programme(plan: Path, said: Said, words: tuple[str, ...]) -> None:
    for language in ("en", "zh"):
        told = said(*(plan if w == "PLAN" else w for w in words), "--lang", language)
        assert told.strip()
        assert FOREIGN.findall(told) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nor_do_its_page_and_its_workbook(plan: Path, said: Said, tmp_path: Path, language: str) -> None:
    said("show", plan, "--html", tmp_path / "plan.html", "--lang", language)
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    shown = re.sub(r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", page)
    assert "Corrie" in shown and FOREIGN.findall(shown) == []
    said("export", plan, "--to", tmp_path / "plan.xlsx", "--lang", language)
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", read_only=True)
    sheets = [s for s in book if s.title not in ("policy", "政策值", "rules", "规则")]
    cells = [str(c) for s in sheets for row in s.iter_rows(values_only=True) for c in row if c is not None]
    assert len(sheets) > 5 and [c for c in cells if FOREIGN.search(c)] == []


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan beside it, with other values of every stage."""
    values = (
        "cadres.distance_weight=3.0",
        "designation.distance_weight=0.2",
        "funds.county_floor=300000",
        "pairing.distance_weight=5.0",
    )
    sets = [w for v in values for w in ("--set", v)]
    return Path(answer("plan", "teachers", "-o", tmp_path_factory.mktemp("other"), "-q", *sets)["folder"])


@pytest.mark.parametrize(
    "words",
    [
        ("gaps", "--on", "teachers"), ("ask", "Corrie", "--on", "teachers"), ("withdraw", "Aldenport", "--on", "teachers"),
        ("ask", "--terms", "24", "--on", "teachers"), ("ask", "--terms", "24", "--each", "--on", "teachers"),
        ("show", "PLAN"), ("show", "PLAN", "--prices"), ("show", "PLAN", "--rules"), ("explain", "PLAN", "Corrie"),
        ("explain", "PLAN", "Corrie", "--price"), ("explain", "PLAN", "S2-02-1"), ("explain", "PLAN", "t003"), ("explain", "PLAN", "c1"),
        ("explain", "PLAN", "ministry"), ("explain", "PLAN", "Corrie", "--format", "text"), ("explain", "PLAN", "t003", "--format", "text"),
        ("explain", "PLAN", "--dearest", "pairing"), ("recommend", "PLAN", "t003"), ("recommend", "PLAN", "Corrie"),
        ("recommend", "PLAN", "ministry"), ("compare", "PLAN", "OTHER"), ("verify", "PLAN"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_word_is_its_own(plan: Path, other: Path, said: Said, words: tuple[str, ...]) -> None:
    places = {"PLAN": plan, "OTHER": other}
    for language in ("en", "zh"):
        told = CODES.sub(" ", said(*(places.get(w, w) for w in words), "--lang", language))
        assert told.strip()
        around = [told[max(0, m.start() - 40) : m.end() + 40] for m in NOT_ITS_WORD.finditer(told)]
        assert around == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_so_is_every_word_of_its_pages_and_workbooks(
    plan: Path, other: Path, said: Said, tmp_path: Path, language: str
) -> None:
    said("show", plan, "--html", tmp_path / "plan.html", "--lang", language)
    said("compare", plan, other, "--to", tmp_path / "both.html", "--lang", language)
    said("explain", plan, "Corrie", "--format", "html", "-o", tmp_path / "letter.html", "--lang", language)
    for page in ("plan.html", "both.html", "letter.html"):
        text = re.sub(
            r"(?s)<(script|style).*?</\1>|<[^>]+>", " ", (tmp_path / page).read_text(encoding="utf-8")
        )
        assert [
            text[max(0, m.start() - 40) : m.end() + 40] for m in NOT_ITS_WORD.finditer(CODES.sub(" ", text))
        ] == []
    said("export", plan, "--to", tmp_path / "plan.xlsx", "--lang", language)
    for stage in ("pairing", "cadres", "funds"):
        said("explain", plan, "--all", stage, "-o", tmp_path / f"{stage}.xlsx", "--lang", language)
    for file in sorted(tmp_path.glob("*.xlsx")):
        book = openpyxl.load_workbook(file)
        heads = [str(c.value) for s in book for c in next(s.iter_rows(max_row=1)) if c.value is not None]
        titles = [s.title for s in book]
        reasons = [str(r[-1]) for s in book if file.stem != "plan" for r in s.iter_rows(values_only=True)]
        assert [w for w in (*titles, *heads, *reasons) if NOT_ITS_WORD.search(w)] == []


def test_json_has_its_words_and_the_codes_of_the_data(plan: Path) -> None:
    head = answer("show", plan)
    assert head["stages"]["cadres"]["title"] == {"zh": "教师选派", "en": "posting teachers"}
    assert {r["kind"] for r in pl.read_parquet(plan / "tables" / "pairs.parquet").iter_rows(named=True)} == {
        "east_west",
        "designated",
    }

    def texts(told: object) -> Iterator[str]:
        if isinstance(told, dict):
            if set(told) == {"zh", "en"}:
                yield from told.values()
            else:
                for part in told.values():
                    yield from texts(part)
        elif isinstance(told, list):
            for part in told:
                yield from texts(part)

    for told in (head, answer("explain", plan, "Corrie")):
        found = list(texts(told))
        assert len(found) > 50 and [t for t in found if NOT_ITS_WORD.search(t)] == []


def test_the_pattern_of_words_finds_them(said: Said, tmp_path: Path) -> None:
    """In what is told of another programme, each alternative of the pattern is there to be found."""
    told = said("ask", "S1-02", "--on", "teachers", "--lang", "en")
    assert not NOT_ITS_WORD.search(told)
    for text in (
        "2 counties",
        "a cadre",
        "east–west collaboration",
        "12 yuan",
        "每县",
        "干部",
        "贫困程度",
        "按省",
    ):
        assert NOT_ITS_WORD.search(text)
    for text in ("cadres.skill", "[cadres]", "cadres: 15", "缺省", "county_level = 1"):
        assert not NOT_ITS_WORD.search(text)


def test_gaps_asks_the_rules_of_the_scenario() -> None:
    found = {a["rule"]: a["counts"] for a in answer("gaps", "--on", "teachers")}
    assert list(found) == ["remote_districts_twinned", "remote_districts_taught", "must_staff_villages"]
    assert (found["remote_districts_twinned"]["covered"], found["remote_districts_twinned"]["uncovered"]) == (
        5,
        10,
    )


def test_the_pattern_finds_what_it_looks_for(said: Said) -> None:
    told = said(
        "gaps", "--on", "china-2016", "--rule", "poor_counties_supported", "--limit", "1", "--lang", "en"
    )
    assert FOREIGN.findall(told)


def test_its_own_programmes_can_be_asked_about(plan: Path, said: Said) -> None:
    rows = pl.read_parquet(plan / "tables" / "allocations.parquet").sort("region", "year")
    region, programme, year = (
        rows.filter(pl.col("programme") == "textbooks").select("region", "programme", "year").row(0)
    )
    out = said("explain", plan, f"{region}:{programme}:{year}")
    assert "textbooks" in out
    use_language("en")
    assert run(["explain", str(plan), f"{region}:textbook:{year}"]) == 2

"""Questions about the network: the answers are the command line's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from fastapi.testclient import TestClient

from api.cli import ask, gaps, withdraw
from api.http.models import network as models
from graph.language import speaking
from graph.store.load import load
from graph.store.workspace import open_workspace
from planner.run import make_plan
from planner.scenario import read_scenario
from tests.api.http.asked import CHINA, NETWORK, Asked
from tests.api.http.routes.conftest import Opened
from tests.planner.small import write_small

COMMANDS = {"ask": ask.command, "gaps": gaps.command, "withdraw": withdraw.command}
SMALL = (
    Asked("/cards/Northpoor", models.Card, ("ask", "Northpoor")),
    Asked("/cards/Northpoor?at=2017-06-01", models.Card, ("ask", "Northpoor", "--at", "2017-06-01")),
    Asked("/cards/u2", models.Card, ("ask", "u2")),
    Asked("/cards/P1old", models.Card, ("ask", "P1old")),
    Asked("/pairs/Richtown/P1", models.Pair, ("ask", "--between", "Richtown", "P1")),
    Asked("/pairs/ew1", models.Pair, ("ask", "--relation", "ew1")),
    Asked("/gaps", models.Gaps, ("gaps",), "gaps"),
    Asked("/gaps?rule=counties&rule=must_staff_villages&at=2017-06-01", models.Gaps,
          ("gaps", "--rule", "counties", "--rule", "must_staff_villages", "--at", "2017-06-01"), "gaps"),
    Asked("/withdrawals/Rich", models.Withdrawal, ("withdraw", "Rich")),
    Asked("/withdrawals/u2?candidates=0&at=2017-06-01", models.Withdrawal, ("withdraw", "u2", "--candidates", "0", "--at", "2017-06-01")),
    Asked("/loads", models.Loads, ("ask", "--loads")),
    Asked("/loads?at=2017-06-01", models.Loads, ("ask", "--loads", "--at", "2017-06-01")),
    Asked("/ledger", models.Entries, ("ask", "--ledger"), "entries"),
    Asked("/ledger?year=2016&subject=Rich", models.Entries, ("ask", "Rich", "--ledger", "--year", "2016"), "entries"),
    Asked("/flows?level=prefecture", models.Flows, ("ask", "--flows", "prefecture"), "flows"),
    Asked("/flows?level=county&year=2015", models.Flows, ("ask", "--flows", "county", "--year", "2015"), "flows"),
    Asked("/endings?months=13", models.Endings, ("ask", "--terms", "13")),
    Asked("/endings?months=13&each=true&at=2016-06-30", models.Endings, ("ask", "--terms", "13", "--each", "--at", "2016-06-30")),
    Asked("/paths/Hamlet/Rich", models.Paths, ("ask", "--paths", "Hamlet", "Rich"), "paths"),
    Asked("/paths/Hamlet/Shore?at=2015-01-01", models.Paths, ("ask", "--paths", "Hamlet", "Shore", "--at", "2015-01-01"), "paths"),
    Asked("/ego/Hamlet?depth=2", models.Net, ("ask", "Hamlet", "--ego", "2")),
    Asked("/structure", models.Structure, ("ask", "--structure")),
    Asked("/difference?before=2016-12-31&after=2017-06-01", models.Difference, ("ask", "--difference", "2016-12-31", "2017-06-01")),
)  # fmt: skip


def command_says(words: tuple[str, ...], network: str) -> Any:
    """The command's ``--json``."""
    with speaking("en"):
        done = CliRunner().invoke(COMMANDS[words[0]], [*words[1:], "--on", network, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def agrees(http: TestClient, asked: Asked, network: str) -> None:
    """Whether the answer is the command's, and as its model says."""
    answer = http.get(NETWORK + asked.path)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    asked.model.model_validate(told)
    if asked.words:
        assert (told[asked.inside] if asked.inside else told) == command_says(asked.words, network)


def test_a_stored_network_has_its_own_rules_and_so_has_a_backup_of_it(
    opened: Opened, small: str, tmp_path: Path
) -> None:
    with closing(open_workspace(tmp_path / "office", create=True)) as store:
        load(store, read_scenario(small).network, "small", by="t")
        store.backup(tmp_path / "saved")
    files = opened().get(f"{NETWORK}/gaps?rule=counties").json()
    assert files["gaps"][0]["title"]["en"] == "every county"
    for place in ("office", "saved"):
        http = opened(f"workspace:{tmp_path / place}#small")
        assert http.get(NETWORK).json()["rules"][0]["name"] == "counties"
        assert http.get(f"{NETWORK}/gaps?rule=counties").json() == files


@pytest.mark.parametrize("asked", SMALL, ids=lambda a: a.path)
def test_the_answer_is_the_commands(opened: Opened, small: str, asked: Asked) -> None:
    agrees(opened(), asked, small)


@pytest.fixture(scope="module")
def china(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The service asked about the shipped example."""
    from api.http.app import create_app
    from api.service.service import open_service
    from api.service.settings import read_settings

    data = tmp_path_factory.mktemp("china") / "data"
    service = open_service(read_settings({"data": data, "language": "en"}, environ={}), "china-2016")
    with TestClient(create_app(service), base_url="http://localhost:8470") as http:
        yield http


@pytest.mark.journey
@pytest.mark.parametrize("asked", CHINA, ids=lambda a: a.path)
def test_the_answer_about_real_data_is_the_commands(china: TestClient, asked: Asked) -> None:
    agrees(china, asked, "china-2016")


def test_loads_of_a_plan_wherever_the_server_was_begun(opened: Opened, small: str, tmp_path: Path) -> None:
    scenario = read_scenario(write_small(tmp_path / "planned"))
    http = opened()
    plan = make_plan(scenario, http.app.state.service.plans)  # type: ignore[attr-defined] # an app of ours
    told = http.get(f"{NETWORK}/loads?plan={plan.id}").json()
    assert told == command_says(("ask", "--loads", "--plan", str(plan.folder)), small)
    assert any("planned" in row for row in told["supporters"])


def test_search(opened: Opened) -> None:
    http = opened()
    assert [h["id"] for h in http.get(f"{NETWORK}/search?q=poor").json()["hits"]] == ["P", "P1", "P2"]
    assert [
        h["id"] for h in http.get(f"{NETWORK}/search?q=poor&level=prefecture&limit=1").json()["hits"]
    ] == ["P1"]
    assert [h["id"] for h in http.get(f"{NETWORK}/search?q=farm&level=unit").json()["hits"]] == ["u1", "u3"]
    told = http.get(f"{NETWORK}/search?q=poor&level=galaxy")
    assert told.status_code == 422 and "no level galaxy" in told.json()["detail"]


def test_a_record_is_the_card_with_its_ledger(opened: Opened) -> None:
    http = opened()
    told = http.get(f"{NETWORK}/records/P1").json()
    assert told["card"] == http.get(f"{NETWORK}/cards/P1").json()
    assert [(e["relation"], e["pledged"], e["delivered"]) for e in told["ledger"]] == [("ew1", 100, 80)]
    models.Record.model_validate(told)


def test_about_the_network(opened: Opened) -> None:
    told = opened().get(NETWORK).json()
    models.AboutNetwork.model_validate(told)
    assert (
        told["date"] == "2016-12-31"
        and told["tables"]["relations"] == 9
        and told["rules"][0]["name"] == "counties"
    )


@pytest.mark.parametrize(
    "path",
    [f"/{what}/Farm" for what in ("cards", "records", "withdrawals", "ego")]
    + ["/pairs/Farm/R1", "/pairs/R1/Farm", "/paths/Farm/R1", "/ledger?subject=Farm"],
)
def test_words_that_may_mean_several_are_answered_with_all_of_them(opened: Opened, path: str) -> None:
    told = opened().get(NETWORK + path)
    assert told.status_code == 409 and told.json()["type"] == "/problems/ambiguous"
    assert {c["id"] for c in told.json()["candidates"]} == {"u1", "u3"}


@pytest.mark.parametrize(
    "path", ["/cards/Rihctown", "/withdrawals/Rihctown", "/pairs/P1/Rihctown", "/ledger?subject=Rihctown"]
)
def test_what_is_not_there_is_answered_with_what_is_similar(opened: Opened, path: str) -> None:
    told = opened().get(NETWORK + path)
    assert told.status_code == 404 and told.json()["candidates"][0]["id"] == "R1"


def test_what_cannot_be_answered_is_said(opened: Opened) -> None:
    http = opened()
    for path, status, words in (
        ("/cards/P1?at=2016-02-30", 422, "query.at"), ("/cards/P1?at=yesterday", 422, "query.at"), ("/cards/P1?at=9999-01-01", 422, "query.at"),
        ("/gaps?rule=nix", 422, "no rule nix"), ("/flows?level=nix", 422, "no level nix"), ("/flows", 422, "query.level"),
        ("/endings?months=-1", 422, "query.months"), ("/pairs/nix", 404, "no relation nix"), ("/pairs/S/P1", 404, "never was a relation"),
        ("/loads?plan=nix", 404, "no plan nix"), ("/loads?plan=..", 404, "no plan .."), ("/difference?before=2016-01-01", 422, "query.after"),
        ("/ledger?cursor=nix", 422, "cursor"), ("/ego/P1?depth=99", 422, "query.depth"),
    ):  # fmt: skip
        told = http.get(NETWORK + path)
        assert (told.status_code, words in told.json()["detail"]) == (status, True), (path, told.text)


def test_the_three_kinds_of_nothing_are_apart(opened: Opened) -> None:
    told = opened().get(f"{NETWORK}/gaps?rule=autonomous_prefectures&at=2015-06-01").json()["gaps"][0]
    assert [r["region"] for r in told["uncovered"]] == ["P1", "P2"] and [
        r["region"] for r in told["by_design"]
    ] == ["S"]
    assert told["covered"] == told["not_in_data"] == [] and told["stated"]


def test_long_answers_come_in_pages(opened: Opened) -> None:
    http = opened()
    whole = http.get(f"{NETWORK}/ledger").json()["entries"]
    first = http.get(f"{NETWORK}/ledger?limit=2").json()
    rest = http.get(f"{NETWORK}/ledger", params={"limit": 2, "cursor": first["next"]}).json()
    assert first["entries"] + rest["entries"] == whole and rest["next"] is None and len(whole) == 3
    row, _, _ = first["next"].partition(".")
    told = http.get(f"{NETWORK}/ledger", params={"cursor": f"{row}.another"})
    assert told.status_code == 409 and "begin again" in told.json()["detail"]

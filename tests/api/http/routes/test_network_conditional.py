"""Tags of answers, 304, and what is kept."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from api.answers.told import Told
from api.cli.graph import load
from api.http import again, asking
from api.service.caller import Caller, Role
from tests.api.http.asked import NETWORK
from tests.api.http.routes.conftest import Opened, come_in_as
from tests.api.http.small import TABLES, write_small

CARD = f"{NETWORK}/cards/P1"


def test_who_has_the_answer_is_told_that_nothing_changed(opened: Opened) -> None:
    http = opened()
    first = http.get(CARD)
    assert first.headers["Cache-Control"] == "private, no-cache"
    tag = first.headers["ETag"]
    for named in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        again = http.get(CARD, headers={"If-None-Match": named})
        assert again.status_code == 304 and again.content == b"" and again.headers["ETag"] == tag
    other = http.get(CARD, headers={"If-None-Match": '"x"'})
    assert other.status_code == 200 and other.json() == first.json()


def test_another_question_day_or_language_has_another_tag(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    http = opened()
    paths = (
        CARD,
        f"{CARD}?at=2017-06-01",
        f"{NETWORK}/cards/P2",
        f"{NETWORK}/records/P1",
        f"{NETWORK}/ego/P1",
        f"{NETWORK}/ego/P1?depth=2",
    )
    tags = [http.get(path).headers["ETag"] for path in paths]
    tags.append(http.get(CARD, headers={"Accept-Language": "zh"}).headers["ETag"])
    assert http.get(CARD).headers["ETag"] == tags[0]

    class Tomorrow(date):
        @classmethod
        def today(cls) -> date:
            return date(2099, 1, 1)

    monkeypatch.setattr(again, "date", Tomorrow)
    monkeypatch.setattr(asking, "date", Tomorrow)  # a network without a date of its own is read today
    tags.append(http.get(CARD).headers["ETag"])
    assert len(set(tags)) == len(tags)


def test_a_load_makes_another_version_with_other_answers_and_tags(opened: Opened, tmp_path: Path) -> None:
    small, place = Path(write_small(tmp_path)), tmp_path / "office"

    def loaded() -> None:
        done = CliRunner().invoke(load.command, [str(small), "--on", f"workspace:{place}#n", "--why", "test"])
        assert done.exit_code == 0, (done.output, done.exception)

    loaded()
    http = opened(f"workspace:{place}#n")
    before = http.get(CARD)
    assert before.status_code == 200, before.text
    assert http.get(CARD, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    table = small / "data" / "relations.csv"
    table.write_text(TABLES["relations"] + "d9,designated,u3,P1,2016-01-01,,\n", encoding="utf-8")
    loaded()
    after = http.get(CARD, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200 and after.headers["ETag"] != before.headers["ETag"]
    assert {t["id"] for t in after.json()["supported_by"]} - {
        t["id"] for t in before.json()["supported_by"]
    } == {"d9"}


def test_the_same_is_worked_out_once_and_errors_again(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def card(self: Told, words: str, at: date | None) -> Any:
        asked.append(words)
        return original(self, words, at)

    original = Told.card
    monkeypatch.setattr(Told, "card", card)
    http = opened()
    assert http.get(CARD).content == http.get(CARD).content and asked == ["P1"]
    for _ in range(2):
        assert http.get(f"{NETWORK}/cards/nowhere").status_code == 404
    assert asked == ["P1", "nowhere", "nowhere"]
    nothing_kept = opened(answers_mb=0)
    nothing_kept.get(CARD), nothing_kept.get(CARD)
    assert asked[3:] == ["P1", "P1"]


def test_what_is_kept_for_one_is_not_given_to_who_may_see_less(opened: Opened) -> None:
    http = opened()
    whole = http.get(f"{NETWORK}/cards/u2")
    limited = Caller("li", Role.VIEWER, ("P1",))
    come_in_as(http.app, limited)
    told = http.get(f"{NETWORK}/cards/u2", headers={"If-None-Match": whole.headers["ETag"]})
    assert told.status_code == 200 and len(told.json()["supports"]) < len(whole.json()["supports"])


def test_who_may_not_read_gets_nothing_that_is_kept(opened: Opened) -> None:
    http = opened()
    assert http.get(CARD).status_code == 200
    come_in_as(http.app, Caller("bot", Role.ADMIN, scopes=("write",)))
    for headers in ({}, {"If-None-Match": "*"}):
        assert http.get(CARD, headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [("/cards/P2", 403), ("/cards/nowhere", 404), ("/withdrawals/nosuch", 404), ("/flows?level=bad", 422), ("/loads?plan=zz", 404),
     ("/geometry?level=bad", 422), ("/tables/units?sort=bad", 422), ("/cards/P1", 304), ("/geometry", 304), ("/tables/units", 304),
     ("/tables/units.parquet", 304), ("/tables/units.xlsx", 304)],
)  # fmt: skip
def test_any_answer_is_unchanged_where_there_is_one(opened: Opened, path: str, status: int) -> None:
    """`*` stands for any answer; a refusal is none."""
    http = opened(caller=Caller("li", Role.VIEWER, ("P1",)))
    plain = http.get(NETWORK + path)
    told = http.get(NETWORK + path, headers={"If-None-Match": "*"})
    assert told.status_code == status and plain.status_code == (200 if status == 304 else status)
    assert told.headers.get("ETag") == plain.headers.get("ETag") and (told.content == b"") == (status == 304)

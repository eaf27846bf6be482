"""``jiedui alerts``, as people type it, and beside what HTTP says."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.api.cli.conftest import Typed
from tests.api.http.office_here import V1, WANG, Asking, app, asking, opened, stored
from tests.api.http.test_alerts import ALERTS, AT, id_of

__all__ = ["app", "asking", "opened", "stored"]  # fixtures
Told = Callable[..., str]


@pytest.fixture
def alerts(typed: Typed, stored: str) -> Told:
    """Type a line that succeeds; what it prints."""

    def type_line(*words: object, lang: str = "en", exit_code: int = 0) -> str:
        code, out, err = typed(
            "--lang", lang, "alerts", "--on", stored, "--at", "2017-01-01", *map(str, words)
        )
        assert code == exit_code, out + err
        return out + err

    return type_line


def ids(alerts: Told, *words: object) -> dict[str, str]:
    """Subject → id."""
    return {a["subject"]: a["id"] for a in json.loads(alerts("--json", *words))}


def test_lists(alerts: Told) -> None:
    out = alerts()
    assert (
        "finding f1 in 福贡 (audit) is 31 days overdue" in out
        and "fiscal aid (yuan) 100 pledged, 60 delivered" in out
    )
    assert "逾期 31 天" in alerts(lang="zh")
    assert list(ids(alerts, "--kind", "overdue_finding")) == ["f1"] and list(
        ids(alerts, "--region", "珠海")
    ) == ["r1"]
    assert "no alerts" in alerts("--state", "resolved") and "没有提醒" in alerts(
        "--region", "某村", lang="zh"
    )
    assert list(ids(alerts, "--places", 1)) == ["f1", "u1", "zh", "r1"]
    assert "2 alerts active" in alerts("--strict", exit_code=1)


def test_steps(alerts: Told) -> None:
    id = ids(alerts)["f1"]
    assert "acknowledged until 2199-01-01 (li: 好)" in alerts(
        "--acknowledge", id, "--note", "好", "--until", "2199-01-01", "--by", "li"
    )
    assert "say why" in alerts("--resolve", id, "--by", "li", exit_code=2)
    assert "resolved (li: 已办)" in alerts("--resolve", id, "--note", "已办", "--by", "li")
    assert list(ids(alerts)) == ["r1"] and list(ids(alerts, "--state", "resolved")) == ["f1"]
    assert "resolved, you cannot" in alerts("--acknowledge", id, exit_code=1)
    assert "active" in alerts("--reopen", id, "--by", "li")
    assert "no alert nix" in alerts("--reopen", "nix", exit_code=2)
    assert "one at a time" in alerts("--reopen", id, "--new", exit_code=2)


def test_new_is_told_once(alerts: Told) -> None:
    assert "2 new alerts, 0 no longer active" in alerts("--new", "--by", "cron")
    assert "0 new alerts" in alerts("--new", "--by", "cron")
    assert json.loads(alerts("--new", "--by", "cron", "--json")) | {"at": ""} == {
        "number": 1, "at": "", "by": "cron", "new": [], "gone": [],
    }  # fmt: skip
    assert "2 alerts active" in alerts("--new", "--strict", exit_code=1)


def test_of_files_they_are_listed_only(typed: Typed) -> None:
    code, out, _ = typed("alerts", "--on", "china-2016", "--json", "--months", "12")
    found: list[dict[str, Any]] = json.loads(out)
    assert code == 0 and {a["state"] for a in found} == {"active"} and len(found) > 100
    code, out, err = typed("--lang", "en", "alerts", "--on", "china-2016", "--acknowledge", found[0]["id"])
    assert (code, out) == (1, "") and "reads the files china-2016" in err


def test_http_says_the_same(alerts: Told, asking: Asking) -> None:
    wang = asking(WANG)
    wang.post(f"{ALERTS}/{id_of(wang, 'f1')}/acknowledge", params=AT, json={"note": "好"})
    told = wang.get(f"{V1}/alerts", params=AT).json()["alerts"]
    typed = json.loads(alerts("--places", 2, "--json"))
    assert [a | {"at": None} for a in typed] == [a | {"at": None} for a in told]
    assert typed[0]["by"] == "wang"

"""``plan --certificate`` and ``verify --certificate``, as a planner types them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.cli.conftest import Typed
from tests.planner.small import FILE, MORE, TWO, write_small


def test_too_few_people_from_plan_to_verify(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(
        tmp_path / "s", TWO, **{**MORE, "cadres": MORE["cadres"].replace("u2", "u1").replace("u3", "u1")}
    )
    hard = ("--set", "cadres.must_fill_tier=1", "--set", "cadres.team_led=false", "-o", tmp_path / "plans")
    file = tmp_path / "why.json"
    code, _, err = typed("plan", folder, *hard, "--certificate", file)
    assert (
        code == 3 and "certificate written to" in err and "eligible cadres" in err and "counted again" in err
    )
    code, out, _ = typed("verify", folder, "--certificate", file)
    assert code == 0 and "too few" in out
    assert (
        "✓ true under the policy of the certificate, which differs from the scenario's: cadres.must_fill_tier = 1"
        in out
    )
    told = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**told, "people": told["people"] + 1}), encoding="utf-8")
    code, out, err = typed("verify", folder, "--certificate", file)
    assert code == 1 and "may take one of them" in out and "wrong in 1 place" in err
    code, out, _ = typed("verify", folder, "--certificate", file, "--json")
    assert code == 1 and json.loads(out)["ok"] is False
    assert typed("verify", folder, "--certificate", file, "--plan", "x.xlsx")[0] == 2
    assert typed("verify", folder, "--certificate", tmp_path / "none.json")[0] in (2, 5)


def test_a_plan_that_can_be_made_writes_no_certificate(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "s", TWO, **MORE)
    file = tmp_path / "why.json"
    assert typed("plan", folder, "-o", tmp_path / "plans", "--certificate", file)[0] == 0
    assert not file.exists()
    assert "✓ 属实" not in typed("--lang", "zh", "verify", tmp_path / "plans")[1]


def test_where_something_else_is_in_the_way_there_is_none(typed: Typed, tmp_path: Path) -> None:
    folder = write_small(tmp_path / "s", FILE.replace("[1, 2]", "[3, 3]"))
    file = tmp_path / "why.json"
    code, _, err = typed("plan", folder, "-o", tmp_path / "plans", "--certificate", file)
    assert code == 3 and "no certificate" in err and "--certificate FILE" not in err and not file.exists()

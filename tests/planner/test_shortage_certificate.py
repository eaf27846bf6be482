"""People are too few: a plan says it only where it is true, keeps the certificate where asked, and verify counts it again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graph.errors import InfeasibleError, InputError
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.shortage_certificate import check_certificate, write_certificate
from planner.solve import posting
from planner.solve.pool import InProcess
from planner.solve.posting_cut import Cut, cut
from tests.planner.small import MORE, TWO, write_small

TEXT = TWO + "must_fill_tier = 1\nteam_led = false\n"
POSTS = {f"v{c}" for c in "ABCD"}


def infeasible(folder: Path, out: Path, **change: str) -> InfeasibleError:
    with pytest.raises(InfeasibleError) as caught:
        make_plan(read_scenario(write_small(folder, TEXT, **{**MORE, **change})), out)
    return caught.value


def alone(unit: str = "u1") -> str:
    """Six cadres, all of one unit, who may serve in A and where `designation` sends their unit."""
    return MORE["cadres"].replace("u2", unit).replace("u3", unit)


def test_the_certificate_holds_on_the_tables_and_on_no_others(tmp_path: Path) -> None:
    error = infeasible(tmp_path / "s", tmp_path / "plans", cadres=alone())
    told = error.certificate
    assert told is not None and told["people"] == 0 and told["asked"] == len(told["posts"])
    assert {v for v, _ in told["posts"]} < POSTS and told["designated"]  # where u1's people may not go
    assert f"these {told['asked']} posts" in error.text.en and "counted again" in error.text.en
    file = write_certificate(told, tmp_path / "deep" / "why.json")
    found = check_certificate(tmp_path / "s", file)
    assert found.wrong == [] and found.other == []
    write_small(tmp_path / "more", TEXT, **MORE)  # units 2 and 3 have people, too
    assert "may take one of them" in check_certificate(tmp_path / "more", file).wrong[0].en
    write_small(
        tmp_path / "soft",
        TEXT.replace("must_fill_tier = 1", 'must_fill_tier = "off"'),
        **{**MORE, "cadres": alone()},
    )
    other = check_certificate(tmp_path / "soft", file)
    assert other.wrong == [] and other.other == [
        "cadres.must_fill_tier = 1"
    ]  # under the certificate's values
    write_small(tmp_path / "late", TEXT.replace("2016-12-31", "2016-12-30"), **{**MORE, "cadres": alone()})
    assert "as of 2016-12-31" in check_certificate(tmp_path / "late", file).wrong[0].en


def test_an_altered_certificate_is_caught(tmp_path: Path) -> None:
    told = infeasible(tmp_path / "s", tmp_path / "plans", cadres=alone()).certificate
    assert told is not None
    hidden = {**told, "designated": []}
    without = check_certificate(tmp_path / "s", write_certificate(hidden, tmp_path / "a.json"))
    assert without.wrong == []  # fewer counties open: the same posts are still out of reach
    for change in (
        {"asked": told["asked"] + 1},
        {"people": 1},
        {"posts": [*told["posts"], ["vA", "fs"]], "asked": told["asked"] + 1},
        {"posts": told["posts"][1:]},
        {"policy": {**told["policy"], "posting_area": "off"}},
    ):
        file = write_certificate({**told, **change}, tmp_path / "b.json")
        assert check_certificate(tmp_path / "s", file).wrong


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"format": 1}'])
def test_what_is_no_certificate_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(InputError, match=r"x\.json"):
        check_certificate(write_small(tmp_path / "s", TEXT, **MORE), tmp_path / "x.json")


def test_a_policy_that_a_certificate_makes_up_is_refused(tmp_path: Path) -> None:
    told = dict(infeasible(tmp_path / "s", tmp_path / "plans", cadres=alone()).certificate or {})
    for policy in ({"no_such": 1}, {"must_fill_tier": "many"}, {"posting_area": 3}):
        file = write_certificate({**told, "policy": policy}, tmp_path / "x.json")
        with pytest.raises(InputError):
            check_certificate(tmp_path / "s", file)


@pytest.mark.parametrize("lie", ["a post too many", "people hidden"])
def test_a_cut_that_does_not_hold_is_a_defect_and_is_not_told(
    lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is wrong in the search for the cut: nobody reads a false reason."""

    def wrong(*given: Any) -> Cut:
        right = cut(*given)
        if lie == "people hidden":
            return replace(right, reachable=right.reachable - 1)
        return replace(right, slots=np.ones_like(right.slots), asked=right.asked + 1)

    monkeypatch.setattr(posting, "cut", wrong)
    scenario = read_scenario(write_small(tmp_path / "s", TEXT, **{**MORE, "cadres": alone()}))
    with pytest.raises(RuntimeError, match="does not hold and is not told"):
        make_plan(scenario, tmp_path / "plans", executor=Here(InProcess()), reuse=False)
    assert list((tmp_path / "plans").iterdir()) == []


class Here:
    """A pool of this process, in which what is patched is seen."""

    workers, where = 1, "here"

    def __init__(self, inside: Any) -> None:
        self.inside = inside

    def run(self, *given: Any) -> Any:
        return self.inside.run(*given)

    def stop(self) -> None:
        return None


def test_certificates_are_plain_json(tmp_path: Path) -> None:
    told = infeasible(tmp_path / "s", tmp_path / "plans", cadres=alone()).certificate
    assert told is not None and json.loads(json.dumps(told)) == told
    assert list((tmp_path / "plans").glob("[!.]*")) == []


SCORED = TEXT.replace('["designation", "cadres"]', '["cadres"]').split("[cadres]")[0]
SCORED += '[cadres]\nobjective = "scores"\nteam_led = false\n'


@pytest.mark.parametrize("load", [False, True])
def test_own_scores_for_too_few_people_are_counted_again_with_and_without_loads(
    load: bool, tmp_path: Path
) -> None:
    rows = "stage,supporter,recipient,cost" + (",load" if load else "") + "\n"
    for c in "AB":
        rows += f"cadres,c0,v{c}/fs,1" + (",1" if load else "") + "\n"
    write_small(tmp_path / "s", SCORED, **{**MORE, "pair_scores": rows})
    with pytest.raises(InfeasibleError) as caught:
        make_plan(read_scenario(tmp_path / "s"), tmp_path / "plans")
    told = caught.value.certificate
    assert told is not None and (told["asked"], told["people"]) == (2, 1)
    file = write_certificate(told, tmp_path / "why.json")
    assert check_certificate(tmp_path / "s", file).wrong == []

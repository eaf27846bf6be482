"""`docs/check_certificate.py`: a small proof that can be followed by hand, and every way to forge it."""

import runpy
from pathlib import Path

import numpy as np
import pytest

SCRIPT = Path(__file__).parents[2] / "docs/check_certificate.py"
NEVER = 2**29
PEOPLE = {
    "supply": [1, 1], "group": [0, 0], "slot_ptr": [0, 2], "slot_list": [0, 1], "unit": [-1, 0], "unit_cap": [1],
    "t0": [10, 20, 5, NEVER], "t0_ptr": [0, 4], "c0": [0, 1], "t1": [0, 0], "t1_ptr": [0, 2], "c1": [0, 0],
    "t2": [0, 0], "t2_ptr": [0, 2], "c2": [0, 0],
    "must": [1, 1], "further": [0, 1], "must_gain": [1000, 1000], "further_gain": [100, 100],
    "listed_class": [1], "listed_slot": [0], "listed_room": [1], "listed_cost": [2],
    "x_class": [1, 0], "x_slot": [0, 1], "x_stays": [1, 0], "x_count": [1, 1],
    "worth_class": [80, 0], "worth_slot": [2, 100],
}  # fmt: skip
"""One stays for 2, one is newly posted for 20, a further seat stays empty for 100: 122, and the prices prove it."""
MONEY = {
    "tail": [0, 0], "head": [1, 1], "lower": [0, 0], "upper": [2, 9], "cost": [-3, -1], "flow": [2, 1],
    "supply": [3, -3], "potential": [1, 0],
}  # fmt: skip


def written(folder: Path, told: dict[str, list[int]], **change: object) -> Path:
    arrays = {k: np.asarray(v) for k, v in {**told, **change}.items()}
    np.savez(folder / "c.npz", **arrays)  # type: ignore[arg-type]  # its stub takes names for options
    return folder / "c.npz"


def check(file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """What it prints, or what it refuses with status 1."""
    monkeypatch.setattr("sys.argv", [str(SCRIPT), str(file)])
    try:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    except SystemExit as end:
        assert isinstance(end.code, str)  # printed, with status 1
        return end.code
    return capsys.readouterr().out.strip()


def test_proofs_are_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = check(written(tmp_path, PEOPLE), monkeypatch, capsys)
    assert told.endswith("objective 122, bound 122, optimal")
    assert check(written(tmp_path, MONEY), monkeypatch, capsys).endswith("objective -7, bound -7, optimal")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"worth_class": [80, -1]}, "price of people"),
        ({"worth_slot": [2, 101]}, "worth more than it costs"),
        ({"x_count": [1, -1]}, "below nothing"),
        ({"x_count": [1, 2]}, "more people than it has"),
        ({"supply": [9, 1], "x_count": [1, 3]}, "more people at a post"),
        ({"unit_cap": [0]}, "its cap"),
        ({"listed_room": [0]}, "more people stay"),
        ({"listed_room": [-1]}, "below nothing"),
        ({"x_stays": [1, 1]}, "not listed"),
        ({"x_stays": [0, 0], "x_slot": [1, 1]}, "not allowed"),
        ({"group": [-1, 0]}, "not allowed"),
        ({"group": [7, 0]}, "unknown"),
        ({"unit": [7, 0]}, "unknown"),
        ({"x_slot": [-1, 1]}, "unknown"),
        ({"t0": [-10, 20, 5, NEVER]}, "a cost is below"),
        ({"worth_class": [80.0, np.nan]}, "whole numbers"),
        ({"worth_slot": [2, -(2**62)]}, "too large"),
        ({"slot_ptr": [0, 1]}, "slot_ptr does not cut"),
        ({"slot_ptr": [0, 3, 2]}, "slot_ptr does not cut"),
        ({"t1_ptr": [0, 1]}, "t1_ptr does not cut"),
        ({"t2_ptr": [0, 1, 2]}, "t2_ptr has another length"),
        ({"t0": [10, 20, 5], "t0_ptr": [0, 3]}, "rows of another length"),
        ({"slot_list": [0, 7]}, "slot_list is unknown"),
        ({"c0": [0, -1]}, "c0 names a row"),
        ({"c1": [0, 1]}, "c1 names a row"),
        ({"c2": [0]}, "lengths differ"),
    ],
)
def test_a_forged_proof_of_people_is_refused(
    change: dict[str, object],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = check(written(tmp_path, PEOPLE, **change), monkeypatch, capsys)
    assert "refused" in told and why in told


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"flow": [3, 0]}, "too much"),
        ({"flow": [2, 0]}, "at a node"),
        ({"flow": [-1, 4]}, "too little"),
        ({"head": [1, 5]}, "unknown"),
        ({"potential": [1, 0, 4]}, "lengths"),
        ({"supply": [2**61, -(2**61)]}, "too much money"),
    ],
)
def test_a_forged_proof_of_money_is_refused(
    change: dict[str, object],
    why: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = check(written(tmp_path, MONEY, **change), monkeypatch, capsys)
    assert "refused" in told and why in told


def test_any_number_changed_is_refused_by_name_or_weighed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file ends in a traceback, whichever of its numbers is another."""
    for told in (PEOPLE, MONEY):
        for key, values in told.items():
            for i in range(len(values)):
                for by in (-1, 1, 1000, 10**6):
                    changed = [v + by * (k == i) for k, v in enumerate(values)]
                    said = check(written(tmp_path, told, **{key: changed}), monkeypatch, capsys)
                    assert "refused" in said or "bound" in said


def test_what_is_no_certificate_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    less = {k: v for k, v in PEOPLE.items() if k != "further"}
    assert "it has no array 'further'" in check(written(tmp_path, less), monkeypatch, capsys)
    short = written(tmp_path, {**PEOPLE, "further": [0]})
    assert "do not fit each other" in check(short, monkeypatch, capsys)
    for content in (b"print('no')", b"", b"PK"):
        (tmp_path / "x.npz").write_bytes(content)
        assert "no certificate can be read" in check(tmp_path / "x.npz", monkeypatch, capsys)
    assert "no certificate can be read" in check(tmp_path / "gone.npz", monkeypatch, capsys)
    monkeypatch.setattr("sys.argv", [str(SCRIPT)])
    with pytest.raises(SystemExit, match="nothing was checked"):
        runpy.run_path(str(SCRIPT), run_name="__main__")


def test_nobody_posted_is_never_optimal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    nobody = {k: np.zeros(0, np.int64) for k in ("x_class", "x_slot", "x_stays", "x_count")}
    told = check(written(tmp_path, PEOPLE, **nobody), monkeypatch, capsys)
    assert told.endswith("objective 2,100, bound 122, gap 1,978")


def test_whatever_the_prices_no_bound_is_above_what_a_plan_costs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rng, accepted = np.random.default_rng(7), 0
    for _ in range(150):
        prices = {"worth_class": rng.integers(-5, 120, 2), "worth_slot": rng.integers(-2000, 140, 2)}
        told = check(written(tmp_path, PEOPLE, **prices), monkeypatch, capsys)
        accepted += "refused" not in told
        assert "above the objective" not in told
        money = check(written(tmp_path, MONEY, potential=rng.integers(-9, 9, 2)), monkeypatch, capsys)
        assert "refused" not in money and "gap -" not in money
    assert accepted > 20

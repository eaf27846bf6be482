"""Small parts of jobs: shares, telling, outcomes, files, how long works are kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from api.jobs import telling
from api.jobs.desk import Desk
from api.jobs.files import file_of, files_of
from api.jobs.hand import clear
from api.jobs.job import Order
from api.jobs.outcome import answered, cut_off, lost, refusal
from api.jobs.prune import prune, tidy
from api.jobs.share import Share
from api.jobs.telling import Telling
from api.jobs.turns import BEGUN, RECENT, Turns
from api.service.refusals import NotFound


def begun(desk: Desk, turns: Turns, word: str = "a") -> int:
    """The number of a work that runs."""
    desk.submit(Order("plan", {"n": word}, ["plan", word]), "ann")
    work = turns.take()
    assert work is not None
    return work.id


def test_the_share_of_a_plan_counts_its_stages_and_the_check_behind() -> None:
    share = Share()
    assert share("start", {"state": "begun"}) == {}
    assert share("plan", {"stages": ["a", "b", "c"]}) == {"share": 0.0}
    assert share("a", {"objective": 110, "bound": 99}) == {"share": 0.0, "gap": 0.1}
    assert share("a", {"state": "done"}) == {"share": 0.25}
    assert share("plan", {"state": "found"}) == {"share": 1.0}


def test_what_was_begun_has_ended_when_the_command_has_answered() -> None:
    share = Share()
    for stage, facts in (("start", {"state": "begun"}), ("plan", {"state": "begun", "stages": ["a"]}), ("a", {"state": "begun"}),
                         ("a", {"state": "done"}), ("verify", {"state": "begun"})):  # fmt: skip
        share(stage, facts)
    end = {"state": "done", "share": 1.0}
    told = [(stage, {**facts, **share(stage, facts)}) for stage, facts in share.ended()]
    assert told == [("verify", end), ("plan", end)]
    assert not list(share.ended())


@pytest.mark.parametrize(
    ("events", "ended"),
    [
        ([], ["start"]),
        ([("plan", {"state": "begun", "stages": ["a"]}), ("plan", {"state": "found"})], []),
        ([("runs", {"number": 4, "of": 4})], []),
        ([("runs", {"number": 3, "of": 4})], ["runs"]),
        ([("runs", {"number": 4, "of": 4}), ("solves", {"solves": 9})], ["solves"]),
        ([("a", {"state": "begun"}), ("a", {"objective": 3})], ["a"]),
    ],
)  # fmt: skip
def test_the_last_word_of_a_command_is_that_all_is_done(events: list[Any], ended: list[str]) -> None:
    share = Share()
    for stage, facts in [("start", {"state": "begun"}), *events]:
        share(stage, facts)
    assert [stage for stage, _ in share.ended()] == ended


def test_the_share_of_what_counts_itself_never_falls() -> None:
    share = Share()
    assert share("runs", {"number": 3, "of": 4}) == {"share": 0.75}
    assert share("runs", {"number": 1, "of": 4}) == {"share": 0.75}
    assert share("solves", {"solves": 9}) == {}


def test_what_a_killed_process_left_half_made_is_removed_and_what_is_whole_stays(tmp_path: Path) -> None:
    for name in (
        "tmp/x",
        "files/sweep/1/.answers/.writing-ab/x",
        "files/sweep/1/.answers/whole",
        "files/table.csv",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    clear(tmp_path)
    left = {str(f.relative_to(tmp_path)) for f in tmp_path.rglob("*") if f.is_file()}
    assert left == {"files/sweep/1/.answers/whole", "files/table.csv"} and not (tmp_path / "tmp").exists()
    clear(tmp_path / "nothing yet")


class Kept:
    """What a telling told, at a clock that the test sets."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.events: list[Mapping[str, Any]] = []
        self.thinned, self.moment = 0, 100.0
        monkeypatch.setattr(telling.time, "monotonic", lambda: self.moment)

    def tell(self, work: int, kind: str, facts: Mapping[str, Any]) -> None:
        self.events.append(facts)

    def thin(self, work: int) -> None:
        self.thinned += 1


def test_of_one_stage_the_newest_is_told_now_and_then_and_its_ends_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = Kept(monkeypatch)
    tell = Telling(kept, 1)  # type: ignore[arg-type] # as much of Turns as it needs
    tell("a", "", {"state": "begun"})
    for n in range(5):
        tell("a", "", {"n": n, "share": 0.5 - n / 10})
    tell("b", "", {"n": 0})
    assert [e.get("n") for e in kept.events] == [None, 0]
    kept.moment += telling.EVERY_SECONDS
    tell.due()
    tell.due()
    assert kept.events[2:] == [{"stage": "a", "label": "", "n": 4, "share": pytest.approx(0.1)}]
    tell("a", "", {"n": 5})
    tell("a", "", {"state": "done", "share": 0.6})
    tell("b", "", {"n": 1, "share": 0.2})
    tell.rest()
    assert [e.get("n", e.get("state")) for e in kept.events[3:]] == [5, "done", 1]
    assert kept.events[-1]["share"] == 0.6  # what was held back knows of less
    for _ in range(telling.THIN_EVERY):
        tell("c", "", {"state": "begun"})
    assert kept.thinned == 1


def test_old_progress_is_thinned_out_and_the_newest_and_all_states_stay(desk: Desk, turns: Turns) -> None:
    work = begun(desk, turns)
    for n in range(20):
        turns.tell(
            work, "progress", {"stage": "a", "label": "", "n": n} | ({"state": "begun"} if n == 10 else {})
        )
    with turns.records.writing() as connection:
        connection.executemany(
            "INSERT INTO events (work, at, kind, facts) VALUES (?, '2026-11-28T00:00:00+00:00', 'progress', ?)",
            [(work, json.dumps({"stage": "a", "label": "", "n": 100 + n})) for n in range(RECENT)],
        )
    turns.thin(work)
    facts = [e.facts for e in desk.events(work)[0] if e.kind == "progress"]
    old = [f["n"] for f in facts if f["n"] < 100]
    assert 10 in old and old[0] == 0 and len(old) == 11
    assert [f["n"] for f in facts if f["n"] >= 100] == [100 + n for n in range(RECENT)]
    assert [e.facts["state"] for e in desk.events(work)[0] if e.kind == "state"] == ["waiting", "running"]


def test_a_work_that_brings_the_whole_service_down_is_not_begun_for_ever(desk: Desk, turns: Turns) -> None:
    work = begun(desk, turns)
    for n in range(1, BEGUN):
        assert turns.put_back(work, counts=False, lost=lambda k: {"attempts": k}), n
        assert turns.take() is not None
    assert not turns.put_back(work, counts=False, lost=lambda k: {"attempts": k})
    assert desk.jobs()[0].error == {"attempts": BEGUN}


@pytest.mark.parametrize(
    ("code", "printed", "cut", "well"),
    [
        (0, "{}", False, True), (1, '{"ok": false}', False, True), (1, '{"error": {"exit": 1}}', False, False), (1, "", False, False),
        (3, '{"error": {"exit": 3}}', False, False), (-9, "", True, False), (143, "", True, False), (130, "", True, False), (70, "", False, False),
    ],
)  # fmt: skip
def test_how_a_process_ended(tmp_path: Path, code: int, printed: str, cut: bool, well: bool) -> None:
    (tmp_path / "result.json").write_text(printed)
    assert cut_off(code) is cut
    assert answered(code, tmp_path) is well


def test_why_a_work_failed_is_told_in_the_commands_words_its_report_or_its_log(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_text("\n".join(str(n) for n in range(99)))
    (tmp_path / "result.json").write_text('{"error": {"exit": 3, "message": {"en": "no"}}}')
    assert refusal(3, tmp_path)["message"]["en"] == "no"
    (tmp_path / "result.json").write_text('{"valid": false}')
    assert refusal(2, tmp_path)["report"] == {"valid": False}
    (tmp_path / "result.json").write_text("half")
    assert refusal(70, tmp_path)["log"][-1] == "98" and len(refusal(70, tmp_path)["log"]) == 40
    told = lost(2, -9, tmp_path)
    assert "killed 2 times (signal 9)" in told["message"]["en"] and told["log"][0] == "59"


def test_files_are_given_by_names_of_the_list_alone(tmp_path: Path) -> None:
    files = tmp_path / "files"
    for name in ("a.xlsx", "sweep/x/runs.parquet", ".hidden", "sweep/.answers/k", "sweep/x/.half"):
        (files / name).parent.mkdir(parents=True, exist_ok=True)
        (files / name).write_text("x")
    (tmp_path / "result.json").write_text("secret")
    (files / "link").symlink_to("/etc/passwd")
    (files / "folder").symlink_to("/etc")
    assert list(files_of(files)) == ["a.xlsx", "sweep/x/runs.parquet"]
    assert file_of(files, "sweep/x/runs.parquet").read_text() == "x"
    for name in (
        "../result.json",
        "/etc/passwd",
        "link",
        "folder/passwd",
        ".hidden",
        "sweep",
        "",
        "a.xlsx/",
        "./a.xlsx",
        "sweep/../a.xlsx",
    ):
        with pytest.raises(NotFound):
            file_of(files, name)
    assert files_of(tmp_path / "nix") == {}


def test_works_are_forgotten_after_a_while_and_never_before_they_have_ended(
    desk: Desk, turns: Turns, tmp_path: Path
) -> None:
    old, again, running = (
        begun(desk, turns, "old"),
        begun(desk, turns, "again"),
        begun(desk, turns, "running"),
    )
    for work in (old, again):
        turns.settle(work, "done", 0)
    with turns.records.writing() as connection:
        connection.execute("UPDATE works SET ended = '2020-01-01T00:00:00+00:00' WHERE ended IS NOT NULL")
        connection.execute(
            "UPDATE jobs SET submitted = '2020-01-01T00:00:00+00:00' WHERE work != ?", (again,)
        )
    folder = tmp_path / "jobs"
    for work in (old, again, running, 77):
        (folder / str(work) / "tmp").mkdir(parents=True)
    assert prune(turns.records, folder, 0) == 0
    assert prune(turns.records, folder, 90) == 1
    assert {j.work for j in desk.jobs()} == {again, running}
    assert desk.events(old) == ([], True) and desk.events(running)[0]
    tidy(turns.records, folder)
    assert {p.name for p in folder.iterdir()} == {str(again), str(running)} and not list(folder.glob("*/tmp"))

"""What every command has in common: exit codes, words instead of tracebacks, options that stand anywhere."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from api.cli import COMMANDS
from api.cli.audit import COMMANDS as AUDIT
from api.cli.graph import COMMANDS as GRAPH
from api.cli.graph.request import COMMANDS as REQUEST
from api.cli.token import COMMANDS as TOKEN

Typed = Callable[..., tuple[int, str, str]]
Scenario = Callable[..., Path]


def test_help_lists_every_command_in_both_languages(typed: Typed) -> None:
    """Nothing that exists is hidden, and the language is a choice."""
    code, out, _ = typed("--help")
    assert code == 0
    assert all(f"  {name} " in out for name in COMMANDS)
    _, chinese, _ = typed("--lang", "zh", "--help")
    assert "规划一个场景" in chinese
    assert "plan a scenario" in out


@pytest.mark.parametrize(
    "name",
    [
        *(name for name in COMMANDS if name not in ("audit", "graph", "token")),
        *(f"audit {name}" for name in AUDIT),
        *(f"graph {name}" for name in GRAPH if name != "request"),
        *(f"graph request {name}" for name in REQUEST),
        *(f"token {name}" for name in TOKEN),
    ],
)
def test_each_command_has_help(typed: Typed, name: str) -> None:
    """A listed command can be imported and explains itself."""
    code, out, _ = typed(*name.split(), "--help")
    assert code == 0
    assert "--json" in out or name in (
        "graph shell",
        "graph style",
        "audit export",
    )  # what they print is another program's, or JSON lines anyway


def test_mistyped_command_gets_a_suggestion(typed: Typed) -> None:
    """`jiedui pln` is a slip, not a riddle."""
    code, _, err = typed("pln")
    assert code == 2
    assert "did you mean plan?" in err


def test_unknown_option_is_wrong_use(typed: Typed) -> None:
    """The message names the option."""
    code, _, err = typed("gaps", "--nope")
    assert code == 2
    assert "--nope" in err


def test_language_may_stand_anywhere(typed: Typed) -> None:
    """Before the command, after it, with = or without."""
    for words in (["--lang", "zh", "upgrade", "china-2016"], ["upgrade", "china-2016", "--lang=zh"]):
        code, out, _ = typed(*words)
        assert code == 0
        assert "当前格式" in out
    assert "current format" in typed("upgrade", "china-2016", "--lang", "en")[1]


def test_unknown_language_is_wrong_use(typed: Typed) -> None:
    """Only the two that every text has."""
    assert typed("--lang", "fr", "upgrade", "china-2016")[0] == 2


@pytest.mark.parametrize("command", ["plan", "check", "upgrade"])
def test_missing_scenario_is_one_clear_line(typed: Typed, command: str) -> None:
    """It says what was looked for and what there is."""
    code, _, err = typed(command, "nowhere")
    assert code == 2
    assert "nowhere" in err
    assert "china-2016" in err


@pytest.mark.parametrize("command", ["show", "verify"])
def test_missing_plan_is_one_clear_line(typed: Typed, tmp_path: Path, command: str) -> None:
    """A plan that is not there is the caller's mistake."""
    code, _, err = typed(command, str(tmp_path / "absent"))
    assert code == 2
    assert "absent" in err


def test_scenario_naming_itself_as_base(typed: Typed, scenario: Scenario) -> None:
    """A ring of bases is told as a ring."""
    folder = scenario('format = 1\nbase = "."\n')
    code, _, err = typed("check", str(folder))
    assert code == 2
    assert "leads back to itself" in err
    assert "mine → mine" in err


def test_error_as_json(typed: Typed) -> None:
    """With --json an error is one JSON document with its exit code and both languages."""
    code, out, _ = typed("check", "nowhere", "--json")
    found = json.loads(out)["error"]
    assert found["exit"] == code == 2
    assert "nowhere" in found["message"]["zh"]
    assert "nowhere" in found["message"]["en"]


def test_bad_rows_as_json_are_a_report(typed: Typed, scenario: Scenario, tmp_path: Path) -> None:
    """Commands that read tables give every bad row, not only the first, in the shape of a report."""
    rows = "code,name,level,parent\na,A,county,zz\nb,B,castle,\n"
    folder = scenario(regions=rows)
    code, out, _ = typed("plan", str(folder), "-o", str(tmp_path / "plans"), "--json")
    report = json.loads(out)
    assert code == 2
    assert not report["valid"]
    assert {e["rowNumber"] for task in report["tasks"] for e in task["errors"]} == {2, 3}
    assert not (tmp_path / "plans").exists()


@pytest.mark.parametrize("blocked", ["a file in the way", "a read-only folder"])
def test_folder_that_cannot_be_written(typed: Typed, tmp_path: Path, blocked: str) -> None:
    """Disk and rights are something outside: exit 5, one line with the path, nothing half-done."""
    place = tmp_path / "place"
    if blocked == "a file in the way":
        place.write_text("", encoding="utf-8")
    else:
        place.mkdir(mode=0o500)
        if os.access(place, os.W_OK):  # root may write anywhere; the device of devices refuses even root
            place = Path("/proc")
    code, _, err = typed("new", "mine", "--in", str(place))
    assert code == 5
    assert str(place / "mine") in err
    assert len(err.strip().splitlines()) == 1


def test_log_file_has_a_json_line_per_event(typed: Typed, tmp_path: Path) -> None:
    """What was asked and what went wrong, each with its time."""
    file = tmp_path / "log.jsonl"
    typed("--log-file", str(file), "check", "nowhere")
    events = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [e["event"] for e in events] == ["command", "error"]
    assert events[1]["exit"] == 2
    assert all("at" in e for e in events)


def test_defect_names_its_log(typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A defect of ours is 70, without a traceback on the screen, with one in the file that it names."""
    import platformdirs

    import api.cli.upgrade

    def broken(_: str) -> int:
        raise RuntimeError("a defect")

    monkeypatch.setattr(api.cli.upgrade, "format_of", broken)
    monkeypatch.setattr(platformdirs, "user_log_dir", lambda _: str(tmp_path / "log"))
    code, _, err = typed("upgrade", "china-2016")
    (file,) = (tmp_path / "log").iterdir()
    assert code == 70
    assert str(file) in err
    assert "RuntimeError: a defect" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", ["check --help", "ask 怒江", "gaps --json", "withdraw 珠海"])
def test_reader_that_goes_away_is_no_error(words: str) -> None:
    """`jiedui … | true` ends without a word, by the status that a closed pipe has in a shell."""
    line = f"{sys.executable} -m jiedui {words} | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("141\n", "")


def test_full_disk_under_standard_output() -> None:
    """What cannot be written out is told, and is no success."""
    line = f"{sys.executable} -m jiedui --lang en --version > /dev/full"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 5
    assert done.stderr == "✗ No space left on device\n"


@pytest.mark.parametrize("wrong", ["2015-13-01", "01.02.2015", "soon"])
def test_wrong_day_is_told_as_people_write_days(typed: Typed, wrong: str) -> None:
    """No pattern of a programming language."""
    code, _, err = typed("ask", "怒江", "--at", wrong)
    assert code == 2
    assert f"{wrong} is no day; write it YYYY-MM-DD" in err
    assert "%" not in err
    assert "年-月-日" in typed("--lang", "zh", "ask", "怒江", "--at", wrong)[2]


@pytest.mark.parametrize("words", [("gaps",), ("compare", "a", "b"), ("ask", "怒江")])
def test_less_than_one_row_is_refused(typed: Typed, words: tuple[str, ...]) -> None:
    """A limit below 1 shows nothing or counts from the end."""
    code, _, err = typed(*words, "--limit", "-1")
    assert code == 2
    assert "x>=1" in err


@pytest.mark.parametrize(
    ("number", "whole_group", "status"),
    [
        (signal.SIGINT, False, 130),
        (signal.SIGINT, True, 130),
        (signal.SIGTERM, False, 143),
        (signal.SIGHUP, True, 129),
    ],
)
def test_a_signal_ends_planning(
    tmp_path: Path, number: signal.Signals, whole_group: bool, status: int
) -> None:
    """The status of the signal, a word about it, no half plan, and no child process left.

    A terminal signals the whole group, children too; a service manager may signal the parent alone.
    """
    plans = tmp_path / "plans"
    words = [sys.executable, "-m", "jiedui", "--lang", "en", "plan", "china-2016", "-o", str(plans)]
    heard = "import os, signal, sys; signal.signal(int(sys.argv[1]), signal.SIG_DFL); os.execv(sys.executable, sys.argv[2:])"
    process = subprocess.Popen(  # the tests themselves may run under nohup
        [sys.executable, "-c", heard, str(int(number)), *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert process.stderr is not None
    begun = process.stderr.readline()  # the first progress line: a stage is being solved
    assert begun.strip()
    if whole_group:
        os.killpg(process.pid, number)
    else:
        process.send_signal(number)
    try:
        _, err = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == status, err
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not plans.exists() or {p.name for p in plans.iterdir()} <= {".answers"}
    assert not members_of(process.pid)


def test_a_signal_that_the_caller_ignores_stays_ignored(tmp_path: Path) -> None:
    """`nohup jiedui plan …` goes on when the terminal is closed."""
    done = subprocess.run(
        [sys.executable, "-c", "import signal; from api.cli.signals import heeded\n"
         "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
         "with heeded(): signal.raise_signal(signal.SIGHUP); print('went on')"],
        capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "went on\n"), done.stderr


def test_what_a_killed_plan_left_is_removed_by_the_next(typed: Typed, tmp_path: Path) -> None:
    """kill -9 leaves a folder that nobody will finish; a plan that is being written is left alone."""
    plans = tmp_path / "plans"
    words = [sys.executable, "-m", "jiedui", "--lang", "en", "plan", "china-2016", "-o", str(plans)]
    killed, alive = (
        subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    )
    try:
        for process in (killed, alive):
            assert process.stderr is not None
            assert process.stderr.readline().strip()
        killed.kill()
        killed.wait(timeout=30)
        assert len(list(plans.glob(".writing-*"))) == 2
        small = ("plan", "china-2016", "--stage", "inspection", "-o", str(plans))
        assert typed(*small)[0] == 0
        assert len(list(plans.glob(".writing-*"))) == 1
        assert alive.poll() is None
        alive.kill()
        alive.wait(timeout=30)
        assert "found again" in typed(*small)[1]
        assert not list(plans.glob(".writing-*"))
    finally:
        for process in (killed, alive):
            process.kill()
            process.communicate()


def members_of(session: int) -> list[int]:
    """Processes of a session that still run, a moment being granted to the system to bury them."""
    found: list[int] = []
    for _ in range(50):
        found = []
        for entry in Path("/proc").iterdir():
            try:
                fields = (entry / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
        if not found:
            break
        time.sleep(0.1)
    return found


def test_nothing_is_left_of_the_line_before(typed: Typed) -> None:
    """One process may run several lines: an error after ``--json`` is words again."""
    assert json.loads(typed("plan", "nowhere", "--json")[1])["error"]["exit"] == 2
    code, out, err = typed("plan", "nowhere")
    assert (code, out) == (2, "") and err.startswith("✗ ")

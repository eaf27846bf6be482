"""Progress of stages that run side by side: each line says whose it is."""

from __future__ import annotations

import io
import sys

import pytest
from rich.console import Console
from rich.progress import Progress as Bars

from api.cli.progress import EVERY_SECONDS, Progress, reused
from graph.language import use_language

EVENTS = [
    ("pairing", {"state": "begun"}), ("designation", {"state": "begun"}),
    ("pairing", {"bound": 5, "objective": 10}), ("designation", {"objective": 1}), ("pairing", {"objective": 9}),
    ("pairing", {"state": "done", "status": "OPTIMAL", "seconds": 1.0}), ("funds", {"state": "begun"}),
    ("designation", {"objective": 2}),
    ("designation", {"state": "done", "status": "FEASIBLE", "seconds": 2.0, "reused": 3, "solved": 1}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> None:
    use_language("en")


def test_plain_lines_name_their_stage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One stage's news does not hold back another's; the same stage speaks every two seconds."""
    monkeypatch.setattr("api.cli.progress.time.monotonic", lambda: 10 * EVERY_SECONDS)
    with Progress(quiet=False) as progress:
        for stage, facts in EVENTS:
            progress(stage, "", facts)
    assert capsys.readouterr().err.splitlines() == [
        "… pairing", "… designation",
        "  pairing  objective 10  bound 5  gap 50.00%", "  designation  objective 1",
        "✓ pairing  optimal  1.0 s", "… funds",
        "✓ designation  feasible  2.0 s  (3 of 4 tasks answered before)",
    ]  # fmt: skip


def test_a_terminal_has_a_line_for_each_running_stage() -> None:
    with Progress(quiet=True) as progress:
        progress.quiet = False
        progress.live = Bars(console=Console(file=io.StringIO()))
        shown = []
        for stage, facts in EVENTS:
            progress(stage, "", facts)
            shown.append([t.description for t in progress.live.tasks])
    assert shown[3] == ["pairing  objective 10  bound 5  gap 50.00%", "designation  objective 1"]
    assert shown[6] == ["designation  objective 1", "funds"]
    assert shown[-1] == ["funds"]


def test_quiet_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(quiet=True) as progress:
        for stage, facts in EVENTS:
            progress(stage, "", facts)
    assert capsys.readouterr().err == "" and sys.stderr is not None


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"reused": 0, "solved": 2, "resumed": 0}, ""),
        (
            {"reused": 3, "solved": 1, "resumed": 1},
            "  (3 of 4 tasks answered before, 1 of 4 tasks begun with an earlier answer)",
        ),
        ({"reused": 0, "solved": 1, "resumed": 1}, "  (1 of 1 task begun with an earlier answer)"),
    ],
)
def test_what_earlier_answers_were_good_for(facts: dict[str, int], words: str) -> None:
    assert reused(facts) == words

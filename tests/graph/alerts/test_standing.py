"""How an alert stands after any sequence of steps, days and changes of its condition: against a model of a few lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from graph.alerts.standing import WrongAlertState, standing
from graph.store.papers import Paper
from tests.graph.alerts.test_board import TODAY, alert

EVENTS = st.one_of(
    st.tuples(st.just("acknowledge"), st.none() | st.integers(1, 3)),
    st.tuples(st.sampled_from(["resolve", "reopen", "day", "change", "vanish", "come"]), st.none()),
)


@given(st.lists(EVENTS, max_size=20))
def test_any_sequence(events: list[tuple[Any, int | None]]) -> None:
    today, facts, there, paper = TODAY, 0, True, None
    said: tuple[str, int, date | None] = ("active", 0, None)  # state, condition, until

    def expected() -> str:
        state, condition, until = said
        if not there:
            return "gone" if state != "active" else "none"
        if state == "resolved" and condition != facts:
            return "active"
        return "active" if until is not None and until <= today else state

    for event, days in events:
        now = expected()
        if event == "day":
            today += timedelta(days=1)
        elif event == "change":
            facts += 1
        elif event in ("vanish", "come"):
            there = event == "come"
        else:
            found = standing([alert("a", facts)] if there else [], [paper] if paper else [], today)
            until = today + timedelta(days=days) if days else None
            allowed = {"acknowledge": ("active", "acknowledged"), "resolve": ("active", "acknowledged"), "reopen": ("acknowledged", "resolved")}  # fmt: skip
            if not found:
                continue
            try:
                filing = found[0].after(event, "x", until, today)
            except WrongAlertState:
                assert now not in allowed[event]
                continue
            assert now in allowed[event]
            paper = Paper(filing.kind, filing.id, filing.after + 1, datetime.now(UTC), "li", filing.content)
            state = {"acknowledge": "acknowledged", "resolve": "resolved", "reopen": "active"}[event]
            said = (state, facts, until)
        shown = standing([alert("a", facts)] if there else [], [paper] if paper else [], today)
        assert ["gone" if s.gone else s.state for s in shown] == [e for e in [expected()] if e != "none"]

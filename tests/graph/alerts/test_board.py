"""Steps with alerts and rounds, on both stores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from graph.alerts.alert import Alert, make
from graph.alerts.board import Board, NoSuchAlert
from graph.alerts.standing import WrongAlertState
from graph.errors import UsageError
from graph.language import Text
from graph.store.papers import StalePaper
from graph.store.protocol import Store
from tests.graph.alerts.small import FEW

TODAY = date(2017, 1, 1)


def alert(subject: str, facts: object = 1) -> Alert:
    """An alert about something."""
    return make("overload", subject, "recipients", "medium", Text("超", "over"), region="zh", facts=facts)


def board(store: Store, *alerts: Alert, today: date = TODAY) -> Board:
    """The board as it is with these alerts."""
    return Board(store, "office", alerts, FEW, lambda: today)


def states(found: Board) -> dict[str, str]:
    """Subject → state."""
    return {s.alert.subject: "gone" if s.gone else s.state for s in found.standing()}


def test_acknowledged_to_a_day(stored: Store) -> None:
    a, b = alert("a"), alert("b")
    board(stored, a, b).step(a.id, "acknowledge", by="li", note="续签中", until=TODAY + timedelta(days=2))
    told = board(stored, a, b).one(a.id)
    assert (told.state, told.by, told.note, told.revision) == ("acknowledged", "li", "续签中", 1)
    assert states(board(stored, a, b)) == {"a": "acknowledged", "b": "active"}
    assert states(board(stored, a, b, today=TODAY + timedelta(days=2))) == {"a": "active", "b": "active"}
    assert states(board(stored, alert("a", facts=2))) == {"a": "acknowledged"}
    assert states(board(stored, b)) == {"b": "active", "a": "gone"}


def test_resolved_until_the_condition_is_another(stored: Store) -> None:
    a = alert("a")
    with pytest.raises(UsageError, match="say why"):
        board(stored, a).step(a.id, "resolve", by="li", note=" ")
    board(stored, a).step(a.id, "resolve", by="li", note="协议如此")
    assert states(board(stored, a)) == {"a": "resolved"}
    for step in ("acknowledge", "resolve"):
        with pytest.raises(WrongAlertState):
            board(stored, a).step(a.id, step, by="li", note="x")  # type: ignore[arg-type] # a step
    worse = alert("a", facts=2)
    assert worse.id == a.id and states(board(stored, worse)) == {"a": "active"}
    board(stored, a).step(a.id, "reopen", by="li")
    assert states(board(stored, a)) == {"a": "active"}
    with pytest.raises(WrongAlertState):
        board(stored, a).step(a.id, "reopen", by="li")


def test_what_cannot_be_said(stored: Store) -> None:
    a = alert("a")
    with pytest.raises(NoSuchAlert):
        board(stored).step(a.id, "acknowledge", by="li")
    for until in (TODAY, TODAY - timedelta(days=1)):
        with pytest.raises(UsageError, match="to come"):
            board(stored, a).step(a.id, "acknowledge", by="li", until=until)
    board(stored, a).step(a.id, "acknowledge", by="li")
    with pytest.raises(WrongAlertState, match="condition is gone"):
        board(stored).step(a.id, "reopen", by="li")


def test_a_colleague_in_the_same_moment(stored: Store) -> None:
    a = alert("a")
    looked = board(stored, a).one(a.id)
    board(stored, a).step(a.id, "acknowledge", by="li")
    with pytest.raises(StalePaper):
        stored.file("office", [looked.after("resolve", "x", None, TODAY)], by="wang")


def test_new_is_told_once(stored: Store, again: Callable[[], Store]) -> None:
    a, b = alert("a"), alert("b")
    first = board(stored, a).look(by="cron")
    assert (first.number, first.new, first.gone) == (1, (a,), ())
    same = board(again(), a).look(by="cron")  # another process
    assert (same.number, same.new, same.gone) == (1, (), ())
    second = board(stored, a, b).look(by="cron")
    assert (second.number, second.new) == (2, (b,))
    third = board(stored, b).look(by="cron")
    assert (third.new, third.gone) == ((), (a.id,))
    assert board(stored, a, b).look(by="cron").new == (a,)  # it came back
    rounds = board(stored).rounds(after=1)
    assert [(r.number, [x.subject for x in r.new], len(r.gone)) for r in rounds] == [
        (2, ["b"], 0),
        (3, [], 1),
        (4, ["a"], 0),
    ]
    assert board(stored).look(by="x").number == 5 and board(stored).look(by="x").number == 5


def test_what_was_said_ends_with_its_condition(stored: Store) -> None:
    a = alert("a")
    board(stored, a).step(a.id, "resolve", by="li", note="x")
    assert states(board(stored)) == {"a": "gone"}
    assert board(stored).look(by="cron").number == 0  # nothing was ever told
    assert states(board(stored)) == {} and states(board(stored, a)) == {"a": "active"}
    assert board(stored, a).look(by="cron").new == (a,)

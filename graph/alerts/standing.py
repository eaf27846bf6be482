"""How an alert stands: active, acknowledged or resolved. What people said of it is a paper beside the network.

========== =============================================== =========================================================
step       from                                            to
========== =============================================== =========================================================
acknowledge active, acknowledged                           acknowledged, to its day where one is given; then active again
resolve    active, acknowledged                            resolved, until the condition is another; then active again
reopen     acknowledged, resolved by hand                  active
(by itself) active, acknowledged, resolved                 resolved, where its condition is gone
========== =============================================== =========================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from graph.alerts.alert import Alert
from graph.errors import CheckFailed, UsageError
from graph.language import Text
from graph.store.papers import Filing, Paper

KIND = "alert"
State = Literal["active", "acknowledged", "resolved"]
Step = Literal["acknowledge", "resolve", "reopen"]

STATES: dict[State, Text] = {
    "active": Text("待处理", "active"),
    "acknowledged": Text("已知悉", "acknowledged"),
    "resolved": Text("已了结", "resolved"),
}
STEPS: dict[Step, tuple[tuple[State, ...], State, Text]] = {
    "acknowledge": (("active", "acknowledged"), "acknowledged", Text("知悉", "acknowledge")),
    "resolve": (("active", "acknowledged"), "resolved", Text("了结", "resolve")),
    "reopen": (("acknowledged", "resolved"), "active", Text("重新提醒", "reopen")),
}
"""Step → states from which it may be taken, the state after it, its name."""


class WrongAlertState(CheckFailed):
    """A step that an alert's state does not allow."""


@dataclass(frozen=True)
class Standing:
    """An alert and how it stands.

    Parameters
    ----------
    alert : Alert
        As it is now; where its condition is gone, as it was when somebody last said something of it.
    state : str
        ``active``, ``acknowledged`` or ``resolved``.
    gone : bool
        Whether its condition is gone; it is resolved then.
    by, note : str
        Who said something of it last, and what; empty where nobody has.
    until : date or None
        Day on which an acknowledged one is active again; none: when it is reopened.
    at : datetime or None
        When something was said of it last, in UTC.
    revision : int
        Of its paper; 0 where nobody has said anything.
    """

    alert: Alert
    state: State
    gone: bool = False
    by: str = ""
    note: str = ""
    until: date | None = None
    at: datetime | None = None
    revision: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        told = {k: v for k, v in self.alert.to_dict().items() if k not in ("condition", "regions")}
        return {
            **told,
            "state": self.state,
            "gone": self.gone,
            "by": self.by,
            "note": self.note,
            "until": self.until.isoformat() if self.until else None,
            "at": self.at.isoformat() if self.at else None,
            "revision": self.revision,
        }

    def after(self, step: Step, note: str, until: date | None, today: date) -> Filing:
        """The paper of a step.

        Raises
        ------
        WrongAlertState
            When its state does not allow it, or its condition is gone.
        UsageError
            When it is resolved without a reason, or acknowledged to a day that is past.
        """
        before, state, name = STEPS[step]
        if self.gone or self.state not in before:
            now = Text("情况已不存在", "its condition is gone") if self.gone else STATES[self.state]
            raise WrongAlertState(
                f"提醒 {self.alert.id}：{now.zh}，不能{name.zh}", f"alert {self.alert.id}: {now.en}, you cannot {name.en} it"
            )  # fmt: skip
        if step == "resolve" and not note.strip():
            raise UsageError("了结一条提醒要说明理由（note）", "say why it is resolved (note)")
        if until is not None and (step != "acknowledge" or until <= today):
            raise UsageError(
                f"{until}：只有知悉可以给出日期，而且要在今天之后",
                f"{until}: only what is acknowledged has a day, and it must be to come",
            )
        content = {
            "state": state,
            "note": note.strip(),
            "until": until.isoformat() if until else None,
            "alert": self.alert.to_dict(),
        }
        return Filing(KIND, self.alert.id, content, self.revision)  # fmt: skip


def standing(alerts: Iterable[Alert], papers: Iterable[Paper], today: date) -> list[Standing]:
    """Alerts as they stand, in their order; behind them those of which somebody has said something and whose condition is gone.

    Parameters
    ----------
    alerts : iterable of Alert
        As derived.
    papers : iterable of Paper
        The newest filing of each paper of :data:`KIND`.
    today : date
        For days up to which something is acknowledged.
    """
    said = {paper.id: paper for paper in papers}
    found = [_stands(alert, said.pop(alert.id, None), today) for alert in alerts]
    return found + [_gone(paper) for _, paper in sorted(said.items()) if paper.content["state"] != "active"]


def _stands(alert: Alert, paper: Paper | None, today: date) -> Standing:
    if paper is None:
        return Standing(alert, "active")
    told = paper.content
    until = date.fromisoformat(told["until"]) if told["until"] else None
    over = {
        "active": True,
        "acknowledged": until is not None and until <= today,
        "resolved": told["alert"]["condition"] != alert.condition,
    }[told["state"]]
    state: State = "active" if over else told["state"]
    return Standing(alert, state, False, paper.by, told["note"], until, paper.at, paper.revision)


def _gone(paper: Paper) -> Standing:
    told: Mapping[str, Any] = paper.content
    alert = Alert.from_dict(told["alert"])
    return Standing(alert, "resolved", True, paper.by, told["note"], None, paper.at, paper.revision)

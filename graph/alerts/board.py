"""The board of a stored network's alerts: how each stands, steps with them, and what is new since the last look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from graph.alerts import rounds, standing
from graph.alerts.alert import Alert
from graph.alerts.derive import of_office
from graph.alerts.rounds import Round
from graph.alerts.standing import Standing, Step
from graph.alerts.thresholds import Thresholds
from graph.errors import UsageError
from graph.office.request import KIND as REQUEST
from graph.store.protocol import Store


class NoSuchAlert(UsageError):
    """A network has no alert of that id."""


class Board:
    """Alerts of one network of a store.

    Parameters
    ----------
    store, network : Store, str
        Where.
    derived : sequence of Alert
        What the network itself gives, see :func:`graph.alerts.derive.of_network`.
    thresholds : Thresholds
        For requests that wait.
    today : callable
        Gives the day; the clock's by default.
    """

    def __init__(
        self,
        store: Store,
        network: str,
        derived: Sequence[Alert],
        thresholds: Thresholds,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.store, self.network, self.derived = store, network, derived
        self.thresholds, self.today = thresholds, today

    def standing(self) -> list[Standing]:
        """All of them as they stand: those of the network, of its office, then those that are gone."""
        waiting = of_office(self.store.papers(self.network, REQUEST), self.thresholds)
        papers = self.store.papers(self.network, standing.KIND)
        return standing.standing([*self.derived, *waiting], papers, self.today())

    def one(self, id: str) -> Standing:
        """One of them.

        Raises
        ------
        NoSuchAlert
            When there is none of that id.
        """
        for found in self.standing():
            if found.alert.id == id:
                return found
        raise no_alert(id)

    def step(self, id: str, step: Step, *, by: str, note: str = "", until: date | None = None) -> Standing:
        """Acknowledge, resolve or reopen one.

        Raises
        ------
        NoSuchAlert
            When there is none of that id.
        WrongAlertState, UsageError
            When the step cannot be taken, see :meth:`graph.alerts.standing.Standing.after`.
        StalePaper
            When a colleague took a step with it in the same moment.
        """
        filing = self.one(id).after(step, note, until, self.today())
        self.store.file(self.network, [filing], by=by)
        return self.one(id)

    def look(self, *, by: str) -> Round:
        """File a round: what is new and what is gone since the one before.

        Raises
        ------
        StalePaper
            When a colleague looked in the same moment: look again.
        """
        before = next(iter(self.store.papers(self.network, rounds.KIND)), None)
        filings = rounds.filings(self.standing(), before)
        filed = self.store.file(self.network, filings, by=by) if filings else []
        made = next((Round.of(paper) for paper in filed if paper.kind == rounds.KIND), None)
        if made is not None:
            return made
        return Round(before.revision, before.at, before.by) if before is not None else Round(0, None, "")

    def rounds(self, after: int = 0) -> list[Round]:
        """Rounds behind a number, the oldest first."""
        log = self.store.paper_log(self.network, rounds.KIND, rounds.ID)
        return [Round.of(paper) for paper in log if paper.revision > after]


def no_alert(id: str) -> NoSuchAlert:
    """There is no alert of that id, or it is not the asker's business."""
    return NoSuchAlert(f"没有提醒 {id}", f"there is no alert {id}")

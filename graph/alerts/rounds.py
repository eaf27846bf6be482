"""Rounds: what is new since somebody last looked, told once.

A round is a filing of one paper: which alerts were active then. It is filed only where that has changed. Papers of alerts whose
condition is gone are closed with it, so that the alert is new when it comes again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graph.alerts.alert import Alert
from graph.alerts.standing import KIND as ALERT
from graph.alerts.standing import Standing
from graph.store.papers import Filing, Paper

KIND, ID = "alert_round", "rounds"


@dataclass(frozen=True)
class Round:
    """What a round found.

    Parameters
    ----------
    number : int
        From 1; 0 where nothing has ever been found.
    at : datetime or None
        When, in UTC.
    by : str
        Who looked.
    new : tuple of Alert
        Alerts that are active and were not in the round before.
    gone : tuple of str
        Ids of those that were and are not active any more.
    """

    number: int
    at: datetime | None
    by: str
    new: tuple[Alert, ...] = ()
    gone: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        hidden = ("condition", "regions")
        return {
            "number": self.number,
            "at": self.at.isoformat() if self.at else None,
            "by": self.by,
            "new": [{k: v for k, v in alert.to_dict().items() if k not in hidden} for alert in self.new],
            "gone": list(self.gone),
        }

    @classmethod
    def of(cls, paper: Paper) -> Round:
        """The round of a filing."""
        new = tuple(Alert.from_dict(told) for told in paper.content["new"])
        return cls(paper.revision, paper.at, paper.by, new, tuple(paper.content["gone"]))


def filings(standings: Sequence[Standing], before: Paper | None) -> list[Filing]:
    """What is to be filed: the round, and an end for each alert whose condition is gone; nothing where nothing has changed."""
    active = {s.alert.id: s.alert for s in standings if s.state == "active"}
    known = set(before.content["active"]) if before is not None else set[str]()
    new = [alert.to_dict() for id, alert in active.items() if id not in known]
    gone = sorted(known - set(active))
    ended = [_ended(s) for s in standings if s.gone]
    if not (new or gone):
        return ended
    content = {"active": sorted(active), "new": new, "gone": gone}
    return [Filing(KIND, ID, content, before.revision if before is not None else 0), *ended]


def _ended(stands: Standing) -> Filing:
    content = {"state": "active", "note": "", "until": None, "alert": stands.alert.to_dict()}
    return Filing(ALERT, stands.alert.id, content, stands.revision)

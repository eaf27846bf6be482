"""An alert: something in a network that wants attention, named so that the same thing has the same id on every day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from graph.language import Text
from graph.network import Network

Kind = Literal[
    "term_ending", "posting_ending", "overload", "sole_support", "thin_spot", "missed_delivery", "overdue_finding", "waiting_request"
]  # fmt: skip
Severity = Literal["low", "medium", "severe"]

KINDS: dict[Kind, Text] = {
    "term_ending": Text("关系将到期", "term ending"),
    "posting_ending": Text("驻村任期将满", "postings ending"),
    "overload": Text("帮扶方超负荷", "overload"),
    "sole_support": Text("只靠一家", "sole support"),
    "thin_spot": Text("薄弱节点", "thin spot"),
    "missed_delivery": Text("承诺未兑现", "missed delivery"),
    "overdue_finding": Text("问题逾期", "overdue finding"),
    "waiting_request": Text("请求久未办理", "waiting request"),
}
SEVERITIES: tuple[Severity, ...] = ("severe", "medium", "low")
"""The gravest first."""


@dataclass(frozen=True)
class Alert:
    """Something that wants attention.

    Parameters
    ----------
    id : str
        Digest of kind, subject and what is the matter: 16 hexadecimal digits, the same as long as that is the same.
    kind : str
        One of :data:`KINDS`.
    severity : str
        ``severe``, ``medium`` or ``low``.
    subject : str
        Id of the relation, place, unit, finding or request that it is about.
    region : str or None
        Code of the place whose business it is; none where it is nobody's alone.
    since : date or None
        Day from which it holds; none where the data do not say.
    due : date or None
        Day by which something is to be done; none where there is no such day.
    text : Text
        What is the matter, in words.
    condition : str
        Digest of what would have to change for it to be another matter: resolved by hand, it stays so until then.
    regions : tuple of str
        Codes of all places that it concerns.
    """

    id: str
    kind: Kind
    severity: Severity
    subject: str
    region: str | None
    since: date | None
    due: date | None
    text: Text
    condition: str
    regions: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "id": self.id,
            "kind": self.kind,
            "severity": self.severity,
            "subject": self.subject,
            "region": self.region,
            "since": self.since.isoformat() if self.since else None,
            "due": self.due.isoformat() if self.due else None,
            "text": self.text.as_dict(),
            "condition": self.condition,
            "regions": list(self.regions),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Alert:
        """The same back."""
        since, due = (date.fromisoformat(d) if d else None for d in (told["since"], told["due"]))
        text = Text(told["text"]["zh"], told["text"]["en"])
        return cls(
            told["id"], told["kind"], told["severity"], told["subject"], told["region"], since, due, text, told["condition"],
            tuple(told["regions"]),
        )  # fmt: skip


def make(
    kind: Kind, subject: str, what: object, severity: Severity, text: Text, *, region: str | None = None,
    regions: Iterable[str | None] = (), since: date | None = None, due: date | None = None, facts: object = None,
) -> Alert:  # fmt: skip
    """An alert.

    Parameters
    ----------
    kind, subject, what
        Of these is its id made; ``what`` is whatever tells it from others of that kind and subject.
    severity, text, region, since, due
        As :class:`Alert` has them.
    regions : iterable of str
        Places that it concerns besides ``region``.
    facts : object
        JSON-ready; what would have to change for it to be another matter.
    """
    concerned = tuple(dict.fromkeys(code for code in (region, *regions) if code))
    return Alert(
        _digest([kind, subject, what]), kind, severity, subject, region, since, due, text, _digest(facts), concerned
    )  # fmt: skip


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode()).hexdigest()[:16]


def called(network: Network, id: str) -> Text:
    """A place or unit for people, in English with what it sounds like."""
    name, sound = network.label(id), network.sounds.get(id, "")
    return Text(name, f"{name} ({sound})" if sound else name)


def place_of(network: Network, id: str) -> str | None:
    """The region that an id names, else the home of the unit that it names."""
    return id if id in network.parents else network.homes.get(id)


def order(alert: Alert) -> tuple[int, str, str, str]:
    """The gravest first, then the most urgent, then by kind and subject."""
    return (
        SEVERITIES.index(alert.severity),
        (alert.due or alert.since or date.max).isoformat(),
        alert.kind,
        alert.id,
    )

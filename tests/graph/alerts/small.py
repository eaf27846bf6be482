"""Small networks for alerts: what is given stands, all else is as in the small network."""

from __future__ import annotations

from datetime import date
from typing import Any

from graph.alerts.alert import Alert
from graph.alerts.derive import of_network
from graph.alerts.thresholds import Thresholds
from graph.network import Network
from graph.questions.of_network import OfNetwork
from tests.graph.store.small_networks import ABOUT, rows, small

AT = date(2017, 1, 1)
FEW = Thresholds(months=3, places=2, years=3, waiting_days=14)


def network(**tables: list[dict[str, Any]]) -> Network:
    """The small network with some tables other than they are."""
    return ABOUT.network({**small(), **{t: rows(t, *given) for t, given in tables.items()}}, "office")


def found(network: Network, kind: str, at: date = AT, thresholds: Thresholds = FEW) -> list[Alert]:
    """Alerts of one kind."""
    return [a for a in of_network(OfNetwork(network), network, thresholds, at) if a.kind == kind]


def relation(id: str, supporter: str, recipient: str, **cells: Any) -> dict[str, Any]:
    """A relation in force since 2016."""
    told = {"id": id, "kind": "designated", "supporter": supporter, "recipient": recipient}
    return told | {"since": date(2016, 1, 1)} | cells

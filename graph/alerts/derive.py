"""All alerts of a network at a date."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from graph.alerts.alert import Alert, order
from graph.alerts.missed import missed
from graph.alerts.overdue import overdue
from graph.alerts.overload import overload
from graph.alerts.terms import terms
from graph.alerts.thin import sole_support, thin_spots
from graph.alerts.thresholds import Thresholds
from graph.alerts.waiting import waiting
from graph.network import Network
from graph.questions.moment import moment
from graph.questions.protocol import Questions
from graph.store.papers import Paper

READS = ("regions", "names", "units", "relations", "findings")
"""Tables that are read whole."""


def of_network(
    questions: Questions, network: Network, thresholds: Thresholds, at: date | None = None
) -> list[Alert]:
    """Alerts that the network itself gives, the gravest first.

    Parameters
    ----------
    questions : Questions
        Of the network.
    network : Network
        Its tables :data:`READS`.
    thresholds : Thresholds
        When something is worth an alert.
    at : date, optional
        The day; the network's own, else today.
    """
    day = moment(network, at)
    found = [
        *terms(questions, network, day, thresholds),
        *overload(questions, network, day),
        *sole_support(network, day, thresholds),
        *thin_spots(network, day, thresholds),
        *missed(questions, network, day, thresholds),
        *overdue(network, day),
    ]
    return sorted(found, key=order)


def of_office(papers: Collection[Paper], thresholds: Thresholds, now: datetime | None = None) -> list[Alert]:
    """Alerts that the requests beside a network give, see :func:`graph.alerts.waiting.waiting`."""
    return sorted(waiting(papers, thresholds, now), key=order)

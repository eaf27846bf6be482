"""Alerts of the network that is asked, derived once for a version and a day; the same for the command line and HTTP."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

from api.service.networks import Networks
from graph.alerts.alert import Alert
from graph.alerts.board import Board
from graph.alerts.derive import READS, of_network
from graph.alerts.standing import Standing, standing
from graph.alerts.thresholds import Thresholds
from graph.questions.moment import moment
from graph.store.opening import store_address


class Alerts:
    """Alerts of one network, in a store or in files.

    Parameters
    ----------
    networks : Networks
        What is asked.
    thresholds : Thresholds
        When something is worth an alert; without a minimum term of their own, the network's policy counts.
    """

    def __init__(self, networks: Networks, thresholds: Thresholds) -> None:
        self.networks = networks
        self._given, self._known = thresholds, False
        self._lock = threading.Lock()
        self._held: tuple[tuple[str, date], list[Alert]] | None = None

    @property
    def stored(self) -> bool:
        """Whether the network is in a store, where something can be said of its alerts."""
        return store_address(self.networks.where) is not None

    def derived(self, at: date | None = None) -> list[Alert]:
        """What the network itself gives on a day, the gravest first; the last answer is kept."""
        asked = self.networks.asked()
        network = asked.read(READS)
        key = (asked.version, moment(network, at))
        with self._lock:
            if self._held is None or self._held[0] != key:
                self._held = (key, of_network(asked.questions, network, self._thresholds(), at))
            return self._held[1]

    def board(self, at: date | None = None) -> Board:
        """The board of a stored network.

        Raises
        ------
        UsageError
            When the network is in files.
        """
        store, name = self.networks.store()
        return Board(store, name, self.derived(at), self._given)

    def standing(self, at: date | None = None) -> list[Standing]:
        """All alerts as they stand; those of files are active, all of them."""
        return self.board(at).standing() if self.stored else standing(self.derived(at), (), date.today())

    def _thresholds(self) -> Thresholds:
        if not self._known and self._given.minimum_years is None:
            from planner.scenario import read_policies

            years = read_policies(self.networks.where)["cadres"]["minimum_term_years"]
            self._given = replace(self._given, minimum_years=years)
        self._known = True
        return self._given

"""From the flow through hubs to pairs: how many of which class go to which slot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.along import along
from planner.solve.posting_graph import Flow, Ways
from planner.solve.posting_network import Network
from planner.solve.posting_ties import Marks


@dataclass(frozen=True)
class Sent:
    """``count`` people of class ``of_class`` at ``slot`` at ``cost`` each, ``stays``: by an arc of those in place; (k,) each."""

    of_class: np.ndarray
    slot: np.ndarray
    count: np.ndarray
    cost: np.ndarray
    stays: np.ndarray

    def only(self, chosen: np.ndarray) -> Sent:
        """Those of the mask or numbers ``chosen``."""
        return Sent(*(getattr(self, k)[chosen] for k in ("of_class", "slot", "count", "cost", "stays")))

    def at_slots(self, slots: int) -> np.ndarray:
        """(slots,) int64 people at each."""
        return np.bincount(self.slot, self.count, slots).astype(np.int64)


def people_sent(network: Network, ways: Ways, flow: Flow, marks: Marks) -> Sent:
    """Pairs of a flow. Who of a hub's classes takes which of its ways costs the same: both in the order of their marks."""
    into, out = np.flatnonzero(flow.offers), np.flatnonzero(flow.ways)
    slot, of_class = ways.slot[out], network.offer_class[into]
    out = out[np.lexsort((slot, marks.slot[slot], ways.hub[out]))]
    into = into[np.lexsort((of_class, marks.person[of_class], network.offer_hub[into]))]
    offer, (which, count) = along(network.offer_hub[into], flow.offers[into], ways.hub[out], flow.ways[out])
    offer, way = into[offer], out[which]
    stay = np.flatnonzero(flow.stays)
    stays = network.stays
    return Sent(
        np.concatenate([network.offer_class[offer], stays.of_class[stay]]),
        np.concatenate([ways.slot[way], stays.slot[stay]]),
        np.concatenate([count, flow.stays[stay]]),
        np.concatenate([network.offer_cost[offer] + ways.cost[way], stays.cost[stay]]),
        np.repeat([False, True], [len(offer), len(stay)]),
    )

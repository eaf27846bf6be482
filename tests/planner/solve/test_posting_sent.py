"""From the flow through hubs to pairs of class and slot."""

from __future__ import annotations

import numpy as np

from planner.solve.posting_flow import send
from planner.solve.posting_graph import graph
from planner.solve.posting_sent import people_sent
from planner.solve.posting_ties import Marks
from tests.planner.solve.posting_cases import dense, every_way, hubs


def test_classes_and_slots_of_a_hub_are_paired_in_the_order_of_their_marks() -> None:
    """Three classes of 2 meet in one hub, for slots of 1, 3 and 2 seats; one more is in place at the last, class 1."""
    stay = {"listed_class": [1], "listed_slot": [2], "listed_room": [1], "listed_cost": [-1]}
    with hubs(True):
        case = dense(np.full((1, 3), 4), [2, 2, 2], [1, 3, 2], [0, 0, 0], group=[0] * 3, c0=[0] * 3, c1=[0] * 3,
                     c2=[0] * 3, unit=[-1] * 3, t0_ptr=[0, 3], **stay)  # fmt: skip
        network = case.network()
    ways = every_way(network)
    backwards = type(ways)(ways.hub[::-1], ways.slot[::-1], ways.cost[::-1])
    for order in (ways, backwards):
        of = graph(network, order)
        marks = Marks(np.array([1, 5, 7], np.uint64), np.array([3, 4, 9], np.uint64))
        sent = people_sent(network, order, of.flow(send(of)), marks)
        found = np.stack([sent.of_class, sent.slot, sent.count, sent.cost, sent.stays]).T.tolist()
        assert network.hubs == 1
        assert found == [[0, 0, 1, 4, 0], [0, 1, 1, 4, 0], [1, 1, 1, 4, 0], [2, 1, 1, 4, 0], [2, 2, 1, 4, 0],
                         [1, 2, 1, -1, 1]]  # fmt: skip
        turned = people_sent(network, order, of.flow(send(of)), Marks(marks.person[::-1], marks.slot))
        assert (turned.of_class[0], turned.slot[0]) == (2, 0)
        assert sent.at_slots(3).tolist() == [1, 3, 2] and sent.only(sent.stays).cost.tolist() == [-1]

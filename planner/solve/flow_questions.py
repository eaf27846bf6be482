"""Questions to a cheapest flow: what a little money more or less, at some place, would change of its cost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FAR = 2**60
"""Stands for "no way there", and for "whatever it costs"."""

NAMES = ("target", "amount", "most", "question", "node", "cost", "room", "shut_question", "shut_arc")
"""Arrays of one way of asking, as the engine ``flow_prices`` takes them; ``shut_arc``: arcs for :attr:`Questions.shut_link`."""


@dataclass(frozen=True)
class Questions:
    """Questions to a residual network. Openings are the ways by which money gets into it.

    Parameters
    ----------
    target : ndarray
        (q,) int64: the node that the money goes to.
    amount : ndarray
        (q,) int64: units to be placed, at most the network's step.
    most : ndarray
        (q,) int64: no unit is placed at this cost or above it; ``FAR``: as many as possible are, whatever they cost.
    question, node, cost, room : ndarray
        (m,) int64: openings: whose they are, where they lead, cost of a unit, and how many units pass.
    shut_question, shut_link : ndarray
        (k,) int64: links that a question may not use.
    """

    target: np.ndarray
    amount: np.ndarray
    most: np.ndarray
    question: np.ndarray
    node: np.ndarray
    cost: np.ndarray
    room: np.ndarray
    shut_question: np.ndarray
    shut_link: np.ndarray

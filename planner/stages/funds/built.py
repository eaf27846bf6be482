"""The model being built, and how to read it: nodes by what they stand for, arcs by family."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from planner.solve.flow_model import FlowModel
from planner.stages.funds.facts import Facts
from planner.stages.funds.known import Known

SINK = 0
NONE = -1


@dataclass
class Built:
    """The model and how to read its answer: arcs of a family → row numbers of what they stand for.

    Parameters
    ----------
    start : ndarray
        (C, P, T) node where the money of a cell arrives (its own node or its hub's); −1 where it has none.
    budget_node, county_node : ndarray
        (S, T) and (C, T) nodes; −1 where there is none.
    share_node : ndarray
        (S, G, T) nodes; −1 where a source has no bound by province.
    fair_node : ndarray
        (C, T) nodes behind the segments of the logarithm; empty where fairness is not proportional.
    class_node : ndarray
        (2, T) nodes of deep poverty and of counties outside the list; −1 where no floor holds.
    index : mapping of str to ndarray
        Family → (m, k) int64: what its arcs stand for (columns as the family's line in ``build`` says).
    """

    facts: Facts
    known: Known
    model: FlowModel
    budget: np.ndarray
    start: np.ndarray
    budget_node: np.ndarray
    county_node: np.ndarray
    share_node: np.ndarray
    class_node: np.ndarray
    fair_node: np.ndarray
    loan_node: dict[str, np.ndarray]
    loan_entry: dict[str, np.ndarray] = field(default_factory=dict)
    index: dict[str, np.ndarray] = field(default_factory=dict)
    atom: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    hub_node: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    why_rows: list[str] = field(default_factory=list)


def number_nodes(model: FlowModel, where: np.ndarray) -> np.ndarray:
    """Number new nodes where ``where`` holds, −1 elsewhere; same shape."""
    found = np.full(where.shape, NONE, dtype=np.int64)
    found[where] = model.nodes(int(where.sum()))
    return found


def most_money(built: Built, s: np.ndarray, t: np.ndarray) -> np.ndarray:
    """What sources can have at most in their years."""
    before = np.where(t > 0, built.facts.carry[s, t - 1], 0)
    return np.asarray(built.budget[s, t] + before)


def origin_node(built: Built, s: np.ndarray, c: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Node from which a source pays in a county: its share node there, else its budget; −1 where it may not."""
    share = built.share_node[s, built.facts.province[c], t]
    split = (built.share_node[s, :, t] >= 0).any(axis=1)
    return np.asarray(np.where(split, share, built.budget_node[s, t]))


def has_own_node(built: Built) -> np.ndarray:
    """(C, P, T) bool: the cell has a node of its own already."""
    return np.asarray(built.start > (built.hub_node.max() if built.hub_node.size else NONE))

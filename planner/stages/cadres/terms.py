"""The terms of what somebody costs at a post, for whoever is posted, in a minimum term or not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.cost import SCALE
from planner.stage import Context
from planner.stages.cadres.build import Model
from planner.stages.cadres.costs import Costs, own_rows
from planner.stages.cadres.people import classes


def terms_of(
    context: Context, model: Model, rows: Sequence[int], slots: Sequence[int]
) -> list[dict[str, float]]:
    """Terms in points of each cadre (row of ``cadres``) at the slot beside it; they add up to the cost exactly.

    Terms of nothing are left out; who is in place there costs no new posting.
    """
    parts = term_parts(context, model, rows, slots)
    return [{k: int(v[i]) / SCALE for k, v in parts.items() if v[i]} for i in range(len(slots))]


def term_parts(
    context: Context, model: Model, rows: Sequence[int] | np.ndarray, slots: Sequence[int] | np.ndarray
) -> dict[str, np.ndarray]:
    """The same as whole thousandths, term → (k,) int64."""
    number, table = classes(context, model.people, np.array(rows, np.int64))
    costs = Costs(context, model.places, model.posts, table, own_rows(context, model.places))
    traits, posts, at = costs.traits, model.posts, np.array(slots, np.int64)
    village = posts.village[at]
    parts = {
        "distance": costs.distance(traits.home[number], posts.villages[village])[0],
        "skill_language": costs.ability(traits.ability[number], at)[0],
        "unit": costs.unit(traits.unit[number], village),
    }
    whole = costs.single(number, at, model.people.here[rows] == at)
    parts["new"] = whole - np.sum(list(parts.values()), axis=0)
    return parts

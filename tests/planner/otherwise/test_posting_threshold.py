"""When a cadre would be posted otherwise: by hand, and as the cadre's own price says, solved again on both sides."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from graph.errors import UsageError
from planner.otherwise.choice import Asking
from planner.otherwise.posting_threshold import posting_threshold, posting_words
from planner.otherwise.postings import standing_of
from planner.plan import Plan
from planner.solve.pool import InProcess
from planner.stages.cadres.forced import dearer, whole_task
from tests.planner.cadre_land import REGIONS, cadre, first
from tests.planner.otherwise.test_postings import LAX, ask, made
from tests.planner.planned import planned
from tests.planner.tiny import network


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """v0 at 0 km and v1 at 10 km from where c1 and c2 live; c3 lives 100 km from v0, 90 from v1; c4 lives as c3 does."""
    cadres = [cadre("c1"), cadre("c2"), cadre("c3", "b1"), cadre("c4", "b1")]
    return made(tmp_path_factory.mktemp("chain"), cadres, [first("v0"), first("v1")])


def test_by_hand(chain: Plan) -> None:
    """c3 costs 9 at v1, where 1 is paid: 8 less and it is as good. At v0 it costs 10 where 0 is paid: not even for nothing."""
    asking = Asking(chain, "cadres", InProcess())
    told = posting_threshold(asking, "c3", "v1")
    assert (told.has, told.points, told.confirmed) == (False, 8.0, True)
    assert "8.000 points less" in posting_words(told).en and "so it is" in posting_words(told).en
    far = posting_threshold(asking, "c3", "v0")
    assert far.price.change == 10.0 and far.points is None and not far.confirmed
    assert posting_words(far).en == "no cost changes that"


def test_what_the_plan_has_may_cost_as_much_more_as_losing_it(chain: Plan) -> None:
    """Either of c1 and c2 does for the other: at once. Two of c1's home are wanted, so that neither is lost for more."""
    asking, rows = Asking(chain, "cadres", InProcess()), chain.table("postings")
    for person, village in rows.select("cadre", "village").iter_rows():
        told = posting_threshold(asking, person, village)
        (price,) = ask(chain, f"{person}>{village}")
        assert told.has and told.points == price.change == 0 and told.confirmed


def test_the_only_one_near(tmp_path: Path) -> None:
    """Without c1, who pays nothing at v0, c3 comes for 10: c1 may cost 10 more. Alone, nobody comes, and open posts decide."""
    plan = made(tmp_path / "two", [cadre("c1"), cadre("c3", "b1")], [first("v0")])
    told = posting_threshold(Asking(plan, "cadres", InProcess()), "c1", "v0")
    assert (told.points, told.confirmed) == (10.0, True) and told.as_dict()["has"]
    alone = made(tmp_path / "one", [cadre("c1")], [first("v0", minimum=0)])
    told = posting_threshold(Asking(alone, "cadres", InProcess()), "c1", "v0")
    assert told.points is None and "open posts decide" in posting_words(told).en


@pytest.mark.parametrize("in_place", [True, False])
def test_only_what_the_person_costs_there_changes(tmp_path: Path, in_place: bool) -> None:
    """c1 is in v0 now and costs nothing there, or lives there; c3 would come for 10, or 10 and the change."""
    held = [{"cadre": "c1", "village": "v0", "post": "fs", "since": date(2016, 1, 1)}] if in_place else []
    posts, cadres = [first("v0"), first("v1", minimum=0, target=0)], [cadre("c1"), cadre("c3", "b1")]
    net = network(regions=REGIONS, cadres=cadres, village_posts=posts, **({"postings": held} if held else {}))
    plan = planned(tmp_path, net, cadres=LAX)
    asking = Asking(plan, "cadres", InProcess())
    told, standing = posting_threshold(asking, "c1", "v0"), standing_of(asking)
    assert told.has and told.confirmed and told.points == told.price.change == 10.0
    row = standing.row_of("c1")
    assert row is not None
    whole, slot = whole_task(standing.model, row), int(standing.before[row])
    assert whole is not None
    as_is, more = (
        dearer(asking.context, standing.model, whole, row, slot, by, asking.limits) for by in (0, 5)
    )
    one, two = as_is.task.arrays, more.task.arrays
    (changed,) = [k for k in one if not np.array_equal(one[k], two[k])]
    assert changed == ("listed_cost" if in_place else "t0")
    assert int((two[changed] - one[changed]).sum()) == 5


def test_a_place_without_posts_is_refused(chain: Plan) -> None:
    with pytest.raises(UsageError, match="has no post"):
        posting_threshold(Asking(chain, "cadres", InProcess()), "c1", "b1")

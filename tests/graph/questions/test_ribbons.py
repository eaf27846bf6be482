"""Relations added up to a level: by hand on the small network, and against adding them up one by one on random ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.dates import holds
from graph.errors import UsageError
from graph.network import Network
from graph.questions.ribbons import ribbons
from graph.questions.timeline import timeline
from tests.graph.questions.conftest import REGIONS, RELATIONS, UNITS
from tests.graph.questions.test_stores_random import networks

DAYS = [date(y, m, 1) for y in (2014, 2015, 2016, 2017, 2018) for m in (1, 4, 7)]


def rows(found: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Ends → ribbon."""
    return {(r["supporter"], r["recipient"]): r for r in found.to_dict()["ribbons"]}


def counts(found: Any) -> dict[tuple[str, str], tuple[int, int]]:
    """Ends → relations in force and ended."""
    return {ends: (row["relations"], row["ended"]) for ends, row in rows(found).items()}


def test_ends_are_raised_and_units_stand_at_home(toy: Network) -> None:
    found = ribbons(toy, "big")
    assert counts(found) == {("R", "P"): (3, 0), ("P", "P"): (1, 1)}
    assert rows(found)["R", "P"]["kinds"] == {"designated": 1, "east_west": 2}
    assert found.to_dict()["places"][0] == {
        "code": "P",
        "name": "Poor",
        "level": "big",
        "lon": 100.0,
        "lat": 25.0,
        "mark": None,
    }
    assert (found.relations, found.unplaced, found.units) == (4, 0, {"placed": 2, "without_home": 0})
    assert counts(ribbons(toy, "middle")) == {
        ("R", "P"): (1, 0),
        ("R1", "P1"): (2, 0),
        ("P2", "P1"): (1, 0),
        ("P2", "P2"): (0, 1),
    }


def test_the_day_is_within_its_beginning_and_before_its_end(toy: Network) -> None:
    assert ("R1", "P1") in counts(ribbons(toy, "middle", at=date(2016, 12, 31), kinds=["east_west"]))
    later = ribbons(toy, "middle", at=date(2017, 1, 1), kinds=["east_west"])
    assert counts(later)["R1", "P1"] == (0, 1)
    assert counts(ribbons(toy, "middle", at=date(2016, 5, 31), kinds=["east_west"])) == {("R", "P"): (1, 0)}


def test_a_range_has_what_held_on_one_of_its_days(toy: Network) -> None:
    def of(since: date | None, until: date | None) -> dict[tuple[str, str], tuple[int, int]]:
        return counts(ribbons(toy, "middle", since=since, until=until, kinds=["east_west"]))

    assert of(date(2016, 2, 1), date(2016, 6, 1)) == {("R", "P"): (1, 0)}
    assert of(date(2016, 2, 1), date(2016, 6, 2)) == {("R", "P"): (1, 0), ("R1", "P1"): (1, 0)}
    assert of(date(2017, 1, 1), None) == {("R", "P"): (1, 0), ("R1", "P1"): (0, 1)}
    assert of(None, date(2016, 1, 1)) == {}
    assert ribbons(toy, "middle", since=date(2016, 2, 1), until=date(2017, 1, 1)).years == (2016, 2016)


def test_marks_are_of_those_in_force_else_of_the_ended(toy: Network) -> None:
    now = rows(ribbons(toy, "middle"))
    assert now["R1", "P1"]["recalled"] == 2 and now["R", "P"]["recalled"] == 0
    assert rows(ribbons(toy, "middle", at=date(2017, 1, 1)))["R1", "P1"]["recalled"] == 1, (
        "of the unit's alone"
    )
    ended = rows(ribbons(toy, "middle", at=date(2017, 1, 1), kinds=["east_west"]))
    assert ended["R1", "P1"]["recalled"] == 1


def test_within_a_place_are_relations_of_which_an_end_lies_there(toy: Network) -> None:
    assert counts(ribbons(toy, "big", within="P2")) == {("P", "P"): (1, 1)}, "the company's home is there"
    assert counts(ribbons(toy, "small", within="Hamlet")) == {("R1", "P1a"): (1, 0)}
    assert counts(ribbons(toy, "big", within="u1")) == {("R", "P"): (1, 0)}
    assert counts(ribbons(toy, "big", within="Q")) == {}


def test_money_is_the_years_and_nothing_is_not_zero(make: Callable[..., Network]) -> None:
    ledger = [
        {
            "relation": "ew2",
            "year": 2016,
            "item": "fiscal_funds",
            "pledged": 100,
            "delivered": 80,
            "mark": "synthetic",
        },
        {"relation": "ew2", "year": 2016, "item": "officials_sent", "delivered": 7},
        {"relation": "d1", "year": 2016, "item": "money_put_in", "delivered": 5},
        {"relation": "ew2", "year": 2017, "item": "fiscal_funds", "pledged": 1, "delivered": 2},
    ]
    net = make(regions=REGIONS, units=UNITS, relations=RELATIONS, ledger=ledger)
    now = rows(ribbons(net, "middle"))
    assert (now["R1", "P1"]["pledged"], now["R1", "P1"]["delivered"], now["R1", "P1"]["money_mark"]) == (
        100,
        85,
        "synthetic",
    )
    assert now["R", "P"]["delivered"] is None and now["R", "P"]["money_mark"] is None
    both = rows(ribbons(net, "middle", since=date(2016, 1, 1), until=date(2018, 1, 1)))["R1", "P1"]
    assert (both["pledged"], both["delivered"]) == (101, 87)
    after = rows(ribbons(net, "middle", at=date(2017, 5, 1)))["R1", "P1"]
    assert (after["relations"], after["ended"], after["delivered"]) == (1, 1, 2), (
        "what came after the end is told with it"
    )


def test_who_lies_nowhere_is_counted_and_not_drawn(make: Callable[..., Network]) -> None:
    units = [*UNITS[:1], {"id": "u2", "name": "Mine Company"}]
    found = ribbons(make(regions=REGIONS, units=units, relations=RELATIONS), "big")
    assert (found.relations, found.unplaced, found.units) == (3, 1, {"placed": 1, "without_home": 1})
    assert counts(found) == {("R", "P"): (3, 0)}


def test_pseudo_levels_are_passed_over(make: Callable[..., Network]) -> None:
    regions = [{**row, "pseudo": row["code"] == "P1"} for row in REGIONS]
    found = ribbons(make(regions=regions, units=UNITS, relations=RELATIONS), "middle", kinds=["designated"])
    assert set(counts(found)) == {("R1", "P"), ("P2", "P"), ("P2", "P2")}


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"level": "galaxy"}, "no level galaxy"),
        ({"kinds": ["east_wets"]}, "no kind of relation east_wets; did you mean east_west"),
        ({"within": "nowhere"}, "nothing is called"),
        ({"at": date(2016, 1, 1), "until": date(2017, 1, 1)}, "either a day"),
        ({"since": date(2016, 1, 1), "until": date(2016, 1, 1)}, "has no day"),
    ],
)
def test_what_cannot_be_asked_is_told(toy: Network, asked: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        ribbons(toy, **({"level": "big"} | asked))


def one_by_one(
    network: Network, level: str, days: list[date], first: date
) -> dict[tuple[str, str], tuple[int, int]]:
    """The same, relation by relation and day by day."""
    wide = network.settings.levels[: network.settings.levels.index(level) + 1]

    def at(end: str) -> str | None:
        place = end if end in network.parents else network.homes.get(end)
        if place is None or place not in network.parents:
            return None
        lines = [place, *network.ancestors(place)]
        fit = [c for c in lines if network.level_of[c] in wide and c not in network.pseudo]
        return fit[0] if fit else place

    found: dict[tuple[str, str], tuple[int, int]] = {}
    for row in network.frame("relations").to_dicts():
        since, until = row["since"], row["until"]
        active = any(holds(since, until, day) for day in days)
        ever = since is None or until is None or since < until
        ended = ever and until is not None and until <= first
        ends = (at(row["supporter"]), at(row["recipient"]))
        if None not in ends and (active or ended):
            here = found.get(ends, (0, 0))  # type: ignore[arg-type] # none is None
            found[ends] = (here[0] + active, here[1] + ended)  # type: ignore[index]
    return found


@settings(max_examples=60, deadline=None)
@given(
    net=networks(),
    level=st.sampled_from(["big", "middle", "small"]),
    pair=st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True),
)
def test_random_networks_add_up_as_one_by_one(net: Network, level: str, pair: list[date]) -> None:
    since, until = sorted(pair)
    days = [date.fromordinal(n) for n in range(since.toordinal(), until.toordinal())]
    assert counts(ribbons(net, level, since=since, until=until)) == one_by_one(net, level, days, since)
    assert counts(ribbons(net, level, at=since)) == one_by_one(net, level, [since], since)


def test_the_timeline_by_hand(toy: Network) -> None:
    told = timeline(toy, "year").to_dict()
    assert told["periods"] == [f"{year}-01-01" for year in range(2010, 2018)]
    assert told["total"] == {
        "begun": [0] * 6 + [2, 0],
        "ended": [1] + [0] * 6 + [1],
        "in_force": [2] * 6 + [4, 3],
    }
    assert (told["since_unknown"], told["until_open"]) == (3, 3)
    assert [kind["kind"] for kind in told["kinds"]] == ["designated", "east_west"]
    cut = timeline(
        toy, "month", since=date(2016, 5, 9), until=date(2016, 7, 1), kinds=["east_west"], within="P1"
    ).to_dict()
    assert cut["periods"] == ["2016-05-01", "2016-06-01"]
    assert cut["total"] == {"begun": [0, 1], "ended": [0, 0], "in_force": [0, 1]}
    assert timeline(toy, within="Q").to_dict()["periods"] == []


@settings(max_examples=60, deadline=None)
@given(net=networks(), step=st.sampled_from(["month", "year"]), since=st.none() | st.sampled_from(DAYS))
def test_in_force_is_what_was_with_what_begun_without_what_ended(
    net: Network, step: Any, since: date | None
) -> None:
    found = timeline(net, step, since=since)
    total = found.total
    for i, day in enumerate(found.periods):
        end = found.periods[i + 1] if i + 1 < len(found.periods) else None
        if end is not None:
            last = date.fromordinal(end.toordinal() - 1)
            rows_ = net.frame("relations").select("since", "until").iter_rows()
            assert total["in_force"][i] == sum(holds(s, u, last) for s, u in rows_)
        if i:
            assert total["in_force"][i] == total["in_force"][i - 1] + total["begun"][i] - total["ended"][i]
        assert all(sum(kind[key][i] for kind in found.kinds.to_dicts()) == total[key][i] for key in total), (
            day
        )

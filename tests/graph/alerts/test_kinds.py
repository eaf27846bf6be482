"""Each kind of alert where it bites, and where it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from graph.alerts.derive import of_network, of_office
from graph.alerts.thresholds import Thresholds
from graph.office.request import Request
from graph.questions.of_network import OfNetwork
from graph.store.papers import Paper
from tests.graph.alerts.small import AT, FEW, found, network, relation
from tests.graph.store.small_networks import put


def test_a_relation_that_ends_within_the_months() -> None:
    ends = network(relations=[relation("r1", "u1", "fg", until=date(2017, 2, 1)), relation("r2", "u2", "fg", until=date(2017, 4, 2))])  # fmt: skip
    (alert,) = found(ends, "term_ending")
    assert (alert.subject, alert.due, alert.since, alert.region) == (
        "r1",
        date(2017, 2, 1),
        date(2016, 11, 1),
        "fg",
    )
    assert alert.severity == "medium" and set(alert.regions) == {"fg", "zh"}  # u1 is at home in zh
    assert "某大学 supports 福贡 (designated" in alert.text.en and "2017-02-01" in alert.text.zh
    assert [a.subject for a in found(ends, "term_ending", thresholds=Thresholds(months=4))] == ["r1", "r2"]
    assert found(ends, "term_ending", at=date(2017, 2, 1))[0].subject == "r2"  # r1 is over
    longer = network(relations=[relation("r1", "u1", "fg", until=date(2017, 3, 1))])
    assert found(longer, "term_ending")[0].id != alert.id


def test_postings_of_a_county_that_end() -> None:
    posted = {"cadre": "c1", "village": "v1", "post": "first_secretary", "since": date(2015, 3, 1)}
    ends = network(postings=[posted | {"until": date(2017, 3, 1)}])
    (alert,) = found(ends, "posting_ending")
    assert (alert.subject, alert.due, alert.severity) == ("fg", date(2017, 3, 1), "low")
    served = Thresholds(months=3, minimum_years=2)
    assert found(network(postings=[posted]), "posting_ending") == []
    (least,) = found(network(postings=[posted]), "posting_ending", thresholds=served)
    assert "minimum terms" in least.text.en and least.id != alert.id


@pytest.mark.parametrize(("capacity", "severity"), [(None, None), (2, None), (1, "severe")])
def test_more_than_a_capacity(capacity: int | None, severity: str | None) -> None:
    carrying = network(
        units=[{"id": "u1", "name": "某大学", "home_region": "zh", "capacity": capacity}],
        relations=[relation("a", "u1", "fg"), relation("b", "u1", "nj", since=date(2016, 6, 1))],
    )
    told = found(carrying, "overload")
    assert [a.severity for a in told] == ([severity] if severity else [])
    if told:
        assert told[0].since == date(2016, 6, 1) and set(told[0].regions) == {"zh", "fg", "nj"}
        assert "supports 2 places, its capacity is 1: 1 too many" in told[0].text.en


def test_a_supporter_that_many_have_alone() -> None:
    alone = [relation("a", "u1", "fg"), relation("b", "u1", "nj")]
    (alert,) = found(network(relations=alone), "sole_support")
    assert (alert.subject, alert.region) == (
        "u1",
        "zh",
    ) and "2 places have nobody but 某大学" in alert.text.en
    assert found(network(relations=alone), "sole_support", thresholds=Thresholds(places=3)) == []
    assert found(network(relations=[*alone, relation("c", "u2", "fg")]), "sole_support") == []
    watched = relation("c", "u2", "fg", kind="supervision")  # who watches does not support
    assert len(found(network(relations=[*alone, watched]), "sole_support")) == 1


def test_whose_loss_splits_the_network() -> None:
    """Two rings that share one unit: without it three nodes of the smaller ring are cut off."""
    ring = [
        relation("a", "u1", "fg"),
        relation("b", "u2", "fg"),
        relation("c", "u2", "v1"),
        relation("d", "u1", "v1"),
    ]
    other = [
        relation("e", "u1", "nj"),
        relation("f", "zh", "nj"),
        relation("g", "zh", "yn"),
        relation("h", "u1", "yn"),
    ]
    (alert,) = found(network(relations=[*ring, *other]), "thin_spot")
    assert alert.subject == "u1" and "3 nodes would be cut off" in alert.text.en
    assert found(network(relations=[*ring, *other]), "thin_spot", thresholds=Thresholds(places=4)) == []
    assert found(network(relations=ring), "thin_spot") == []
    leaf = [*ring, relation("e", "u1", "nj")]  # hangs on u1 alone: that is sole support, not a thin spot
    assert found(network(relations=leaf), "thin_spot", thresholds=Thresholds(places=1)) == []


def entry(
    year: int, pledged: int | None, delivered: int | None, item: str = "fiscal_funds"
) -> dict[str, Any]:
    """An entry of the ledger."""
    return {"relation": "r1", "year": year, "item": item, "pledged": pledged, "delivered": delivered}


def test_deliveries_of_years_that_are_over() -> None:
    (alert,) = found(network(ledger=[entry(2016, 100, 60)]), "missed_delivery")
    assert (alert.severity, alert.since, alert.region) == ("medium", date(2017, 1, 1), "nj")
    assert "fiscal aid (yuan) 100 pledged, 60 delivered" in alert.text.en
    for row in (
        entry(2016, 100, 100),
        entry(2016, 0, None),
        entry(2016, None, 3),
        entry(2017, 100, 0),
        entry(2013, 100, 0),
    ):
        assert found(network(ledger=[row]), "missed_delivery") == []
    assert found(network(ledger=[entry(2016, 100, None)]), "missed_delivery")[0].severity == "severe"
    more = network(ledger=[entry(2016, 100, 60), entry(2016, 100, 61, "investment"), entry(2015, 9, 8)])
    assert [(a.id == alert.id, a.condition == alert.condition) for a in found(more, "missed_delivery")] == [
        (True, False), (False, False),
    ]  # fmt: skip


def test_findings_past_their_day() -> None:
    def told(**cells: Any) -> list[str]:
        row = {"id": "f1", "region": "fg", "due": date(2016, 12, 31), "severity": "severe", **cells}
        return [a.severity for a in found(network(findings=[row]), "overdue_finding")]

    assert told() == ["severe"] and told(status="assigned") == ["severe"]
    assert told(due=AT) == [] and told(due=None) == []
    assert told(status="rectified") == [] and told(status="closed") == []


def test_requests_that_stand_still() -> None:
    now = datetime(2017, 2, 1, tzinfo=UTC)
    changes = put("units", {"id": "u1", "name": "x", "home_region": "zh"})

    def told(days: int, state: Any) -> list[tuple[str, str, tuple[str, ...]]]:
        filing = Request("r1", state, "李", "改名", 1, changes).filing()
        paper = Paper("request", "r1", 1, now - timedelta(days=days), "李", filing.content)
        return [(a.subject, a.severity, a.regions) for a in of_office([paper], FEW, now)]

    assert told(14, "submitted") == [("r1", "medium", ("zh",))] and told(14, "draft") == [
        ("r1", "low", ("zh",))
    ]
    assert told(13, "submitted") == [] and told(99, "applied") == [] and told(99, "rejected") == []


def test_ids_stay_and_are_each_ones_own() -> None:
    """Of the shipped example, on two days: no id twice, and what is the matter on both has the same id."""
    from planner.scenario import read_scenario

    whole = read_scenario("china-2016", stages=(), domain=False, trust_shipped=True).network
    one, two = (
        of_network(OfNetwork(whole), whole, Thresholds(), day)
        for day in (date(2016, 12, 31), date(2017, 1, 1))
    )
    assert len({a.id for a in one}) == len(one) > 100
    same = {a.id: a for a in one}
    kept = [(same[a.id], a) for a in two if a.id in same]
    assert len(kept) > 100 and all((a.kind, a.subject) == (b.kind, b.subject) for a, b in kept)

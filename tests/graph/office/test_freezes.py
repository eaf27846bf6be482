"""Places that are frozen for a time, and all below them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from graph.errors import UsageError
from graph.network import Network
from graph.office.frozen import frozen_rows, hangs_on, place_columns, read_for
from graph.office.locked import Locked
from graph.office.office import Office
from graph.office.register import Freeze, Register
from graph.schema import TABLES
from graph.store.changes import Changes, merged
from tests.graph.office.conftest import TODAY
from tests.graph.office.test_office import drafted, name
from tests.graph.store.small_networks import ABOUT, put, removed, small

NJ = Freeze("nj", None, None, "普查", "王")
MONTH = replace(NJ, since=date(2017, 1, 1), until=date(2017, 2, 1))


def network() -> Network:
    """The small network in memory."""
    return ABOUT.network(small(), "office")


def told(changes: Changes, freeze: Freeze = NJ, today: date = TODAY) -> str:
    """Why changes are refused; empty where they are not."""
    try:
        Register(freezes=(freeze,)).guard(changes, network, today)
    except Locked as error:
        return error.text.en
    return ""


@pytest.mark.parametrize(
    ("changes", "cold"),
    [
        (put("regions", {"code": "nj", "name": "new", "level": "prefecture"}), True),
        (put("regions", {"code": "fg", "name": "new", "level": "county"}), True),  # below it
        (put("regions", {"code": "v2", "name": "new", "level": "village", "parent": "fg"}), True),  # comes below it
        (put("regions", {"code": "yn", "name": "new", "level": "province"}), False),  # above it
        (put("regions", {"code": "zh", "name": "new", "level": "prefecture"}), False),
        (put("region_tags", {"region": "v1", "tag": "t"}), True),
        (put("region_tags", {"region": "zh", "tag": "t"}), False),
        (put("relations", {"id": "n", "kind": "east_west", "supporter": "zh", "recipient": "nj"}), True),
        (put("relations", {"id": "n", "kind": "east_west", "supporter": "nj", "recipient": "zh"}), True),  # the other end
        (put("relations", {"id": "n", "kind": "east_west", "supporter": "zh", "recipient": "yn"}), False),
        (put("relations", {"id": "r1", "kind": "east_west", "supporter": "zh", "recipient": "yn"}), True),  # it was there
        (removed("relations", {"id": "r1"}), True),
        (removed("relations", {"id": "never"}), False),
        (removed("postings", {"cadre": "c1", "village": "v1", "post": "first_secretary", "since": date(2016, 3, 1)}), True),
        (put("units", {"id": "u1", "name": "n", "home_region": "zh"}), False),
        (put("units", {"id": "u1", "name": "n", "home_region": "fg"}), True),
        (put("policies", {"id": "p", "title": "t"}), False),  # names no place
    ],
)  # fmt: skip
def test_which_rows(changes: Changes, cold: bool) -> None:
    text = told(changes)
    assert bool(text) is cold
    assert not cold or ("怒江" in text and "普查" in text)


TIE = {"kind": "east_west", "supporter": "zh", "recipient": "nj"}
ENTRY = {"year": 2016, "item": "fiscal_funds", "delivered": 1}


@pytest.mark.parametrize(
    ("changes", "cold"),
    [
        (put("ledger", {"relation": "r1", **ENTRY}), ["ledger r1|2016|fiscal_funds"]),
        (put("ledger", {"relation": "gone", **ENTRY}), []),
        (merged([put("relations", {"id": "n", **TIE}), put("ledger", {"relation": "n", **ENTRY})]),
         ["ledger n|2016|fiscal_funds", "relations n"]),
        (merged([put("relations", {"id": "n", **TIE, "recipient": "yn"}), put("ledger", {"relation": "n", **ENTRY})]), []),
        (merged([put("fund_sources", {"id": "f", "level": "county", "owner_region": "fg"}), put("fund_budgets", {"source": "f", "year": 2016, "amount": 1})]),
         ["fund_budgets f|2016", "fund_sources f"]),
        (put("fund_budgets", {"source": "elsewhere", "year": 2016, "amount": 1}), []),
    ],
)  # fmt: skip
def test_what_names_no_place_goes_with_what_it_hangs_on(changes: Changes, cold: list[str]) -> None:
    found = frozen_rows(changes, network(), [NJ])
    assert sorted(f"{r.table} {r.row}" for r in found) == cold and {r.region for r in found} <= {"nj"}


def test_what_is_read_to_say_so() -> None:
    assert read_for(["ledger"]) == ["regions", "ledger", "relations"] and hangs_on("relations") == []
    assert hangs_on("policies") == []


@pytest.mark.parametrize(
    ("freeze", "today", "cold"),
    [
        (MONTH, date(2016, 12, 31), False),
        (MONTH, date(2017, 1, 1), True),
        (MONTH, date(2017, 1, 31), True),
        (MONTH, date(2017, 2, 1), False),
        (replace(MONTH, since=None), date(1950, 1, 1), True),
        (replace(MONTH, until=None), date(2099, 1, 1), True),
        (NJ, TODAY, True),
    ],
)
def test_half_open_days(freeze: Freeze, today: date, cold: bool) -> None:
    text = told(removed("relations", {"id": "r1"}), freeze, today)
    assert bool(text) is cold
    assert not (cold and freeze.until) or "2017-02-01" in text


def test_every_column_that_names_a_place() -> None:
    assert place_columns("relations") == ["supporter", "recipient"] and place_columns("regions") == [
        "code",
        "parent",
    ]
    assert {"village", "region", "home_region"} & {c for t in TABLES for c in place_columns(t)}
    assert place_columns("policies") == []


def test_the_network_is_read_only_where_a_place_is_frozen() -> None:
    def read() -> Network:
        raise AssertionError

    register = Register(freezes=(replace(MONTH, until=TODAY),))
    register.guard(removed("relations", {"id": "r1"}), read, TODAY)


def test_approval_and_adoption_wait(office: Office) -> None:
    change = put("relations", {"id": "r9", "kind": "designated", "supporter": "u2", "recipient": "fg"})
    id = drafted(office, change)
    office.step(id, "submit", by="李")
    office.freeze(NJ, by="王")
    office.freeze(replace(NJ, region="zh", until=TODAY), by="王")  # over already
    for call in (
        lambda: office.approve(id, by="王"),
        lambda: office.write(change, base=1, how="adopt", by="王", why="p"),
    ):
        with pytest.raises(Locked, match="怒江"):
            call()
    other = put("units", {"id": "u1", "name": "free", "home_region": "zh"})
    assert office.write(other, base=1, how="request", by="王", why="x").number == 2 and name(office) == "free"
    office.thaw("nj", by="王")
    office.approve(id, by="王")
    office.freeze(NJ, by="王")
    with pytest.raises(Locked, match="怒江"):
        office.apply(id, by="王")
    office.today = lambda: TODAY + timedelta(days=400)
    office.thaw("nj", by="王")
    assert office.apply(id, by="王").number == 3


def test_freezes_are_kept_as_they_were_set(office: Office) -> None:
    office.freeze(MONTH, by="王")
    register = office.freeze(replace(NJ, region="fg"), by="李")
    assert office.register() == register and register.freezes == (MONTH, replace(NJ, region="fg"))
    assert [f.region for f in office.thaw("nj", by="王").freezes] == ["fg"]
    for bad in (replace(NJ, region="nowhere"), replace(MONTH, until=MONTH.since)):
        with pytest.raises(UsageError):
            office.freeze(bad, by="王")
    with pytest.raises(UsageError):
        office.thaw("nj", by="王")

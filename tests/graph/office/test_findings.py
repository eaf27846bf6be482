"""A finding's way from open to closed."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import UsageError
from graph.network import Network
from graph.office.findings import STEPS, NoSuchFinding, Step, WrongStatus, stepped
from graph.schema import ENUMS
from tests.graph.store.small_networks import ABOUT, rows

TODAY = date(2017, 1, 20)


def network(**cells: object) -> Network:
    """A network with one finding."""
    row = {"id": "a|b", "region": "fg", "status": "open", **cells}
    return ABOUT.network({"findings": rows("findings", row)}, "office")


@given(st.lists(st.sampled_from(get_args(Step)), max_size=12))
def test_any_sequence_of_steps(steps: list[Step]) -> None:
    """Each step goes from the states that the table says to the one that it says, and no other changes anything."""
    now = network(owner="县扶贫办")
    for step in steps:
        before, after, _ = STEPS[step]
        status = now.frame("findings")["status"][0]
        if status not in before:
            with pytest.raises(WrongStatus, match="possible"):
                stepped(now, "a|b", step, {}, TODAY)
            continue
        put = stepped(now, "a|b", step, {}, TODAY).put["findings"]
        assert put["status"].to_list() == [after]
        assert put["closed_on"].to_list() == [TODAY if after == "closed" else None]
        now = now.with_frames({"findings": put})


def test_every_status_is_reached_and_left() -> None:
    values = set(ENUMS["finding_status"])
    assert {after for _, after, _ in STEPS.values()} | {"open"} == values
    assert {b for before, _, _ in STEPS.values() for b in before} == values


def test_assigned_to_somebody() -> None:
    with pytest.raises(UsageError, match="who is to rectify it"):
        stepped(network(), "a|b", "assign", {}, TODAY)
    put = stepped(network(), "a|b", "assign", {"owner": "州", "due": "2017-03-01"}, TODAY).put["findings"]
    assert put.select("owner", "due").row(0) == ("州", date(2017, 3, 1))
    with pytest.raises(UsageError, match="due"):
        stepped(network(), "a|b", "assign", {"owner": "州", "due": "soon"}, TODAY)


def test_a_finding_that_is_not_there() -> None:
    with pytest.raises(NoSuchFinding, match="no finding nix"):
        stepped(network(), "nix", "close", {}, TODAY)

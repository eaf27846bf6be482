"""What relations promise beside money comes, but for a share that is drawn."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from planner.roll.outcome import CALM, Chances, Luck
from planner.roll.promised import deliver
from tests.planner.tiny import network

END = date(2017, 12, 31)
TIES: list[dict[str, Any]] = [
    {"id": "r", "kind": "east_west", "supporter": "S", "recipient": "P"},
    {"id": "over", "kind": "east_west", "supporter": "S", "recipient": "Q", "until": date(2017, 6, 1)},
]


def row(
    relation: str, item: str, pledged: int | None, delivered: int | None = None, year: int = 2017
) -> dict[str, Any]:
    return {"relation": relation, "year": year, "item": item, "pledged": pledged, "delivered": delivered}


ROWS = [
    row("r", "officials_sent", 11), row("r", "jobs_placed", 10, 4), row("r", "investment", None), row("r", "fiscal_funds", 500),
    row("r", "officials_sent", 12, year=2018), row("over", "officials_sent", 9),
]  # fmt: skip


def came(luck: Luck, rows: list[dict[str, Any]] | None = None) -> list[int | None]:
    net = network(ledger=ROWS if rows is None else rows, relations=TIES)
    return deliver(net.frame("ledger"), net, END, luck)["delivered"].to_list()


def test_as_promised_where_nothing_is_drawn() -> None:
    """What is told stays; money comes with the year's money; another year's is not due; who is gone delivers nothing."""
    assert came(Luck(CALM, 0)) == [11, 4, None, None, None, None]


def test_what_is_written_is_marked_and_nothing_else() -> None:
    net = network(ledger=ROWS, relations=TIES)
    told = deliver(net.frame("ledger"), net, END, Luck(CALM, 0))
    assert told["mark"].to_list() == ["synthetic", None, None, None, None, None]
    assert told.drop("delivered", "mark", "source").equals(
        net.frame("ledger").drop("delivered", "mark", "source")
    )
    calm = network(ledger=[row("r", "officials_sent", 11, year=2018)], relations=TIES)
    assert deliver(calm.frame("ledger"), calm, END, Luck(CALM, 0)) is calm.frame("ledger")


@pytest.mark.parametrize("share", [0.15, 1.0])
def test_a_drawn_share_does_not_come(share: float) -> None:
    rows = [row("r", "jobs_placed", 1000 + i, year=2017) for i in range(1)]
    some = [came(Luck(Chances(undelivered=share), seed), rows)[0] for seed in range(300)]
    assert all(n is not None and 1000 * (1 - share) <= n <= 1000 for n in some)
    assert (
        len(set(some)) > 50
        and abs(sum(n or 0 for n in some) / 300 - 1000 * (1 - share / 2)) < 1000 * share * 0.1
    )


def test_a_single_thing_that_is_promised_comes() -> None:
    """Shares are rounded in favour of who promised: one meeting is held."""
    assert set(
        map(
            str,
            (came(Luck(Chances(), seed), [row("r", "organisation_meetings", 1)])[0] for seed in range(50)),
        )
    ) == {"1"}


def test_a_draw_hangs_on_relation_and_item_alone() -> None:
    luck = Luck(Chances(undelivered=0.9), 4)
    alone = came(luck, [row("r", "officials_sent", 500)])
    beside = came(luck, [row("r", "jobs_placed", 500), row("r", "officials_sent", 500)])
    assert beside[1] == alone[0] and beside[0] != beside[1]
    assert pl.Series(beside).is_between(50, 500).all()

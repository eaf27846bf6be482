"""One row as somebody may see it."""

from __future__ import annotations

from typing import Any

import pytest

from api.service.caller import Caller, Role
from api.service.seen import row_seen

VIEWER, COORDINATOR = Caller("v", Role.VIEWER), Caller("c", Role.COORDINATOR)


@pytest.mark.parametrize(
    ("table", "row", "column"),
    [
        ("household_groups", {"village": "v1", "households": 4, "persons": 12}, "households"),
        ("register_changes", {"village": "v1", "households": None, "persons": 1}, "persons"),
        ("region_facts", {"region": "v1", "measure": "poor_population", "value": 3.0}, "value"),
    ],
)
def test_small_counts_point_at_somebody(table: str, row: dict[str, Any], column: str) -> None:
    assert row_seen(VIEWER, table, row) == {**row, column: None}
    assert row_seen(COORDINATOR, table, row) == row


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("household_groups", {"village": "v1", "households": 5, "persons": 0}),
        ("region_facts", {"region": "v1", "measure": "poverty_incidence", "value": 0.03}),
        ("units", {"id": "u1", "capacity": 2}),
    ],
)
def test_all_else_is_told(table: str, row: dict[str, Any]) -> None:
    assert row_seen(VIEWER, table, row) == row


def test_names() -> None:
    row = {"id": "k1", "name": "某"}
    assert row_seen(VIEWER, "cadre_names", row) == {"id": "k1", "name": "***"}
    assert row_seen(Caller("s", Role.VIEWER, sees_names=True), "cadre_names", row) == row

"""Whatever is drafted: it is drafted or refused with words, never a defect, and what is refused leaves nothing."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.app import create_app
from api.service.service import open_service
from api.service.settings import read_settings
from graph.schema import TABLES
from graph.store.workspace import open_workspace
from tests.api.http.office_here import V1
from tests.graph.store.small_networks import begin

KNOWN = [
    "yn",
    "nj",
    "fg",
    "v1",
    "zh",
    "u1",
    "u2",
    "r1",
    "r2",
    "c1",
    "2016",
    "2016-03-01",
    "",
    "first_secretary",
    "c1|v1|first_secretary|2016-03-01",
]
CELLS = st.one_of(
    st.sampled_from(KNOWN), st.none(), st.booleans(), st.integers(), st.integers(0, 3000), st.floats(), st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3), st.dates().map(str),
)  # fmt: skip


@st.composite
def bodies(draw: st.DrawFn) -> dict[str, Any]:
    """Drafts of declared tables and columns, with whatever in the cells."""
    tables = st.sampled_from([*TABLES, "nix"])

    def columns(table: str) -> st.SearchStrategy[str]:
        return st.sampled_from(
            [*(c.name for c in TABLES[table].columns), "nix"] if table in TABLES else ["id"]
        )

    told: dict[str, Any] = {"reason": draw(st.text(min_size=1, max_size=5))}
    for table in draw(st.lists(tables, max_size=2)):
        row = st.dictionaries(columns(table), CELLS, max_size=8)
        told.setdefault("rows", {})[table] = draw(st.lists(row, max_size=3))
    for table in draw(st.lists(tables, max_size=2)):
        cell = {
            "table": table,
            "row": draw(st.sampled_from(KNOWN) | st.text(max_size=9)),
            "column": draw(columns(table)),
            "value": draw(CELLS),
        }
        told.setdefault("set", []).append(cell)
    for table in draw(st.lists(tables, max_size=2)):
        told.setdefault("remove", []).append(
            {"table": table, "row": draw(st.sampled_from(KNOWN) | st.text(max_size=9))}
        )
    return told


def test_any_draft() -> None:
    with TemporaryDirectory() as place:
        folder = Path(place) / "office"
        store = open_workspace(folder, create=True)
        begin(store)
        store.close()
        service = open_service(
            read_settings({"data": Path(place) / "data", "language": "en"}, environ={}),
            f"workspace:{folder}#office",
        )
        client = TestClient(create_app(service), base_url="http://localhost", raise_server_exceptions=False)

        @given(bodies())
        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
        def drafted(body: dict[str, Any]) -> None:
            before = len(client.get(f"{V1}/requests", params={"limit": 1000}).json()["requests"])
            content = json.dumps(body)  # NaN, too
            told = client.post(
                f"{V1}/requests", content=content, headers={"Content-Type": "application/json"}
            )
            after = len(client.get(f"{V1}/requests", params={"limit": 1000}).json()["requests"])
            assert told.status_code in (201, 409, 422), told.text
            assert after - before == (told.status_code == 201)
            if told.status_code == 201:
                assert client.get(f"{V1}/requests/{told.json()['id']}").status_code == 200

        drafted()
        service.close()

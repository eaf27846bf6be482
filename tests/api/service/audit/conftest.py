"""An audit log of a few rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.service.audit.entry import Doing
from api.service.audit.log import Audit
from api.service.records import open_records


@pytest.fixture
def audit(tmp_path: Path) -> Iterator[Audit]:
    """Empty."""
    records = open_records(tmp_path)
    yield Audit(records, tmp_path)
    records.close()


@pytest.fixture
def told(audit: Audit) -> Audit:
    """A change that went well, one that was refused, one whose end is not told."""
    route = "/api/v1/scenarios/{name}"
    for doing in (
        Doing("begun", "DELETE", route, "ann", "token", "10.0.0.1", "r1", {"name": "a"}),
        Doing("ended", "DELETE", route, "ann", "token", "10.0.0.1", "r1", {"name": "a"}, 204, {"rows": 3}),
        Doing("refused", "POST", "/api/v1/jobs/plan", "bob", "session", "10.0.0.2", "r2", status=403),
        Doing("begun", "PUT", route, "ann", "token", "10.0.0.1", "r3", {"name": "b"}),
    ):
        audit.add(doing)
    return audit

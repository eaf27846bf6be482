"""What the command line does, in the audit log."""

from __future__ import annotations

import pytest

from api.service.audit.command import commanded
from api.service.audit.log import Audit
from graph.errors import UsageError


def told(audit: Audit) -> list[tuple[str, int | None, object]]:
    return [(e.step, e.status, e.facts) for e in audit.oldest()]


def test_a_change_is_told_before_and_behind(audit: Audit) -> None:
    with commanded(audit, "jiedui token create") as facts:
        assert told(audit) == [("begun", None, {})]
        facts["token"] = "t1"
    assert told(audit)[1:] == [("ended", 0, {"token": "t1"})]
    begun, ended = audit.oldest()
    assert begun.request == ended.request and begun.caller is not None and begun.caller.startswith("os:")
    assert (ended.method, ended.route, ended.via) == ("CLI", "jiedui token create", "command")


@pytest.mark.parametrize(
    ("error", "status"), [(UsageError("错", "wrong"), 2), (RuntimeError("a defect"), 70)]
)
def test_one_that_fails_with_its_exit_status(audit: Audit, error: Exception, status: int) -> None:
    with pytest.raises(type(error)), commanded(audit, "x"):
        raise error
    assert told(audit)[1:] == [("ended", status, {})]

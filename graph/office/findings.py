"""A finding's way, from open to closed, as changes of its row.

======== ============================== ========== ===========================================
step     from                           to         besides
======== ============================== ========== ===========================================
assign   open, reopened, assigned       assigned   who is to rectify it, and by when
rectify  assigned                       rectified  evidence
recheck  rectified                      rechecked
close    rechecked                      closed     the day
reopen   rectified, rechecked, closed   reopened   the day of closing is emptied
======== ============================== ========== ===========================================
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import polars as pl

from graph.errors import CheckFailed, UsageError
from graph.language import Text
from graph.network import Network
from graph.office.edits import cells_set
from graph.schema import ENUMS
from graph.store.changes import Changes
from graph.store.rows import row_keys

TABLE = "findings"
Step = Literal["assign", "rectify", "recheck", "close", "reopen"]

STEPS: dict[Step, tuple[tuple[str, ...], str, Text]] = {
    "assign": (("open", "reopened", "assigned"), "assigned", Text("交办", "assign")),
    "rectify": (("assigned",), "rectified", Text("整改", "rectify")),
    "recheck": (("rectified",), "rechecked", Text("复查", "recheck")),
    "close": (("rechecked",), "closed", Text("销号", "close")),
    "reopen": (("rectified", "rechecked", "closed"), "reopened", Text("重新打开", "reopen")),
}
"""Step → states from which it may be taken, the state after it, its name."""


class NoSuchFinding(UsageError):
    """A network has no finding of that id."""


class WrongStatus(CheckFailed):
    """A step that a finding's status does not allow."""


def stepped(network: Network, id: str, step: Step, cells: Mapping[str, str], on: date) -> Changes:
    """The change that a step is.

    Parameters
    ----------
    network : Network
        Has the table ``findings``.
    id : str
        The finding's.
    step : str
        One of :data:`STEPS`.
    cells : mapping of str to str
        Further columns that change with it: ``owner``, ``due``, ``evidence``.
    on : date
        The day on which it is closed.

    Raises
    ------
    NoSuchFinding
        When there is none of that id.
    WrongStatus
        When its status does not allow the step; the message says what it allows.
    UsageError
        When it is assigned to nobody, or a cell is not what its column wants.
    """
    row = finding(network, id)
    before, after, name = STEPS[step]
    if row["status"] not in before:
        raise _wrong(row, name)
    if step == "assign" and not (cells.get("owner") or row["owner"]):
        raise UsageError("请说明责任单位（owner）", "say who is to rectify it (owner)")
    closed = {"close": {"closed_on": on.isoformat()}, "reopen": {"closed_on": ""}}.get(step, {})
    told = {**cells, **closed, "status": after}
    (key,) = row_keys(TABLE, pl.DataFrame({"id": [id]})).to_list()
    put = cells_set(network, [(TABLE, key, f"{c}={v}") for c, v in told.items()], network.enums)
    return Changes(put)


def finding(network: Network, id: str) -> dict[str, Any]:
    """One finding.

    Raises
    ------
    NoSuchFinding
        When there is none of that id.
    """
    found = network.frame(TABLE).filter(pl.col("id") == id)
    if found.is_empty():
        raise NoSuchFinding(f"没有问题 {id}", f"there is no finding {id}")
    return found.row(0, named=True)


def _wrong(row: Mapping[str, Any], name: Text) -> WrongStatus:
    now = ENUMS["finding_status"].get(row["status"], Text(row["status"], row["status"]))
    allowed = [text for before, _, text in STEPS.values() if row["status"] in before]
    zh, en = "、".join(t.zh for t in allowed), ", ".join(t.en for t in allowed)
    return WrongStatus(
        f"问题 {row['id']} {now.zh}，不能{name.zh}；可以：{zh}",
        f"finding {row['id']} is {now.en}: it is not possible to {name.en} it; possible: {en}",
    )

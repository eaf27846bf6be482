"""Alerts as they look on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from api.cli.screen import print_line, print_more, print_table
from graph.alerts.alert import KINDS, Alert
from graph.alerts.rounds import Round
from graph.alerts.standing import STATES, Standing
from graph.language import Text, several
from graph.schema import ENUMS

_COLUMNS = (
    Text("编号", "id"),
    Text("程度", "severity"),
    Text("类别", "kind"),
    Text("起", "since"),
    Text("期限", "due"),
    Text("情况", "what"),
)


def print_standings(found: Sequence[Standing], limit: int) -> None:
    """A table, with what people said of each."""
    if not found:
        print_line(Text("没有提醒", "no alerts"))
        return
    rows = [[*_cells(s.alert), _state(s)] for s in found[:limit]]
    print_table("", [*_COLUMNS, Text("状态", "state")], rows)
    print_more(len(found), limit)


def print_round(found: Round) -> None:
    """What is new, and how many are gone."""
    gone = len(found.gone)
    print_line(Text(
        f"新出现 {len(found.new)} 条，{gone} 条不再有", f"{several(len(found.new), 'new alert')}, {gone} no longer active"
    ))  # fmt: skip
    if found.new:
        print_table("", _COLUMNS, [_cells(alert) for alert in found.new])


def _cells(alert: Alert) -> list[str]:
    severity = ENUMS["severity"][alert.severity]
    days = [day.isoformat() if day else "" for day in (alert.since, alert.due)]
    return [alert.id, str(severity), str(KINDS[alert.kind]), *days, str(alert.text)]


def _state(stands: Standing) -> str:
    if stands.gone:
        return str(Text("已了结：情况已不存在", "resolved: its condition is gone"))
    told = str(STATES[stands.state])
    if stands.state == "active":
        return told
    until = str(Text(f" 至 {stands.until}", f" until {stands.until}")) if stands.until else ""
    note = f": {stands.note}" if stands.note else ""
    return f"{told}{until} ({stands.by}{note})"

"""``jiedui alerts``: what wants attention, what was said of it, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click
import cloup

from api.cli.alert_rows import print_round, print_standings
from api.cli.graph.stores import by_option, who
from api.cli.opening import Day, network_named, network_options
from api.cli.screen import day_given, print_json
from graph.alerts.alert import KINDS
from graph.alerts.standing import STATES, Standing, Step
from graph.alerts.thresholds import Thresholds
from graph.errors import ReportFailed, UsageError
from graph.language import Text, several

if TYPE_CHECKING:
    from api.service.alerts import Alerts

DEFAULTS = Thresholds()


@cloup.command("alerts", help=str(Text(
    "提醒：任期将满、超负荷、薄弱处、未兑现、逾期问题、久未办理的请求；可知悉、了结",
    "alerts: terms ending, overload, thin spots, missed deliveries, overdue findings, waiting requests; acknowledge or resolve them",
)))  # fmt: skip
@cloup.option("--acknowledge", metavar="ID", help=str(Text("知悉一条", "acknowledge one")))
@cloup.option("--resolve", metavar="ID", help=str(Text("了结一条，须有 --note；情况变了就再提醒", "resolve one, with a --note; it comes back when things change")))  # fmt: skip
@cloup.option("--reopen", metavar="ID", help=str(Text("重新提醒一条", "make one active again")))
@cloup.option("--note", default="", metavar="TEXT", help=str(Text("附言", "a note beside it")))
@cloup.option("--until", type=Day(), metavar="DATE", help=str(Text("知悉到哪天为止", "acknowledged to that day only")))  # fmt: skip
@cloup.option("--new", "new", is_flag=True, help=str(Text("只说上次 --new 以来新出现的，并记下", "only what is new since the last --new, and note it")))  # fmt: skip
@cloup.option("--state", type=click.Choice(list(STATES)), multiple=True, help=str(Text("只列这种状态（缺省：待处理、已知悉）", "only in this state (default: active, acknowledged)")))  # fmt: skip
@cloup.option("--kind", type=click.Choice(list(KINDS)), multiple=True, help=str(Text("只列这一类", "only of this kind")))  # fmt: skip
@cloup.option(
    "--region", metavar="PLACE", help=str(Text("只列涉及该地区或其下级的", "only of this place and below"))
)
@cloup.option("--months", type=click.IntRange(0, 120), default=DEFAULTS.months, show_default=True, help=str(Text("几个月内到期的", "terms that end within so many months")))  # fmt: skip
@cloup.option("--places", type=click.IntRange(1), default=DEFAULTS.places, show_default=True, help=str(Text("只靠一家、会断开的至少多少处", "places that hang on one, at least")))  # fmt: skip
@cloup.option("--years", type=click.IntRange(1, 100), default=DEFAULTS.years, show_default=True, help=str(Text("看最近几年的兑现", "deliveries of the last so many years")))  # fmt: skip
@cloup.option("--waiting-days", type=click.IntRange(0), default=DEFAULTS.waiting_days, show_default=True, help=str(Text("请求多少天未动", "requests that stood still for so many days")))  # fmt: skip
@cloup.option("--limit", type=click.IntRange(1), default=20, show_default=True, help=str(Text("最多几行", "rows at most")))  # fmt: skip
@cloup.option("--strict", is_flag=True, help=str(Text("有待处理的提醒时以状态 1 结束", "exit 1 when an alert is active")))  # fmt: skip
@network_options
@by_option
def command(
    *, acknowledge: str | None, resolve: str | None, reopen: str | None, note: str, until: datetime | None, new: bool,
    state: tuple[str, ...], kind: tuple[str, ...], region: str | None, months: int, places: int, years: int, waiting_days: int,
    limit: int, strict: bool, on: str | None, at: datetime | None, as_json: bool, by: str | None,
) -> None:  # fmt: skip
    """List them, or take one step."""
    from api.service.alerts import Alerts
    from api.service.networks import Networks

    step, id = _asked({"acknowledge": acknowledge, "resolve": resolve, "reopen": reopen}, new)
    networks = Networks(network_named(on))
    alerts = Alerts(networks, Thresholds(months, places, years, waiting_days))
    try:
        if new:
            found = alerts.board(day_given(at)).look(by=who(by))
            print_json(found.to_dict()) if as_json else print_round(found)
            listed = [s for s in alerts.standing(day_given(at)) if s.state == "active"] if strict else []
        elif step is not None:
            board = alerts.board(day_given(at))
            listed = [board.step(id, step, by=who(by), note=note, until=day_given(until))]
            print_json(listed[0].to_dict()) if as_json else print_standings(listed, limit)
        else:
            listed = _chosen(alerts, region, kind, state, at)
            print_json([s.to_dict() for s in listed]) if as_json else print_standings(listed, limit)
    finally:
        networks.close()
    active = sum(s.state == "active" for s in listed)
    if strict and active:
        raise ReportFailed(f"{active} 条待处理", f"{several(active, 'alert')} active")


def _asked(steps: dict[Step, str | None], new: bool) -> tuple[Step | None, str]:
    """The one step that is asked for."""
    given = [(step, id) for step, id in steps.items() if id is not None]
    if len(given) + new > 1:
        raise UsageError(
            "--acknowledge、--resolve、--reopen、--new 一次只用一个",
            "--acknowledge, --resolve, --reopen and --new: one at a time",
        )
    return given[0] if given else (None, "")


def _chosen(
    alerts: Alerts, region: str | None, kinds: Sequence[str], states: Sequence[str], at: datetime | None
) -> list[Standing]:
    """Those that the options leave."""
    from graph.questions.place import READS, one_subject

    wanted = states or ("active", "acknowledged")
    found = [
        s for s in alerts.standing(day_given(at)) if s.state in wanted and s.alert.kind in (kinds or KINDS)
    ]
    if region is None:
        return found
    network = alerts.networks.asked().read(READS)
    inside = network.within(one_subject(network, region).id)
    return [s for s in found if not inside.isdisjoint(s.alert.regions)]

"""``jiedui graph freeze``: rows of a place do not change for a time."""

from __future__ import annotations

from datetime import datetime

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.opening import Day
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text
from graph.office.register import Freeze, Register


@cloup.command("freeze", help=str(Text(
    "冻结一个地区及其下级：期间不能批准或执行改动；不给地区则列出现有的冻结",
    "freeze a place and all below it: meanwhile nothing there is approved or applied; without a place, the freezes in force",
)))  # fmt: skip
@cloup.argument("place", required=False)
@store_option
@cloup.option(
    "--since",
    type=Day(),
    metavar="DATE",
    help=str(Text("自哪天起（缺省：立即）", "from which day (default: now)")),
)
@cloup.option(
    "--until",
    type=Day(),
    metavar="DATE",
    help=str(Text("至哪天（不含；缺省：直到解除）", "to which day, excluded (default: until lifted)")),
)
@cloup.option("--why", default="", metavar="TEXT", help=str(Text("理由", "why")))
@by_option
@json_option
def command(
    *, place: str | None, on: str | None, since: datetime | None, until: datetime | None, why: str, by: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Freeze it, or list freezes."""
    from graph.office.office import Office
    from graph.questions.place import READS, one_subject

    with stored(on) as (store, name):
        office = Office(store, name)
        network = store.read(name, tables=READS)
        if place is None:
            register = office.register()
        else:
            code = one_subject(network, place).id
            days = (since.date() if since else None, until.date() if until else None)
            wanted = Freeze(code, *days, why, who(by))
            wanted.demand_to_come(datetime.now().astimezone().date())
            register = office.freeze(wanted, by=who(by))
    show(register, {f.region: network.label(f.region) for f in register.freezes}, as_json)


def show(register: Register, names: dict[str, str], as_json: bool) -> None:
    """Freezes in force."""
    if as_json:
        print_json([f.to_dict() for f in register.freezes])
        return
    if not register.freezes:
        print_line(Text("没有冻结", "nothing is frozen"))
        return
    rows = [
        (f"{names[f.region]} {f.region}", f.since or "", f.until or "", f.reason, f.by)
        for f in register.freezes
    ]
    columns = [
        Text("地区", "place"),
        Text("起", "since"),
        Text("止", "until"),
        Text("理由", "why"),
        Text("谁", "by"),
    ]
    print_table(str(Text("冻结", "frozen")), columns, [[str(c) for c in row] for row in rows])

"""``jiedui graph withdraw``: take a proposed plan away."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, plan_id, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command(
    "withdraw",
    help=str(
        Text("撤下提出的方案；已采纳的部分不变", "take a proposed plan away; what was adopted of it stays")
    ),
)
@cloup.argument("plan")
@store_option
@by_option
@json_option
def command(*, plan: str, on: str | None, by: str | None, as_json: bool) -> None:
    """Withdraw it."""
    from planner.office.propose import withdraw

    plan = plan_id(plan)
    with stored(on) as (store, name):
        withdraw(store, name, plan, by=who(by))
    if as_json:
        print_json({"plan": plan, "state": "withdrawn"})
        return
    print_line(Text(f"已撤下方案 {plan}", f"plan {plan} is withdrawn"))

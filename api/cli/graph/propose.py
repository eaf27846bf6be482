"""``jiedui graph propose``: a plan's decisions beside the network."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import again, by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("propose", help=str(Text(
    "把方案的决定放到网络旁边，作为一个请求；此时还不生效", "put a plan's decisions beside the network, as a request; nothing is in force yet"
)))  # fmt: skip
@cloup.argument("plan")
@store_option
@cloup.option(
    "--why",
    default="",
    metavar="TEXT",
    help=str(Text("理由（缺省：场景标题）", "why (default: the scenario's title)")),
)
@by_option
@json_option
def command(*, plan: str, on: str | None, why: str, by: str | None, as_json: bool) -> None:
    """Store it, and file the request."""
    from planner.office.propose import broken_warning, propose
    from planner.plan import read_plan

    with stored(on) as (store, name):
        found = read_plan(plan)
        request = propose(store, name, found, by=who(by), reason=why)
    if as_json:
        print_json(request.to_dict())
        return
    print_line(
        Text(
            f"已提出方案 {request.id}（依据版本 {request.base}）",
            f"plan {request.id} is proposed (from version {request.base})",
        )
    )
    if warning := broken_warning(found):
        print_line(warning)
    there = again(on)
    print_line(
        Text(
            f"下一步：jiedui graph adopt {request.id} --dry-run{there}",
            f"next: jiedui graph adopt {request.id} --dry-run{there}",
        )
    )

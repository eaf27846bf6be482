"""Steps that a request takes: the commands differ in their name alone."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text
from graph.office.request import STATES, Step


def step_command(step: Step, told: Text) -> cloup.Command:
    """The command of one step."""

    @cloup.command(step, help=str(told))
    @cloup.argument("request")
    @store_option
    @cloup.option("--note", default="", metavar="TEXT", help=str(Text("附言", "a note beside it")))
    @by_option
    @json_option
    def command(*, request: str, on: str | None, note: str, by: str | None, as_json: bool) -> None:
        """Take the step."""
        from graph.office.office import Office

        with stored(on) as (store, name):
            office, person = Office(store, name), who(by)
            if step == "apply":
                version = office.apply(request, by=person, note=note)
            elif step == "approve":
                office.approve(request, by=person, note=note)
            else:
                office.step(request, step, by=person, note=note)
            after = office.request(request)
            others = office.overlaps(after) if after.pending else []
        if as_json:
            print_json(after.to_dict() | {"overlaps": [o.__dict__ for o in others]})
            return
        state = after.told
        print_line(Text(f"请求 {request}：{state.zh}", f"request {request}: {state.en}"))
        if step == "apply":
            print_line(Text(f"✓ 版本 {version.number}", f"✓ version {version.number}"))
        for o in others:
            other = STATES[o.state]
            print_line(Text(
                f"! {o.table} {o.row} 也在请求 {o.request}（{o.author}，{other.zh}）中",
                f"! {o.table} {o.row} is in request {o.request}, too ({o.author}, {other.en})",
            ))  # fmt: skip

    return command  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely

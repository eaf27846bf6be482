"""``jiedui graph request eyes``: whether somebody else must approve."""

from __future__ import annotations

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command(
    "eyes",
    help=str(
        Text(
            "请求是否须由提出者以外的人批准",
            "whether a request must be approved by somebody else than its author",
        )
    ),
)
@cloup.argument("wanted", type=click.Choice(["two", "four"]))
@store_option
@by_option
@json_option
def command(*, wanted: str, on: str | None, by: str | None, as_json: bool) -> None:
    """Set it."""
    from graph.office.office import Office

    with stored(on) as (store, name):
        Office(store, name).want_four_eyes(wanted == "four", by=who(by))
    if as_json:
        print_json({"four_eyes": wanted == "four"})
        return
    print_line(
        Text("须由他人批准", "somebody else must approve")
        if wanted == "four"
        else Text("提出者可自行批准", "authors may approve")
    )

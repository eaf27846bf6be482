"""``jiedui graph thaw``: lift a freeze."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.errors import UsageError
from graph.language import Text


@cloup.command("thaw", help=str(Text("解除一个地区的冻结", "lift the freezes of a place")))
@cloup.argument("place")
@store_option
@by_option
@json_option
def command(*, place: str, on: str | None, by: str | None, as_json: bool) -> None:
    """Lift them."""
    from graph.office.office import Office
    from graph.questions.place import READS, one_subject

    with stored(on) as (store, name):
        network = store.read(name, tables=READS)
        found = one_subject(network, place)
        office, shown = Office(store, name), f"{found.name} {found.id}"
        if all(freeze.region != found.id for freeze in office.register().freezes):
            raise UsageError(f"{shown} 没有冻结", f"{shown} is not frozen")
        office.thaw(found.id, by=who(by))
    if as_json:
        print_json({"region": found.id, "name": found.name, "frozen": False})
        return
    print_line(Text(f"{shown} 已解除冻结", f"{shown} is no longer frozen"))

"""``jiedui graph request edit``."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.request.edits import changes_of, edit_options
from api.cli.graph.request.show import print_request
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json
from graph.language import Text


@cloup.command(
    "edit",
    help=str(
        Text(
            "改草稿或退回的请求：内容整个换成这次给出的",
            "change a draft or a returned request: its content becomes what is given now",
        )
    ),
)
@cloup.argument("request")
@edit_options
@cloup.option("--why", default="", metavar="TEXT", help=str(Text("新的理由", "another reason")))
@store_option
@by_option
@json_option
def command(
    *, request: str, rows: tuple[str, ...], cells: tuple[tuple[str, str, str], ...], gone: tuple[tuple[str, str], ...],
    why: str, on: str | None, by: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Change it."""
    from graph.office.office import Office

    with stored(on) as (store, name):
        office = Office(store, name)
        changed = office.edit(request, changes_of(store, name, rows, cells, gone), by=who(by), reason=why)
        others = office.overlaps(changed)
    if as_json:
        print_json(changed.to_dict() | {"overlaps": [o.__dict__ for o in others]})
    else:
        print_request(changed, others)

"""``jiedui graph request new``."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.request.edits import changes_of, edit_options
from api.cli.graph.request.show import print_request
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json
from graph.language import Text


@cloup.command(
    "new",
    help=str(
        Text(
            "起草一个变更请求；网络不变，直到它被执行",
            "draft a request for change; the network stays as it is until it is applied",
        )
    ),
)
@edit_options
@cloup.option("--why", required=True, metavar="TEXT", help=str(Text("理由", "why")))
@store_option
@by_option
@json_option
def command(
    *, rows: tuple[str, ...], cells: tuple[tuple[str, str, str], ...], gone: tuple[tuple[str, str], ...], why: str,
    on: str | None, by: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Draft it."""
    from graph.office.office import Office

    with stored(on) as (store, name):
        office = Office(store, name)
        request = office.draft(changes_of(store, name, rows, cells, gone), by=who(by), reason=why)
        others = office.overlaps(request)
    if as_json:
        print_json(request.to_dict() | {"overlaps": [o.__dict__ for o in others]})
    else:
        print_request(request, others)

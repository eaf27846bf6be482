"""How an entry is answered: carried out, or waiting for somebody."""

from __future__ import annotations

from typing import Any

from fastapi import Response

from api.http.models.findings import Entered
from api.http.office import FILES, problems
from api.service.office import Entered as Done

ENTERING: dict[int | str, dict[str, Any]] = {
    202: {"model": Entered, "description": "it waits as a request, see `waits`"},
    **problems(on_409=FILES, on_422="a cell is not what its column wants; `report` names each"),
}


def entered(done: Done, response: Response, *, made: int = 200) -> Entered:
    """The answer; its status says whether the network has it, and ``Location`` where the request is."""
    answer = Entered.of(done)
    response.status_code = 202 if not answer.applied else made if done.new else 200
    response.headers["Location"] = f"/api/v1/requests/{done.request.id}"
    return answer

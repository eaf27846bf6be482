"""Edits of scenarios over HTTP: which state they were made from, why, and how they are answered."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query, Response

from api.http.conditional import demand_named
from api.http.models.scenarios import ScenarioEdit
from api.http.revisions import IfMatch
from api.http.serving import TheService
from api.service.scenarios.edit import Edit

Why = Annotated[str, Query(max_length=1000, description="reason, kept in the history")]
NONE = {"description": "there is no such scenario"}
WRONG = {"description": "what was sent is not right; file, key and line, or the rows, are named"}
LARGE = {"description": "more is sent than is taken"}
FORMLESS = {"description": "of no form that is read"}
MATCHED: dict[int | str, dict[str, Any]] = {
    404: NONE,
    409: {"description": "it came with jiedui, and is only read"},
    412: {"description": "somebody else has changed it: `If-Match` names an older state"},
    428: {"description": "`If-Match` is missing"},
}
"""What every edit may answer."""


def last_edit(name: str, service: TheService, match: IfMatch = None) -> Edit:
    """The last edit of a scenario that may be edited, where the request was made from its state; as a dependency in a thread.

    Raises
    ------
    CheckFailed, NotFound
        As :meth:`api.service.scenarios.shelf.Shelf.own`.
    NoMatch, Stale
        As :func:`api.http.conditional.demand_named`.
    """
    edit = service.shelf.own(name)
    demand_named(match, edit.etag)
    return edit


LastEdit = Annotated[Edit, Depends(last_edit)]


def told(edit: Edit, response: Response) -> ScenarioEdit:
    """An edit as it is answered, its ETag in the header too."""
    response.headers["ETag"] = edit.etag
    return ScenarioEdit.of_made(edit)

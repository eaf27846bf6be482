"""A body that should be JSON and says that it is something else is refused by its type, not by what is missing in it."""

from __future__ import annotations

from email.message import Message

from fastapi import Request, params

from api.service.refusals import UnknownForm

JSON = "application/json"
SHOWN = 80
"""Characters of a type that are told."""


async def json_alone(request: Request) -> None:
    """Let a request pass whose body is of the type that its route reads; a dependency.

    FastAPI has taken the body before. One without a type is not looked at here.

    Raises
    ------
    UnknownForm
        When a route that reads JSON is given a body of another type.
    """
    field, told = request.scope["route"].body_field, request.headers.get("content-type", "")
    if field is None or isinstance(field.field_info, params.Form) or not told or is_json(told):
        return
    if await request.body():
        raise UnknownForm(
            f"内容的类型（Content-Type）是 {told[:SHOWN]}；此处只读 {JSON}",
            f"the body's Content-Type is {told[:SHOWN]}; only {JSON} is read here",
        )


def is_json(told: str) -> bool:
    """Whether a ``Content-Type`` is JSON's, or that of a kind of it (``application/merge-patch+json``), as FastAPI sees it."""
    message = Message()
    message["Content-Type"] = told
    kind = message.get_content_subtype()
    return message.get_content_maintype() == "application" and (kind == "json" or kind.endswith("+json"))

"""Sessions of browsers: log in with a token, log out, and those that are open."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.access.grant import Grant
from api.access.issuing import end, seen
from api.access.secret import Secret
from api.http.access import OPEN, Known, needs
from api.http.audited import note
from api.http.cookies import cookie_of, drop_cookie, set_cookie
from api.http.models.access import LoggingIn, Session, SessionPage, Shown
from api.http.paging import IdCursor, Limit, page_in_order
from api.http.serving import Holds, TheDoor, TheService
from api.service.caller import Role
from api.service.refusals import NotFound
from api.service.service import Service

router = APIRouter(tags=["access"])
Id = Annotated[str, Path(max_length=32, description="id of the session", examples=["0123456789abcdef"])]
NO_STORE = {"Cache-Control": "no-store"}


@router.post(
    "/session", status_code=201, summary="Log in with a token", dependencies=[OPEN],
    responses={401: {"description": "the token is not known, has expired or was revoked"}},
)  # fmt: skip
async def log_in(
    service: TheService, door: TheDoor, request: Request, response: Response, given: LoggingIn
) -> Session:
    """The answer sets the session's cookie and tells its `csrf`. A session that the browser had before ends. It ends with the token."""
    found = await door.holding(request, given.token.get_secret_value().strip())
    return await to_thread(open_session, service, request, response, found.grant, parent=found.id)


@router.get(
    "/session", summary="One's own session", dependencies=[needs(Role.VIEWER, "any")],
    responses={404: {"description": "the caller did not come in with a session"}},
)  # fmt: skip
def session(service: TheService, caller: Known, request: Request, response: Response) -> Session:
    """With its `csrf`; 404 for who is known otherwise than by a session."""
    if caller.via != "session":
        raise NotFound("您不是以会话登录的", "you did not come in with a session")
    kept = service.passes.one(caller.pass_id)
    response.headers.update(NO_STORE)
    return Session.opened(caller, kept, request.scope["csrf"])


@router.delete(
    "/session", status_code=204, summary="Log out", dependencies=[needs(Role.VIEWER, "any", changes=False)]
)
def log_out(service: TheService, caller: Known, request: Request, response: Response) -> None:
    """Ends the session at once; nothing for who is known otherwise."""
    if caller.via == "session":
        service.passes.end(caller.pass_id)
    drop_cookie(request, response)


@router.get("/sessions", summary="Sessions, the newest first", dependencies=[needs(Role.VIEWER, "any")])
def sessions(
    service: TheService, caller: Known, holds: Holds, cursor: IdCursor = "", limit: Limit = 100
) -> SessionPage:
    """One's own; an admin sees everybody's, as far as their regions go."""
    found, after = page_in_order(seen(service.passes, "session", caller, holds), cursor, limit)
    return SessionPage(sessions=[Shown.of(kept) for kept in found], next=after)


@router.delete("/sessions/{id}", summary="End a session", dependencies=[needs(Role.VIEWER, "any")])
def end_session(id: Id, service: TheService, caller: Known, holds: Holds) -> Shown:
    """At once; its browser has to log in again."""
    return Shown.of(end(service.passes, "session", id, caller, holds))


def open_session(
    service: Service, request: Request, response: Response, grant: Grant, *, parent: str | None = None
) -> Session:
    """Give the browser a new session, whatever it had before."""
    settings, passes = service.settings, service.passes
    old = Secret.read(cookie_of(request) or "")
    if old is not None and passes.known("session", old)[0] != "unknown":
        passes.end(old.id)
    kept, secret = passes.give(
        "session", grant, by=grant.user, seconds=settings.session_hours * 3600, idle_seconds=settings.session_idle_minutes * 60, parent=parent
    )  # fmt: skip
    note(request, user=grant.user, session=kept.id)
    set_cookie(request, response, secret.written)
    response.headers.update(NO_STORE)
    return Session.opened(kept.caller, kept, secret.derived("csrf"))

"""The audit log, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.http.access import needs
from api.http.models.audit import AuditEntry, AuditHead, AuditPage
from api.http.serving import TheService
from api.service.audit.log import Wanted
from api.service.caller import Role
from api.service.spelt import Spelt
from graph.language import Text

router = APIRouter(prefix="/audit", tags=["audit"], dependencies=[needs(Role.ADMIN, "whole")])
Moment = Annotated[
    str,
    Spelt(
        r"^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?$",
        Text("须写成 2026-11-28T08:30:00，或它的开头", "has to be written as 2026-11-28T08:30:00, or as its beginning"),
    ),
]  # fmt: skip


@router.get("", summary="The audit log, the newest first")
def audit(
    service: TheService,
    caller: Annotated[str | None, Query(max_length=200, description="only what they did", examples=["ann"])] = None,
    request: Annotated[str | None, Query(max_length=128, description="only of this request", examples=["5a9bbe8390234250a3aeb5d527f7d2ed"])] = None,
    method: Annotated[str | None, Query(max_length=10, description="only by this method", examples=["DELETE"])] = None,
    route: Annotated[str | None, Query(max_length=200, description="only routes that begin so", examples=["/api/v1/plans"])] = None,
    status: Annotated[int | None, Query(ge=0, le=999, description="only with this status", examples=[403])] = None,
    since: Annotated[Moment | None, Query(description="only from then on (UTC)", examples=["2026-11-28"])] = None,
    until: Annotated[Moment | None, Query(description="only before then (UTC)", examples=["2026-12"])] = None,
    whole: Annotated[bool, Query(description="also what was begun, where its end is told, too")] = False,
    cursor: Annotated[int | None, Query(ge=1, le=1 << 53, description="number of the row behind which to go on: `next` of the page before", examples=[42])] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="rows on a page")] = 100,
) -> AuditPage:  # fmt: skip
    """Who changed what, when and how it went; and who was turned away."""
    wanted = Wanted(caller, request, method, route, status, since, until, whole)
    found = service.audit.newest(wanted, before=cursor, limit=limit + 1)
    page = [AuditEntry.model_validate(entry.as_dict()) for entry in found[:limit]]
    return AuditPage(entries=page, next=str(page[-1].number) if len(found) > limit else None)


@router.get("/head", summary="The newest row's place and digest")
def head(service: TheService) -> AuditHead:
    """To be noted where nobody who can write here can write: what is cut off at the end is missed by it."""
    found = service.audit.head()
    return AuditHead(number=found.number, hash=found.hash)

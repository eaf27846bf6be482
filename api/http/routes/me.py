"""Who asks."""

from __future__ import annotations

from fastapi import APIRouter

from api.http.access import Known, needs
from api.http.models.access import Me
from api.service.caller import Role

router = APIRouter(prefix="/me", tags=["access"])


@router.get("", summary="Who asks, and what they may do", dependencies=[needs(Role.VIEWER, "any")])
def me(caller: Known) -> Me:
    """As the service knows the caller by token, session, or because they are at its machine."""
    return Me.of(caller)

"""A token or a session as it is kept: what it is good for, until when, and whether it still holds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from api.access.grant import Grant
from api.service.caller import Caller, Role

Kind = Literal["token", "session"]
Standing = Literal["valid", "unknown", "ended", "expired", "idle"]
COLUMNS = "id, kind, user, role, regions, sees_names, scopes, label, made_by, made, expires, idle_seconds, used, ended, parent"


@dataclass(frozen=True)
class Pass:
    """A token or a session as it is kept; without its secret.

    Parameters
    ----------
    id : str
    kind : {"token", "session"}
    grant : Grant
        What it is good for.
    label : str
        What it was made for, in the words of who made it.
    made_by : str
        Who made it.
    made, expires : float
        Moments, in seconds since 1970.
    idle_seconds : float or None
        How long it may go unused.
    used, ended : float or None
        When it was last used (to the minute), when it was ended.
    parent : str or None
        Id of the pass that it was made with and ends with.
    """

    id: str
    kind: Kind
    grant: Grant
    label: str
    made_by: str
    made: float
    expires: float
    idle_seconds: float | None
    used: float | None
    ended: float | None
    parent: str | None

    def standing(self, now: float) -> Standing:
        """Whether it holds; its parents aside."""
        if self.ended is not None:
            return "ended"
        if now >= self.expires:
            return "expired"
        if self.idle_seconds is not None and now >= (self.used or self.made) + self.idle_seconds:
            return "idle"
        return "valid"

    @property
    def caller(self) -> Caller:
        """Who asks with it."""
        grant = self.grant
        return Caller(
            grant.user, grant.role, grant.regions, grant.sees_names, self.kind, scopes=grant.scopes, pass_id=self.id
        )  # fmt: skip


def pass_of(row: Sequence[Any]) -> Pass:
    """A pass from its row of :data:`COLUMNS`."""
    id, kind, user, role, regions, sees_names, scopes, *rest = row
    grant = Grant(user, Role(role), tuple(json.loads(regions)), bool(sees_names), tuple(json.loads(scopes)))
    return Pass(id, kind, grant, *rest)

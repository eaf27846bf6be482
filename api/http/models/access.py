"""Callers, tokens and sessions as the API shows them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from api.access.grant import USES, Grant, Use
from api.access.kept import Pass
from api.service.caller import Caller, Role, Via

RoleName = Literal["viewer", "coordinator", "planner", "admin"]
ROLE = "what they may do: `viewer`, `coordinator`, `planner` or `admin`; each may what those before may"
REGIONS = "codes of the regions that they are limited to, with all below; empty: not limited"
NAMES = "whether they see names of cadres"
SCOPES = "`read`, `write` or both"


class Me(BaseModel):
    """Who asks."""

    name: str = Field(description="under which their doings are kept", examples=["ann"])
    role: RoleName = Field(description=ROLE, examples=["planner"])
    regions: list[str] = Field(description=REGIONS, examples=[["533300"]])
    sees_names: bool = Field(description=NAMES, examples=[False])
    scopes: list[Use] = Field(description=SCOPES, examples=[["read", "write"]])
    via: Via = Field(
        description="how they are known: `loopback` (no login), `token` or `session`", examples=["token"]
    )

    @classmethod
    def of(cls, caller: Caller) -> Me:
        """A caller."""
        return cls(
            name=caller.name, role=role_name(caller.role), regions=list(caller.regions), sees_names=caller.sees_names,
            scopes=list(caller.scopes), via=caller.via,
        )  # fmt: skip


class Session(Me):
    """A session of a browser."""

    csrf: str = Field(
        description="to be sent as `X-CSRF-Token` with everything that changes something", examples=["4f0c2a"]
    )
    expires: datetime = Field(
        description="when it ends at the latest (UTC)", examples=["2026-11-28T17:05:11Z"]
    )
    idle_seconds: float = Field(
        description="seconds after which it ends when it is not used", examples=[3600]
    )

    @classmethod
    def opened(cls, caller: Caller, kept: Pass, csrf: str) -> Session:
        """A caller's session."""
        return cls(
            **Me.of(caller).model_dump(),
            csrf=csrf,
            expires=Shown.of(kept).expires,
            idle_seconds=kept.idle_seconds or 0,
        )


class LoggingIn(BaseModel):
    """A token to log in with."""

    model_config = ConfigDict(extra="forbid")

    token: SecretStr = Field(
        max_length=200, description="the token, as it was shown once", examples=["jd_0123456789abcdef_…"]
    )


class Shown(BaseModel):
    """A token or session as it is kept: without its secret."""

    id: str = Field(description="the id; part of the token, and no secret", examples=["0123456789abcdef"])
    user: str = Field(description="who it is for", examples=["ann"])
    role: RoleName = Field(description=ROLE, examples=["planner"])
    regions: list[str] = Field(description=REGIONS, examples=[["533300"]])
    sees_names: bool = Field(description=NAMES, examples=[False])
    scopes: list[Use] = Field(description=SCOPES, examples=[["read", "write"]])
    label: str = Field(description="what it was made for", examples=["monthly report"])
    made_by: str = Field(description="who made it", examples=["local"])
    made: datetime = Field(description="when it was made (UTC)", examples=["2026-11-28T05:05:11Z"])
    expires: datetime = Field(
        description="when it ends at the latest (UTC)", examples=["2027-02-26T05:05:11Z"]
    )
    used: datetime | None = Field(description="when it was last used, to the minute (UTC)", examples=[None])
    ended: datetime | None = Field(description="when it was revoked (UTC)", examples=[None])

    @classmethod
    def facts(cls, kept: Pass) -> dict[str, object]:
        """A pass."""
        grant = kept.grant
        return {
            "id": kept.id, "user": grant.user, "role": role_name(grant.role), "regions": list(grant.regions), "sees_names": grant.sees_names,
            "scopes": list(grant.scopes), "label": kept.label, "made_by": kept.made_by, "made": moment(kept.made),
            "expires": moment(kept.expires), "used": moment(kept.used), "ended": moment(kept.ended),
        }  # fmt: skip

    @classmethod
    def of(cls, kept: Pass) -> Shown:
        """A pass."""
        return Shown.model_validate(cls.facts(kept))


class NewToken(Shown):
    """A token, with its secret for this once."""

    token: str = Field(
        description="the token; it is shown now and never again", examples=["jd_0123456789abcdef_…"]
    )


class Wish(BaseModel):
    """What a token shall be good for: not more than who asks may do."""

    model_config = ConfigDict(extra="forbid")

    user: str = Field(
        "",
        max_length=100,
        description="who it is for; empty: oneself. Others' are made by admins",
        examples=["ann"],
    )
    role: RoleName | None = Field(None, description=f"{ROLE}; null: one's own", examples=["viewer"])
    regions: list[str] | None = Field(
        None, max_length=1000, description=f"{REGIONS}; null: one's own", examples=[["533300"]]
    )
    sees_names: bool = Field(False, description=NAMES, examples=[False])
    scopes: list[Use] | None = Field(
        None, min_length=1, max_length=2, description=f"{SCOPES}; null: one's own", examples=[["read"]]
    )
    days: float = Field(
        90,
        gt=0,
        allow_inf_nan=False,
        description="how long it holds, in days; at most the setting token_days",
        examples=[90],
    )
    label: str = Field("", max_length=200, description="what for", examples=["monthly report"])

    def grant(self, giver: Caller) -> Grant:
        """What is wished for; what is not said is the giver's own."""
        role = giver.role if self.role is None else Role[self.role.upper()]
        regions = giver.regions if self.regions is None else tuple(dict.fromkeys(self.regions))
        scopes = giver.scopes if self.scopes is None else tuple(use for use in USES if use in self.scopes)
        return Grant(self.user or giver.name, role, regions, self.sees_names, scopes)


class TokenPage(BaseModel):
    """Some tokens, the newest first."""

    tokens: list[Shown] = Field(description="the tokens")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class SessionPage(BaseModel):
    """Some sessions, the newest first."""

    sessions: list[Shown] = Field(description="the sessions")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


def role_name(role: Role) -> RoleName:
    """A role as the API writes it."""
    names: dict[Role, RoleName] = {
        Role.VIEWER: "viewer", Role.COORDINATOR: "coordinator", Role.PLANNER: "planner", Role.ADMIN: "admin",
    }  # fmt: skip
    return names[role]


def moment(seconds: float | None) -> datetime | None:
    """Seconds since 1970 as a moment."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

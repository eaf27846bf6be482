"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from graph.language import Text


class Role(IntEnum):
    """What somebody may do; each may do what those before it may."""

    VIEWER = 1
    COORDINATOR = 2
    PLANNER = 3
    ADMIN = 4

    @property
    def title(self) -> Text:
        """The role for people."""
        return TITLES[self]


TITLES = {
    Role.VIEWER: Text("查看", "viewer"),
    Role.COORDINATOR: Text("协作", "coordinator"),
    Role.PLANNER: Text("规划", "planner"),
    Role.ADMIN: Text("管理", "admin"),
}

Via = Literal["loopback", "token", "session"]


@dataclass(frozen=True)
class Caller:
    """Somebody who asks.

    Parameters
    ----------
    name : str
        Under which their doings are kept.
    role : Role
    regions : tuple of str
        Codes of the regions that they are limited to, with all below; empty: not limited.
    sees_names : bool
        Whether they may see names of cadres.
    via : str
        How they are known: ``loopback`` (no login), ``token`` or ``session``.
    scopes : tuple of str
        ``read``, ``write`` or both.
    pass_id : str
        Id of the token or session; empty on loopback.
    """

    name: str
    role: Role
    regions: tuple[str, ...] = ()
    sees_names: bool = False
    via: Via = "token"
    scopes: tuple[Literal["read", "write"], ...] = ("read", "write")
    pass_id: str = ""

    @property
    def oversees(self) -> bool:
        """Whether what others have of their own (jobs, uploads) is theirs to see too: an admin who is not limited to regions."""
        return self.role >= Role.ADMIN and not self.regions


LOCAL = Caller("local", Role.ADMIN, sees_names=True, via="loopback")
"""Whoever asks on a loopback that opens without a login."""

"""Passes for those who ask: what they may make, see and end."""

from __future__ import annotations

from collections.abc import Callable

from api.access.grant import LABEL, Grant, demand_user, demand_within
from api.access.kept import Kind, Pass
from api.access.passes import DAY, Passes
from api.access.secret import Secret
from api.service.caller import Caller, Role
from api.service.refusals import NotFound, Refused
from graph.signs import demand_seen

Holds = Callable[[str], bool]
"""Whether a region lies in what the caller may see."""


def give_token(
    passes: Passes, giver: Caller, grant: Grant, holds: Holds, *, days: float, label: str = ""
) -> tuple[Pass, Secret]:
    """A token of not more than the giver has; one's own ends with the pass that it was made with.

    Raises
    ------
    Refused
        When it is more than the giver has, or for a user who has more.
    UsageError
        When nobody can have that name, or the label has signs that nobody sees.
    """
    demand_seen(LABEL, label)
    demand_within(grant, giver, holds)
    own = grant.user == giver.name and giver.via != "loopback"
    if not own:
        demand_user(grant.user)
        if giver.regions and not all(_within(p.grant, holds) for p in passes.of_user(grant.user)):
            raise Refused(
                f"{grant.user} 的权限超出您的地区", f"what {grant.user} may do goes beyond your regions"
            )
    return passes.give(
        "token",
        grant,
        by=giver.name,
        seconds=days * DAY,
        label=label,
        parent=_root(passes, giver) if own else None,
    )


def _root(passes: Passes, giver: Caller) -> str | None:
    """The token that somebody asks with, or logged in with."""
    if not giver.pass_id:
        return None
    found = passes.one(giver.pass_id)
    return found.id if found.kind == "token" else found.parent


def seen(passes: Passes, kind: Kind, caller: Caller, holds: Holds) -> list[Pass]:
    """One's own passes; of an admin everybody's, as far as their regions go. The newest first."""
    if caller.role < Role.ADMIN:
        return passes.all(kind, user=caller.name)
    every = passes.all(kind)
    return [p for p in every if not caller.regions or p.grant.user == caller.name or _within(p.grant, holds)]


def end(passes: Passes, kind: Kind, id: str, caller: Caller, holds: Holds) -> Pass:
    """End a pass that the caller sees.

    Raises
    ------
    NotFound
        When they see none of that id.
    """
    if not any(found.id == id for found in seen(passes, kind, caller, holds)):
        raise NotFound(f"没有 {id}", f"there is no {id}")
    return passes.end(id)


def _within(grant: Grant, holds: Holds) -> bool:
    return bool(grant.regions) and all(holds(code) for code in grant.regions)

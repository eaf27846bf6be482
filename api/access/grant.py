"""What somebody is given to do, and that nobody gives more than they have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from api.service.caller import Caller, Role
from api.service.refusals import Refused
from graph.errors import UsageError
from graph.language import Text
from graph.signs import demand_seen

Use = Literal["read", "write"]
USES: tuple[Use, ...] = get_args(Use)
TAKEN = ("local",)
"""Names of callers that nobody is given."""
USER, LABEL = Text("用户名", "the user's name"), Text("用途", "the label")
_USER = re.compile(r"[^\x00-\x1f\x7f:/\\]{1,100}")


@dataclass(frozen=True)
class Grant:
    """What a token or session is good for.

    Parameters
    ----------
    user : str
        Who it is for; under this name their doings are kept.
    role : Role
    regions : tuple of str
        Codes of the regions that they are limited to; empty: not limited.
    sees_names : bool
        Whether they may see names of cadres.
    scopes : tuple of str
        ``read``, ``write`` or both.
    """

    user: str
    role: Role
    regions: tuple[str, ...] = ()
    sees_names: bool = False
    scopes: tuple[Use, ...] = USES


def demand_user(user: str) -> None:
    """Refuse a name that would be mistaken for another.

    Raises
    ------
    UsageError
        When it is empty, longer than 100 characters, has ``:`` (the provider's users), slashes, control characters or signs that turn the
        direction of reading, or is taken.
    """
    demand_seen(USER, user)
    if not _USER.fullmatch(user) or user.strip() != user or user.lower() in TAKEN:
        raise UsageError(
            f"用户名 {user!r} 不可用：请用 1 到 100 个字符，不含冒号、斜杠和控制字符，也不是 {'、'.join(TAKEN)}",
            f"{user!r} cannot be a user's name: 1 to 100 characters without colon, slashes and control characters, not {', '.join(TAKEN)}",
        )


def demand_within(grant: Grant, giver: Caller, holds: Callable[[str], bool]) -> None:
    """Refuse a grant of more than the giver has.

    Parameters
    ----------
    grant : Grant
    giver : Caller
    holds : callable
        Whether a region lies in what the giver may see.

    Raises
    ------
    Refused
        When the role is higher, the regions are wider, names or scopes are more than theirs, or it is for somebody else and they are no admin.
    """
    if grant.user != giver.name and giver.role < Role.ADMIN:
        raise Refused("只有管理者可以为他人发放令牌", "only an admin may give tokens to others")
    if grant.role > giver.role:
        raise Refused(
            f"您的角色是{giver.role.title.zh}，不能给出{grant.role.title.zh}",
            f"your role is {giver.role.title.en}; you cannot give {grant.role.title.en}",
        )
    outside = [code for code in grant.regions if not holds(code)]
    if giver.regions and (outside or not grant.regions):
        raise Refused(
            f"您的权限限于 {'、'.join(giver.regions)}，不能给出更多地区",
            f"you are limited to {', '.join(giver.regions)}; you cannot give more regions",
        )
    if (grant.sees_names and not giver.sees_names) or set(grant.scopes) - set(giver.scopes):
        raise Refused("不能给出自己没有的权限", "you cannot give what you may not do yourself")

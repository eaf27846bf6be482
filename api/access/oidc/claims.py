"""What somebody may do by what the provider says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.access.grant import Grant
from api.service.caller import Role
from api.service.refusals import Refused
from api.service.settings import Settings

PREFIX = "oidc:"
"""Before the name of who the provider knows: nobody with a token of ours has such a name."""
ALL = "*"
"""Among the regions: not limited."""
LONGEST = 200


def grant_of(claims: Mapping[str, Any], settings: Settings) -> Grant:
    """What somebody is given.

    Raises
    ------
    Refused
        When the provider does not name them, gives them no value that a role belongs to, or tells no regions where it has to.
    """
    name = claims.get(settings.oidc_name_claim)
    if (
        not isinstance(name, str | int)
        or isinstance(name, bool)
        or not 0 < len(str(name)) <= LONGEST
        or not str(name).isprintable()
    ):
        raise Refused(
            f"登录服务没有给出 {settings.oidc_name_claim}；请告诉管理员", f"the provider gives no {settings.oidc_name_claim}; tell the admin"
        )  # fmt: skip
    values = values_of(claims.get(settings.oidc_role_claim))
    roles = [Role[settings.oidc_roles[value].upper()] for value in values if value in settings.oidc_roles]
    if not roles:
        raise Refused("您的账号在这里没有角色；请找管理员", "your account has no role here; ask the admin")
    sees_names = bool(settings.oidc_names_value) and settings.oidc_names_value in values
    return Grant(f"{PREFIX}{name}", max(roles), _regions(claims, settings), sees_names)


def _regions(claims: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    if not settings.oidc_regions_claim:
        return ()
    values = values_of(claims.get(settings.oidc_regions_claim))
    if not values:  # missing must not mean everywhere
        raise Refused(
            f"登录服务没有给出地区（{settings.oidc_regions_claim}）；请找管理员", f"the provider gives no regions ({settings.oidc_regions_claim}); ask the admin"
        )  # fmt: skip
    return () if ALL in values else values


def values_of(claim: Any) -> tuple[str, ...]:
    """A claim's values: of a list its texts, a text itself; nothing of anything else."""
    if isinstance(claim, str):
        return (claim,) if claim else ()
    return (
        tuple(value for value in claim if isinstance(value, str) and value) if isinstance(claim, list) else ()
    )

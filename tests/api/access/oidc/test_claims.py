"""From what the provider says to what somebody may do."""

from __future__ import annotations

from typing import Any

import pytest

from api.access.grant import Grant
from api.access.oidc.claims import grant_of
from api.service.caller import Role
from api.service.refusals import Refused
from api.service.settings import Settings, read_settings

ROLES = "office=coordinator, planning=planner,root=admin"


def settings(**given: Any) -> Settings:
    return read_settings({"oidc_roles": ROLES} | given, environ={})


def test_the_highest_role_of_several() -> None:
    told = {"sub": "a1", "groups": ["office", "planning", "others"]}
    assert grant_of(told, settings()) == Grant("oidc:a1", Role.PLANNER)
    assert grant_of({"sub": "a1", "groups": "office"}, settings()).role is Role.COORDINATOR


@pytest.mark.parametrize("groups", [None, [], "", "nobody", ["Root"], {"root": True}, [["root"]], 5, True])
def test_no_role_without_a_value_that_is_listed(groups: Any) -> None:
    with pytest.raises(Refused, match="no role here"):
        grant_of({"sub": "a1", "groups": groups}, settings())


@pytest.mark.parametrize("name", [None, "", "x" * 201, ["a"], "a\nb", True, {}])
def test_nobody_without_a_name(name: Any) -> None:
    with pytest.raises(Refused, match="the provider gives no sub"):
        grant_of({"sub": name, "groups": ["root"]}, settings())


def test_another_claim_may_name_them() -> None:
    told = {"sub": "a1", "employee": 17, "groups": ["root"]}
    assert grant_of(told, settings(oidc_name_claim="employee")).user == "oidc:17"


def test_regions_that_are_asked_for_must_be_told() -> None:
    asks = settings(oidc_regions_claim="regions")
    told: dict[str, Any] = {"sub": "a1", "groups": ["root"]}
    assert grant_of(told, settings()).regions == ()
    assert grant_of(told | {"regions": ["53", "44"]}, asks).regions == ("53", "44")
    assert grant_of(told | {"regions": "53"}, asks).regions == ("53",)
    assert grant_of(told | {"regions": ["*"]}, asks).regions == ()
    for missing in (
        {},
        {"regions": []},
        {"regions": ""},
        {"regions": None},
        {"regions": [53]},
        {"regions": True},
    ):
        with pytest.raises(Refused, match="gives no regions"):
            grant_of(told | missing, asks)


def test_names_are_seen_by_those_whom_the_settings_name() -> None:
    told = {"sub": "a1", "groups": ["root", "names"]}
    assert not grant_of(told, settings()).sees_names
    assert grant_of(told, settings(oidc_names_value="names")).sees_names
    assert not grant_of(told, settings(oidc_names_value="others")).sees_names

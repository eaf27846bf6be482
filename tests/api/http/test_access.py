"""Roles and scopes of routes."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import APIRouter, FastAPI

from api.http.access import OPEN, Needs, declared, needs
from api.service.caller import Caller, Role
from api.service.refusals import Refused


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("least", list(Role))
def test_a_role_may_what_those_before_it_may(role: Role, least: Role) -> None:
    caller, route = Caller("ann", role), Needs(least, "whole")
    if role >= least:
        route.demand(caller, "GET")
    else:
        with pytest.raises(Refused, match=f"needs the role {least.title.en}"):
            route.demand(caller, "GET")


def test_who_is_limited_to_regions_gets_no_whole() -> None:
    limited = Caller("ann", Role.ADMIN, ("530000",))
    Needs(Role.VIEWER, "subtree").demand(limited, "GET")
    Needs(Role.VIEWER, "any").demand(limited, "GET")
    with pytest.raises(Refused, match="limited to 530000"):
        Needs(Role.VIEWER, "whole").demand(limited, "GET")


def test_who_may_only_read_changes_nothing() -> None:
    reads, writes = Caller("ann", Role.ADMIN, scopes=("read",)), Caller("ann", Role.ADMIN, scopes=("write",))
    route = Needs(Role.VIEWER, "any")
    route.demand(reads, "GET")
    route.demand(writes, "POST")
    Needs(Role.VIEWER, "any", changes=False).demand(reads, "POST")
    for caller, method in ((reads, "POST"), (reads, "DELETE"), (writes, "GET")):
        with pytest.raises(Refused, match="and this needs"):
            route.demand(caller, method)


def test_every_route_declares_whom_it_is_for() -> None:
    app = FastAPI(openapi_url=None)

    def nothing() -> None:
        """Nothing."""

    app.add_api_route("/open", nothing, dependencies=[OPEN])
    app.add_api_route("/plans", nothing, methods=["POST"], dependencies=[needs(Role.PLANNER, "whole")])
    found: Any = {(d.method, d.path): d.needs for d in declared(app)}
    assert found == {("GET", "/open"): None, ("POST", "/plans"): Needs(Role.PLANNER, "whole")}
    app.add_api_route("/forgotten", nothing)
    with pytest.raises(ValueError, match="/forgotten"):
        list(declared(app))


def test_routes_of_included_routers_count() -> None:
    router, app = APIRouter(), FastAPI(openapi_url=None)

    def nothing() -> None:
        """Nothing."""

    router.add_api_route("/forgotten", nothing)
    app.include_router(router, prefix="/api")
    with pytest.raises(ValueError, match="/api/forgotten"):
        list(declared(app))

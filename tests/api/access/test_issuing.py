"""Nobody gives more than they have, whatever their role; nobody ends or sees what is others'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.access.grant import Grant, demand_user
from api.access.issuing import end, give_token, seen
from api.access.passes import DAY, Passes
from api.service.caller import LOCAL, Caller, Role
from api.service.records import open_records
from api.service.refusals import NotFound, Refused
from graph.errors import UsageError

HELD = {"53", "5301", "5302"}


@pytest.fixture
def passes(tmp_path: Path) -> Iterator[Passes]:
    """Passes of a service."""
    records = open_records(tmp_path)
    yield Passes(records)
    records.close()


def caller(role: Role, *regions: str, **more: Any) -> Caller:
    return Caller("ann", role, regions, **more)


def give(passes: Passes, giver: Caller, grant: Grant) -> Any:
    return give_token(passes, giver, grant, lambda code: not giver.regions or code in HELD, days=1)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("wanted", Role)
def test_no_higher_role_than_ones_own(role: Role, wanted: Role, passes: Passes) -> None:
    if wanted <= role:
        assert give(passes, caller(role), Grant("ann", wanted))[0].grant.role is wanted
    else:
        with pytest.raises(Refused, match="you cannot give"):
            give(passes, caller(role), Grant("ann", wanted))


@pytest.mark.parametrize("role", Role)
def test_no_wider_regions_than_ones_own(role: Role, passes: Passes) -> None:
    limited = caller(role, "53")
    for regions in (("53",), ("5301",), ("5301", "5302")):
        give(passes, limited, Grant("ann", role, regions))
    for regions in ((), ("44",), ("53", "44"), ("5301", "nix")):
        with pytest.raises(Refused, match="you cannot give more regions"):
            give(passes, limited, Grant("ann", role, regions))
    give(passes, caller(role), Grant("ann", role, ("44",)))


@pytest.mark.parametrize("role", Role)
def test_neither_names_nor_uses_that_one_has_not(role: Role, passes: Passes) -> None:
    for giver, grant in (
        (caller(role), Grant("ann", role, sees_names=True)), (caller(role, scopes=("read",)), Grant("ann", role)),
        (caller(role, scopes=("read",)), Grant("ann", role, scopes=("write",))),
    ):  # fmt: skip
        with pytest.raises(Refused, match="may not do yourself"):
            give(passes, giver, grant)
    give(passes, caller(role, sees_names=True), Grant("ann", role, sees_names=True))


@pytest.mark.parametrize("role", [r for r in Role if r < Role.ADMIN])
def test_others_get_theirs_from_admins_alone(role: Role, passes: Passes) -> None:
    with pytest.raises(Refused, match="only an admin"):
        give(passes, caller(role), Grant("bob", Role.VIEWER))
    assert give(passes, caller(Role.ADMIN), Grant("bob", Role.VIEWER))[0].made_by == "ann"


def test_an_admin_of_some_regions_takes_no_name_that_reaches_further(passes: Passes) -> None:
    limited = caller(Role.ADMIN, "53")
    passes.give("token", Grant("boss", Role.PLANNER), by="local", seconds=DAY)
    passes.give("token", Grant("cat", Role.PLANNER, ("5301",)), by="local", seconds=DAY)
    with pytest.raises(Refused, match="beyond your regions"):
        give(passes, limited, Grant("boss", Role.VIEWER, ("53",)))
    give(passes, limited, Grant("cat", Role.VIEWER, ("53",)))
    give(passes, limited, Grant("new", Role.VIEWER, ("53",)))


@pytest.mark.parametrize(
    "user", ["", "local", "LOCAL", "oidc:ann", "a/b", "a\\b", "a\nb", "a\u202eb", " ann", "x" * 101]
)
def test_names_that_nobody_is_given(user: str, passes: Passes) -> None:
    with pytest.raises(UsageError):
        demand_user(user)
    with pytest.raises(UsageError):
        give(passes, LOCAL, Grant(user, Role.VIEWER))


@pytest.mark.parametrize("label", ["a\nb", "a\x00", "\u202etxt", "a\u2066b\u2069", "a\u2028b"])
def test_a_label_shows_all_that_is_in_it(label: str, passes: Passes) -> None:
    with pytest.raises(UsageError, match=r"of the label \(U\+"):
        give_token(passes, LOCAL, Grant("ann", Role.VIEWER), lambda _: True, days=1, label=label)
    assert passes.all("token") == []
    made, _ = give_token(
        passes, LOCAL, Grant("ann", Role.VIEWER), lambda _: True, days=1, label="每月 数据　é 👩‍👩‍👧"
    )
    assert made.label == "每月 数据　é 👩‍👩‍👧"


def test_ones_own_token_ends_with_the_one_it_was_made_with(passes: Passes) -> None:
    token, secret = give(passes, caller(Role.ADMIN), Grant("bob", Role.PLANNER))
    bob = passes.known("token", secret)[1]
    assert bob is not None and token.parent is None
    mine, mine_secret = give(passes, bob.caller, Grant("bob", Role.VIEWER))
    web, _ = passes.give("session", bob.grant, by="bob", seconds=DAY, parent=token.id)
    by_web, _ = give(passes, web.caller, Grant("bob", Role.VIEWER))
    assert mine.parent == by_web.parent == token.id
    for_others, others_secret = give(passes, replace(bob.caller, role=Role.ADMIN), Grant("cat", Role.VIEWER))
    passes.end(token.id)
    assert passes.known("token", mine_secret)[0] == "ended"
    assert passes.known("token", others_secret)[0] == "valid" and for_others.parent is None


def test_what_is_seen_and_ended_is_ones_own_or_an_admins(passes: Passes) -> None:
    made = {
        name: passes.give("token", grant, by="local", seconds=DAY)[0].id
        for name, grant in {
            "ann": Grant("ann", Role.VIEWER), "bob": Grant("bob", Role.VIEWER), "in": Grant("cat", Role.VIEWER, ("5301",)),
            "across": Grant("dan", Role.VIEWER, ("5301", "44")),
        }.items()
    }  # fmt: skip
    everything, own = set(made.values()), {made["ann"]}
    looks = [
        (caller(Role.VIEWER), own), (caller(Role.COORDINATOR), own), (caller(Role.PLANNER), own), (caller(Role.ADMIN), everything),
        (caller(Role.ADMIN, "53"), own | {made["in"]}), (LOCAL, everything),
    ]  # fmt: skip
    for who, theirs in looks:
        assert {p.id for p in seen(passes, "token", who, HELD.__contains__)} == theirs
        assert not seen(passes, "session", who, HELD.__contains__)
        for id in everything - theirs:
            with pytest.raises(NotFound):
                end(passes, "token", id, who, HELD.__contains__)
    assert passes.one(made["bob"]).ended is None
    assert end(passes, "token", made["bob"], caller(Role.ADMIN), HELD.__contains__).ended is not None
    with pytest.raises(NotFound):
        end(passes, "session", made["ann"], caller(Role.ADMIN), HELD.__contains__)

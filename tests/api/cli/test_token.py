"""``jiedui token``: make, list, revoke, beside a service that runs or not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.access.passes import Passes
from api.access.secret import Secret
from api.service.caller import Role
from api.service.records import open_records

Typed = Callable[..., tuple[int, str, str]]


def run(typed: Typed, *words: str) -> tuple[int, str, str]:
    """What the command says."""
    return typed("token", *words)


def made(typed: Typed, data: Path, *words: str) -> Any:
    status, out, _ = run(typed, "create", *words, "--data", str(data), "--json")
    assert status == 0
    return json.loads(out)


def test_made_with_all_that_it_is_good_for(tmp_path: Path, typed: Typed) -> None:
    told = made(typed, tmp_path, "ann", "--role", "coordinator", "--regions", "53, 44,53", "--names", "--scopes", "read", "--days", "2", "--label", "x")  # fmt: skip
    records = open_records(tmp_path)
    secret = Secret.read_token(told["token"])
    assert secret is not None
    standing, found = Passes(records).known("token", secret)
    records.close()
    assert standing == "valid" and found is not None
    grant = found.grant
    assert (grant.user, grant.role, grant.regions, grant.sees_names, grant.scopes) == (
        "ann",
        Role.COORDINATOR,
        ("53", "44"),
        True,
        ("read",),
    )
    assert found.expires - found.made == 2 * 86_400 and found.label == "x"


def test_shown_once_and_listed_without_it(tmp_path: Path, typed: Typed) -> None:
    status, out, _ = run(typed, "create", "ann", "--data", str(tmp_path))
    token = out.splitlines()[-1]
    assert status == 0 and token.startswith("jd_") and "it is shown this once" in out
    status, out, _ = run(typed, "list", "--data", str(tmp_path))
    assert (
        status == 0
        and "ann" in out
        and "viewer" in out
        and "valid" in out
        and token.rpartition("_")[2] not in out
    )
    (listed,) = json.loads(run(typed, "list", "--data", str(tmp_path), "--json")[1])
    assert listed["standing"] == "valid" and "token" not in listed


def test_revoked_by_id_and_by_user(tmp_path: Path, typed: Typed) -> None:
    ids = [made(typed, tmp_path, user)["id"] for user in ("ann", "ann", "bob")]
    assert json.loads(run(typed, "revoke", ids[0], "--data", str(tmp_path), "--json")[1]) == {
        "revoked": [ids[0]],
        "of_user": 0,
    }
    assert json.loads(run(typed, "revoke", "--user", "ann", "--data", str(tmp_path), "--json")[1]) == {
        "revoked": [],
        "of_user": 1,
    }
    standing = {
        t["id"]: t["standing"] for t in json.loads(run(typed, "list", "--data", str(tmp_path), "--json")[1])
    }
    assert standing == {ids[0]: "ended", ids[1]: "ended", ids[2]: "valid"}
    status, _, err = run(typed, "revoke", ids[2], "nix", "--data", str(tmp_path))
    assert status == 2 and "there is no nix" in err
    assert (
        json.loads(run(typed, "list", "--data", str(tmp_path), "--json")[1])[0]["standing"] == "valid"
    )  # all or none


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("create", "local"), "cannot be a user's name"), (("create", "a:b"), "cannot be a user's name"), (("create", "ann", "--scopes", "all"), "--scopes is of read, write"),
        (("create", "ann", "--scopes", ""), "--scopes is of read, write"), (("create", "ann", "--days", "400"), "--days is 366 at most"),
        (("create", "ann", "--role", "root"), "root"), (("revoke",), "give ids of tokens, or --user"), (("create", "ann", "--days", "0"), "days"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_nothing_is_made(
    words: tuple[str, ...], told: str, tmp_path: Path, typed: Typed
) -> None:
    status, _, err = run(typed, *words, "--data", str(tmp_path))
    assert status == 2 and told in err
    assert json.loads(run(typed, "list", "--data", str(tmp_path), "--json")[1]) == []


def test_regions_are_those_of_the_services_network(
    tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("create", "ann", "--data", str(tmp_path), "--regions")
    status, _, err = run(typed, *words, "NOPE", "--on", "teachers")
    assert status == 2 and "there are no regions NOPE" in err
    status, _, err = run(typed, *words, "S1", "--on", "teachers")
    assert status == 0 and not err
    status, _, err = run(typed, *words, "NOPE")
    assert status == 0 and "codes of regions are not checked" in err
    monkeypatch.setenv("JIEDUI_SERVE_NETWORK", "teachers")
    assert run(typed, *words, "NOPE")[0] == 2


def test_the_list_tells_who_sees_names(tmp_path: Path, typed: Typed) -> None:
    made(typed, tmp_path, "ann", "--names")
    made(typed, tmp_path, "bob")
    _, out, _ = run(typed, "list", "--data", str(tmp_path))
    assert {line.split()[1]: "seen" in line for line in out.splitlines()[2:]} == {"ann": True, "bob": False}

"""Tokens and sessions: only digests are kept, they end when they should, and with what they were made with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.access.grant import Grant
from api.access.passes import DAY, KEPT, USED_EVERY, Passes
from api.access.secret import Secret
from api.service.caller import Caller, Role
from api.service.records import FILE, open_records
from api.service.refusals import NotFound
from graph.store.workspace.database import Database

ANN = Grant("ann", Role.PLANNER, ("53",), True, ("read",))


class Clock:
    """Stands still until it is moved."""

    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock."""
    return Clock()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Database]:
    """Records of a service."""
    found = open_records(tmp_path)
    yield found
    found.close()


@pytest.fixture
def passes(records: Database, clock: Clock) -> Passes:
    """Its passes."""
    return Passes(records, clock)


def test_a_token_is_known_again_with_what_it_is_good_for(passes: Passes) -> None:
    made, secret = passes.give("token", ANN, by="boss", seconds=DAY, label="reports")
    standing, found = passes.known("token", secret)
    assert standing == "valid" and found == made and found.grant == ANN
    assert found.caller == Caller("ann", Role.PLANNER, ("53",), True, "token", ("read",), made.id)
    assert (made.made_by, made.label, made.expires - made.made) == ("boss", "reports", DAY)


def test_only_a_salted_digest_is_kept(passes: Passes, records: Database, tmp_path: Path) -> None:
    _, secret = passes.give("token", ANN, by="boss", seconds=DAY)
    with records.reading() as connection:
        salt, digest = connection.execute("SELECT salt, digest FROM passes").fetchone()
    assert digest == secret.digest(salt) and len(salt) == 16
    assert Secret("", secret.word).digest(b"another") != digest
    records.close()
    everything = b"".join(file.read_bytes() for file in tmp_path.glob(f"{FILE}*"))
    assert secret.id.encode() in everything and secret.word.encode() not in everything
    assert secret.word not in repr(secret)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "0" * 16,
        "0" * 16 + "_",
        "0" * 16 + "_" + "a" * 42,
        "G" * 16 + "_" + "a" * 43,
        "0" * 16 + "_" + "é" * 43,
    ],
)
def test_what_is_written_otherwise_is_none(text: str) -> None:
    assert Secret.read(text) is None and Secret.read_token(f"jd_{text}") is None


def test_a_wrong_secret_or_id_or_kind_is_not_known(passes: Passes) -> None:
    _, secret = passes.give("token", ANN, by="boss", seconds=DAY)
    other = Secret.new()
    assert Secret.read_token(secret.token) == secret and Secret.read(secret.written) == secret
    assert Secret.read_token(secret.written) is None
    for wrong in (other, Secret(secret.id, other.word), Secret(other.id, secret.word)):
        assert passes.known("token", wrong) == ("unknown", None)
    assert passes.known("session", secret) == ("unknown", None)


def test_it_ends_at_its_time_when_idle_and_when_it_is_ended(passes: Passes, clock: Clock) -> None:
    _, token = passes.give("token", ANN, by="boss", seconds=DAY)
    session, web = passes.give("session", ANN, by="ann", seconds=DAY, idle_seconds=100)
    clock.now += 99
    assert passes.known("session", web)[0] == "valid"
    passes.touch(session.id)
    clock.now += 99
    assert passes.known("session", web)[0] == "valid"
    clock.now += 1
    assert passes.known("session", web)[0] == "idle" and passes.known("token", token)[0] == "valid"
    clock.now += DAY
    assert passes.known("token", token)[0] == "expired"
    made, third = passes.give("token", ANN, by="boss", seconds=DAY)
    assert passes.end(made.id).ended == clock.now
    assert passes.known("token", third)[0] == "ended"
    before = clock.now
    clock.now += 5
    assert passes.end(made.id).ended == before
    with pytest.raises(NotFound):
        passes.end("nix")


def test_what_was_made_with_a_pass_ends_with_it_and_not_behind_it(passes: Passes, clock: Clock) -> None:
    token, _ = passes.give("token", ANN, by="boss", seconds=DAY)
    child, mine = passes.give("token", ANN, by="ann", seconds=9 * DAY, parent=token.id)
    _, web = passes.give("session", ANN, by="ann", seconds=DAY, parent=child.id)
    assert child.expires == token.expires
    assert passes.known("token", mine)[0] == passes.known("session", web)[0] == "valid"
    passes.end(token.id)
    assert passes.known("token", mine)[0] == passes.known("session", web)[0] == "ended"


def test_use_is_written_down_once_a_minute(passes: Passes, clock: Clock) -> None:
    made, _ = passes.give("token", ANN, by="boss", seconds=DAY)
    assert made.used is None and passes.stale(made)
    passes.touch(made.id)
    used = passes.one(made.id)
    assert used.used == clock.now and not passes.stale(used)
    clock.now += USED_EVERY
    assert passes.stale(used)


def test_everything_of_a_user_ends_together(passes: Passes) -> None:
    passes.give("token", ANN, by="boss", seconds=DAY)
    passes.give("session", ANN, by="ann", seconds=DAY)
    _, others = passes.give("token", Grant("bob", Role.VIEWER), by="boss", seconds=DAY)
    assert len(passes.of_user("ann")) == 2 and passes.end_all("ann") == 2 and passes.end_all("ann") == 0
    assert passes.known("token", others)[0] == "valid" and passes.any("token") and not passes.any("session")


def test_what_ended_long_ago_is_forgotten_unless_something_hangs_on_it(passes: Passes, clock: Clock) -> None:
    old, _ = passes.give("token", ANN, by="boss", seconds=DAY)
    parent, _ = passes.give("token", ANN, by="boss", seconds=300 * DAY)
    child, _ = passes.give("token", ANN, by="ann", seconds=300 * DAY, parent=parent.id)
    passes.end(parent.id)
    clock.now += KEPT + 2 * DAY
    passes.give("token", ANN, by="boss", seconds=DAY)
    left = {found.id for found in passes.all("token")}
    assert old.id not in left and {parent.id, child.id} <= left


def test_another_process_sees_at_once_what_is_ended(tmp_path: Path, clock: Clock) -> None:
    one, two = open_records(tmp_path), open_records(tmp_path)
    made, secret = Passes(one, clock).give("token", ANN, by="boss", seconds=DAY)
    assert Passes(two, clock).known("token", secret)[0] == "valid"
    Passes(one, clock).end(made.id)
    assert Passes(two, clock).known("token", secret)[0] == "ended"
    one.close()
    two.close()

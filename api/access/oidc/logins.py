"""Logins that are under way: which browser was sent to the provider, and what has to come back. Each is good once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from authlib.common.security import generate_token

from api.service.refusals import Refused
from graph.store.workspace.database import Database

SECONDS = 600.0
"""Within which somebody has to come back from the provider."""
MOST = 10_000
"""Logins under way; the oldest are forgotten."""


@dataclass(frozen=True)
class Login:
    """A login under way.

    Parameters
    ----------
    state : str
        Goes to the provider and comes back.
    browser : str
        Goes to the browser as a cookie and comes back.
    nonce : str
        Goes to the provider and has to stand in what it signs.
    verifier : str
        Goes to the provider when the code is changed for its word (PKCE).
    next : str
        Where in the service somebody wanted to be.
    """

    state: str
    browser: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    next: str = "/"


class Logins:
    """Logins under way in a data folder.

    Parameters
    ----------
    records : Database
    clock : callable
        Seconds since 1970.
    """

    def __init__(self, records: Database, clock: Callable[[], float] = time.time) -> None:
        self.records, self.clock = records, clock

    def begin(self, next: str) -> Login:
        """Somebody is sent to the provider."""
        login = Login(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(32), generate_token(64), local(next)
        )  # fmt: skip
        now = self.clock()
        with self.records.writing() as connection:
            connection.execute("DELETE FROM logins WHERE expires <= ?", (now,))
            connection.execute(
                "DELETE FROM logins WHERE state NOT IN (SELECT state FROM logins ORDER BY expires DESC LIMIT ?)",
                (MOST - 1,),
            )
            connection.execute(
                "INSERT INTO logins VALUES (?, ?, ?, ?, ?, ?)",
                (login.state, _digest(login.browser), login.nonce, login.verifier, login.next, now + SECONDS),
            )
        return login

    def take(self, state: str, browser: str) -> Login:
        """Somebody came back; the login is over, whatever comes of it.

        Raises
        ------
        Refused
            When no login under way has this state, or another browser began it (401).
        """
        with self.records.writing() as connection:
            row = connection.execute(
                "DELETE FROM logins WHERE state = ? RETURNING browser, nonce, verifier, next, expires",
                (state,),
            ).fetchone()
        if row is None or row[4] <= self.clock() or not hmac.compare_digest(row[0], _digest(browser)):
            raise Refused(
                "这次登录已经用过、过期或是别人发起的；请重新登录",
                "this login was used, is too old, or was begun by somebody else; log in again",
                status=401,
            )
        return Login(state, browser, row[1], row[2], row[3])


def local(next: str) -> str:
    """A path of the service itself; ``/`` for anything that would lead elsewhere."""
    plain = (
        next.startswith("/")
        and not next.startswith(("//", "/\\"))
        and next.isascii()
        and next.isprintable()
        and "\\" not in next
    )
    return next if plain and len(next) <= 2000 else "/"


def _digest(word: str) -> bytes:
    return hashlib.sha256(word.encode()).digest()

"""Ports on loopback that are free."""

from __future__ import annotations

import socket
from collections.abc import Collection

from graph.errors import OutsideError

LOOPBACK = "127.0.0.1"
FIRST, LAST = 7687, 7787
"""Bolt's own port and those after it."""


def free_port(wanted: int | None = None, not_these: Collection[int] = ()) -> int:
    """``wanted`` where it is free, else the first free one from Bolt's own on.

    Raises
    ------
    OutsideError
        When all of them are taken.
    """
    for port in ([wanted] if wanted else []) + list(range(FIRST, LAST + 1)):
        if port not in not_these and is_free(port):
            return port
    raise OutsideError(
        f"{LOOPBACK} 的端口 {FIRST}–{LAST} 都被占用；请停掉一些程序",
        f"all ports {FIRST}–{LAST} of {LOOPBACK} are taken; stop some programs",
    )


def is_free(port: int) -> bool:
    """Whether a server could listen there now."""
    with socket.socket() as tried:
        tried.setsockopt(
            socket.SOL_SOCKET, socket.SO_REUSEADDR, 1
        )  # a server that has just ended does not count
        try:
            tried.bind((LOOPBACK, port))
            tried.listen(1)
        except OSError:
            return False
    return True


def answers(port: int, timeout: float = 1.0) -> bool:
    """Whether anything listens there."""
    try:
        socket.create_connection((LOOPBACK, port), timeout).close()
    except OSError:
        return False
    return True

"""Waiting for a server that has just been started: until it answers a question."""

from __future__ import annotations

import time
from typing import Any

from graph.errors import OutsideError
from graph.server.extra import needs
from graph.server.folders import Folders
from graph.server.ports import LOOPBACK, answers
from graph.server.record import Record
from graph.server.status import DATABASE, USER

START_SECONDS = 180.0
EVERY_SECONDS = 0.05
REFUSED_SECONDS = 20.0
"""A server that took the port in the same moment may be the one that refuses: ours will then end, and is started on another."""


class Refused(Exception):
    """Whatever answers on the port does not take the password."""


def first_answer(folders: Folders, record: Record, patience: float = START_SECONDS) -> bool:
    """Wait until the server of this record answers; ``False`` where its process ends before.

    Raises
    ------
    OutsideError
        When it has not answered within ``patience`` seconds, or refuses the password of its own file.
    """
    needs("neo4j")
    import neo4j

    assert record.process is not None and record.port is not None
    end = time.monotonic() + patience
    scheme = "bolt+ssc" if record.encrypted else "bolt"
    password = folders.password.read_text(encoding="utf-8").strip()
    refused_until = 0.0
    while time.monotonic() < end:
        if not record.process.alive:
            return False
        if answers(record.port):
            driver = neo4j.GraphDatabase.driver(
                f"{scheme}://{LOOPBACK}:{record.port}", auth=(USER, password), connection_timeout=5,
                connection_acquisition_timeout=10, max_transaction_retry_time=0,
            )  # fmt: skip
            with driver:
                try:
                    if _asked(driver):
                        return True
                except Refused as error:
                    refused_until = refused_until or time.monotonic() + REFUSED_SECONDS
                    if time.monotonic() > refused_until:
                        raise OutsideError(
                            f"服务器不接受 {folders.password} 中的密码",
                            f"the server does not take the password in {folders.password}",
                        ) from error
        time.sleep(EVERY_SECONDS)
    raise OutsideError(
        f"Neo4j {patience:.0f} 秒内没有应答；日志：{folders.log}",
        f"Neo4j has not answered in {patience:.0f} seconds; its log: {folders.log}",
    )


def _asked(driver: Any) -> bool:
    """Whether it answers.

    Raises
    ------
    Refused
        When it does not take the password.
    """
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    try:
        with driver.session(database=DATABASE) as session:
            session.run("RETURN 1").consume()
    except AuthError as error:
        raise Refused from error
    except (DriverError, Neo4jError, OSError):
        return False
    return True

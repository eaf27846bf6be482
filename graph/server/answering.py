"""Waiting for a server that has just been started: until it answers a question."""

from __future__ import annotations

import shutil
import time
from typing import Any

from graph.errors import OutsideError
from graph.server.extra import needs
from graph.server.folders import Folders
from graph.server.ports import LOOPBACK
from graph.server.record import Record
from graph.server.status import DATABASE, USER
from graph.server.troubles import listens

START_SECONDS = 180.0
EVERY_SECONDS = 0.05
LEAST_BYTES = 1_000_000


def first_answer(folders: Folders, record: Record, patience: float = START_SECONDS) -> bool:
    """Wait until the server of this record answers; ``False`` where its process ends before.

    Raises
    ------
    OutsideError
        When it has not answered within ``patience`` seconds, refuses the password of its own file, or the disk
        is full.
    """
    needs("neo4j")
    import neo4j

    assert record.process is not None and record.port is not None
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if not record.process.alive:
            return False
        _demand_room(folders)
        if listens(folders, record):
            with _driver(folders, record, neo4j) as driver:
                if _asked(driver, folders):
                    return True
        time.sleep(EVERY_SECONDS)
    raise OutsideError(
        f"Neo4j {patience:.0f} 秒内没有应答；日志：{folders.log}",
        f"Neo4j has not answered in {patience:.0f} seconds; its log: {folders.log}",
    )


def is_broken(folders: Folders, record: Record) -> bool:
    """Whether a database of the record's server has given up, as it could not write its log; ``False`` where that is unknown."""
    import neo4j
    from neo4j.exceptions import DriverError, Neo4jError

    from graph.bolt.refusals import is_broken as told_broken

    if not listens(folders, record) or not folders.password.is_file():
        return False
    with _driver(folders, record, neo4j) as driver:
        for database in (DATABASE, "system"):
            try:
                with driver.session(database=database) as session:
                    session.run("SHOW DATABASES" if database == "system" else "RETURN 1").consume()
            except (DriverError, Neo4jError, OSError) as error:
                if told_broken(error):
                    return True
    return False


def _driver(folders: Folders, record: Record, neo4j: Any) -> Any:
    scheme = "bolt+ssc" if record.encrypted else "bolt"
    password = folders.password.read_text(encoding="utf-8").strip()
    return neo4j.GraphDatabase.driver(
        f"{scheme}://{LOOPBACK}:{record.port}", auth=(USER, password), connection_timeout=5,
        connection_acquisition_timeout=10, max_transaction_retry_time=0,
    )  # fmt: skip


def _demand_room(folders: Folders) -> None:
    """Neo4j itself waits for ever on a full disk."""
    if shutil.disk_usage(folders.home).free < LEAST_BYTES:
        raise OutsideError(
            f"Neo4j 没有启动：{folders.home} 所在的磁盘已满",
            f"Neo4j did not start: the disk of {folders.home} is full",
        )


def _asked(driver: Any, folders: Folders) -> bool:
    from neo4j.exceptions import AuthError, DriverError, Neo4jError

    try:
        with driver.session(database=DATABASE) as session:
            session.run("RETURN 1").consume()
    except AuthError as error:
        raise OutsideError(
            f"服务器不接受 {folders.password} 中的密码",
            f"the server does not take the password in {folders.password}",
        ) from error
    except (DriverError, Neo4jError, OSError):
        return False
    return True

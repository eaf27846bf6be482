"""A connection that has been tried: the server answers, lets us in, and is new enough."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any

from graph.bolt.address import Address
from graph.bolt.refusals import told
from graph.errors import InputError, UsageError, reason_of
from graph.server.extra import needs

if TYPE_CHECKING:
    from neo4j import Driver

OLDEST = (5, 26)
TIMEOUT_SECONDS = 10.0
"""To reach a server at first. That is tried once: a wrong address is told at once."""
RETRY_SECONDS = 60.0
"""For so long managed transactions are tried again. A server that restarts needs ten to twenty seconds, one that recovers from a
crash some more; a writer that stands still for longer may be taken over (:data:`graph.store.neo4j.claim.LEASE_SECONDS`)."""
IDLE_SECONDS = 15.0
"""A connection that rested for longer is tried before it is used: its server may have been restarted."""


@dataclass(frozen=True)
class Connection:
    """A driver with what is known of its server. A context manager: it closes the driver.

    ``edition`` is ``community`` or ``enterprise``; ``database`` is what to give ``driver.session``.
    """

    driver: Driver
    address: Address
    version: str
    edition: str

    @property
    def database(self) -> str | None:
        """The database meant; ``None``: the user's home database."""
        return self.address.database

    def close(self) -> None:
        """Close the driver."""
        self.driver.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def connect(address: Address, timeout: float = TIMEOUT_SECONDS) -> Connection:
    """Connect to a Neo4j, and ask it once who it is.

    Parameters
    ----------
    address : Address
        See :func:`~graph.bolt.address.find_address`.
    timeout : float
        Seconds to wait for the connection.

    Raises
    ------
    OutsideError
        When it cannot be reached, is no Neo4j, or its certificate is not trusted.
    UsageError
        When user or password are wrong, there is no such database, the server is older than 5.26, or the extra ``neo4j`` is
        not installed.
    InputError
        When the file of certificates cannot be read.
    """
    needs("neo4j")
    from neo4j.exceptions import DriverError, Neo4jError

    driver = open_driver(address, timeout)
    try:
        with driver.session(database=address.database) as session:
            query = "CALL dbms.components() YIELD name, versions, edition RETURN name, versions, edition"
            found = [record.data() for record in session.run(query)]
        version, edition = read_components(found, address.uri)
    except (DriverError, Neo4jError, OSError) as error:
        driver.close()
        raise told(error, address) from error
    except BaseException:
        driver.close()
        raise
    return Connection(driver, address, version, edition)


def open_driver(address: Address, timeout: float = TIMEOUT_SECONDS) -> Driver:
    """The driver for an address, not tried yet; it prints nothing and tells of no notifications.

    Raises
    ------
    InputError
        When the file of certificates cannot be read.
    """
    import neo4j

    logging.getLogger("neo4j").addHandler(logging.NullHandler())  # else warnings go to standard error
    uri, options = address.uri, dict[str, Any]()
    if address.ca_file is not None and "+s://" in uri:
        options = {"encrypted": True, "trusted_certificates": _trusted(address)}
        uri = uri.replace("+s://", "://", 1)  # the driver wants either the one or the other
    return neo4j.GraphDatabase.driver(
        uri,
        auth=(address.user, address.password),
        connection_timeout=timeout,
        connection_acquisition_timeout=2 * timeout,
        max_transaction_retry_time=RETRY_SECONDS,
        liveness_check_timeout=IDLE_SECONDS,
        notifications_min_severity="OFF",
        user_agent="jiedui",
        **options,
    )


def read_components(found: list[dict[str, Any]], uri: str) -> tuple[str, str]:
    """Version and edition of what a server says of its components.

    Raises
    ------
    UsageError
        When it is older than 5.26.
    """
    kernel = next((row for row in found if row["name"] == "Neo4j Kernel"), found[0])
    version, edition = str(kernel["versions"][0]), str(kernel["edition"])
    numbers = re.findall(r"\d+", version)
    if tuple(int(n) for n in numbers[:2]) < OLDEST:
        raise UsageError(
            f"{uri} 是 Neo4j {version}，太旧；需要 5.26（长期支持版）或更新的版本",
            f"{uri} is Neo4j {version}, too old; 5.26 (the long-term release) or newer is needed",
        )
    return version, edition


def _trusted(address: Address) -> Any:
    from neo4j import TrustCustomCAs

    assert address.ca_file is not None
    try:
        address.ca_file.open("rb").close()
    except OSError as error:
        why = reason_of(error)
        raise InputError(
            f"无法读取证书文件 {address.ca_file}：{why.zh}",
            f"cannot read the certificates in {address.ca_file}: {why.en}",
        ) from error
    return TrustCustomCAs(str(address.ca_file))

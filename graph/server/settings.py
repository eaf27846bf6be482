"""The server's own settings: ``neo4j.conf``, written anew at each start."""

from __future__ import annotations

from graph.server.folders import Folders
from graph.server.memory import Memory
from graph.server.ports import LOOPBACK
from graph.server.record import write_private

OWN = "own.conf"
QUIET = {
    "5.26": ("netty_server_shutdown_quiet_period", "0"),
    "2026": ("netty_server_shutdown_quiet_period_duration", "0s"),
}
"""Without it a stop waits ten seconds for nothing."""


def write_settings(folders: Folders, release: str, port: int, memory: Memory) -> None:
    """Write ``neo4j.conf``; lines of ``own.conf`` in the same folder replace ours of the same name.

    Raises
    ------
    OSError
        When a file cannot be read or written.
    """
    quiet, nothing = QUIET[release]
    settings = {
        "server.default_listen_address": LOOPBACK,
        "server.bolt.listen_address": f"{LOOPBACK}:{port}",
        "server.bolt.advertised_address": f"{LOOPBACK}:{port}",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "server.memory.heap.initial_size": f"{memory.heap_mb}m",
        "server.memory.heap.max_size": f"{memory.heap_mb}m",
        "server.memory.pagecache.size": f"{memory.pages_mb}m",
        "db.tx_log.preallocate": "false",
        "db.tx_log.rotation.retention_policy": "256M size",
        f"internal.dbms.bolt.{quiet}": nothing,
    }
    settings |= own_settings(folders)
    text = "\n".join(f"{name}={value}" for name, value in settings.items())
    write_private(folders.configuration / "neo4j.conf", f"{text}\n")


def own_settings(folders: Folders) -> dict[str, str]:
    """Settings of ``own.conf``; none where there is no such file."""
    file = folders.configuration / OWN
    if not file.is_file():
        return {}
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {name.strip(): value.strip() for name, _, value in pairs}


def is_encrypted(folders: Folders) -> bool:
    """Whether the server takes connections with TLS alone, by its own settings."""
    return own_settings(folders).get("server.bolt.tls_level", "").upper() == "REQUIRED"

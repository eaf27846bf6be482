"""What a server's log says of a start that failed, in one line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from graph.errors import OutsideError
from graph.language import Text
from graph.server.folders import Folders
from graph.server.record import Record

READ_BYTES = 200_000
KNOWN = (
    (r"No space left on device|ENOSPC|Disk quota exceeded", Text("磁盘已满", "the disk is full")),
    (r"OutOfMemoryError|Cannot allocate memory|Could not reserve enough space|insufficient memory",
     Text("内存不足", "not enough memory")),
    (r"Lock file has been locked by another process|FileLockException|OverlappingFileLockException",
     Text("另一个进程正在使用这些数据", "another process is using the same data")),
    (r"ClassNotFoundException|NoClassDefFoundError|zip file is empty|error in opening zip|zip END header",
     Text("Neo4j 的零件不完整", "a part of Neo4j is broken")),
    (r"Permission denied|AccessDeniedException", Text("没有权限", "permission denied")),
    (r"Unrecognized setting[^\n]*|Error evaluating value for setting[^\n]*|Failed to read config[^\n]*",
     Text("own.conf 中有无效的设置", "a setting in own.conf is not valid")),
)  # fmt: skip
TAKEN = r"Address already in use|BindException|PortBindException"


def lengths(folders: Folders) -> dict[Path, int]:
    """How long the logs are that tell why a start failed: Java's own words, and Neo4j's."""
    return {
        log: log.stat().st_size if log.exists() else 0 for log in (folders.log, folders.logs / "neo4j.log")
    }


def said_since(before: Mapping[Path, int]) -> str:
    """What was written to the logs since they were so long (the end of it, where that is much)."""
    return "\n".join(_end(log, length) for log, length in before.items())


def _end(log: Path, start: int) -> str:
    try:
        with log.open("rb") as opened:
            size = opened.seek(0, 2)
            opened.seek(
                max(start if start <= size else 0, size - READ_BYTES)
            )  # a shorter one has been begun anew
            return opened.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def listens(folders: Folders, record: Record) -> bool:
    """Whether the record's process itself has said that it listens on its port.

    Somebody else may answer there; the password must not go to them.
    """
    said = said_since({folders.neo4j_log: record.logged})
    return re.search(rf"Bolt enabled on \S+:{record.port}\b", said) is not None


def port_taken(said: str) -> bool:
    """Whether the server found its port in use."""
    return re.search(TAKEN, said) is not None


def known_reason(said: str) -> Text | None:
    """Why, where the log says something that is known."""
    return next((reason for pattern, reason in KNOWN if re.search(pattern, said)), None)


def why_failed(said: str, folders: Folders) -> OutsideError:
    """The error for a server that did not start: a known reason, else the last cause that its logs name."""
    reason = known_reason(said)
    if reason is None:
        causes = [
            line for line in said.splitlines() if re.search(r"Caused by:|\bERROR\b|Error:|Exception\b", line)
        ]
        last = causes[-1].strip()[:300] if causes else "?"
        reason = Text(last, last)
    logs = folders.logs
    return OutsideError(
        f"Neo4j 没有启动：{reason.zh}；日志在 {logs}",
        f"Neo4j did not start: {reason.en}; its logs are in {logs}",
    )

"""What a server's log says of a start that failed, in one line."""

from __future__ import annotations

import re
from pathlib import Path

from graph.errors import OutsideError
from graph.language import Text

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


def said_since(log: Path, start: int) -> str:
    """What was written to a log after its first ``start`` bytes (the end of it, where that is long)."""
    try:
        with log.open("rb") as opened:
            opened.seek(0, 2)
            opened.seek(max(start, opened.tell() - READ_BYTES))
            return opened.read().decode("utf-8", errors="replace")
    except OSError:
        return ""


def port_taken(said: str) -> bool:
    """Whether the server found its port in use."""
    return re.search(TAKEN, said) is not None


def known_reason(said: str) -> Text | None:
    """Why, where the log says something that is known."""
    return next((reason for pattern, reason in KNOWN if re.search(pattern, said)), None)


def why_failed(said: str, log: Path) -> OutsideError:
    """The error for a server that did not start: a known reason, else the last complaint of the log."""
    reason = known_reason(said)
    if reason is not None:
        return OutsideError(
            f"Neo4j 没有启动：{reason.zh}；日志：{log}", f"Neo4j did not start: {reason.en}; its log: {log}"
        )
    complaints = [line for line in said.splitlines() if re.search(r"\b(ERROR|Error|Exception)\b", line)]
    last = complaints[-1].strip()[:300] if complaints else "?"
    return OutsideError(
        f"Neo4j 没有启动（{last}）；日志：{log}", f"Neo4j did not start ({last}); its log: {log}"
    )

"""What a private server is at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from graph.errors import OutsideError, reason_of
from graph.language import Text
from graph.server.folders import Folders

USER = "neo4j"
DATABASE = "neo4j"
State = Literal["absent", "stopped", "starting", "running", "stopping", "crashed"]
STATES: dict[State, Text] = {
    "absent": Text("尚未建立", "not set up yet"),
    "stopped": Text("已停止", "stopped"),
    "starting": Text("正在启动", "starting"),
    "running": Text("正在运行", "running"),
    "stopping": Text("正在停止", "stopping"),
    "crashed": Text("意外中止（jiedui graph up 会恢复）", "crashed (jiedui graph up recovers it)"),
}


@dataclass(frozen=True)
class Status:
    """State, address and folders of a private server. ``uri`` is ``None`` before the first start."""

    state: State
    folders: Folders
    uri: str | None = None
    version: str | None = None
    pid: int | None = None
    heap_mb: int = 0
    pages_mb: int = 0
    user: str = USER
    database: str = DATABASE

    @property
    def password_file(self) -> Path:
        """Where the password stands."""
        return self.folders.password

    def password(self) -> str:
        """The password.

        Raises
        ------
        OutsideError
            When its file cannot be read.
        """
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            why = reason_of(error)
            raise OutsideError(
                f"无法读取密码文件 {self.password_file}：{why.zh}",
                f"cannot read the password's file {self.password_file}: {why.en}",
            ) from error

    def as_dict(self) -> dict[str, Any]:
        """For JSON; the password is in its file alone."""
        return {
            "state": self.state,
            "uri": self.uri,
            "user": self.user,
            "database": self.database,
            "password_file": str(self.password_file),
            "version": self.version,
            "pid": self.pid,
            "memory_mb": {"heap": self.heap_mb, "page_cache": self.pages_mb},
            "folders": self.folders.as_dict(),
        }

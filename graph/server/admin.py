"""Neo4j's administration commands on a stopped server, and the first password."""

from __future__ import annotations

import secrets
import subprocess
from collections.abc import Sequence
from pathlib import Path

from graph.errors import OutsideError
from graph.server import java
from graph.server.folders import Folders
from graph.server.record import write_private
from graph.server.troubles import known_reason

HEAP_MB = 512


def run_admin(
    folders: Folders,
    jars: Sequence[Path],
    words: Sequence[str],
    heap_mb: int = HEAP_MB,
    options: Sequence[str] = (),
) -> str:
    """Run ``neo4j-admin`` with these words; what it says.

    Raises
    ------
    OutsideError
        When it fails; the text holds its last complaint.
    OSError
        When its command file cannot be written.
    """
    command = java.command(folders, jars, heap_mb, [java.ADMIN, *words], "admin", options)
    try:
        done = subprocess.run(
            command, cwd=folders.home, env=java.environment(folders), stdin=subprocess.DEVNULL,
            capture_output=True, text=True, encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    finally:
        java.args_file(folders, "admin").unlink(missing_ok=True)  # it may hold a password
    if done.returncode == 0:
        return done.stdout
    raise _failed(words, f"{done.stdout}\n{done.stderr}")


def first_password(folders: Folders, jars: Sequence[Path], options: Sequence[str] = ()) -> None:
    """Draw a password where there is none, and give it to a server that has never been started.

    The file is written before the password is set: there is no moment at which the server has one that nobody knows.

    Raises
    ------
    OutsideError
        When the server has been started before and its password's file is gone.
    OSError
        When the file cannot be written.
    """
    started = (folders.data / "databases" / "system").is_dir()
    if not folders.password.is_file():
        if started:
            raise OutsideError(
                f"密码文件 {folders.password} 不见了；请把它放回，或把 {folders.home} 移走后重新开始",
                f"the password's file {folders.password} is gone; put it back, or move {folders.home} away and begin anew",
            )
        write_private(folders.password, secrets.token_hex(16) + "\n")  # never begins like an option
    if not started:
        password = folders.password.read_text(encoding="utf-8").strip()
        run_admin(folders, jars, ["dbms", "set-initial-password", password], options=options)


def _failed(words: Sequence[str], said: str) -> OutsideError:
    name = " ".join(words[:2])
    lines = [line.strip() for line in said.splitlines()]
    told = [line for line in lines if line and not line.startswith(("at ", "Run with"))]
    last = told[-1][:300] if told else "?"
    known = known_reason(said)
    return OutsideError(
        f"neo4j-admin {name} 失败：{known.zh if known else last}",
        f"neo4j-admin {name} failed: {known.en if known else last}",
    )

"""Starting a server's process, waiting for its first answer, and ending it."""

from __future__ import annotations

import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from graph.errors import OutsideError
from graph.language import Text
from graph.server import java, process
from graph.server.admin import first_password
from graph.server.answering import first_answer
from graph.server.folders import Folders
from graph.server.memory import Memory
from graph.server.parts import read_lock, version_of
from graph.server.ports import free_port
from graph.server.process import Process
from graph.server.record import Record, write_record
from graph.server.settings import is_encrypted, write_settings
from graph.server.telling import Step, Tell
from graph.server.troubles import lengths, port_taken, said_since, why_failed

STOP_SECONDS = 120.0
TRIES = 5


def start(
    folders: Folders, record: Record, jars: Sequence[Path], memory: Memory, options: Sequence[str], tell: Tell
) -> None:
    """Start the server on a free port and wait for its first answer; the record says so at each step.

    Raises
    ------
    OutsideError
        When it does not start; the text says why.
    OSError
        When one of its files cannot be written.
    """
    record = replace(
        record, phase="starting", heap_mb=memory.heap_mb, pages_mb=memory.pages_mb,
        version=version_of(read_lock(record.release)), encrypted=is_encrypted(folders),
    )  # fmt: skip
    taken: list[int] = []
    tell(Step(Text(f"启动 Neo4j {record.version}", f"starting Neo4j {record.version}")))
    for _ in range(TRIES):
        port = free_port(record.port, taken)
        if record.port not in (None, port):
            tell(Step(Text(
                f"端口 {record.port} 被其他程序占用，改用 {port}", f"port {record.port} is taken by another program, {port} is used"
            )))  # fmt: skip
        record = replace(record, port=port)
        before = lengths(folders)
        if wait(folders, _launched(folders, record, jars, options), before):
            return
        taken.append(port)
    raise OutsideError(
        f"端口 {taken} 都被抢先占用；请再试一次", f"the ports {taken} were taken first by others; try again"
    )


def _launched(folders: Folders, record: Record, jars: Sequence[Path], options: Sequence[str]) -> Record:
    assert record.port is not None
    write_settings(folders, record.release, record.port, Memory(record.heap_mb, record.pages_mb))
    first_password(folders, jars, options)
    words = [java.server_class(jars), f"--home-dir={folders.home}", f"--config-dir={folders.configuration}"]
    command = java.command(folders, jars, record.heap_mb, words, "server", options)
    record = replace(record, logged=lengths(folders)[folders.neo4j_log])
    write_record(folders.record, record)
    record = replace(
        record, process=process.launch(command, folders.log, folders.home, java.environment(folders))
    )
    write_record(folders.record, record)
    return record


def wait(folders: Folders, record: Record, before: Mapping[Path, int], *, spare: bool = False) -> bool:
    """Wait for the first answer of the record's process; on a failure it is ended.

    Parameters
    ----------
    before : mapping of Path to int
        How long the logs were before this start.
    spare : bool
        Leave the process and its record alone on a failure: it ran before, and others may be at work on it.

    Returns
    -------
    bool
        ``False`` where somebody else took the port first.

    Raises
    ------
    OutsideError
        When the process ends without an answer; the text says why.
    """
    assert record.process is not None
    try:
        answered = first_answer(folders, record)
    except BaseException:
        if spare:
            raise
        end(folders, record.process, 20.0, force=True)
        write_record(folders.record, replace(record, process=None, phase="stopped"))
        raise
    if answered:
        write_record(folders.record, replace(record, phase="running"))
        return True
    write_record(folders.record, replace(record, process=None, phase="stopped"))
    said = said_since(before)
    if port_taken(said):
        return False
    raise why_failed(said, folders)


def end(
    folders: Folders, ours: Process, patience: float = STOP_SECONDS, force: bool = False, kill: bool = False
) -> None:
    """End the process cleanly and wait for it; with ``force`` at last in any way, with ``kill`` at once.

    Raises
    ------
    OutsideError
        When it has not ended after ``patience`` seconds, without ``force``.
    """
    process.send(ours, signal.SIGKILL if kill else signal.SIGTERM)
    if process.gone(ours, patience):
        return
    if not force:
        raise OutsideError(
            f"Neo4j（进程 {ours.pid}）{patience:.0f} 秒内没有停止；日志：{folders.log}",
            f"Neo4j (process {ours.pid}) has not stopped in {patience:.0f} seconds; its log: {folders.log}",
        )
    process.send(ours, signal.SIGKILL)
    process.gone(ours, patience)

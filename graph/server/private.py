"""A private Neo4j on loopback, with a folder, a password and a port of its own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from graph.errors import OutsideError, UsageError, reason_of
from graph.language import Text
from graph.server import java, process
from graph.server.admin import first_password, run_admin
from graph.server.answering import is_broken
from graph.server.aside import put_back
from graph.server.folders import Folders, default_home
from graph.server.left import tidy
from graph.server.locking import is_locked, locked
from graph.server.memory import Memory, decide
from graph.server.parts import LTS, ensure, read_lock, version_of
from graph.server.ports import LOOPBACK, free_port
from graph.server.quick import quick_options
from graph.server.record import Record, read_record, write_record
from graph.server.settings import write_settings
from graph.server.starting import end, start, wait
from graph.server.status import Status
from graph.server.telling import Step, Tell, silent
from graph.server.troubles import lengths, listens

DISK_BYTES = 200_000_000
"""Free disk that a start asks for."""


class PrivateServer:
    """A Neo4j server that belongs to one folder; no process of anybody else is ever touched.

    Parameters
    ----------
    home : Path, optional
        Its folder; by default ``JIEDUI_SERVER_HOME`` of the environment, else within the user's data folder.
    parts : Path, optional
        Where the parts of Neo4j are kept; by default ``JIEDUI_PARTS``, else within the user's cache folder.
    """

    def __init__(self, home: Path | None = None, parts: Path | None = None) -> None:
        self.folders = Folders(home.absolute() if home else default_home())
        self.parts = parts
        self.java_options: Sequence[str] | None = None
        self._depth = 0

    def status(self) -> Status:
        """What the server is at, from its record and its process; changes nothing."""
        record = read_record(self.folders.record)
        if record is None:
            return Status("starting" if is_locked(self.folders.lock) else "absent", self.folders)
        scheme = "bolt+ssc" if record.encrypted else "bolt"
        alive = record.process is not None and record.process.alive
        shown = Status(
            "stopped", self.folders, f"{scheme}://{LOOPBACK}:{record.port}" if record.port else None, record.version,
            record.process.pid if record.process and alive else None, record.heap_mb, record.pages_mb,
        )  # fmt: skip
        if alive:
            known = record.phase in ("running", "stopping")
            phase = record.phase if known else "running" if listens(self.folders, record) else "starting"
            return replace(shown, state=phase)
        return shown if record.process is None else replace(shown, state="crashed")

    def up(self, tell: Tell = silent, *, memory_mb: int | None = None, release: str | None = None) -> Status:
        """Start the server, or find it running; it goes on after this process.

        Parameters
        ----------
        tell : callable
            Told of each step.
        memory_mb : int, optional
            Memory it may take in all; by default a share of what is free.
        release : str, optional
            ``5.26`` (the default of a new server) or ``2026``; a server keeps its own.

        Raises
        ------
        OutsideError
            When parts cannot be fetched, memory or disk are too small, or the server does not start; the text says which.
        UsageError
            When the server has another release already, or the extra ``neo4j`` is not installed.
        """
        with self.turn():
            record = self._recorded(release)
            if record.process is not None and record.process.alive and record.port is None:
                end(self.folders, record.process)  # its record is lost, and where it listens with it
            elif record.process is not None and record.process.alive:
                tell(Step(Text("等待服务器应答", "waiting for the server's answer")))
                ran = self.status().state == "running"
                wait(self.folders, record, lengths(self.folders), spare=ran)
                return self.status()
            elif record.process is not None:
                tell(Step(Text("上次意外中止，正在恢复", "it crashed last time; recovering")))
            memory = decide(memory_mb)
            self._demand_disk()
            jars = ensure(record.release, self.parts, tell)
            put_back(self.folders)
            start(self.folders, record, jars, memory, self._options(jars), tell)
            return self.status()

    def down(self) -> bool:
        """Stop the server cleanly; ``False`` where it did not run.

        One whose database could not write its log (a full disk) is killed: when it stops by itself it writes the rest of its
        log twice, which it cannot read at the next start. What was committed is recovered then.

        Raises
        ------
        OutsideError
            When it has not stopped in two minutes.
        """
        if not self.folders.record.is_file():
            return False
        with self.turn():
            record = self._recorded(None)
            running = record.process is not None and record.process.alive
            if record.process is not None and running:
                with suppress(OSError):  # a full disk must not hinder a stop
                    self._write(replace(record, phase="stopping"))
                broken = is_broken(self.folders, record)
                end(self.folders, record.process, kill=broken)
            self._write(replace(record, process=None, phase="stopped"))
            return running

    def admin(self, *words: str, heap_mb: int = 512) -> str:
        """Run ``neo4j-admin`` with these words (``"database", "check", "neo4j"``) on the stopped server; what it says.

        Raises
        ------
        UsageError
            When the server runs: its databases must be at rest.
        OutsideError
            When the command fails.
        """
        with self.turn():
            record = self._recorded(None)
            if record.process is not None and record.process.alive:
                raise UsageError(
                    "服务器正在运行；请先停止：jiedui graph down",
                    "the server is running; stop it first: jiedui graph down",
                )
            jars = ensure(record.release, self.parts)
            return run_admin(self.folders, jars, words, heap_mb, self._options(jars))

    @contextmanager
    def stopped(self, tell: Tell = silent) -> Iterator[None]:
        """Within the block the server is set up and at rest; afterwards it runs again where it ran before."""
        with self.turn():
            before = read_record(self.folders.record)
            ran = self.down()
            self._prepare(tell)
            try:
                yield
            finally:
                if ran and before is not None:
                    self.up(tell, memory_mb=Memory(before.heap_mb, before.pages_mb).total_mb)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While it lasts, no other process starts, stops, saves or restores this server."""
        if sys.platform == "win32":
            raise UsageError(
                "私有服务器需要 Linux 或 macOS；请用 NEO4J_URI 指定服务器",
                "a private server needs Linux or macOS; name a server by NEO4J_URI",
            )
        if self._depth:
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
            return
        try:
            self.folders.make()
            with locked(self.folders.lock):
                self._depth = 1
                try:
                    tidy(self.folders)
                    yield
                finally:
                    self._depth = 0
        except OSError as error:
            why = reason_of(error)
            where = error.filename or self.folders.home
            raise OutsideError(f"{where}：{why.zh}", f"{where}: {why.en}") from error

    def _recorded(self, release: str | None) -> Record:
        """The record, with a process that was started and not recorded; a fresh one where there is none."""
        record = read_record(self.folders.record)
        if record is None:
            name = release or LTS
            record = Record(name, version_of(read_lock(name)))
        elif release not in (None, record.release):
            raise UsageError(
                f"{self.folders.home} 的服务器是 Neo4j {record.release}，不能换成 {release}；请用 --home 另建一个",
                f"the server in {self.folders.home} is Neo4j {record.release} and cannot become {release}; use --home for another one",
            )
        if record.process is None or not record.process.alive:
            left = process.find(f"@{java.args_file(self.folders, 'server')}")
            record = replace(record, process=left, phase="starting") if left else record
        return record

    def _prepare(self, tell: Tell = silent) -> tuple[Record, list[Path]]:
        """Parts, settings and password of a server at rest."""
        record = self._recorded(None)
        jars = ensure(record.release, self.parts, tell)
        if not (self.folders.configuration / "neo4j.conf").is_file():
            write_settings(self.folders, record.release, record.port or free_port(), decide())
        first_password(self.folders, jars, self._options(jars))
        if read_record(self.folders.record) is None:
            self._write(record)
        return record, jars

    def _options(self, jars: Sequence[Path]) -> Sequence[str]:
        """Options of Java: those that were set, else those of a quick start."""
        return quick_options(jars) if self.java_options is None else self.java_options

    def _write(self, record: Record) -> None:
        write_record(self.folders.record, record)

    def _demand_disk(self) -> None:
        free = shutil.disk_usage(self.folders.home).free
        if free < DISK_BYTES:
            raise OutsideError(
                f"磁盘空间不足：{self.folders.home} 可用 {free / 1e6:.0f} MB，Neo4j 至少需要 {DISK_BYTES / 1e6:.0f} MB",
                f"the disk is too full: {free / 1e6:.0f} MB are free in {self.folders.home}, Neo4j needs {DISK_BYTES / 1e6:.0f} MB at least",
            )

"""Events as lines of a log: one JSON object each, or text for a terminal. The command line's ``--log-file`` and the service alike.

An event is told by its message and by ``extra={"facts": {...}}``. Of an error only its kind and where it passed are told, not what
Python says of it: that may hold what somebody sent.
"""

from __future__ import annotations

import json
import logging
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TextIO

from pythonjsonlogger.json import JsonFormatter

from api.frames import frames

WAITING = 10_000
"""Events that wait to be written; where whoever reads the log is slower than that, further ones are dropped."""
EVERY_SECONDS = 0.1
"""How often what waits is written."""
LAST_SECONDS = 2.0
"""For what waits when the service ends."""
UNSHOWN = ("_srcfile", "logThreads", "logProcesses", "logMultiprocessing", "logAsyncioTasks")
"""Switches of :mod:`logging` for what a record is given beside its message; that of tasks came with Python 3.12."""
OWN = ("jiedui", "uvicorn")
"""Loggers whose level is the setting's; all others tell warnings."""


class JsonLines(JsonFormatter):
    """A JSON object per event: ``at`` (UTC), ``level``, ``event``, then its facts."""

    def __init__(self) -> None:
        super().__init__(json_default=str, json_ensure_ascii=False)

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Put in what an event tells."""
        log_data.update(told(record))


class PlainLines(logging.Formatter):
    """An event on a line for people: time, level where it is no mere notice, event, facts."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        facts = told(record)
        at, level, event = facts.pop("at"), facts.pop("level"), facts.pop("event")
        trace = "".join(f"\n    {frame}" for frame in facts.pop("trace", ()))
        mark = "" if level in ("info", "debug") else f"{level.upper()} "
        words = " ".join(f"{name}={_word(value)}" for name, value in facts.items() if value is not None)
        return f"{at[11:19]} {mark}{event} {words}".rstrip() + trace


def _word(value: Any) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text, ensure_ascii=False)


def told(record: logging.LogRecord) -> dict[str, Any]:
    """What an event tells."""
    facts = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
        "level": record.levelname.lower(),
        "event": record.getMessage().strip(),
        **getattr(record, "facts", {}),
    }
    if record.exc_info and record.exc_info[1] is not None:
        facts["trace"] = frames(record.exc_info[1])
    return facts


class Waiting(logging.Handler):
    """Keeps events for a thread that looks for them every so often: a reader of the log that hangs does not hang the service.

    The thread is not woken by an event: handing the interpreter over to it each time costs more than most answers.

    Parameters
    ----------
    writing : logging.Handler
        Writes them.
    """

    def __init__(self, writing: logging.Handler) -> None:
        super().__init__()
        self.writing, self.dropped = writing, 0
        self._kept = deque[logging.LogRecord]()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)

    def createLock(self) -> None:
        """None: a deque needs none."""
        self.lock = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it, or drop it where too many are kept."""
        if len(self._kept) < WAITING:
            self._kept.append(record)
        else:
            self.dropped += 1

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write the rest; a reader that hangs does not keep the service from ending."""
        self._end.set()
        self._thread.join(LAST_SECONDS)

    def _write(self) -> None:
        said, last = 0, False
        while not last:
            last = self._end.wait(EVERY_SECONDS)
            while self._kept:
                self.writing.handle(self._kept.popleft())
            if self.dropped > said:
                self.writing.handle(_lost(self.dropped - said))
                said = self.dropped


def _lost(count: int) -> logging.LogRecord:
    lost = logging.LogRecord("jiedui", logging.WARNING, "", 0, "events lost", (), None)
    lost.facts = {"count": count}
    return lost


@contextmanager
def _only_what_is_told() -> Iterator[None]:
    """Records without caller, thread, process and task, as the logging HOWTO has it (*Optimization*): no line shows them."""
    before = {name: getattr(logging, name) for name in UNSHOWN if hasattr(logging, name)}
    for name in before:
        setattr(logging, name, None)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(logging, name, value)


@contextmanager
def logging_to(stream: TextIO, *, as_json: bool, level: str) -> Iterator[Waiting]:
    """While it lasts, all events of the process go to a stream; those of ``--log-file`` to that file, too.

    Parameters
    ----------
    stream : text file
    as_json : bool
        JSON lines, else text.
    level : str
        Least that jiedui and its server tell.
    """
    writing = logging.StreamHandler(stream)
    writing.setFormatter(JsonLines() if as_json else PlainLines())
    waiting = Waiting(writing)
    root, own = logging.getLogger(), [logging.getLogger(name) for name in OWN]
    before = root.handlers[:], [(logger, logger.level) for logger in own]
    files = [handler for handler in own[0].handlers if isinstance(handler, logging.FileHandler)]
    root.handlers[:] = [waiting]
    for logger in own:
        logger.setLevel(level.upper())
    own[1].handlers += files
    waiting.start()
    try:
        with _only_what_is_told():
            yield waiting
    finally:
        waiting.stop()
        root.handlers[:] = before[0]
        for handler in files:
            own[1].removeHandler(handler)
        for logger, level_before in before[1]:
            logger.setLevel(level_before)

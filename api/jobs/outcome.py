"""What came of a work's process: whether it answered, was cut off, or what it told of why not."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.jobs.means import LOG, RESULT
from graph.language import Text

LINES = 40
"""Of the log of a work that was cut off, so many are told."""
CHECK_FAILED = 1
"""Exit status of a command that answered, and whose answer is no (``verify``, ``accept``, ``--strict``)."""
SHELL = 128
"""What is added to a signal's number where a command ends in good order upon it."""


def cut_off(code: int) -> bool:
    """Whether somebody ended the process: killed, or asked to end."""
    return code < 0 or code - SHELL in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)


def answered(code: int, place: Path) -> bool:
    """Whether there is an answer, be it no."""
    return code == 0 or (code == CHECK_FAILED and _document(place) is not None and refused(place) is None)


def note_killed(code: int, place: Path) -> None:
    """Write into a work's log that its process was killed, when and by which signal: it had no time to say anything itself."""
    number = signal_of(code)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    said = Text(f"{at} 进程被信号 {number} 终止", f"{at} the process was killed by signal {number}")
    with suppress(OSError):  # a full disk may be why; what becomes of the work is told all the same
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        opened = os.open(place / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as log:
            log.write(f"{said.zh} · {said.en}\n")


def signal_of(code: int) -> int:
    """Number of the signal that ended a process."""
    return -code if code < 0 else code - SHELL


def lost(attempts: int, code: int, place: Path) -> dict[str, Any]:
    """What to tell of a work whose process was killed each time."""
    number = signal_of(code)
    text = Text(
        f"进程第 {attempts} 次被终止（信号 {number}），未再重试；多半是内存不足",
        f"its process was killed {attempts} times (signal {number}) and not tried again; most often memory is short",
    )
    return {"exit": code, "message": text.as_dict(), "log": log_lines(place)}


def refusal(code: int, place: Path) -> dict[str, Any]:
    """What to tell of a work whose command ended with an error: what it told itself, else its report, else its log."""
    told = refused(place)
    if told is not None:
        return told
    report = _document(place)
    if report is not None:
        text = Text("数据有错；逐行见 report", "there are bad rows; each is in report")
        return {"exit": code, "message": text.as_dict(), "report": report}
    text = Text(f"命令以 {code} 结束；见日志", f"the command ended with {code}; see its log")
    return {"exit": code, "message": text.as_dict(), "log": log_lines(place)}


def refused(place: Path) -> dict[str, Any] | None:
    """The error that a command told as JSON, if it told one."""
    told = _document(place)
    error = told.get("error") if isinstance(told, dict) else None
    return dict(error) if isinstance(error, dict) else None


def log_lines(place: Path) -> list[str]:
    """The last lines of a work's log."""
    file = place / LOG
    if not file.is_file():
        return []
    return file.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES:]


def _document(place: Path) -> Any:
    with suppress(OSError, ValueError):
        return json.loads((place / RESULT).read_text(encoding="utf-8"))
    return None

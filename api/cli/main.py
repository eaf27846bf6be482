"""Run the command line: options that hold everywhere, and errors turned into words and exit codes."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from api.cli.signals import Ended, heeded
from graph.errors import InfeasibleError, JieduiError, ReportFailed, TableErrors, reason_of
from graph.language import Text, use_language
from graph.wording import following, worded

log = logging.getLogger("jiedui")
log.addHandler(logging.NullHandler())  # without a log file, events must not fall through to standard error

DEFECT = 70
INTERRUPTED = 130
READER_GONE = 141
"""What a shell gives a command that ``head`` or ``less`` stopped reading: 128 + SIGPIPE."""


class Everywhere:
    """Options that may stand anywhere on the line. ``quiet``: no progress lines."""

    quiet = False
    verbose = False
    as_json = False


def take_options(words: Sequence[str]) -> list[str]:
    """Take the options that hold everywhere out of the line; the other words are left as they are.

    ``--lang zh|en``, ``-q/--quiet``, ``-v/--verbose``, ``--log-file FILE``. A wrong value is left for the
    command line library to complain about. Nothing is left of the line before, where one process runs several.
    """
    Everywhere.quiet = Everywhere.verbose = Everywhere.as_json = False
    rest: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*rest, word, *waiting]
        name, equals, value = word.partition("=")
        if name in ("--lang", "--log-file") and (equals or waiting):
            value = value if equals else waiting.pop(0)
            if name == "--log-file":
                _log_to(Path(value))
            elif value in ("zh", "en"):
                use_language(value)  # type: ignore[arg-type] # narrowed by the line above
            else:
                rest += [name, value]
        elif word in ("-q", "--quiet"):
            Everywhere.quiet = True
        elif word in ("-v", "--verbose"):
            Everywhere.verbose = True
        else:
            Everywhere.as_json |= word == "--json"
            rest.append(word)
    return rest


def run(words: Sequence[str]) -> int:
    """Run one command line; its exit status (design § 6)."""
    code = 0
    try:
        with heeded(), following():
            code = _run(words)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader (head, less) has gone: nothing is wrong, and nobody is left to tell
        code = code or READER_GONE
    except OSError as error:  # standard output on a full disk
        code = code or _outside(error)
    for stream in (sys.stdout, sys.stderr):
        _nowhere(stream)
    return code


def _nowhere(stream: TextIO) -> None:
    """Send a stream that cannot be written any more nowhere, so that Python's last flush does not complain."""
    try:
        stream.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _run(words: Sequence[str]) -> int:
    import click

    for stream in (sys.stdout, sys.stderr):  # a terminal without Chinese shows question marks, not a defect
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        rest = take_options(words)
        from api.cli import build_group
        from api.cli.library_words import install

        install()

        log.info("command", extra={"facts": {"words": list(words)}})
        if Everywhere.verbose:
            logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")
        code = build_group().run(rest)
        return code if isinstance(code, int) else 0
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.exceptions.Abort, EOFError):
        return _interrupted()
    except click.ClickException as error:
        return _wrong_use(error)
    except JieduiError as error:
        return _jiedui(error)
    except KeyboardInterrupt as error:
        return _interrupted(error.status if isinstance(error, Ended) else INTERRUPTED)
    except BrokenPipeError:
        raise
    except MemoryError:
        return _say(Text("内存不足", "out of memory"), 5)
    except OSError as error:
        return _outside(error)
    except Exception:  # whatever is left is a defect of ours
        return _defect()


def _wrong_use(error: Any) -> int:
    import click

    from api.cli.library_words import both

    if isinstance(error, click.exceptions.NoArgsIsHelpError):  # `jiedui` alone: its help is no complaint
        print(error.format_message(), file=sys.stderr)
        return error.exit_code
    context = getattr(error, "ctx", None)
    usage = context.get_usage() if context else ""
    return _say(both(error.format_message), error.exit_code, usage=usage)


def _jiedui(error: JieduiError) -> int:
    if isinstance(error, TableErrors) and Everywhere.as_json:
        from graph.tables.report import report_json

        print(json.dumps(report_json(error.findings), ensure_ascii=False, indent=2))
        return error.exit_code
    if isinstance(error, ReportFailed) and Everywhere.as_json:  # its report is on standard output already
        print(f"✗ {error.text}", file=sys.stderr)
        return error.exit_code
    with (
        nullcontext() if isinstance(error, InfeasibleError) else worded(None)
    ):  # what is wrong with files is told in their words
        return _say(error.text, error.exit_code, details=error.details())


def _say(text: Text, code: int, usage: str = "", details: Mapping[str, Any] | None = None) -> int:
    log.error("error", extra={"facts": {"exit": code, "text": text.en}})
    if Everywhere.as_json:
        told = {"exit": code, "message": text.as_dict(), **(details or {})}
        print(json.dumps({"error": told}, ensure_ascii=False, indent=2, default=str))
        return code
    if usage:
        print(usage, file=sys.stderr)
    start = "\033[31m✗\033[0m " if sys.stderr.isatty() and "NO_COLOR" not in os.environ else "✗ "
    print(f"{start}{text}", file=sys.stderr)
    return code


def _outside(error: OSError) -> int:
    where, why = error.filename, reason_of(error)
    return _say(Text(f"{where}：{why.zh}", f"{where}: {why.en}") if where else why, 5)


def _interrupted(status: int = INTERRUPTED) -> int:
    with suppress(OSError):  # after SIGHUP there is no terminal left to say it on
        print(Text("\n已中断，没有留下半成品", "\ninterrupted; nothing half-done was left"), file=sys.stderr)
    return status


def _defect() -> int:
    from platformdirs import user_log_dir

    trace = traceback.format_exc()
    try:
        folder = Path(user_log_dir("jiedui"))
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"defect-{datetime.now(UTC):%Y%m%dT%H%M%S}-{os.getpid()}.log"
        file.write_text(trace, encoding="utf-8")
    except OSError:
        print(trace, file=sys.stderr)
        return _say(
            Text(
                "这是 jiedui 的缺陷，请报告上面的内容", "this is a defect of jiedui; please report the above"
            ),
            DEFECT,
        )
    last = trace.strip().splitlines()[-1]
    return _say(
        Text(
            f"这是 jiedui 的缺陷（{last}）；详情：{file}",
            f"this is a defect of jiedui ({last}); details: {file}",
        ),
        DEFECT,
    )


def _log_to(file: Path) -> None:
    """Append a JSON line per event; no personal names are among the facts."""
    from api.logs import JsonLines

    handler = logging.FileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    log.addHandler(handler)
    log.setLevel(logging.INFO)

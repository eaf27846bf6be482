"""Events as lines: what they tell, and what they do not."""

from __future__ import annotations

import io
import json
import logging
import threading
from pathlib import Path
from typing import Any

import pytest

from api.logs import JsonLines, PlainLines, logging_to

log = logging.getLogger("jiedui.test")


def fail() -> Exception:
    try:
        raise ValueError("张三 s3cr3t")
    except ValueError as error:
        return error


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_json_line_per_event_of_ours_and_of_the_server() -> None:
    stream = io.StringIO()
    with logging_to(stream, as_json=True, level="info"):
        log.info("request", extra={"facts": {"route": "/x", "name": "中"}})
        log.debug("not told")
        logging.getLogger("uvicorn.error").info("Started")
        logging.getLogger("asyncio").warning("slow")
        logging.getLogger("asyncio").info("not told")
    told = lines(stream)
    assert [(e["event"], e["level"]) for e in told] == [
        ("request", "info"),
        ("Started", "info"),
        ("slow", "warning"),
    ]
    assert told[0]["route"] == "/x" and told[0]["at"].endswith("+00:00") and "中" in stream.getvalue()


def test_an_error_tells_its_kind_and_where_it_passed_and_nothing_of_what_it_says() -> None:
    stream = io.StringIO()
    with logging_to(stream, as_json=True, level="info"):
        log.error("defect", exc_info=fail())
    trace = lines(stream)[0]["trace"]
    assert trace[0] == "builtins.ValueError" and trace[1].endswith(" fail") and __file__ in trace[1]
    assert "s3cr3t" not in stream.getvalue() and "张三" not in stream.getvalue()


def test_text_for_people() -> None:
    record = logging.LogRecord("jiedui", logging.WARNING, "", 0, "cut off", (), None)
    record.facts = {"why": "slow request", "address": "10.0.0.1", "caller": None}
    assert PlainLines().format(record)[9:] == 'WARNING cut off why="slow request" address=10.0.0.1'
    record = logging.LogRecord("jiedui", logging.INFO, "", 0, "a\nb", (), None)
    record.facts = {"x": "line\nbreak"}
    assert PlainLines().format(record)[9:] == 'a\nb x="line\\nbreak"'


def test_line_breaks_make_no_second_line_of_json() -> None:
    record = logging.LogRecord("jiedui", logging.INFO, "", 0, "a\nb", (), None)
    assert json.loads(JsonLines().format(record))["event"] == "a\nb" and "\n" not in JsonLines().format(
        record
    )


def test_the_log_file_gets_the_same(tmp_path: Path) -> None:
    handler = logging.FileHandler(tmp_path / "log", encoding="utf-8")
    handler.setFormatter(JsonLines())
    logging.getLogger("jiedui").addHandler(handler)
    try:
        with logging_to(io.StringIO(), as_json=True, level="info"):
            log.info("ours")
            logging.getLogger("uvicorn.error").info("the server's")
        logging.getLogger("uvicorn.error").warning("behind")
    finally:
        logging.getLogger("jiedui").removeHandler(handler)
        handler.close()
    told = [json.loads(line)["event"] for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()]
    assert told == ["ours", "the server's"]


def test_all_is_as_before_behind_it() -> None:
    root, own = logging.getLogger(), logging.getLogger("jiedui")
    before = root.handlers[:], own.level
    with logging_to(io.StringIO(), as_json=False, level="error"):
        assert own.level == logging.ERROR
    assert (root.handlers[:], own.level) == before


class Hanging(io.StringIO):
    """A reader of the log that does not read until it may."""

    def __init__(self) -> None:
        super().__init__()
        self.may = threading.Event()

    def write(self, text: str) -> int:
        """Wait, then take it."""
        self.may.wait(10)
        return super().write(text)


def test_a_reader_that_hangs_holds_nobody_up_and_hears_how_many_events_were_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.logs.WAITING", 5)
    stream = Hanging()
    with logging_to(stream, as_json=True, level="info") as waiting:
        for n in range(20):
            log.info("event", extra={"facts": {"n": n}})
        assert waiting.dropped >= 14
        stream.may.set()
    told = lines(stream)
    assert [e["n"] for e in told[:-1]] == list(range(20 - waiting.dropped))
    assert (told[-1]["event"], told[-1]["count"]) == ("events lost", waiting.dropped)


def test_a_reader_that_never_reads_does_not_keep_the_service_from_ending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.logs.WAITING", 1)
    monkeypatch.setattr("api.logs.LAST_SECONDS", 0.01)
    stream = Hanging()
    with logging_to(stream, as_json=True, level="info"):
        for _ in range(5):
            log.info("event")
    assert stream.getvalue() == ""
    stream.may.set()

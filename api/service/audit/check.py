"""Whether an audit log is what was written: the chain from the first row to the last, and heads that were noted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.service.audit.anchor import Head
from api.service.audit.entry import COLUMNS, FIRST, Entry, digest
from graph.errors import InputError, OutsideError, reason_of
from graph.language import Text


@dataclass(frozen=True)
class Verdict:
    """What a check found.

    Parameters
    ----------
    rows : int
        That were read; of a broken log those before the break.
    head : Head
        The last of them.
    broken : int or None
        Number of the first row that is not as it was written, or is missing.
    why : Text or None
        What is wrong with it.
    unfinished : sequence of str
        Requests that were begun and whose end is not told: they run now, or the service was killed in the midst of them.
    anchored : bool
        Whether a head was there to compare with; without one rows cut off at the end are not missed.
    """

    rows: int
    head: Head
    broken: int | None = None
    why: Text | None = None
    unfinished: Sequence[str] = field(default_factory=tuple)
    anchored: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "ok": self.broken is None, "rows": self.rows, "head": str(self.head), "broken": self.broken,
            "why": None if self.why is None else self.why.as_dict(), "unfinished": list(self.unfinished), "anchored": self.anchored,
        }  # fmt: skip


def check(entries: Iterable[Entry], heads: Sequence[Head] = ()) -> Verdict:
    """Check a log from its first row on.

    Parameters
    ----------
    entries : iterable of Entry
        All of it, the oldest first.
    heads : sequence of Head
        Rows that are known to have been there.
    """
    known = {head.number: head for head in heads if head.number}
    last, started = Head(0, FIRST), dict[str, None]()
    for entry in entries:
        why = _wrong(entry, last, known.pop(entry.number, None))
        if why is not None:
            return Verdict(last.number, last, last.number + 1, why, tuple(started), bool(heads))
        last = Head(entry.number, entry.hash)
        if entry.step == "begun":
            started[entry.request] = None
        else:
            started.pop(entry.request, None)
    missing = max(known, default=None)
    if missing is None:
        return Verdict(last.number, last, unfinished=tuple(started), anchored=bool(heads))
    why = Text(
        f"末尾缺 {last.number + 1} 至 {missing} 行：曾记下第 {missing} 行",
        f"rows {last.number + 1} to {missing} are missing at the end: row {missing} was noted",
    )
    return Verdict(last.number, last, last.number + 1, why, tuple(started), True)


def _wrong(entry: Entry, last: Head, noted: Head | None) -> Text | None:
    if entry.number != last.number + 1:
        return Text(
            f"缺这一行：{last.number} 之后是 {entry.number}",
            f"this row is missing: {entry.number} comes after {last.number}",
        )
    if entry.before != last.hash:
        return Text("与上一行不相连", "it is not chained to the row before")
    if entry.hash != digest(entry):
        return Text("内容被改动过", "it was changed after it was written")
    if noted is not None and noted.hash != entry.hash:
        return Text(
            "不是曾记下的那一行：整条链被重写过",
            "it is not the row that was noted: the whole chain was written anew",
        )
    return None


def exported(file: Path) -> Iterator[Entry]:
    """The rows of an export as JSON lines.

    Raises
    ------
    InputError
        When a line is no row of an audit log; names the line.
    OutsideError
        When the file cannot be read.
    """
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for place, line in enumerate(lines, 1):
                yield _of_line(line, file, place)
    except OSError as error:
        why = reason_of(error)
        raise OutsideError(f"无法读取 {file}：{why.zh}", f"cannot read {file}: {why.en}") from error


def _of_line(line: str, file: Path, place: int) -> Entry:
    try:
        told = json.loads(line)
        return Entry(**{name: told[name] for name in COLUMNS})
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            f"{file} 第 {place} 行不是审计日志的一行（应由 jiedui audit export 写出的 JSON 行）",
            f"{file}, line {place}, is no row of an audit log (JSON lines, as jiedui audit export writes them)",
        ) from error

"""Files that are made to do harm, and connections that never end, against a running service: what is answered, and what it costs.

Each is sent over HTTP; the most memory that the server had, and the process that reads what somebody sent, is what the kernel tells. The files
are those of the tests (``tests/api/http/hostile.py``), the great ones greater than there.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.memory import Watch
from benchmarks.page import Page
from benchmarks.service.running import Running
from benchmarks.slow import endless_heads, slow_heads, ten_gigabytes

UPLOADS = "/uploads"
SMALL = {"body_mb": "8", "reading_mb": "400", "reading_seconds": "20"}
"""As in the tests: what is too large there is too large here."""
Row = tuple[object, ...]


def great() -> Mapping[str, tuple[str, Callable[[], bytes]]]:
    """What is sent to a service as it is set by default: name → file's name, and what makes it."""
    from tests.api.http import hostile

    return {
        "nothing wrong: the least workbook": ("a.xlsx", hostile.workbook),
        "zip bomb: 1 MB that unpacks to 1 GB": ("a.xlsx", lambda: hostile.burst(1000)),
        "a part of 300 MB that says it has 1 KB": ("a.xlsx", lambda: hostile.lying(1000, 300_000_000)),
        "billion laughs": ("a.xlsx", hostile.billion_laughs),
        "two cells at the ends of a sheet (17·10⁹ cells between)": ("a.xlsx", hostile.wide_sheet),
        "CSV of 10⁶ columns": ("regions.csv", lambda: columns(10**6)),
        "Parquet of 8 KB that is 15 GB once read": ("regions.parquet", lambda: hostile.parquet_that_bursts(3_000_000)),
        "Parquet whose footer says 10¹⁵ rows": ("regions.parquet", hostile.parquet_of_absurd_rows),
        "JSON nested 10⁵ deep": ("regions.json", lambda: b"[" * 100_000),
    }  # fmt: skip


def columns(number: int) -> bytes:
    """A CSV of so many columns."""
    head = ",".join(f"c{n}" for n in range(number))
    return f"{head}\n{',' * (number - 1)}\n".encode()


def sent(service: Running, watch: Watch, what: str, name: str, content: bytes) -> Row:
    """Send one file; a row of the page."""
    began = time.perf_counter()
    with watch:
        told = service.http.post(UPLOADS, params={"filename": name}, content=content)
    seconds = time.perf_counter() - began
    if told.is_success:
        service.http.delete(f"{UPLOADS}/{told.json()['id']}")
    answer = f"{told.status_code} {told.json().get('type', '').rpartition('/')[2]}"
    return what, len(content) / 1e6, answer, seconds, watch.server_mb, watch.reader_mb, kept(service)


def kept(service: Running) -> int:
    """Files that lie in the tray."""
    return sum(1 for _ in (service.data / "uploads").rglob("*"))


def all_kinds(service: Running, watch: Watch) -> Row:
    """Every file of the tests, one after the other; one row."""
    from tests.api.http.test_hostile_uploads import BOMBS, FILES

    files = [("a.xlsx", make) for make, *_ in BOMBS.values()] + [
        (name, make) for name, make, *_ in FILES.values()
    ]
    rows = [sent(service, watch, "", name, make()) for name, make in files]
    answers = Counter(str(row[2]) for row in rows)
    told = ", ".join(f"{n} × {answer}" for answer, n in sorted(answers.items()))
    size, seconds, server, reader = (max(float(str(row[n])) for row in rows) for n in (1, 3, 4, 5))
    return (
        f"all {len(rows)} kinds of the tests (8 MB taken, 400 MB to read)",
        size,
        told,
        seconds,
        server,
        reader,
        kept(service),
    )


@contextmanager
def watched(settings: Mapping[str, str]) -> Iterator[tuple[Running, Watch]]:
    """A service, and who watches its memory."""
    from tests.api.http.hostile import workbook

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        service = stack.enter_context(Running(folder / "data", settings=settings))
        service.ready()
        watch = Watch(service.process.pid)
        sent(service, watch, "", "a.xlsx", workbook())  # from now on what reads is there
        yield service, watch


def run() -> Page:
    """The page."""
    rows: list[Row] = []

    def told(row: Row) -> None:
        rows.append(row)
        print(*row, sep=" · ", file=sys.stderr, flush=True)

    with watched({}) as (service, watch):
        for what, (name, make) in great().items():
            told(sent(service, watch, what, name, make()))
        for attack in (ten_gigabytes, slow_heads, endless_heads):
            told((*attack(service, watch), kept(service)))
    with watched(SMALL) as (service, watch):
        told(all_kinds(service, watch))
    note = (
        "`python -m benchmarks hostile`: sent to a running `jiedui serve` over loopback. Memory: the most that the server had while it was answered, and the most "
        "of the process that read the file (0: none was begun). *Kept*: files in the tray afterwards."
    )
    heads = ("what", "MB sent", "answer", "s", "server, MB", "reader, MB", "kept")
    return Page("hostile", "Files and connections that are made to do harm", note, heads, rows)

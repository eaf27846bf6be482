"""Bad days at the size of the whole country, and the same plan by one worker, by two and by Dask.

``make soak``: each day is an overlay of the generated country or an event while it is planned, through the ordinary command.
The same days at small size are in the test-suite; here they are seen at the size that hurts.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import psutil

from benchmarks.page import Page

Build: TypeAlias = Callable[[Path, Path], str]
"""Takes the country and an overlay's empty ``data/``; writes tables there, and gives the text below ``base = …``."""

ALIKE = 100_000
BUSY = 5.0  # seconds of a solver's work after which something happens to it
PATIENCE = 600.0
NO_WEIGHTS = ("distance", "skill", "language", "own_county", "profile", "keep")


@dataclass(frozen=True)
class Day:
    """A bad day.

    Parameters
    ----------
    what : str
        What is wrong.
    end : int
        The exit status that it must end with.
    words : sequence of str
        Options of ``jiedui plan``.
    build : callable, optional
        What is changed in the country.
    event : signal, optional
        Sent to the command (``SIGINT``) or to its solver (``SIGKILL``) while it solves.
    limit : int, optional
        Bytes of address space.
    """

    what: str
    end: int
    words: Sequence[str]
    build: Build | None = None
    event: signal.Signals | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Ended:
    """How a command ended: seconds in all, seconds after the event, peak memory (GB), what it said."""

    status: int
    seconds: float
    after: float | None
    gigabytes: float
    said: str


def _alike(country: Path, data: Path) -> str:
    """So many people without a post become alike in everything but their ids."""
    import polars as pl

    cadres = pl.read_parquet(country / "data" / "cadres.parquet")
    posted = pl.read_parquet(country / "data" / "postings.parquet")["cadre"]
    free = ~pl.col("id").is_in(posted.implode())
    pattern = cadres.filter(free).row(0, named=True)
    chosen = free & (free.cum_sum() <= ALIKE)
    same = [
        pl.when(chosen).then(pl.lit(pattern[c], cadres.schema[c])).otherwise(pl.col(c)).alias(c)
        for c in cadres.columns
        if c != "id"
    ]
    cadres.with_columns(same).write_parquet(data / "cadres.parquet")
    return ""


def _province_empty(country: Path, data: Path) -> str:
    """Nobody lives in Guizhou, and nobody is in place who did."""
    import polars as pl

    cadres = pl.read_parquet(country / "data" / "cadres.parquet")
    left = cadres.filter(~pl.col("home_region").str.starts_with("52"))
    postings = pl.read_parquet(country / "data" / "postings.parquet")
    left.write_parquet(data / "cadres.parquet")
    postings.filter(pl.col("cadre").is_in(left["id"].implode())).write_parquet(data / "postings.parquet")
    return ""


def _village_alone(country: Path, data: Path) -> str:
    """A village of the first tier in a new prefecture where nobody lives and that is no unit's own."""
    places = [
        ("529900", "new prefecture", "prefecture", "520000"),
        ("529901", "new county", "county", "529900"),
        ("529901990001", "village that nobody may go to", "village", "529901"),
    ]
    rows = ", ".join(
        f'{{ code = "{c}", name = "{n}", level = "{k}", parent = "{p}", lon = 107.0, lat = 27.0 }}'
        for c, n, k, p in places
    )
    post = '{ village = "529901990001", post = "fs", role = "first_secretary", minimum = 1, target = 1, tier = 1 }'
    added = f'[[change]]\ntable = "regions"\nadd = [{rows}]\n[[change]]\ntable = "village_posts"\nadd = [{post}]\n'
    return f'[regions]\ncodes = "free"\n{added}'  # they are no codes of GB/T 2260


def _budgets(amount: int, where: str = "") -> Build:
    named = f"where = {{ {where} }}\n" if where else ""
    return lambda country, data: f'[[change]]\ntable = "fund_budgets"\n{named}set = {{ amount = {amount} }}\n'


def _set(*pairs: str) -> list[str]:
    return [word for pair in pairs for word in ("--set", pair)]


PEOPLE, MONEY = ("--stage", "cadres"), ("--stage", "funds")
HEAVY = _set("cadres.distance_weight=1000", *(f"cadres.{w}_weight=10000" for w in NO_WEIGHTS[1:]))
EQUAL = _set(*(f"cadres.{w}_weight=0" for w in NO_WEIGHTS))
NO_FLOORS = _set(
    *(f"funds.{rule}=off" for rule in ("county_floor", "per_head", "stability", "province_shares", "reward"))
)
ONE_BUDGET = 'source = "east_west_440100", year = 2018'
DAYS = (
    Day(f"one class of {ALIKE:,} people", 0, PEOPLE, _alike),
    Day("a province without cadres (Guizhou)", 0, PEOPLE, _province_empty),
    Day("the same, and first-tier posts have to be filled", 3, (*PEOPLE, *_set("cadres.must_fill_tier=1")),
        _province_empty),
    Day("a village that nobody may go to", 0, PEOPLE, _village_alone),
    Day("costs that nearly overflow 64 bits", 2, (*PEOPLE, *HEAVY)),
    Day("all costs equal", 0, (*PEOPLE, *EQUAL)),
    Day("zero budget, and floors that have to be paid", 3, MONEY, _budgets(0)),
    Day("zero budget, no floors", 0, (*MONEY, *NO_FLOORS), _budgets(0)),
    Day("a budget of 10¹⁴ yuan", 0, MONEY, _budgets(10**14, ONE_BUDGET)),
    Day("all budgets 10¹⁴ yuan", 2, MONEY, _budgets(10**14)),
    Day("memory short: 1.5 GB", 5, (), limit=1_500_000_000),
    Day("Ctrl-C while people are solved", 130, PEOPLE, event=signal.SIGINT),
    Day("the solver is killed", 5, PEOPLE, event=signal.SIGKILL),
    Day("`--time-limit 1`", 0, (*PEOPLE, "--time-limit", "1")),
    Day("`--time-limit 1`, all stages", 0, ("--time-limit", "1")),
)  # fmt: skip


def run(scale: float = 1.0, days: Sequence[Day] = DAYS) -> Page:
    """The page; ``scale`` below 1 plans a smaller country."""
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        country = folder / "n"
        words = ("generate", "national", "-o", country, "--scale", scale)
        subprocess.run(
            [sys.executable, "-m", "jiedui", *map(str, words)], check=True, stdout=subprocess.DEVNULL
        )
        for number, day in enumerate(days):
            work = folder / str(number)
            work.mkdir()
            ended = _lived(day, country, work)
            told = ended.said if day.end else "; ".join(_planned(work / "p"))
            left = "" if day.end == 0 else _left_behind(work)
            well = "yes" if ended.status == day.end and not left else f"NO {left}"
            after = "" if ended.after is None else ended.after
            rows.append((day.what, day.end, ended.status, well, ended.seconds, after, ended.gigabytes, told))
            print(*rows[-1], sep=" · ", file=sys.stderr, flush=True)
        rows += _same_bytes(country, folder)
    note = (
        "`make soak`: `jiedui plan` of the generated country, changed so or disturbed so, two workers, one run each; *after*: "
        "seconds from the event to the end of the command; memory is that of the largest process. "
        "*Well*: the exit status is the one that it must be, and a command without a plan leaves nothing behind."
    )
    heads = ("day", "must end with", "ended with", "well", "s", "after", "GB", "what came out")
    return Page("soak", "Bad days at the size of the country", note, heads, rows)


def _lived(day: Day, country: Path, work: Path) -> Ended:
    """Plan on that day."""
    scenario = country
    if day.build:
        scenario = work / "scenario"
        (scenario / "data").mkdir(parents=True)
        text = day.build(country, scenario / "data")
        (scenario / "scenario.toml").write_text(f'format = 1\nbase = "{country}"\n{text}', encoding="utf-8")
    return _command(
        work, "plan", str(scenario), "-o", str(work / "p"), "--workers", "2", *day.words,
        event=day.event, limit=day.limit,
    )  # fmt: skip


def _command(work: Path, *words: str, event: signal.Signals | None = None, limit: int | None = None) -> Ended:
    (work / "tmp").mkdir(exist_ok=True)
    environment = {**os.environ, "TMPDIR": str(work / "tmp"), "LC_ALL": "C.UTF-8"}
    with (work / "said").open("w+b") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "jiedui", *words], stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            env=environment,
        )  # fmt: skip
        if limit:
            resource.prlimit(process.pid, resource.RLIMIT_AS, (limit, limit))
        at = _disturbed(process.pid, event) if event else None
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        ended = time.perf_counter()
        said.seek(0)
        text = said.read().decode()
    faults = text[text.rfind("✗ ") :].split("\n") if "✗ " in text else text.strip().split("\n")[-1:]
    words_said = " ".join(line.strip() for line in faults if line.strip()).replace("|", "¦")
    after = None if at is None else ended - at
    return Ended(
        process.returncode,
        ended - began,
        after,
        usage.ru_maxrss / 1e6,
        words_said.replace(str(work.parent), "…")[:400],
    )


def _disturbed(pid: int, event: signal.Signals) -> float:
    """Wait until a solver is at work, and send the signal; when that was."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for child in psutil.Process(pid).children():
            with suppress(psutil.NoSuchProcess):
                if "planner.solve.worker" in child.cmdline() and child.cpu_times().user > BUSY:
                    os.kill(pid if event == signal.SIGINT else child.pid, event)
                    return time.perf_counter()
        time.sleep(0.02)
    raise TimeoutError("no solver was ever at work")


def _left_behind(work: Path) -> str:
    """What a command without a plan left: folders, temporary files, processes."""
    plans = work / "p"
    files = [p.name for p in plans.iterdir() if not p.name.startswith(".answers")] if plans.exists() else []
    files += [p.name for p in (work / "tmp").iterdir()]
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if process.environ().get("TMPDIR") == str(work / "tmp"):
                files.append(f"process {process.pid}")
    return ", ".join(files)


def _planned(plans: Path) -> list[str]:
    """Each stage's state, and what is told about people and money."""
    found = [p for p in plans.iterdir() if not p.name.startswith(".")] if plans.exists() else []
    if not found:
        return ["no plan"]
    head: dict[str, Any] = json.loads((found[0] / "plan.json").read_text(encoding="utf-8"))
    words = [
        f"{name} {stage['status'].lower()}" + (f" gap {stage['gap']:.2g}" if stage["gap"] else "")
        for name, stage in head["stages"].items()
    ]
    return words if head.get("reproducible", True) else [*words, "reproducible: false"]


def _same_bytes(country: Path, folder: Path) -> list[tuple[object, ...]]:
    """One worker, two, and two of a Dask cluster."""
    from distributed import LocalCluster

    found: list[tuple[object, ...]] = []
    first: dict[str, bytes] | None = None
    # workers find this checkout as their parent does; engines run in child processes of theirs
    with LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None) as cluster:
        for what, words in (
            ("one worker", ("--workers", "1")),
            ("two workers", ("--workers", "2")),
            ("Dask, two workers", ("--dask", cluster.scheduler_address)),
        ):
            work = folder / what
            work.mkdir()
            ended = _command(work, "plan", str(country), "-o", str(work / "p"), *words)
            held = _contents(work / "p")
            first = first or held
            well = "yes" if ended.status == 0 and held == first else "NO"
            told = f"{len(held)} files, the same bytes as by one worker" if well == "yes" else ended.said
            found.append(
                (f"all stages, {what}", 0, ended.status, well, ended.seconds, "", ended.gigabytes, told)
            )
            print(*found[-1], sep=" · ", file=sys.stderr, flush=True)
    return found


def _contents(plans: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(plans)): p.read_bytes()
        for p in sorted(plans.rglob("*"))
        if p.is_file() and p.name != "run.json" and not p.relative_to(plans).parts[0].startswith(".")
    }

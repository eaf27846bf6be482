"""Questions about one plan, of china-2016 and of a whole country, as a user asks them: whole processes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from benchmarks.commands import measure
from benchmarks.compare import JIEDUI, plan_of, started
from benchmarks.page import Page
from planner.plan import Plan, read_plan

RUNS = 3
EXPLAINED, PRICED, RECOMMENDED = ("≤ 2 s", ""), ("", "≤ 5 s"), ("< 1 s", "")
"""Targets at the size of china-2016 and of the country."""
Question = tuple[str, tuple[str, str], list[str]]


def questions(plan: Plan) -> Iterator[Question]:
    """What is asked, the targets, and the words of the command behind the plan's name: about rows in the middle of each table."""
    postings = plan.table("postings").join(plan.network.frame("postings"), on="cadre", how="anti")
    cadre, village = _middle(postings).select("cadre", "village").row(0)
    near = pl.col("village").str.starts_with(village[:6]) & (pl.col("village") != village)
    other = _middle(postings.filter(near))["village"][0]
    pairs = plan.table("pairs")
    unit, county = _middle(pairs.filter(stage="designation")).select("supporter", "recipient").row(0)
    supporter, region = _middle(pairs.filter(stage="pairing")).select("supporter", "recipient").row(0)
    exits = plan.table("exits").filter(pl.col("region").str.len_chars() == 6, pl.col("year") < 2020)
    leaver, year = _middle(exits).select("region", "year").row(0)
    where, programme, when, yuan = (
        _middle(plan.table("allocations").filter(pl.col("amount") >= 10_000_000))
        .select("region", "programme", "year", "amount").row(0)
    )  # fmt: skip
    for what, subject in (
        ("a cadre", cadre),
        ("a village", village),
        ("a unit", unit),
        ("a county", county),
        ("an amount", f"{where}:{programme}:{when}"),
    ):
        yield f"`explain` {what}", EXPLAINED, ["explain", subject]
    for what, subject in (
        ("the cadre in another village", f"{cadre}>{other}"),
        ("a year later", f"{leaver}={year + 1}"),
        ("a unit's pair", f"{unit}>{county}"),
        ("a pair of regions", f"{supporter}>{region}"),
    ):
        yield f"`explain --price`: {what}", PRICED, ["explain", subject, "--price"]
    more = ["explain", f"{where}:{programme}:{when}", "--instead", str(2 * yuan)]
    yield "`explain --instead`: twice an amount", PRICED, more
    for what, subject in (("a cadre", cadre), ("a village", village), ("a unit", unit), ("a county", county)):
        yield f"`recommend` for {what}", RECOMMENDED, ["recommend", subject]


def _middle(frame: pl.DataFrame) -> pl.DataFrame:
    return frame[frame.height // 2]


def run(scale: float = 1.0) -> Page:
    """The page."""
    rows: list[Sequence[object]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started([*JIEDUI, "generate", "national", "-o", str(folder / "n"), "--scale", str(scale)])
        for column, scenario in enumerate(("china-2016", str(folder / "n"))):
            plan = plan_of(scenario, folder / f"plan{column}")
            for i, (title, targets, (command, *rest)) in enumerate(questions(read_plan(plan))):
                seconds, megabytes = measure([*JIEDUI, command, str(plan), *rest], runs=RUNS)
                if column == 0:
                    rows.append([title, *targets])
                rows[i] = [*rows[i], seconds, megabytes]
    note = (
        f"Seconds and memory (MB, the largest of the command's own process) of whole processes: median of {RUNS} runs after one that is not "
        f"counted. Each question is about the row in the middle of its table, in a plan of `china-2016` and in one of {scale:.0%} of the "
        "country (`jiedui generate national`). A price is a stage solved again, or proved by chains of moves."
    )
    columns = ("question", "target, china-2016", "target, country", "s", "MB", "s, country", "MB, country")
    return Page("answers", "Questions about a plan", note, columns, rows)

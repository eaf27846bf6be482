"""What a roll is asked to play: refused where it cannot be, and told in ``roll.json``, whose id hangs on all of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from graph.errors import InputError, UsageError
from planner.identity import input_digests
from planner.inputs import demand_tables, resolved_head
from planner.roll.figures import history_of, reference_of
from planner.roll.folder import VERSION
from planner.roll.horizon import HORIZONS
from planner.roll.outcome import OUTCOMES, Luck, Records
from planner.roll.register import keeps_register
from planner.scenario import Scenario

MOST_YEARS = 30


def last_year(scenario: Scenario, until: int | None) -> int:
    """The last year that is played.

    Raises
    ------
    UsageError
        When it is not after the scenario's date, or there is none by which to go.
    """
    first, deadline = scenario.on.year + 1, scenario.policies["exit"]["deadline"]
    budgets = scenario.network.frame("fund_budgets")["year"].max()
    ends = int(deadline) if "exit" in scenario.stages and deadline is not None else budgets
    last = until if until is not None else ends
    shown = "--until" if until is None else f"--until {until}"
    if not isinstance(last, int) or last < first:
        raise UsageError(
            f"{shown}：场景的日期是 {scenario.on}，最早推演到 {first} 年；请用 --until 给出更晚的年份",
            f"{shown}: the scenario's date is {scenario.on}, the first year that can be played is {first}; name a later one with --until",
        )
    if last - first >= MOST_YEARS:
        raise UsageError(
            f"{shown}：最多推演 {MOST_YEARS} 年（到 {first + MOST_YEARS - 1} 年）",
            f"{shown}: at most {MOST_YEARS} years are played (until {first + MOST_YEARS - 1})",
        )
    return last


def demand(scenario: Scenario, outcome: str, horizons: Sequence[str]) -> None:
    """Refuse what cannot be played.

    Raises
    ------
    UsageError
        When there is no such outcome or horizon.
    InputError
        When the scenario plans neither money nor exits, or a stage lacks a table.
    """
    for word, known, option in [
        (outcome, OUTCOMES, "--outcome"),
        *((h, HORIZONS, "--horizon") for h in horizons),
    ]:
        if word not in known:
            listed = ", ".join(known)
            raise UsageError(
                f"{option} {word}：应为其中之一：{listed}", f"{option} {word}: must be one of {listed}"
            )
    if not {"funds", "exit"} & {*scenario.stages}:
        raise InputError(
            "推演需要资金分配（needs、fund_sources、fund_budgets）或退出计划（region_tags、region_facts）：场景没有这些表，或没有选这两个阶段；"
            "请补上表，或用 --stage funds、--stage exit",
            "a roll needs the stage funds (needs, fund_sources, fund_budgets) or exit (region_tags, region_facts): the scenario lacks these "
            "tables, or the stages were not chosen; add the tables, or --stage funds, --stage exit",
        )
    demand_tables(scenario)


@dataclass(frozen=True)
class Asked:
    """What is to be played of a scenario.

    Parameters
    ----------
    until : int
        Last year.
    outcome : str
        One of :data:`~planner.roll.outcome.OUTCOMES`.
    horizons : tuple of str
        Ways of looking ahead, in the order of :data:`~planner.roll.horizon.HORIZONS`.
    reference : int or None
        Persons a year against which years are held; ``None``: as the tables have it.
    luck, records : Luck, Records
        What comes.
    """

    until: int
    outcome: str
    horizons: tuple[str, ...]
    reference: int | None
    luck: Luck
    records: Records


def head_of(start: Scenario, asked: Asked) -> dict[str, Any]:
    """``roll.json``; its ``id`` is 16 hexadecimal digits of the hash of everything that decides the roll."""
    history = history_of(start.network, start.on.year)
    given, records = asked.reference, asked.records
    held = reference_of(history) if given is None else {"persons": given, "source": "--reference"}
    told = {
        "until": asked.until, "outcome": asked.outcome, "seed": asked.luck.seed, "horizons": list(asked.horizons),
        "reference": held, "chances": asdict(asked.luck.chances),
    }  # fmt: skip
    digests = input_digests({**start.network.frames, "[facts]": records.facts, "[changes]": records.changes})
    policy = {s: dict(sorted(p.values.items())) for s, p in start.policies.items()}
    text = json.dumps(
        [resolved_head(start), policy, told, sorted(digests.items()), version("jiedui")],
        sort_keys=True,
        ensure_ascii=False,
    )
    played = range(start.on.year + 1, asked.until + 1)
    return {
        "format": VERSION,
        "id": hashlib.sha256(text.encode()).hexdigest()[:16],
        "jiedui": version("jiedui"),
        "scenario": start.name,
        "title": start.title.as_dict(),
        "date": start.on.isoformat(),
        "stages": list(start.stages),
        "register": keeps_register(start),
        **told,
        "history": history,
        "recorded": {str(y): records.counts(y) for y in played} if asked.outcome == "recorded" else None,
    }

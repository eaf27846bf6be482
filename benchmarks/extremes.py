"""Every rule of a stage at its extreme values, one at a time: what cannot hold, how soon a way out is found, and whether it is right.

``python -m benchmarks extremes`` takes long; ``python -m benchmarks.extremes STAGE [KEY …]`` looks at a part, a line for each value.
Processor seconds are those of this process and of its solvers, so that other work on the machine does not count.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jiedui
from benchmarks.page import Page
from graph.errors import InputError, JieduiError
from planner.clash.edits import edited
from planner.clash.members import Member, not_short, rules_of, singly, taken_out
from planner.inputs import seen_network
from planner.policy import Setting, toml
from planner.repair.overlay import write_overlay
from planner.repair.solving import solved
from planner.repair.ways_out import WaysOut, find_ways_out
from planner.scenario import Scenario, read_scenario
from planner.solve.executor import LocalProcesses
from planner.stage import Context, Stage
from planner.stages import NAMES, STAGES

SCENARIO = "china-2016"
LARGE = 1000
"""A value without a bound of its own is tried at so many times its default."""
DROPPED = 6
"""Members of a clash that are dropped one by one, at most: each takes a solve of the whole stage."""
TOGETHER = {
    "pairing": [
        ['pairing.pins=["110000>620000"]', 'pairing.bans=["110000>620000"]'],
        ['pairing.pins=["110000>620000", "120000>150000"]', "pairing.changes_max=0"],
        ["pairing.partners_per_supporter=[4, 6]", "pairing.partners_per_recipient=[1, 1]"],
        ["pairing.supporter_capacity=true", "pairing.partners_per_recipient=[2, 3]"],
    ],
    "cadres": [
        ["cadres.must_fill_tier=2", "cadres.posting_area=\"county\""],
        ["cadres.must_fill_tier=1", "cadres.language=\"require\"", "cadres.skill=\"require\""],
        ["cadres.must_fill_tier=1", "cadres.distance_max_km=50"],
        ["cadres.must_fill_tier=1", "cadres.unit_release_share=0.02"],
    ],
}  # fmt: skip
"""Values that clash only together."""
NOTE = (
    "Each rule of each stage of `china-2016` set to the least and the largest value that is allowed (1,000 times its default where "
    "nothing bounds it), the stage alone. Told are those that cannot hold. `seconds`: of the processors, for `jiedui repair`; "
    "`irreducible`: without any one member the others have a plan, solved anew; `applied`: the first way out, planned and verified."
)


@dataclass(frozen=True)
class Found:
    """What became of one value: ``clash`` and ``ways`` are empty where the stage can be solved."""

    settings: Sequence[str]
    status: str
    seconds: float
    clash: Sequence[str] = ()
    irreducible: str = ""
    ways: Sequence[str] = ()
    applied: str = ""

    def row(self, stage: str) -> tuple[object, ...]:
        """Cells of the page."""
        return (
            stage, "; ".join(self.settings), self.status, self.seconds, len(self.clash), self.irreducible, len(self.ways),
            self.ways[0] if self.ways else "", self.applied,
        )  # fmt: skip


def run() -> Page:
    """All stages."""
    columns = (
        "stage", "value", "status", "seconds", "members", "irreducible", "ways out", "the first", "applied",
    )  # fmt: skip
    page = Page("extremes", "Rules at their extremes", NOTE, columns)
    for name in NAMES:
        for found in extremes_of(name, ()):
            if found.status != "holds":
                page.rows.append(found.row(name))
    return page


def extremes_of(name: str, keys: Sequence[str]) -> Iterator[Found]:
    """Each value of each rule of a stage, or of some ``keys``; then values that clash only together."""
    for setting in STAGES[name].settings:
        if setting.weighs or (keys and setting.key not in keys):
            continue
        for value in extreme_values(setting):
            yield looked_at([f"{name}.{setting.key}={toml(value)}"], name)
    if not keys or "together" in keys:
        for settings in TOGETHER.get(name, []):
            yield looked_at(settings, name)


def extreme_values(setting: Setting) -> list[Any]:
    """The least and the largest value that is allowed; every other choice; a list without its entries."""
    least, most = _bounds(setting)
    whole = setting.form in ("integer", "range")
    if setting.form in ("integer", "number", "share"):
        found: list[Any] = [_as(least, whole=whole), _as(most, whole=whole)]
    elif setting.form == "range":
        found = [[int(least), int(least)], [int(most), int(most)]]
    elif setting.form == "numbers":
        names = list(setting.default) if isinstance(setting.default, Mapping) else []
        found = [dict.fromkeys(names, _as(v, whole=v == int(v))) for v in (least, most)] if names else []
    elif setting.form == "choice":
        found = list(setting.choices)
    elif setting.form == "boolean":
        found = [True, False]
    elif setting.names == "level":
        found = ["village", "county", "prefecture", "province"] if setting.form == "text" else []
    else:
        found = [[]] if setting.form == "texts" and not setting.entries else []
    return [v for v in found if v != setting.default and setting.problem(v) is None]


def _bounds(setting: Setting) -> tuple[float, float]:
    usual = setting.default
    numbers = (
        list(usual.values()) if isinstance(usual, Mapping) else usual if isinstance(usual, list) else [usual]
    )
    largest = max((abs(n) for n in numbers if isinstance(n, int | float)), default=1) or 1
    least = setting.minimum or 0.0
    bound = 1.0 if setting.form == "share" and setting.maximum is None else setting.maximum
    return least, min(LARGE * largest, bound) if bound is not None else LARGE * largest


def _as(value: float, *, whole: bool) -> float | int:
    return int(value) if whole else float(value)


def looked_at(settings: Sequence[str], name: str) -> Found:
    """Find the ways out of one scenario, and check them."""
    began = cpu()
    try:
        scenario = read_scenario(SCENARIO, settings=settings, stages=[name], domain=False)
        ways = find_ways_out(scenario, workers=2)
    except InputError:
        return Found(settings, "refused", cpu() - began)
    except JieduiError as error:
        return Found(settings, f"{type(error).__name__}: {error.text.en}", cpu() - began)
    seconds = cpu() - began
    if not ways.stage:
        return Found(settings, "holds", seconds)
    clash = [m.text.en for m in ways.members]
    told = ["; ".join(w.en for w in r.words) for r in ways.repairs]
    return Found(
        settings,
        "clash",
        seconds,
        clash,
        irreducible(scenario, name, ways),
        told,
        applied(scenario, name, ways),
    )


def cpu() -> float:
    """Processor seconds of this process and of its children that have ended."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(r.ru_utime + r.ru_stime for r in both)


def irreducible(scenario: Scenario, name: str, ways: WaysOut) -> str:
    """Whether the members clash and without any one of them do not, each solved for good; what is wrong where not."""
    stage = STAGES[name]
    seen = replace(scenario, network=seen_network(scenario))
    context = Context(seen.network, seen.policies[name], seen.on, seen.seed, {}, seen.policies)
    rules = rules_of(stage, context)
    universe = [one for rule in rules for one in _parts(stage, context, rule, ways.members)]
    posts = {(str(m.row[0]), str(m.row[1])) for m in ways.members if m.table == "village_posts"}
    aside = not_short(context, posts) if posts else []

    def holds(members: Sequence[Member]) -> bool:
        kept = [m for m in universe if any(_same(m, other) for other in members)]
        changed = edited(context, [*aside, *taken_out(universe, kept)])
        if stage.count(changed):
            return False
        return solved(stage, changed, pool, scenario.limits).status in ("OPTIMAL", "FEASIBLE")

    with LocalProcesses(2) as pool:
        if not ways.members:
            return "no members"
        if holds(ways.members):
            return "they hold"
        tried = ways.members[:: -(-len(ways.members) // DROPPED)]
        needless = [m for m in tried if not holds([o for o in ways.members if o is not m])]
    if needless:
        return f"needless: {needless[0].text.en}"
    return "yes" if len(tried) == len(ways.members) else f"yes ({len(tried)} of {len(ways.members)} tried)"


def _parts(stage: Stage, context: Context, rule: Member, members: Sequence[Member]) -> list[Member]:
    """The rule singly where the members are its entries or rows, else as a whole."""
    mine = [m for m in members if m.key == rule.key]
    if not mine or not any(m.entry or m.table for m in mine):
        return [rule]
    posts = {(str(m.row[0]), str(m.row[1])) for m in mine} if rule.key == "must_fill_tier" else None
    return [*singly(stage, context, rule, posts)]


def _same(one: Member, other: Member) -> bool:
    return (one.key, one.entry, one.row) == (other.key, other.entry, other.row)


def applied(scenario: Scenario, name: str, ways: WaysOut) -> str:
    """What becomes of the first way out: written, read, planned, verified."""
    if not ways.repairs:
        return "no way out"
    with tempfile.TemporaryDirectory() as folder:
        settings = [
            f"{name}.{k}={toml(scenario.policies[name].values[k])}" for k in scenario.policies[name].origins
        ]
        where = write_overlay(
            scenario, SCENARIO, name, ways.repairs[0], Path(folder) / "mended", settings, stages=[name]
        )
        try:
            plan = jiedui.plan(jiedui.read_scenario(str(where)), str(Path(folder) / "plan"))
        except JieduiError as error:
            return f"{type(error).__name__}: {error.text.en}"
        return "verified" if jiedui.verify(plan).ok else "not verified"


def main(words: Sequence[str]) -> None:
    """Look at one stage, or some of its rules, and say what comes of each value as soon as it is known."""
    name, *keys = words
    for found in extremes_of(name, keys):
        print(f"{found.status}  {found.seconds:.1f} s  {'; '.join(found.settings)}", flush=True)
        for line in found.clash:
            print(f"    · {line}")
        for line in found.ways:
            print(f"    → {line}")
        if found.clash or found.ways:
            print(f"    irreducible: {found.irreducible}; applied: {found.applied}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

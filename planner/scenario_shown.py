"""A scenario as it comes out of its chain of files: every value with where it is from, every table with its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from graph.language import Text
from graph.schema import TABLES
from graph.tables.raw import SUFFIXES, table_named
from planner.policy import NUMBER_MOST, Policy, Setting
from planner.run import marks
from planner.scenario import Scenario, chain_of, policies_of, read_scenario
from planner.scenario_file import ScenarioFile
from planner.shipped import find_scenario
from planner.stages import SETTINGS


@dataclass(frozen=True)
class ShownValue:
    """One policy value as it holds.

    Parameters
    ----------
    key : str
        Name under the stage in ``scenario.toml``.
    title : Text
        For people, in both languages.
    value : object
        What holds; ``"off"`` for a rule that is off.
    default : object
        What holds where nobody sets it.
    unit : str
        Of the value; empty where it has none.
    form : str
        ``integer``, ``number``, ``share`` (0 to 1), ``boolean``, ``text``, ``choice``, ``range``, ``texts`` or ``numbers``.
    rule : bool
        Whether it may be ``"off"``.
    scenario : str
        Name of the scenario whose file sets it; empty: the default.
    line : int
        Line of that file, from 1; 0 where nobody sets it.
    cites : str
        Policy that it cites.
    beneath : object
        What would hold if the scenario's own file said nothing.
    note : Text
        One sentence of help, in both languages; empty where there is none.
    minimum, maximum : float or None
        Bounds of a number (in ``unit``), of each one of several; none where only what numbers can hold bounds it.
    choices : sequence of str
        Words that may be chosen; empty: any.
    names : str
        What its words name: ``level``, ``tag``, ``role``; empty where they name nothing of these.
    never_relax : bool
        Whether it is never offered for softening (law, safety, arithmetic, support after exit).
    weighs : bool
        Whether it only tells which plan is better, and forbids nothing.
    reads : sequence of str
        ``table.column`` that the rule reads.
    """

    key: str
    title: Text
    value: Any
    default: Any
    unit: str
    form: str
    rule: bool
    scenario: str
    line: int
    cites: str
    beneath: Any
    note: Text
    minimum: float | None
    maximum: float | None
    choices: Sequence[str]
    names: str
    never_relax: bool
    weighs: bool
    reads: Sequence[str]


@dataclass(frozen=True)
class ShownChange:
    """One ``[[change]]`` of the chain of files.

    Parameters
    ----------
    scenario : str
        Name of the scenario in whose file it stands.
    number : int
        Its place among those of that file, from 1.
    line : int
        Line of that file on which it begins, from 1.
    change : mapping of str to object
        ``table``, ``where``, one of ``set``, ``scale``, ``add``, ``remove``, and ``why``, as they stand there; days as ISO.
    """

    scenario: str
    number: int
    line: int
    change: Mapping[str, Any]


@dataclass(frozen=True)
class ShownTable:
    """One table as a plan would read it.

    Parameters
    ----------
    table : str
        Name.
    title : Text
        For people, in both languages.
    rows : int
        Number of rows, changes counted in.
    scenario : str
        Name of the scenario in whose folder it is; empty where it is a stored network's.
    changes : int
        Number of ``[[change]]`` entries that are about it, in all files of the chain.
    marks : mapping of str to int
        Mark (``recalled``, ``synthetic``, ``assumed``) → number of rows that bear it.
    """

    table: str
    title: Text
    rows: int
    scenario: str
    changes: int
    marks: Mapping[str, int]


@dataclass(frozen=True)
class ShownScenario:
    """A scenario as it comes out of its chain of files.

    Parameters
    ----------
    name : str
        Its name.
    title : Text
        For people, in both languages.
    date : str
        Day on which the network is read (ISO).
    seed : int
        Seed of every draw (a whole number).
    chain : sequence of str
        Names of the scenario and of what it overlays, its own first.
    stages : sequence of str
        Stages that are run, in order.
    policies : mapping of str to sequence of ShownValue
        Stage → its values.
    tables : sequence of ShownTable
        Its tables.
    changes : sequence of ShownChange
        Every ``[[change]]`` of the chain in the order in which they are applied, those of the lowest file first.
    """

    name: str
    title: Text
    date: str
    seed: int
    chain: Sequence[str]
    stages: Sequence[str]
    policies: Mapping[str, Sequence[ShownValue]]
    tables: Sequence[ShownTable]
    changes: Sequence[ShownChange]

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain: dict[str, Any] = asdict(self, dict_factory=_plain)
        return plain


def _plain(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return {key: value.as_dict() if isinstance(value, Text) else value for key, value in pairs}


def shown(where: str | Path) -> ShownScenario:
    """A scenario as it comes out of its chain of files; a shipped scenario's tables are not checked again.

    Raises
    ------
    ScenarioError, TableErrors, UsageError, OutsideError
        As :func:`planner.scenario.read_scenario`.
    """
    files = chain_of(find_scenario(where))
    found = read_scenario(where, domain=False, trust_shipped=True)
    beneath = policies_of(files[1:])
    values = {
        stage: shown_values(SETTINGS[stage], found.policies[stage], stage, files, beneath[stage])
        for stage in found.stages
    }
    return ShownScenario(
        found.name, found.title, found.on.isoformat(), found.seed, found.chain, found.stages, values, _tables(found, files), _changes(files),
    )  # fmt: skip


def shown_values(
    settings: Sequence[Setting], policy: Policy, stage: str, files: Sequence[ScenarioFile], beneath: Policy
) -> list[ShownValue]:
    """Values of a stage; ``files``: of the chain, the nearest first; ``beneath``: without the nearest."""
    told = []
    for setting in settings:
        origin = policy.origins.get(setting.key)
        whose = (
            next((f.path.parent.name for f in files if setting.key in f.values.get(stage, {})), "")
            if origin
            else ""
        )
        told.append(ShownValue(
            setting.key, setting.title, policy.values[setting.key], setting.default, setting.unit, setting.form, setting.rule,
            whose, origin.line if origin else 0, origin.cites if origin else "", beneath.values[setting.key],
            Text(setting.note_zh, setting.note_en), *_bounds(setting), setting.choices, setting.names, setting.never_relax, setting.weighs,
            setting.reads,
        ))  # fmt: skip
    return told


def _bounds(setting: Setting) -> tuple[float | None, float | None]:
    """What bounds a number, where somebody has said so or its kind does; not what a number can hold at all."""
    if setting.form not in ("integer", "number", "share", "range", "numbers"):
        return None, None
    return setting.least, None if setting.most >= NUMBER_MOST else setting.most


def _changes(files: Sequence[ScenarioFile]) -> list[ShownChange]:
    told = []
    for file in reversed(files):
        entries = [c for c in file.head.get("change", ()) if isinstance(c, Mapping)]
        lines = (*file.change_lines, *(0 for _ in entries))
        told += [
            ShownChange(file.path.parent.name, n, lines[n - 1], _days(c)) for n, c in enumerate(entries, 1)
        ]
    return told


def _days(value: Any) -> Any:
    """A value of TOML as JSON can hold it: days and times as ISO text."""
    if isinstance(value, Mapping):
        return {k: _days(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_days(v) for v in value]
    return value.isoformat() if isinstance(value, date | time) else value


def _tables(found: Scenario, files: Sequence[ScenarioFile]) -> list[ShownTable]:
    counted, whose = marks(found.network), _whose(files)
    changed = [
        c.get("table") for file in files for c in file.head.get("change", ()) if isinstance(c, Mapping)
    ]
    return [
        ShownTable(
            name,
            TABLES[name].title,
            frame.height,
            whose.get(name, ""),
            changed.count(name),
            counted.get(name, {}),
        )
        for name, frame in found.network.frames.items()
    ]


def _whose(files: Sequence[ScenarioFile]) -> dict[str, str]:
    """Table → the scenario whose folder has a file of that name, the nearest first."""
    told: dict[str, str] = {}
    for file in reversed(files):
        data = file.path.parent / "data"
        for place in sorted(data.iterdir()) if data.is_dir() else ():
            table = table_named(place.stem) if place.suffix.lower() in SUFFIXES else None
            if table is not None:
                told[table] = file.path.parent.name
    return told

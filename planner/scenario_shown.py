"""A scenario as it comes out of its chain of files: every value with where it is from, every table with its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.language import Text
from graph.schema import TABLES
from graph.tables.raw import SUFFIXES, table_named
from planner.policy import Policy, Setting
from planner.run import marks
from planner.scenario import Scenario, chain_of, read_scenario
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
    """

    name: str
    title: Text
    date: str
    seed: int
    chain: Sequence[str]
    stages: Sequence[str]
    policies: Mapping[str, Sequence[ShownValue]]
    tables: Sequence[ShownTable]

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
    return ShownScenario(
        found.name, found.title, found.on.isoformat(), found.seed, found.chain, found.stages,
        {stage: shown_values(SETTINGS[stage], found.policies[stage], stage, files) for stage in found.stages}, _tables(found, files),
    )  # fmt: skip


def shown_values(
    settings: Sequence[Setting], policy: Policy, stage: str, files: Sequence[ScenarioFile]
) -> list[ShownValue]:
    """Values of a stage; ``files``: of the chain, the nearest first."""
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
            whose, origin.line if origin else 0, origin.cites if origin else "",
        ))  # fmt: skip
    return told


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

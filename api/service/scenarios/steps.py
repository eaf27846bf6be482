"""Steps of an edit, each run in a process of its own: a state is changed in its folder, and checked before anybody keeps it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.service.bounded.told import MOST, in_own_words
from api.service.refusals import NotFound
from api.service.scenarios.chain import demand_inside, head_of
from api.service.scenarios.disk import write_new
from api.service.scenarios.nameless import demand_nameless_folder, demand_nameless_network
from api.service.scenarios.patch import Patch, patched
from graph.errors import JieduiError, ScenarioError, TableErrors
from graph.findings import Finding
from graph.network import Network
from graph.tables.raw import SUFFIXES, table_named
from planner.checked import looked_over
from planner.scenario import read_scenario
from planner.scenario_file import read_scenario_file
from planner.scenario_shown import ShownScenario, shown
from planner.shipped import FILE
from planner.stages import SETTINGS

DATA = "data"
Step = Callable[..., None]
"""Changes the state in a folder; it may read only that folder."""


def changed(place: Path, folder: Path, step: Step, *given: Any) -> None:
    """Change a state and check it.

    Parameters
    ----------
    place : Path
        The state's folder, writable.
    folder : Path
        In which other scenarios of the service are.
    step : callable
        One of those below.
    *given
        What the step is told.

    Raises
    ------
    ScenarioError, TableErrors, UsageError, InputError
        When the state would not be right: whoever sent it is told where.
    """
    with _named(place):
        if (place / FILE).is_file():  # what was put here by hand would be kept as the state before
            demand_nameless_folder(place, head_of(place))
        step(place, *given)
        check(place, folder)


def check(place: Path, folder: Path) -> None:
    """Let a state pass of which a plan can be made as far as reading tells; one without any table yet has only its file looked at."""
    chain = demand_inside(place, folder)
    if is_bare(chain):
        read_scenario_file(place / FILE, SETTINGS)
        return
    found, odd = looked_over(place, domain=False)
    wrong = [f for f in (*found.findings, *odd) if f.severity == "error"]
    if wrong:
        raise TableErrors(wrong)
    demand_nameless_network(found.network)


def is_bare(chain: Sequence[Path]) -> bool:
    """Whether there is no table in a chain yet, and nothing that one comes from."""
    if any(head_of(place).keys() & {"base", "network", "change"} for place in chain):
        return False
    return not any(own_tables(place) for place in chain)


def own_tables(place: Path) -> dict[str, Path]:
    """Table → its file in a scenario's own folder."""
    data = place / DATA
    files = sorted(data.iterdir()) if data.is_dir() else []
    named = {table_named(f.stem) or f.stem: f for f in files if f.suffix.lower() in SUFFIXES}
    return {str(table): file for table, file in named.items()}


def write_text(place: Path, text: str) -> None:
    """The whole ``scenario.toml`` anew."""
    write_new(place / FILE, text)


def write_patch(place: Path, patch: Patch) -> None:
    """Single values of it."""
    write_new(place / FILE, patched((place / FILE).read_text(encoding="utf-8-sig"), patch))


def put_tables(place: Path, files: Mapping[str, Path]) -> None:
    """Whole tables (Parquet, read and cast already) in the place of those that are there."""
    (place / DATA).mkdir(exist_ok=True)
    for table, file in files.items():
        there = own_tables(place).get(table)
        if there is not None:
            there.unlink()
        shutil.copyfile(file, place / DATA / f"{table}.parquet")


def drop_table(place: Path, table: str) -> None:
    """Take a table out of the scenario's own folder."""
    there = own_tables(place).get(table)
    if there is None:
        raise NotFound(f"场景自己没有表 {table}", f"the scenario has no table {table} of its own")
    there.unlink()


def begin(place: Path, text: str) -> None:
    """The first state of a scenario."""
    write_new(place / FILE, text)


def look_over(place: Path, folder: Path | None) -> tuple[list[Finding], int, tuple[int, int]]:
    """Findings of a scenario as ``jiedui check`` tells them but those that counting finds; how many there are; tables and rows."""
    with _named(place):
        chain = demand_inside(place, folder) if folder is not None else []
        if chain and is_bare(chain):
            read_scenario_file(place / FILE, SETTINGS)
            return [], 0, (0, 0)
        try:
            found, odd = looked_over(place)
        except TableErrors as error:
            return [in_own_words(f) for f in error.findings[:MOST]], len(error.findings), (0, 0)
        told = [*found.findings, *odd]
        frames = found.network.frames.values()
        return [in_own_words(f) for f in told[:MOST]], len(told), (len(frames), sum(f.height for f in frames))


def look_over_patched(place: Path, folder: Path, patch: Patch) -> tuple[list[Finding], int, tuple[int, int]]:
    """As :func:`look_over`, of the state as a patch would make it; ``place`` is a copy that nobody keeps."""
    with _named(place):
        write_patch(place, patch)
    return look_over(place, folder)


def table_of(place: Path, folder: Path | None, table: str) -> Network:
    """A scenario's network with one of its tables, changes applied, as a plan would read it; ``folder`` as in :func:`show`.

    Raises
    ------
    NotFound
        When the scenario has no such table.
    """
    with _named(place):
        bare = folder is not None and is_bare(demand_inside(place, folder))
        network = None if bare else read_scenario(place, domain=False, trust_shipped=True).network
        if network is None or not network.has(table):
            raise NotFound(f"场景没有表 {table}", f"the scenario has no table {table}")
        return replace(network, frames={table: network.frame(table)})


def show(place: Path, folder: Path | None) -> ShownScenario | None:
    """A scenario resolved; ``None`` where it has no table yet. ``folder``: ``None`` for one that came with jiedui."""
    with _named(place):
        if folder is not None and is_bare(demand_inside(place, folder)):
            return None
        return shown(place)


@contextmanager
def _named(place: Path) -> Iterator[None]:
    """Errors name the scenario, not where the service keeps it."""
    try:
        yield
    except TableErrors:
        raise
    except JieduiError as error:
        zh, en = (t.replace(f"{place.parent}/", "") for t in error.text)
        if (zh, en) == tuple(error.text):
            raise
        kind = ScenarioError if isinstance(error, ScenarioError) else type(error)
        raise kind(zh, en) from error

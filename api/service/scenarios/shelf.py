"""Scenarios of the service: those that came with jiedui, to read, and those that are made here, to edit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from api.service.bounded.guard import Guard
from api.service.scenarios import steps
from api.service.scenarios.chain import base_of, demand_inside, head_of
from api.service.scenarios.edit import Edit, What
from api.service.scenarios.kept import Kept, missing
from api.service.scenarios.nameless import demand_nameless, demand_nameless_folder
from api.service.scenarios.names import demand_free, demand_name
from api.service.scenarios.patch import Patch
from graph.errors import CheckFailed, ScenarioError, UsageError
from graph.findings import Finding
from graph.network import Network
from planner.scenario import read_policies
from planner.scenario_shown import ShownScenario
from planner.scenario_text import scenario_text
from planner.shipped import FILE, shipped

LARGEST_TOML = 256 << 10
"""Bytes of a ``scenario.toml``."""
REMEMBERED = 64
"""Resolved scenarios that are kept in memory."""
TABLES_REMEMBERED = 4
"""Tables of scenarios that are kept in memory: those that somebody leafs through."""


@dataclass(frozen=True)
class Entry:
    """A scenario in a list.

    Parameters
    ----------
    name : str
        Its name.
    shipped : bool
        Whether it came with jiedui, and is only read.
    title : str
        As its file or its bases' have it.
    title_en : str
        The same in English, where they have it.
    base : str or None
        Name of the scenario that it overlays.
    stages : sequence of str or None
        Stages that it names; ``None``: every one whose tables are there.
    edit : Edit or None
        The last edit; ``None`` where it came with jiedui.
    """

    name: str
    shipped: bool
    title: str
    title_en: str
    base: str | None
    stages: Sequence[str] | None
    edit: Edit | None


class Shelf:
    """The scenarios.

    Parameters
    ----------
    folder : Path
        Of those made here.
    guard : Guard
        Reads what somebody sent.
    served : callable
        Gives the version of the network that the service serves, on which scenarios may stand.
    """

    def __init__(self, folder: Path, guard: Guard, served: Callable[[], str]) -> None:
        self.folder, self.guard, self.served, self.kept = folder, guard, served, Kept(folder)
        self._shown = lru_cache(REMEMBERED)(self._resolve)
        self._tables = lru_cache(TABLES_REMEMBERED)(self._read_table)

    def entries(self) -> list[Entry]:
        """All scenarios, those made here first."""
        own = self.kept.names()
        return [self.entry(name) for name in (*own, *(n for n in shipped() if n not in own))]

    def entry(self, name: str) -> Entry:
        """One of them.

        Raises
        ------
        NotFound
            When there is none of that name.
        """
        place, edit = self.place(name), self.edit(name)
        heads = [head_of(p) for p in self._chain(place)]
        titled = next((h for h in heads if "title" in h), {})
        title = str(titled.get("title", name))
        stages = next((h["stages"] for h in heads if "stages" in h), None)
        return Entry(
            name, edit is None, title, str(titled.get("title_en", title)), heads[0].get("base"), stages, edit
        )

    def place(self, name: str) -> Path:
        """Folder of a scenario.

        Raises
        ------
        NotFound
            When there is none of that name.
        """
        if name in self.kept.names():
            return self.folder / name
        if name in shipped():
            return shipped()[name]
        raise missing(name)

    def chain(self, name: str) -> list[Path]:
        """Folders of a scenario and of all that it overlays, its own first."""
        return self._chain(self.place(name))

    def edit(self, name: str) -> Edit | None:
        """The last edit of a scenario; ``None`` where it came with jiedui."""
        return self.kept.current(name) if name in self.kept.names() else None

    def etag(self, name: str) -> str:
        """Of a scenario's own state; what it overlays is not in it."""
        edit = self.edit(name)
        if edit is not None:
            return edit.etag
        return f'"{sha256((self.place(name) / FILE).read_bytes()).hexdigest()[:16]}"'

    def text(self, name: str, revision: int | None = None) -> str:
        """The ``scenario.toml``, of an earlier state where one is named."""
        place = (
            self.place(name)
            if revision is None
            else self.kept.state(name, self.kept.edit(name, revision).revision)
        )
        file = place / FILE
        return file.read_text(encoding="utf-8-sig") if file.is_file() else ""

    def shown(self, name: str) -> ShownScenario | None:
        """A scenario resolved; ``None`` where it has no table yet. What is equal is read once.

        Raises
        ------
        ScenarioError, TableErrors
            When what it overlays was changed, and it does not fit any more.
        """
        return self._shown(name, self.states(name))

    def table(self, name: str, table: str) -> Network:
        """A scenario's network with one of its tables, changes applied, as a plan would read it.

        Raises
        ------
        NotFound
            When it has no such table.
        ScenarioError, TableErrors
            As :meth:`shown`; when it is the table of names, too.
        """
        demand_nameless([table])
        return self._tables(name, table, self.states(name))

    def states(self, name: str) -> tuple[str, ...]:
        """The same for the same content: states of a scenario and of all that it stands on."""
        chain = self.chain(name)
        states = [self._state_of(place) for place in chain]
        if any("network" in head_of(place) for place in chain):
            states.append(self.served())
        return tuple(states)

    def alone(self, name: str) -> bool:
        """Whether a scenario changes with its own state only: it overlays none, and stands on no network."""
        return head_of(self.place(name)).keys().isdisjoint({"base", "network"})

    def look_over(self, name: str, patch: Patch | None = None) -> tuple[list[Finding], int, tuple[int, int]]:
        """See :func:`api.service.scenarios.steps.look_over`; ``patch``: as the scenario would be with it, which is not kept.

        Raises
        ------
        CheckFailed
            When a scenario that came with jiedui is to be looked over with a patch.
        ScenarioError, UsageError
            When the patch is wrong.
        """
        if patch is None:
            return self.guard(steps.look_over, self.place(name), self._folder_of(name))
        with self.kept.making(name, self.kept.state(name, self.own(name).revision)) as place:
            return self.guard(steps.look_over_patched, place, self.folder, patch)

    def create(self, name: str, base: str | None, title: str, *, by: str, why: str = "") -> Edit:
        """Make a scenario that overlays another, or an empty one.

        Raises
        ------
        UsageError
            When the name is none.
        CheckFailed
            When there is one of that name.
        """
        demand_name(name)
        demand_free(name, [*shipped(), *self.kept.names()])
        policies = None if base is None else read_policies(self._inside(base))
        text = scenario_text(title or name, base, policies)
        return self._edit(name, None, steps.begin, text, what="created", by=by, why=why)

    def put_text(self, name: str, text: str, expected: Edit, *, by: str, why: str = "") -> Edit:
        """Write the whole ``scenario.toml`` anew."""
        return self._edit(name, expected, steps.write_text, text, what="toml", by=by, why=why)

    def patch(self, name: str, patch: Patch, expected: Edit, *, by: str, why: str = "") -> Edit:
        """Change single values of it."""
        return self._edit(name, expected, steps.write_patch, patch, what="toml", by=by, why=why)

    def put_tables(
        self, name: str, files: Mapping[str, Path], expected: Edit, *, by: str, why: str = ""
    ) -> Edit:
        """Put whole tables (Parquet, read already) in the place of those that are there.

        Raises
        ------
        ScenarioError
            When names of cadres are among them, too.
        """
        demand_nameless(files)
        return self._edit(
            name, expected, steps.put_tables, dict(files), what="tables", by=by, why=why, tables=tuple(files)
        )

    def drop_table(self, name: str, table: str, expected: Edit, *, by: str, why: str = "") -> Edit:
        """Take a table out of the scenario's own folder."""
        return self._edit(
            name, expected, steps.drop_table, table, what="tables", by=by, why=why, tables=(table,)
        )

    def restore(self, name: str, revision: int, expected: Edit, *, by: str, why: str = "") -> Edit:
        """Make an earlier state the newest; of a scenario that was deleted, too."""
        state = self.kept.state(name, self.kept.edit(name, revision).revision)
        if not (state / FILE).is_file():
            raise UsageError(
                f"第 {revision} 版是一次删除，没有内容",
                f"revision {revision} is a deletion, there is nothing in it",
            )
        if expected.what == "deleted":
            demand_free(name, self.kept.names())
        return self._edit(name, expected, _nothing, what="restored", by=by, why=why, of=revision, begin=state)

    def delete(
        self, name: str, expected: Edit, *, by: str, why: str = "", used: Callable[[], str] = str
    ) -> Edit:
        """Take a scenario away; its states are kept.

        Parameters
        ----------
        name, expected, by, why
            As for the others.
        used : callable
            Id of a job that needs it; empty where none does.

        Raises
        ------
        CheckFailed
            When a job or another scenario needs it.
        ScenarioError
            When it was put here by hand and holds names of cadres, which would be kept.
        """
        if expected.what == "found":
            demand_nameless_folder(self.folder / name, head_of(self.folder / name))
        with self.kept.making(name, None) as place:
            return self.kept.keep(
                name,
                place,
                expected,
                "deleted",
                by=by,
                why=why,
                before=lambda: self._refuse_needed(name, used()),
            )

    def own(self, name: str) -> Edit:
        """The last edit of a scenario that may be edited.

        Raises
        ------
        CheckFailed
            When it came with jiedui.
        NotFound
            When there is none.
        """
        if name not in self.kept.names() and name in shipped():
            raise CheckFailed(
                f"{name} 是自带场景，只读；请以它为底新建一个",
                f"{name} came with jiedui and is only read; make one that overlays it",
            )
        return self.kept.current(name)

    def _edit(
        self, name: str, expected: Edit | None, step: steps.Step, *given: Any, what: What, by: str, why: str,
        tables: tuple[str, ...] = (), of: int | None = None, begin: Path | None = None,
    ) -> Edit:  # fmt: skip
        after = expected if expected is not None else self.kept.newest(name)
        if expected is not None:
            self.kept.demand_newest(name, expected)
            begin = begin or self.kept.state(name, expected.revision)
        with self.kept.making(name, begin) as place:
            self.guard(steps.changed, place, self.folder, step, *given)
            return self.kept.keep(
                name,
                place,
                after,
                what,
                by=by,
                why=why,
                tables=tables,
                of=of,
                before=lambda: self._still(place),
            )

    def _folder_of(self, name: str) -> Path | None:
        """Where others of the service are; ``None`` for a scenario that came with jiedui, which stands on nothing of the service."""
        return self.folder if self.edit(name) is not None else None

    def _still(self, place: Path) -> None:
        """What a state overlays is still there."""
        base_of(place, self.folder)

    def _refuse_needed(self, name: str, job: str) -> None:
        if job:
            raise CheckFailed(
                f"任务 {job} 还在用场景 {name}；请等它结束，或取消它",
                f"job {job} uses scenario {name}; wait for its end, or cancel it",
            )
        above = [n for n in self.kept.names() if n != name and head_of(self.folder / n).get("base") == name]
        if above:
            raise CheckFailed(
                f"场景 {'、'.join(above)} 以 {name} 为底；请先删除或改底",
                f"{', '.join(above)} overlay {name}; delete them or change their base first",
            )

    def _inside(self, base: str) -> Path:
        """Folder of a scenario that is to be overlaid."""
        place = self.place(base)
        if self.edit(base) is not None:
            demand_inside(place, self.folder)
        return place

    def _chain(self, place: Path) -> list[Path]:
        """Folders of a scenario and of all that it overlays, its own first; as far as they can be read."""
        chain = [place]
        try:
            while (base := head_of(chain[-1]).get("base")) and len(chain) < 32:
                beside = chain[-1].parent / str(base)
                found = beside if (beside / FILE).is_file() else shipped().get(str(base))
                if found is None or found in chain:
                    break
                chain.append(found)
        except (ScenarioError, OSError):
            return chain
        return chain

    def _state_of(self, place: Path) -> str:
        name = place.name
        return self.etag(name) if place.parent == self.folder else str(place)

    def _resolve(self, name: str, states: tuple[str, ...]) -> ShownScenario | None:
        return self.guard(steps.show, self.place(name), self._folder_of(name))

    def _read_table(self, name: str, table: str, states: tuple[str, ...]) -> Network:
        return self.guard(steps.table_of, self.place(name), self._folder_of(name), table)


def _nothing(place: Path) -> None:
    """An earlier state as it was."""

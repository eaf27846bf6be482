"""A scenario: tables, policy values and stages, resolved through its chain of bases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from graph.errors import ScenarioError, TableErrors, UsageError
from graph.findings import Finding
from graph.language import Text
from graph.network import LEVELS, Network, RegionSettings
from graph.tables.cast import cast_tables
from graph.tables.checks import finish_tables
from graph.tables.raw import find_tables, no_table
from graph.tables.read import in_order, without_bad_rows
from graph.wording import Titles, Wording, heard
from planner.changes import apply_changes
from planner.memory import demand_reading
from planner.policy import Policy, resolve
from planner.published import Published
from planner.republished import published_plan
from planner.scenario_file import ScenarioFile, located, read_scenario_file, unknown
from planner.scenario_values import demand_named, values_of
from planner.shipped import FILE, find_scenario, shipped
from planner.stage import Limits
from planner.stages import SETTINGS, STAGES
from planner.titles import as_file, settled_titles, unknown_values

if TYPE_CHECKING:
    from planner.stored import Stored

IN_YUAN = "money-magnitude"
"""Findings about sums that look as if they were given in 万元, which means nothing in another currency."""


@dataclass(frozen=True)
class Scenario:
    """What a planner runs.

    Parameters
    ----------
    name : str
        The folder's name.
    title : Text
        Title in both languages.
    on : date
        The date on which the network is read; the day of planning.
    seed : int
        Seed of every draw.
    stages : tuple of str
        Stages to run, in the order of :data:`planner.stages.STAGES`.
    policies : mapping of str to Policy
        Resolved values of every stage that is run.
    limits : Limits
        Work limits and solver threads.
    network : Network
        All tables after overlays and changes.
    findings : list of Finding
        What was remarkable in the tables.
    chain : tuple of str
        Names of the scenario and its bases, its own first.
    origin : Stored or None
        The stored network that tables were read from; ``None`` where all came from files.
    published : Published or None
        The plan that is published, where it is planned again.
    elastic : bool
        Whether promises may be broken where the rules cannot hold together; no file sets it.
    """

    name: str
    title: Text
    on: date
    seed: int
    stages: tuple[str, ...]
    policies: Mapping[str, Policy]
    limits: Limits
    network: Network
    findings: list[Finding] = field(default_factory=list)
    chain: tuple[str, ...] = ()
    origin: Stored | None = None
    published: Published | None = None
    elastic: bool = False

    @property
    def wording(self) -> Wording:
        """Its own words, which leave its names and its title as they are."""
        title, network = self.title, self.network
        return Wording(network.titles, lambda: (title.zh, title.en, *network.every_name()))


def read_scenario(
    where: str | Path,
    *,
    settings: Sequence[str] = (),
    only: Collection[str] | None = None,
    stages: Sequence[str] | None = None,
    skip_bad_rows: bool = False,
    domain: bool = True,
    trust_shipped: bool = False,
    network: str = "",
    known_on: date | None = None,
    published: str | Path = "",
) -> Scenario:
    """Read a scenario with everything it stands on.

    Parameters
    ----------
    where : str or Path
        A folder with ``scenario.toml``, a folder or workbook with tables alone, a shipped scenario's name, or the address of a
        stored network (:mod:`graph.store.opening`).
    settings : sequence of str
        ``stage.key=value`` from the command line; they win over every file.
    only : collection of str, optional
        Tables to read.
    stages : sequence of str, optional
        Stages instead of the scenario's own, in any order; an empty one where only the network is wanted.
    skip_bad_rows : bool
        Leave out rows with an error, and say so.
    domain : bool
        Whether to look for findings of the domain.
    trust_shipped : bool
        Do not check again the tables of a scenario that came with jiedui, where nothing overlays them.
    network : str
        Address of a stored network (:mod:`graph.store.opening`) whose tables take the place of the scenario's own.
    known_on : date, optional
        As that network was known at the end of the day.
    published : str or Path
        Folder of the plan that is planned again; it takes the place of the one that ``published = "…"`` of a file names.

    Raises
    ------
    InputError
        When the published plan cannot be read.
    ScenarioError
        When a scenario file is wrong, or a chain of bases leads back to itself.
    TableErrors
        When tables have bad rows: all of them are named.
    UsageError
        When there is no such scenario.
    OutsideError
        When memory cannot hold the tables.
    """
    files = _chain_of_stored(str(where)) or _chain(find_scenario(where))
    if network:
        place = Path("--network") / files[0].path.parent.name / FILE
        files.insert(0, ScenarioFile(place, {"network": network}, {}, typed=f"--network {network}"))
    head = _overlaid_head(files)
    if known_on is not None:
        head["known_on"] = known_on
    if "known_on" in head and "network" not in head:
        raise UsageError(
            "known_on 只用于存储中的网络（network）", "known_on is for stored networks alone (network)"
        )
    trust = trust_shipped and len(files) == 1 and files[0].path.parent in shipped().values()
    found, findings, origin = _network(files, head, only, skip=skip_bad_rows, domain=domain, trust=trust)
    values, origins = values_of(files, settings)
    demand_named(files, settings, found.enums)
    run = tuple((head.get("stages") or _available(found)) if stages is None else stages)
    unknown = [s for s in run if s not in STAGES]
    if unknown:
        known = ", ".join(STAGES)
        raise UsageError(
            f"没有阶段 {unknown[0]}；可用：{known}", f"no stage {unknown[0]}; there are: {known}"
        )
    run = tuple(
        s for s in STAGES if s in run
    )  # an earlier stage is what a later one looks at, whatever the order given
    policies = {s: resolve(SETTINGS[s], values.get(s, {}), origins.get(s, {})) for s in STAGES if run}
    limits = head.get("limits", {})
    on = _date(head.get("date"), files, found)
    name = files[0].path.parent.name if files[0].path.name == FILE else files[0].path.stem
    title = str(head.get("title", name))
    scenario = Scenario(
        name=name,
        title=Text(title, str(head.get("title_en", title))),
        on=on,
        seed=int(head.get("seed", 0)),
        stages=run,
        policies=policies,
        limits=Limits(
            limits.get("time_limit"), int(limits.get("solver_threads", 1)), float(limits.get("work", 1.0))
        ),
        network=replace(found, on=on, name=name),
        findings=findings,
        chain=tuple(dict.fromkeys(f.path.parent.name for f in files)),
        origin=origin,
        published=_published(files, published) if run else None,
    )
    heard(scenario.wording)
    return scenario


def read_policies(where: str | Path) -> dict[str, Policy]:
    """Values of every stage as a scenario and its bases set them; no table is read.

    Raises
    ------
    ScenarioError
        When a scenario file is wrong, or a chain of bases leads back to itself.
    UsageError
        When there is no such scenario.
    """
    values, origins = values_of(_chain(find_scenario(where)), ())
    return {
        name: resolve(stage.settings, values.get(name, {}), origins.get(name, {}))
        for name, stage in STAGES.items()
    }


def _published(files: Sequence[ScenarioFile], given: str | Path) -> Published | None:
    """The published plan: as given, else as the nearest file names it, beside that file."""
    if str(given):
        return published_plan(given)
    file = next((f for f in files if f.head.get("published")), None)
    return None if file is None else published_plan(file.path.parent / str(file.head["published"]))


def _overlaid_head(files: Sequence[ScenarioFile]) -> dict[str, Any]:
    """Keys besides the stages': each file's over its base's, sections key by key, a title with its translation."""
    head: dict[str, Any] = {}
    for file in reversed(files):
        if "title" in file.head:
            head.pop("title_en", None)
        for key, value in file.head.items():
            if key in ("base", "data", "change"):
                continue
            head[key] = {**head.get(key, {}), **value} if isinstance(value, dict) else value
    head["titles"] = settled_titles(file.head.get("titles", {}) for file in reversed(files))
    return head


def _demand_known(
    files: Sequence[ScenarioFile], titles: Titles, enums: Mapping[str, Sequence[str]], levels: Sequence[str]
) -> None:
    """No value has a title that neither jiedui nor the scenario has."""
    wrong = unknown_values(titles, enums, levels, unknown)
    told = []
    for section, key, what in wrong:
        file = next(f for f in files if key in f.head.get("titles", {}).get(section.partition(".")[2], {}))
        told.append(located(file.path, section, key, what))
    if told:
        raise ScenarioError("\n".join(t.zh for t in told), "\n".join(t.en for t in told))


def _chain_of_stored(where: str) -> list[ScenarioFile]:
    """For a store's address: a scenario of its network, with every value as it is by default; else nothing."""
    if ":" not in where:
        return []
    from graph.store.opening import store_address

    address = store_address(where)
    if address is None:
        return []
    name = address.network.replace("/", "_") or "network"
    return [ScenarioFile(Path(name) / FILE, {"network": where}, {}, typed=where)]


def _chain(start: Path) -> list[ScenarioFile]:
    """The scenario's file and its bases', its own first."""
    files: list[ScenarioFile] = []
    seen: list[Path] = []
    place: Path | None = start
    while place is not None:
        file = place / FILE
        if file.resolve() in seen:
            ring = " → ".join(p.parent.name for p in [*seen, file.resolve()])
            raise ScenarioError(
                f"{file}：base 绕回了自己：{ring}", f"{file}: base leads back to itself: {ring}"
            )
        seen.append(file.resolve())
        found = _read_file(place)
        files.append(found)
        base = found.head.get("base")
        place = find_scenario(base, beside=place) if base else None
    return files


def _read_file(place: Path) -> ScenarioFile:
    if place.is_dir() and (place / FILE).is_file():
        return read_scenario_file(place / FILE, SETTINGS)
    return ScenarioFile(place / FILE if place.is_dir() else place, {}, {})


def _tables_of(file: ScenarioFile) -> Path | None:
    """Where a scenario's own tables are; ``None`` where it has none."""
    folder = file.path.parent
    if file.path.name != FILE:
        return file.path
    named = str(file.head.get("data") or "")
    if named:
        if not (folder / named).exists():
            raise ScenarioError(
                f"{file.path}：data 指的 {named} 不存在",
                f"{file.path}: data names {named}, which is not there",
            )
        return folder / named
    for place in (folder / "data", folder / "data.xlsx"):
        if place.is_dir() and "base" in file.head and not any(place.iterdir()):
            continue  # nothing to replace yet
        if place.exists():
            return place
    return (
        folder
        if any(folder.glob("*.csv")) or any(folder.glob("*.parquet")) or any(folder.glob("*.xlsx"))
        else None
    )


def _network(
    files: list[ScenarioFile],
    head: dict[str, Any],
    only: Collection[str] | None,
    *,
    skip: bool,
    domain: bool,
    trust: bool,
) -> tuple[Network, list[Finding], Stored | None]:
    regions = head.get("regions", {})
    wanted = RegionSettings(str(regions.get("codes", "")), tuple(regions.get("levels", LEVELS)))
    enums = {k: tuple(v) for k, v in head.get("enums", {}).items()}
    titles = settled = head["titles"]
    frames: dict[str, pl.DataFrame] = {}
    origin: dict[str, str] = {}
    findings: list[Finding] = []
    stored: Stored | None = None
    if "network" in head:
        stored, kept = _read_stored(files, head, only)
        frames.update(kept.frames)
        origin.update(dict.fromkeys(kept.frames, stored.shown))
        if not regions:
            wanted = kept.settings
        enums = {**kept.enums, **enums}
        settled = settled_titles([as_file(kept.titles), as_file(titles)])
        head.setdefault("date", kept.on)
    _demand_known(files, titles, enums, wanted.levels)
    for file in _with_tables(files):
        read = _read_tables(file, only, enums, wanted, base=file is not files[0])
        frames.update(read[0])
        origin.update(read[1])
        findings += read[2]
        changes, told = file.head.get("change", []), f"{file.path.parent.name}/{FILE}"
        if file is files[0]:  # what it changes of a base's tables is its own
            changed = {c.get("table") for c in changes if isinstance(c, Mapping)}
            origin = {t: f.rpartition("/")[2] if t in changed else f for t, f in origin.items()}
        try:
            frames = apply_changes(frames, changes, told, lines=file.change_lines, only=only)
        except ScenarioError:
            if not any(f.severity == "error" for f in findings):
                raise  # else it may only be that the rows to change could not be read: those come first
    if not frames and not any(f.severity == "error" for f in findings):
        places = [place for file in files if (place := _tables_of(file)) is not None and only is None]
        named = files[0].path
        raise no_table(named.parent if named.name == FILE else named, places, findings)
    finish = partial(finish_tables, settings=wanted, enums=enums, files=origin, domain=domain, trust=trust)
    checked = finish(frames, before=findings)
    if checked.errors and skip:
        checked = without_bad_rows(frames, checked, [f for f in findings if f.severity != "error"], finish)
    if checked.errors:
        raise TableErrors(in_order(checked.findings))
    name = files[0].path.parent.name
    remarks = [f for f in checked.findings if f.code != IN_YUAN or "currency" not in settled]
    return Network(checked.frames, checked.settings, enums, name, titles=settled), in_order(remarks), stored


def _read_tables(
    file: ScenarioFile,
    only: Collection[str] | None,
    enums: Mapping[str, tuple[str, ...]],
    settings: RegionSettings,
    *,
    base: bool,
) -> tuple[dict[str, pl.DataFrame], dict[str, str], list[Finding]]:
    """The tables beside a file, the file of each, and what is odd or wrong in them; ``base``: files are told with their folder."""
    place = _tables_of(file)
    if place is None:
        return {}, {}, []
    demand_reading(place, only)
    found = find_tables(place, only=only)
    cast, bad = cast_tables(found.tables, enums=enums, settings=settings)
    findings = [*found.findings, *bad]
    origin = {name: raw.file for name, raw in found.tables.items()}
    if base:
        origin = {name: f"{file.path.parent.name}/{told}" for name, told in origin.items()}
        findings = [replace(f, file=origin.get(f.table, f.file)) for f in findings]
    return dict(cast), origin, findings


def _read_stored(
    files: Sequence[ScenarioFile], head: Mapping[str, Any], only: Collection[str] | None
) -> tuple[Stored, Network]:
    """The tables of ``network``, from the folder of the file that names it; where it is none, file or option are named."""
    from planner.stored import read_stored

    file, day = next(f for f in files if "network" in f.head), head.get("known_on")
    try:
        return read_stored(head["network"], day, only, None if file.typed else file.path.parent)
    except (UsageError, ScenarioError) as error:
        told, asked = error.text, day is not None and not any("known_on" in f.head for f in files)
        said = file.typed or f"{file.path}: network = {head['network']}"
        said += f" --known-on {day}" if asked else ""
        kind = UsageError if file.typed else ScenarioError
        raise kind(f"{said}：{told.zh}", f"{said}: {told.en}") from error


def _with_tables(files: list[ScenarioFile]) -> list[ScenarioFile]:
    """The files whose tables and changes count, bases first; a stored network takes the place of what bases have."""
    stored = next((i for i, file in enumerate(files) if "network" in file.head), len(files))
    return files[: stored + 1][::-1]


def _available(network: Network) -> list[str]:
    return [
        name
        for name, stage in STAGES.items()
        if all(network.frame(t).height for tables in stage.needs for t in tables.split("|"))
    ]


def too_few_tables(where: str, network: Network) -> UsageError:
    """What to say where no stage has its tables: which ones each stage lacks, and how to run one all the same."""
    lacks = {
        name: [t for ts in stage.needs for t in ts.split("|") if not network.frame(t).height]
        for name, stage in STAGES.items()
    }
    zh, en = ("；".join(f"{s} 缺 {'、'.join(t)}" for s, t in lacks.items()),
              "; ".join(f"{s} lacks {', '.join(t)}" for s, t in lacks.items()))  # fmt: skip
    return UsageError(
        f"{where} 的表不足以运行任何阶段：{zh}。没有现有关系时，用 stages 或 --stage 指明阶段",
        f"the tables of {where} are not enough for any stage: {en}. Where nothing is in force yet, name the stage by stages or --stage",
    )


def _date(value: Any, files: list[ScenarioFile], network: Network) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not value:
        return newest_date(network)
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        path = files[0].path
        raise ScenarioError(f"{path}：date 应为 年-月-日", f"{path}: date must be year-month-day") from error


def newest_date(network: Network) -> date:
    """The day of planning where a scenario names none: the newest beginning in its tables.

    Never the clock's day: the same files must give the same plan tomorrow. Tables without any date do not
    depend on it; for them it is 1970-01-01.
    """
    columns = (("relations", "since"), ("postings", "since"), ("cadres", "available_from"))
    newest = [network.frame(table)[column].max() for table, column in columns if network.has(table)]
    return max((d for d in newest if isinstance(d, date)), default=date(1970, 1, 1))

"""A scenario: tables, policy values and stages, resolved through its chain of bases."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import ScenarioError, UsageError
from graph.findings import Finding
from graph.language import Text
from graph.network import Network
from graph.tables.suggest import unknown
from graph.wording import Wording, heard
from planner.policy import Policy, resolve
from planner.published import Published
from planner.republished import published_plan
from planner.scenario_file import ScenarioFile, read_scenario_file
from planner.scenario_network import network_of
from planner.scenario_values import demand_named, values_of
from planner.shipped import FILE, find_scenario, shipped
from planner.stage import Limits
from planner.stages import SETTINGS, STAGES
from planner.titles import settled_titles

if TYPE_CHECKING:
    from planner.stored import Stored


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
    files = _chain_of_stored(str(where)) or chain_of(find_scenario(where))
    if network:
        place = Path("--network") / files[0].path.parent.name / FILE
        files.insert(0, ScenarioFile(place, {"network": network}, {}, typed=f"--network {network}"))
    head = overlaid_head(files)
    if known_on is not None:
        head["known_on"] = known_on
    if "known_on" in head and "network" not in head:
        raise UsageError(
            "known_on 只用于存储中的网络（network）", "known_on is for stored networks alone (network)"
        )
    trust = trust_shipped and len(files) == 1 and files[0].path.parent in shipped().values()
    found, findings, origin = network_of(files, head, only, skip=skip_bad_rows, domain=domain, trust=trust)
    values, origins = values_of(files, settings)
    demand_named(files, settings, found)
    run = tuple((head.get("stages") or _available(found)) if stages is None else stages)
    for stage in run:
        if stage not in STAGES:
            raise UsageError(*unknown(Text("没有阶段", "no stage"), stage, list(STAGES)))
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
    """Values of every stage as a scenario and its bases set them, of a store's address those of every new scenario; no table is read.

    Raises
    ------
    ScenarioError
        When a scenario file is wrong, or a chain of bases leads back to itself.
    UsageError
        When there is no such scenario.
    """
    return policies_of(_chain_of_stored(str(where)) or chain_of(find_scenario(where)))


def policies_of(files: Sequence[ScenarioFile]) -> dict[str, Policy]:
    """Values of every stage as the files of a chain set them, the nearest first; without any: the defaults."""
    values, origins = values_of(files, ())
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


def overlaid_head(files: Sequence[ScenarioFile]) -> dict[str, Any]:
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


def _chain_of_stored(where: str) -> list[ScenarioFile]:
    """For a store's address: a scenario of its network, with every value as it is by default; else nothing."""
    from graph.store.opening import store_address

    address = store_address(where)
    if address is None:
        return []
    name = address.network.replace("/", "_") or "network"
    return [ScenarioFile(Path(name) / FILE, {"network": where}, {}, typed=where)]


def chain_of(start: Path) -> list[ScenarioFile]:
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

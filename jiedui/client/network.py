"""Questions of the network, and its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from jiedui.client.answers import (
    AboutNetwork,
    Card,
    Difference,
    Endings,
    FlowsAnswer,
    GapsAnswer,
    GatesAnswer,
    Groups,
    LoadsAnswer,
    Map,
    MapTopology,
    Measured,
    MeasuresAnswer,
    Net,
    Pair,
    PathsAnswer,
    PledgedAnswer,
    Record,
    Ribbons,
    SearchAnswer,
    Staffing,
    Structure,
    TableList,
    Team,
    Timeline,
    Withdrawal,
)
from jiedui.client.call import V1, Call, Day, at
from jiedui.client.frames import question, read_frame, save_table
from jiedui.client.lists import T, read_json
from jiedui.client.modes import Group, M, method


class Network(Group[M]):
    """The network that the service answers about; the same answers as ``jiedui ask`` and its like."""

    async def _ask(self, shape: type[T], /, *parts: object, **query: Any) -> T:
        return await read_json(self._talk, Call("GET", at("network", *parts), query), shape)

    @method
    async def about(self) -> AboutNetwork:
        """Its name, version and date, its tables with their rows, its levels and rules."""
        return await self._ask(AboutNetwork)

    @method
    async def search(self, words: str, *, level: str | None = None, limit: int | None = None) -> SearchAnswer:
        """Places and units that are called so: full or short names, pinyin, initials, codes, former names."""
        return await self._ask(SearchAnswer, "search", q=words, level=level, limit=limit)

    @method
    async def card(self, id: str, *, at: Day | None = None) -> Card:
        """All about a place or a unit at a date."""
        return await self._ask(Card, "cards", id, at=at)

    @method
    async def record(self, id: str, *, at: Day | None = None) -> Record:
        """What is kept of an id, and since when."""
        return await self._ask(Record, "records", id, at=at)

    @method
    async def exit_gates(self, id: str, *, at: Day | None = None) -> GatesAnswer:
        """How a place, and those above it that exit, stand against the gates of exit."""
        return await self._ask(GatesAnswer, "gates", id, at=at)

    @method
    async def relation(self, id: str, *, at: Day | None = None) -> Pair:
        """The history and ledger of one relation."""
        return await self._ask(Pair, "pairs", id, at=at)

    @method
    async def pair(self, a: str, b: str, *, at: Day | None = None) -> Pair:
        """The history and ledger of two: who supports whom with what, since when."""
        return await self._ask(Pair, "pairs", a, b, at=at)

    @method
    async def gaps(
        self, *, at: Day | None = None, rule: str | Sequence[str] | None = None, limit: int | None = None
    ) -> GapsAnswer:
        """Who is not covered, by rule, with the three kinds of nothing; ``limit``: at most so many places of each."""
        return await self._ask(GapsAnswer, "gaps", at=at, rule=rule, limit=limit)

    @method
    async def withdraw(
        self, supporter: str, *, at: Day | None = None, candidates: int | None = None
    ) -> Withdrawal:
        """What breaks if a supporter withdraws, and who could take over (so many ``candidates`` for each)."""
        return await self._ask(Withdrawal, "withdrawals", supporter, at=at, candidates=candidates)

    @method
    async def loads(self, *, at: Day | None = None, plan: str | None = None) -> LoadsAnswer:
        """Who carries how much, and who is overloaded; with a plan: as it would be."""
        return await self._ask(LoadsAnswer, "loads", at=at, plan=plan)

    @method
    async def ledger(
        self,
        *,
        year: int | None = None,
        subject: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PledgedAnswer:
        """What was pledged and delivered; ``cursor``: ``next`` of the page before."""
        return await self._ask(
            PledgedAnswer, "ledger", year=year, subject=subject, limit=limit, cursor=cursor
        )

    @method
    async def flows(
        self, level: str, *, year: int | None = None, limit: int | None = None, cursor: str | None = None
    ) -> FlowsAnswer:
        """Where money flows, added up to a level (yuan); ``cursor``: ``next`` of the page before."""
        return await self._ask(FlowsAnswer, "flows", level=level, year=year, limit=limit, cursor=cursor)

    @method
    async def endings(self, months: int, *, at: Day | None = None, each: bool | None = None) -> Endings:
        """Terms that end within some months; ``each``: every one, not only how many."""
        return await self._ask(Endings, "endings", months=months, at=at, each=each)

    @method
    async def paths(self, a: str, b: str, *, at: Day | None = None, limit: int | None = None) -> PathsAnswer:
        """How two are connected."""
        return await self._ask(PathsAnswer, "paths", a, b, at=at, limit=limit)

    @method
    async def ego(
        self, id: str, *, at: Day | None = None, depth: int | None = None, limit: int | None = None
    ) -> Net:
        """What is around one, ``depth`` steps far, at most ``limit`` of them."""
        return await self._ask(Net, "ego", id, at=at, depth=depth, limit=limit)

    @method
    async def structure(self, *, at: Day | None = None) -> Structure:
        """Articulation points, communities, centrality."""
        return await self._ask(Structure, "structure", at=at)

    @method
    async def difference(self, before: Day, after: Day) -> Difference:
        """What changed between two dates."""
        return await self._ask(Difference, "difference", before=before, after=after)

    @method
    async def ribbons(
        self, level: str = "province", *, at: Day | None = None, since: Day | None = None, until: Day | None = None,
        kind: str | Sequence[str] | None = None, within: str | None = None,
    ) -> Ribbons:  # fmt: skip
        """Who supports whom, added up to a level, at a date or in a range ``[since, until)``."""
        return await self._ask(
            Ribbons, "ribbons", level=level, at=at, since=since, until=until, kind=kind, within=within
        )

    @method
    async def timeline(
        self, step: str = "year", *, since: Day | None = None, until: Day | None = None,
        kind: str | Sequence[str] | None = None, within: str | None = None,
    ) -> Timeline:  # fmt: skip
        """When relations begin, end and are in force, by ``month`` or ``year``."""
        return await self._ask(
            Timeline, "timeline", step=step, since=since, until=until, kind=kind, within=within
        )

    @method
    async def measures(self) -> MeasuresAnswer:
        """What regions can be coloured by, with the levels and years for which it is there."""
        return await self._ask(MeasuresAnswer, "measures")

    @method
    async def measured(
        self, measure: str, level: str, *, year: int | None = None, at: Day | None = None
    ) -> Measured:
        """A measure of every region of a level; what is not known is not there."""
        return await self._ask(Measured, "measures", measure, level=level, year=year, at=at)

    @method
    async def geometry(self, *, level: str | None = None) -> Map:
        """Places as GeoJSON (WGS84), of one level or of all."""
        return await self._ask(Map, "geometry", level=level)

    @method
    async def topology(self, level: str = "province") -> MapTopology:
        """The map of one level as TopoJSON (WGS84), simplified and quantised."""
        return await self._ask(MapTopology, "topology", level=level)

    @method
    async def staffing(
        self, *, months: int | None = None, at: Day | None = None, region: str | None = None, plan: str | None = None
    ) -> Staffing:  # fmt: skip
        """How villages are staffed; within a region, and with a plan as it would be."""
        return await self._ask(Staffing, "staffing", months=months, at=at, region=region, plan=plan)

    @method
    async def team(
        self, region: str, *, months: int | None = None, at: Day | None = None, plan: str | None = None
    ) -> Team:
        """Who is where in a county; with a plan also who would come and who would leave."""
        return await self._ask(Team, "staffing", "teams", region, months=months, at=at, plan=plan)

    @method
    async def posted(
        self, where: Mapping[str, Any] | None = None, *, sort: str | Sequence[str] = (), columns: str | Sequence[str] = (),
        limit: int | None = None, at: Day | None = None, plan: str | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """Everybody who is posted, as a frame; parameters as :func:`jiedui.client.frames.question`."""
        asked = question(where, sort, columns, limit) | {"at": at, "plan": plan}
        return await read_frame(self._talk, f"{V1}/network/posted", asked)

    @method
    async def groups(self, name: str, by: str, where: Mapping[str, Any] | None = None) -> Groups:
        """Rows of a table counted by the values of some columns, commas between."""
        return await self._ask(Groups, "tables", name, "groups", by=by, **(where or {}))

    @method
    async def posted_groups(
        self, by: str, where: Mapping[str, Any] | None = None, *, at: Day | None = None, plan: str | None = None
    ) -> Groups:  # fmt: skip
        """Everybody who is posted, counted by the values of some columns, commas between."""
        return await self._ask(Groups, "posted", "groups", by=by, at=at, plan=plan, **(where or {}))

    @method
    async def tables(self) -> TableList:
        """Its tables, with their rows."""
        return await self._ask(TableList, "tables")

    @method
    async def table(
        self, name: str, where: Mapping[str, Any] | None = None, *, sort: str | Sequence[str] = (), columns: str | Sequence[str] = (), limit: int | None = None,
    ) -> pl.DataFrame:  # fmt: skip
        """A table, as a frame; parameters as :func:`jiedui.client.frames.question`."""
        return await read_frame(
            self._talk, at("network", "tables", name), question(where, sort, columns, limit)
        )

    @method
    async def save(
        self, name: str, file: str | Path, where: Mapping[str, Any] | None = None, *, sort: str | Sequence[str] = (), columns: str | Sequence[str] = (),
    ) -> Path:  # fmt: skip
        """A table into a file, in the format that its ending names; its path."""
        return await save_table(
            self._talk, at("network", "tables", name), question(where, sort, columns), file
        )

"""The network: search, cards and every other question, the same answers as on the command line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api.answers.told import Told
from api.http.access import needs
from api.http.answer_pages import Cursor, Limit, paged
from api.http.asking import Ask
from api.http.conditional import NOT_MODIFIED
from api.http.filters import NAMED
from api.http.models import network as models
from api.http.models.day import Day as IsoDay
from api.service.caller import Role

router = APIRouter(prefix="/network", tags=["network"], responses=NOT_MODIFIED)
SUBTREE = [needs(Role.VIEWER, "subtree")]
Words = Annotated[
    str, Path(min_length=1, max_length=100, description="code, id, name or part of one, pinyin, initials, former name", examples=["怒江"])
]  # fmt: skip
First, Last = date(1900, 1, 1), date(2200, 12, 31)
At = Annotated[
    IsoDay | None, Query(ge=First, le=Last, description="day on which the network is read; without it the scenario's date, else today", examples=["2016-12-31"])
]  # fmt: skip
Day = Annotated[IsoDay, Query(ge=First, le=Last, description="a day", examples=["2016-12-31"])]
Year = Annotated[int | None, Query(ge=1949, le=2100, description="only this year", examples=[2016])]
Since = Annotated[
    IsoDay | None, Query(ge=First, le=Last, description="first day of a range, instead of `at`", examples=["2016-01-01"])
]  # fmt: skip
Until = Annotated[
    IsoDay | None, Query(ge=First, le=Last, description="day behind the last of a range", examples=["2018-01-01"])
]  # fmt: skip
Kind = Annotated[
    list[Annotated[str, Query(max_length=100)]] | None, Query(max_length=50, description="only this kind of relation; may be repeated", examples=[["east_west"]])
]  # fmt: skip
Within = Annotated[
    str | None,
    Query(min_length=1, max_length=100, description="only relations of which an end is this place or unit, or lies in it", examples=["533300"]),
]  # fmt: skip
Level = Annotated[
    str,
    Query(max_length=100, description="a level of the network, such as `province`", examples=["province"]),
]


@router.get(
    "",
    summary="The network that is asked",
    response_model=models.AboutNetwork,
    dependencies=[needs(Role.VIEWER, "any")],
)
async def network(ask: Ask) -> Response:
    """Its name, version, date, levels, tables and rules."""
    return await ask(Told.about)


@router.get(
    "/search",
    summary="What words may mean",
    response_model=models.Search,
    dependencies=SUBTREE,
)
async def search(
    ask: Ask, q: Annotated[str, Query(min_length=1, max_length=100, description="what is looked for", examples=["怒江"])],
    level: Annotated[str | None, Query(max_length=100, description="only this level; `unit` for units", examples=["prefecture"])] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="hits at most", examples=[20])] = 20,
) -> Response:  # fmt: skip
    """Places and units by Chinese name (two characters are enough), code, pinyin, initials or former name; the likeliest first."""
    return await ask(Told.search, q, level=level, limit=limit)


@router.get(
    "/cards/{id}",
    summary="Who supports a place or unit, and whom it supports",
    response_model=models.Card,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def card(ask: Ask, id: Words, at: At = None) -> Response:
    """As `jiedui ask`: its own relations, those through places above and below, each with its state on the day."""
    return await ask(Told.card, id, at)


@router.get(
    "/records/{id}",
    summary="A card with its ledger",
    response_model=models.Record,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def record(ask: Ask, id: Words, at: At = None) -> Response:
    """The card, and what was promised and came of the place's own relations."""
    return await ask(Told.record, id, at)


@router.get(
    "/pairs/{relation}",
    summary="One relation's pair: history and ledger",
    response_model=models.Pair,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def pair_of(
    ask: Ask, relation: Annotated[str, Path(max_length=200, description="id of a relation", examples=["ew:440400:533300"])], at: At = None
) -> Response:  # fmt: skip
    """As `jiedui ask --relation`."""
    return await ask(Told.pair, relation, None, at)


@router.get(
    "/pairs/{a}/{b}",
    summary="One pair's history and ledger",
    response_model=models.Pair,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def pair(ask: Ask, a: Words, b: Words, at: At = None) -> Response:
    """As `jiedui ask --between`: all relations that there were between the two, either way, and their ledger."""
    return await ask(Told.pair, a, b, at)


@router.get(
    "/gaps",
    summary="Which places lack support",
    response_model=models.Gaps,
    dependencies=SUBTREE,
)
async def gaps(
    ask: Ask, at: At = None,
    rule: Annotated[list[str] | None, Query(max_length=50, description="only this rule; may be repeated", examples=[["autonomous_prefectures"]])] = None,
    limit: Annotated[int | None, Query(ge=0, description="places listed of each state; the counts are of all", examples=[20])] = None,
) -> Response:  # fmt: skip
    """As `jiedui gaps`: by rule, what is covered and how, with the three kinds of nothing apart: uncovered, by design, not in our data."""
    return await ask(Told.gaps, at, tuple(rule or ()), limit)


@router.get(
    "/withdrawals/{supporter}",
    summary="What breaks when a supporter withdraws",
    response_model=models.Withdrawal,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def withdrawal(
    ask: Ask, supporter: Words, at: At = None,
    candidates: Annotated[int, Query(ge=0, le=100, description="who could take over, for each place at most", examples=[3])] = 3,
) -> Response:  # fmt: skip
    """As `jiedui withdraw`: who is left uncovered, and who could take over at what cost."""
    return await ask(Told.withdrawal, supporter, at, candidates)


@router.get(
    "/loads",
    summary="What supporters carry",
    response_model=models.Loads,
    dependencies=SUBTREE,
)
async def loads(
    ask: Ask, at: At = None,
    plan: Annotated[str | None, Query(max_length=100, description="id of a plan: also its loads", examples=["0f3a9c6d2b1e4758"])] = None,
) -> Response:  # fmt: skip
    """As `jiedui ask --loads`: recipients in force against capacities, the heaviest first."""
    return await ask(Told.loads, at, plan)


@router.get(
    "/ledger",
    summary="Pledged against delivered",
    response_model=models.Entries,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def ledger(
    ask: Ask, year: Year = None, cursor: Cursor = "", limit: Limit = 1000,
    subject: Annotated[str | None, Query(min_length=1, max_length=100, description="only relations in which this place or unit stands itself", examples=["怒江"])] = None,
) -> Response:  # fmt: skip
    """As `jiedui ask --ledger`; the largest shortfall first."""
    return await paged(ask, "entries", cursor, limit, Told.ledger, year, subject)


@router.get(
    "/flows",
    summary="Where the money went",
    response_model=models.Flows,
    responses={409: {"description": "the network has changed since the page before: begin again"}},
    dependencies=SUBTREE,
)
async def flows(
    ask: Ask, level: Level, year: Year = None, cursor: Cursor = "", limit: Limit = 1000
) -> Response:
    """As `jiedui ask --flows`: both ends raised to a level, the largest first. `ledger` and `fund_flows` must not be added up."""
    return await paged(ask, "flows", cursor, limit, Told.flows, level, year)


@router.get(
    "/endings",
    summary="Terms that end soon",
    response_model=models.Endings,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def endings(
    ask: Ask, months: Annotated[int, Query(ge=0, le=1200, description="how far to look ahead, in months", examples=[12])], at: At = None,
    each: Annotated[bool, Query(description="also a row per posting", examples=[False])] = False,
    subject: Annotated[str | None, Query(min_length=1, max_length=100, description="only where this unit, or this place or one below it, stands", examples=["怒江"])] = None,
) -> Response:  # fmt: skip
    """As `jiedui ask --terms`: relations, and postings by county."""
    return await ask(Told.endings, months, at, each=each, subject=subject)


@router.get(
    "/gates/{id}",
    summary="How a place stands against the gates of exit",
    response_model=models.GatesOfExit,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def exit_gates(ask: Ask, id: Words, at: At = None) -> Response:
    """Of a county or village, then of the places above that exit: the newest record against each limit, pass, fail or no data.

    The limits are the values of the stage `exit` that hold for this network, see `GET /scenarios/{name}`.
    """
    return await ask(Told.exit_gates, id, at)


@router.get(
    "/paths/{a}/{b}",
    summary="How two hang together",
    response_model=models.Paths,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def paths(
    ask: Ask, a: Words, b: Words, at: At = None,
    limit: Annotated[int, Query(ge=1, le=100, description="paths at most", examples=[20])] = 20,
) -> Response:  # fmt: skip
    """As `jiedui ask --paths`: the shortest connections over relations in force and the tree of regions."""
    return await ask(Told.paths, a, b, at, limit)


@router.get(
    "/ego/{id}",
    summary="What surrounds a place or unit",
    response_model=models.Net,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def ego(
    ask: Ask, id: Words, at: At = None,
    depth: Annotated[int, Query(ge=1, le=10, description="relations away at most", examples=[1])] = 1,
    limit: Annotated[int, Query(ge=1, le=5000, description="nodes at most, the nearest first", examples=[200])] = 200,
) -> Response:  # fmt: skip
    """As `jiedui ask --ego`: the network within some relations, with places above and below."""
    return await ask(Told.ego, id, depth, limit, at)


@router.get(
    "/structure",
    summary="Where the network is thin",
    response_model=models.Structure,
    dependencies=SUBTREE,
)
async def structure(ask: Ask, at: At = None) -> Response:
    """As `jiedui ask --structure`: articulation points, communities, centrality of the relations in force."""
    return await ask(Told.structure, at)


@router.get(
    "/difference",
    summary="What changed between two days",
    response_model=models.Difference,
    dependencies=SUBTREE,
)
async def difference(ask: Ask, before: Day, after: Day) -> Response:
    """As `jiedui ask --difference`: relations that hold on one of the days only."""
    return await ask(Told.difference, before, after)


@router.get(
    "/ribbons",
    summary="Who supports whom, added up to a level",
    response_model=models.Ribbons,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def ribbons(
    ask: Ask, at: At = None, since: Since = None, until: Until = None, kind: Kind = None, within: Within = None,
    level: Annotated[str, Query(max_length=100, description="level that both ends are raised to", examples=["province"])] = "province",
) -> Response:  # fmt: skip
    """For a map: relations by the places in which their ends lie (units at their home), on a day or in a range `[since, until)`.

    Those that ended before stand beside those in force; money is the ledger's, of the day's year or the range's years.
    """
    return await ask(Told.ribbons, level, at, since, until, tuple(kind or ()), within)


@router.get(
    "/timeline",
    summary="When relations begin and end",
    response_model=models.Timeline,
    responses=NAMED,
    dependencies=SUBTREE,
)
async def timeline(
    ask: Ask, since: Since = None, until: Until = None, kind: Kind = None, within: Within = None,
    step: Annotated[Literal["month", "year"], Query(description="length of a period", examples=["month"])] = "year",
) -> Response:  # fmt: skip
    """Relations that begin, end and are in force, by month or year and kind; by default from the first known change to the last."""
    return await ask(Told.timeline, step, since, until, tuple(kind or ()), within)


@router.get(
    "/measures",
    summary="What regions can be coloured by",
    response_model=models.Measures,
    dependencies=SUBTREE,
)
async def measures(ask: Ask) -> Response:
    """Every measure of `region_facts` and what is worked out beside, with title, unit, and the levels and years for which it is there."""
    return await ask(Told.measures)


@router.get(
    "/measures/{measure}",
    summary="A measure of every region of a level",
    response_model=models.Measured,
    dependencies=SUBTREE,
)
async def measured(
    ask: Ask,
    measure: Annotated[str, Path(max_length=200, description="name of the measure", examples=["poor_population"])],
    level: Level,
    at: At = None,
    year: Annotated[int | None, Query(ge=1949, le=2100, description="year of the values; without it the newest there is, or the day's", examples=[2016])] = None,
) -> Response:  # fmt: skip
    """For a map: what is not known is not there, never 0."""
    return await ask(Told.measured, measure, level, year, at)

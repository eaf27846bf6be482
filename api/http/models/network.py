"""Answers about the network: made from the classes that hold them and the schema's columns."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field

from api.http.models.columns import MONEY, rows_of
from api.http.models.examples import example_of
from api.http.models.made import holding, list_of, model_of
from api.http.models.message import Message
from graph.questions import (
    ask,
    difference,
    gaps,
    measured,
    measures,
    pair,
    paths,
    record,
    ribbons,
    structure,
    terms,
    timeline,
    withdraw,
)
from graph.schema import ENUMS
from graph.schema.column import Column as C
from graph.search import Hit
from planner.stages.exit import standing

TIE = "id kind supporter supporter_name recipient recipient_name"
KIND = {"kind": C("kind", "enum", "类型", "kind of the relation", enum="relation_kind")}
MARKS = {"mark": C("mark", "list", "标记", "marks that occur", note_en="`;` between")}
ENDS = {
    "supporter": C("supporter", "code", "帮扶方", "id of the supporter: region code or unit id"),
    "recipient": C("recipient", "code", "受扶方", "code of the recipient"),
}
FLOWS = {
    "year": C("year", "integer", "年份", "year", required=True),
    "item": C("item", "enum", "事项", "item of the ledger, or stage of a fund flow", required=True),
}
PLEDGED = (
    "relation kind supporter supporter_name recipient recipient_name year item pledged delivered ratio mark"
)

Entry = rows_of(
    "PledgedRow",
    "What was promised and what came, of one relation, year and item.",
    PLEDGED,
    "ledger",
    KIND | ENDS,
)
Ends = rows_of("EndingRelation", "A relation that ends.", f"{TIE} until mark", "relations")
Change = rows_of(
    "ChangedRelation",
    "A relation that holds on one of the days only.",
    f"{TIE} since until mark",
    "relations",
)
Posting = rows_of(
    "EndingPosting",
    "A posting that ends, and why.",
    "due why cadre village village_name post role region mark",
    "postings",
)
County = rows_of(
    "EndingPostings", "Postings that end in a county, by why.",
    "region name why first last postings first_secretaries villages mark", given=MARKS,
)  # fmt: skip
Covered = rows_of(
    "GapRow",
    "A place that a rule names.",
    "region name pinyin state way kind via supporters mark amount",
    given=KIND | MARKS,
)
Load = rows_of(
    "LoadRow", "What a supporter carries.", "supporter name pinyin recipients planned kinds capacity over fiscal_revenue share", "units",
    ENDS, own=("name",), maybe=("planned",),
)  # fmt: skip
Flow = rows_of(
    "FlowRow",
    "Money from one to another in a year.",
    "origin year item giver giver_name taker taker_name amount",
    given=MONEY | FLOWS,
)
Centre = rows_of("CentreRow", "How central a place or unit is.", "id name degree betweenness")

Succession = holding(
    "Succession", "A merger, split or renaming.", old=(str, "code before"), new=(str, "code since"),
    since=(datetime.date | None, "day of the change; null: not known"),
)  # fmt: skip
LEDGER = (list_of(Entry), "what was promised and what came, by relation, year and item")
Card = model_of(
    ask.Card, changes=(list_of(Succession), "mergers, splits and renamings in which the place stands")
)
Record = model_of(record.Record, card=Card, pledged=None, ledger=LEDGER)
Pair = model_of(pair.Pair, ledger=LEDGER)
Gap = model_of(
    gaps.Gap, rows=None, places=int, measure=(str | None, "measure of the amounts; null without one"),
    counts=(dict[str, int], "state → number of places; they add up to `places`"),
    amounts=(dict[str, float], "state → sum of the amounts that are told, in the measure's unit; empty without one"),
    ways=(dict[str, int], "`kind/way` → number of covered places, the commonest first"),
    covered=(list_of(Covered), "places that are covered"),
    uncovered=(list_of(Covered), "gaps: the list for the rule is complete and has no link"),
    by_design=(list_of(Covered), "places outside the programme by design"),
    not_in_data=(list_of(Covered), "places of which our data do not tell"),
)  # fmt: skip
Withdrawal = model_of(withdraw.Withdrawal, below=int)
Endings = model_of(
    terms.Endings, minimum_term_years=(float | None, "minimum term that was counted with (years); null: none"),
    relations=(list_of(Ends), "relations in force that end, the earliest first"),
    postings=(list_of(County), "postings that end, by county and why"),
    each=(list_of(Posting), "a row per posting and reason; only with `each=true`"),
    maybe=("each",),
)  # fmt: skip
Net = model_of(paths.Net)
Structure = model_of(
    structure.Structure, size=None, nodes=(int, "number of places and units with relations in force"),
    relations=(int, "number of relations in force"), parts=(int, "number of connected parts"),
    centrality=(list_of(Centre), "how central each is, the largest betweenness first"),
)  # fmt: skip
PostingsChanged = holding(
    "PostingsChanged", "Postings of two days.", begun=(int, "number of postings of the later day only"),
    ended=(int, "number of postings of the earlier day only"), kept=(int, "number of postings of both"),
)  # fmt: skip
Difference = model_of(
    difference.Difference, begun=(list_of(Change), "relations in force on the later day only"),
    ended=(list_of(Change), "relations in force on the earlier day only"),
    kept=(int | None, "number of relations in force on both; null for who is limited to regions"),
    postings=(PostingsChanged | None, "postings that began, ended and stayed; null for who is limited to regions"),
)  # fmt: skip

Gate = model_of(standing.Gate)
Standing = model_of(standing.Standing, gates=(list_of(Gate), "one for each rule that is on"))
GatesOfExit = holding(
    "GatesAnswer", "A place and those above it before the gates of exit.", at=(datetime.date, "the day that is asked for"),
    places=(list_of(Standing), "the place itself, then those above that exit"),
)  # fmt: skip

NEXT = (str | None, "`cursor` of the page behind this one; null at the end")
Search = holding(
    "SearchAnswer", "What words may mean.",
    hits=(list_of(model_of(Hit)), "the likeliest first; `how` is `similar` where nothing matches"),
)  # fmt: skip
Gaps = holding("GapsAnswer", "Coverage by rule.", gaps=(list_of(Gap), "an answer for each rule"))
Loads = holding(
    "LoadsAnswer", "What supporters carry.",
    concentration=(float | None, "Herfindahl index of the loads (0–1; 1: one carries all); null for who is limited to regions"),
    supporters=(list_of(Load), "the heaviest first"),
)  # fmt: skip
Entries = holding(
    "PledgedAnswer",
    "Pledged against delivered.",
    entries=(list_of(Entry), "the largest shortfall first"),
    next=NEXT,
)
Flows = holding("FlowsAnswer", "Where money went.", flows=(list_of(Flow), "the largest first"), next=NEXT)
Paths = holding(
    "PathsAnswer",
    "How two hang together.",
    paths=(list_of(Net), "the shortest; none where nothing connects the two"),
)

RIBBON_ENDS = {
    "supporter": C("supporter", "code", "帮扶地区", "code of the supporting place", required=True),
    "recipient": C("recipient", "code", "受扶地区", "code of the supported place", required=True),
}
RIBBON = RIBBON_ENDS | {
    "relations": C("relations", "integer", "关系数", "relations in force", unit="relations", required=True),
    "ended": C("ended", "integer", "已结束", "relations that ended before", unit="relations", required=True),
    "pledged": C("pledged", "money", "承诺", "money pledged", unit="yuan", note_en="null: nothing in the ledger"),
    "delivered": C("delivered", "money", "到位", "money delivered", unit="yuan", note_en="null: nothing in the ledger"),
    "money_mark": C("money_mark", "list", "资金标记", "marks of the ledger's entries", note_en="`;` between; null: none has any"),
} | {
    mark: C(mark, "integer", title.zh, f"relations marked `{mark}`", unit="relations", required=True,
            note_en="of those in force; where there is none, of the ended")
    for mark, title in ENUMS["mark"].items()
}  # fmt: skip
_Ribbon = rows_of(
    "RibbonRow", "Who supports whom, between two places of the level.",
    "supporter recipient relations ended pledged delivered money_mark recalled synthetic assumed", given=RIBBON,
)  # fmt: skip


class RibbonRow(_Ribbon):  # type: ignore[misc, valid-type] # made while running
    """Who supports whom, between two places of the level."""

    kinds: dict[str, int] = Field(
        description="kind → number of relations in force", examples=example_of("RibbonRow", "kinds")
    )


RibbonPlace = rows_of(
    "RibbonPlace", "A place at an end of a ribbon.", "code name level lon lat mark", "regions"
)
RibbonUnits = holding(
    "RibbonUnits", "Units at the ends of relations.", placed=(int, "number of units that stand at their home region"),
    without_home=(int, "number of units whose home region is not known: their relations are not drawn"),
)  # fmt: skip
Ribbons = model_of(
    ribbons.Ribbons,
    ribbons=(list_of(RibbonRow), "who supports whom, the most relations first"),
    places=(list_of(RibbonPlace), "every place at an end of a ribbon, with its seat (degrees, WGS84)"),
    units=(RibbonUnits, "units at the ends of relations"),
)


class AllTimeline(BaseModel):
    """All relations, by period."""

    begun: list[int] = Field(description="number of relations that begin, by period", examples=[[0, 51, 85]])
    ended: list[int] = Field(description="number of relations that end, by period", examples=[[0, 0, 0]])
    in_force: list[int] = Field(
        description="number of relations in force on the last day, by period: those of the period before, with what begun, without what ended",
        examples=[[2197, 2248, 2333]],
    )


class KindTimeline(AllTimeline):
    """Relations of a kind, by period."""

    kind: str = Field(description="kind of relation", examples=["county_pair"])


Timeline = model_of(
    timeline.Timeline, kinds=(list_of(KindTimeline), "relations of each kind"), total=(AllTimeline, "all of them")
)  # fmt: skip

MeasureLevel = model_of(measures.MeasureLevel)
Measure = model_of(
    measures.Measure, levels=(list_of(MeasureLevel), "where it is there, the widest level first")
)
Measures = holding(
    "MeasuresAnswer",
    "What regions can be coloured by.",
    measures=(list_of(Measure), "figures first, then what is worked out"),
)


class MeasuredState(BaseModel):
    """A state that regions can be in."""

    state: str = Field(description="its name", examples=example_of("MeasuredState", "state"))
    title: Message = Field(description="what people call it")


class MeasuredValue(BaseModel):
    """A region with what is known of it."""

    region: str = Field(description="code of the region", examples=["533300"])
    value: float | None = Field(
        description="the figure, in the measure's unit; null: it is a state, or so small a count that it is not told",
        examples=[38642.0],
    )
    state: str | None = Field(description="the state, where the measure tells states", examples=[None])
    mark: str | None = Field(
        description="marks of what it comes from, `;` between; null: none", examples=["synthetic"]
    )
    source: str | None = Field(
        description="where a figure is from; null: it is worked out of the measure's tables",
        examples=["generated"],
    )
    suppressed: bool = Field(
        description="whether the figure is not told, as it counts one to four people", examples=[False]
    )


Measured = model_of(
    measured.Measured,
    states=(list_of(MeasuredState), "states that occur"),
    values=(list_of(MeasuredValue), "in the network's order; what is not known is not there"),
    missing=(int, "number of regions at the level of which nothing is known"),
)


class AskedRule(BaseModel):
    """A rule of coverage."""

    name: str = Field(description="its name, for `gaps?rule=`", examples=example_of("AskedRule", "name"))
    title: Message = Field(description="what it asks for")


class AboutNetwork(BaseModel):
    """The network that questions are asked of."""

    name: str = Field(description="its name", examples=["china-2016"])
    version: str = Field(
        description="digest of its version; the same as long as every answer is",
        examples=["20261128T050000000000"],
    )
    date: datetime.date | None = Field(
        description="day on which questions read it unless asked for another; null: today",
        examples=["2016-12-31"],
    )
    codes: str = Field(description="code scheme of its places: `gb2260` or `free`", examples=["gb2260"])
    levels: list[str] = Field(
        description="levels of its places, the widest first", examples=[["province", "prefecture", "county"]]
    )
    tables: dict[str, int | None] = Field(
        description="table → number of rows that the caller sees; null where a server would have to count them",
        examples=[{"regions": 12985, "relations": 2333}],
    )
    rules: list[AskedRule] = Field(description="rules of coverage that may be asked")

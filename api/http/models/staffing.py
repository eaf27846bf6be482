"""How villages are staffed, and who is where in a county, as the API shows them."""

from __future__ import annotations

import datetime

from pydantic import BaseModel, Field

from api.http.models.made import model_of
from graph.questions.staffing import Staffing as Answer
from graph.questions.team import Team as TeamAnswer


class Figures(BaseModel):
    """Figures of some villages."""

    posted: int = Field(description="people posted, on the day or by the plan (persons)", examples=[19375])
    first_secretaries: int = Field(description="first secretaries among them (persons)", examples=[4833])
    target: int = Field(description="people whom all posts ask for (persons)", examples=[39912])
    minimum: int = Field(description="people whom they ask for at least (persons)", examples=[23250])
    filled: int = Field(
        description="people in posts, as far as these ask for any (persons)", examples=[19375]
    )
    vacant: int = Field(description="people whom posts still ask for (persons)", examples=[20537])
    villages: int = Field(description="villages that have posts (number of villages)", examples=[9750])
    without: int = Field(description="villages with nobody posted (number of villages)", examples=[1811])
    must_without: int = Field(
        description="of these, villages that have to have somebody (number of villages)", examples=[787]
    )
    overdue: int = Field(description="people whose term is over by the day (persons)", examples=[0])
    ending: int = Field(
        description="people whose term is over after the day and up to `by` (persons)", examples=[9681]
    )
    skill_wanted: int = Field(
        description="people whom posts ask for with a skill (persons)", examples=[20712]
    )
    skill_there: int = Field(description="people in such posts who have it (persons)", examples=[1037])
    language_wanted: int = Field(
        description="villages where a language is spoken (number of villages)", examples=[972]
    )
    language_there: int = Field(
        description="of these, villages where somebody posted speaks one (number of villages)", examples=[799]
    )


class TierFigures(Figures):
    """Figures of the posts of a tier."""

    tier: int | None = Field(
        description="the tier, 1 comes first (a number); null: of posts that the network does not list",
        examples=[1],
    )


class AreaFigures(Figures):
    """Figures of a place."""

    region: str | None = Field(
        description="code of the place; null: of villages that lie in none", examples=["530000"]
    )
    name: str | None = Field(description="what it is called", examples=["云南省"])


class QuarterOfTerms(BaseModel):
    """Terms that are over in a quarter."""

    begins: datetime.date = Field(description="first day of the quarter", examples=["2017-07-01"])
    postings: int = Field(description="people whose term is over in it (persons)", examples=[4859])
    first_secretaries: int = Field(description="first secretaries among them (persons)", examples=[1224])


class SkillWanted(BaseModel):
    """A skill that posts ask for."""

    skill: str = Field(description="the skill; values: enumeration `skill`", examples=["agriculture"])
    wanted: int = Field(description="people whom posts ask for with it (persons)", examples=[6011])
    fitting: int = Field(description="people in these posts who have it (persons)", examples=[400])
    people: int = Field(description="all people posted who have it, wherever (persons)", examples=[2756])


class LanguageSpoken(BaseModel):
    """A language that is spoken at villages."""

    language: str = Field(description="the language, as tags of regions name it", examples=["tibetan"])
    villages: int = Field(description="villages where it is spoken (number of villages)", examples=[438])
    fitting: int = Field(
        description="of these, villages where somebody posted speaks it (number of villages)", examples=[363]
    )
    people: int = Field(description="people posted there who do (persons)", examples=[768])


_Figures = model_of(
    Answer, "StaffingFigures", whole=Figures, tiers=list[TierFigures], areas=list[AreaFigures], quarters=list[QuarterOfTerms],
    skills=list[SkillWanted], languages=list[LanguageSpoken],
)  # fmt: skip


class Staffing(_Figures):  # type: ignore[misc, valid-type] # made while running
    """How villages are staffed."""

    minimum_term_years: float | None = Field(
        description="minimum term that was counted with (years); null: none", examples=[2.0]
    )


class Posted(BaseModel):
    """Somebody who is posted, or would be."""

    cadre: str = Field(description="id of the cadre", examples=["c000123"])
    role: str | None = Field(description="role; values: enumeration `role`", examples=["first_secretary"])
    skill: str | None = Field(description="skill; values: enumeration `skill`", examples=["agriculture"])
    languages: str | None = Field(description="languages, `;` between", examples=["lisu"])
    unit: str | None = Field(
        description="id of the unit, or code of the place, that sends", examples=["u017"]
    )
    unit_name: str | None = Field(description="what it is called", examples=["国家电网"])
    since: datetime.date | None = Field(
        description="day of the beginning; null: not known, or not begun", examples=["2015-07-31"]
    )
    due: datetime.date | None = Field(
        description="day on which the term is over; null: not known", examples=["2017-07-31"]
    )
    change: str = Field(
        description="what the plan makes of it; values: enumeration `posting_change`", examples=["stays"]
    )
    mark: str | None = Field(description="mark; values: enumeration `mark`", examples=["synthetic"])


class Seat(BaseModel):
    """A post of a village, and who is in it."""

    village: str = Field(description="code of the village", examples=["533301101201"])
    village_name: str | None = Field(description="what it is called", examples=["新华村"])
    tier: int | None = Field(
        description="tier of the post, 1 comes first (a number); null: the network lists no such post",
        examples=[1],
    )
    post: str = Field(description="the post", examples=["first_secretary"])
    role: str | None = Field(
        description="role that it is for; values: enumeration `role`", examples=["first_secretary"]
    )
    wanted: str | None = Field(
        description="skill that it asks for; values: enumeration `skill`", examples=["agriculture"]
    )
    minimum: int | None = Field(description="people whom it asks for at least (persons)", examples=[1])
    target: int | None = Field(description="people whom it asks for (persons)", examples=[1])
    language: str | None = Field(description="what is spoken there, `;` between", examples=["lisu"])
    state: str = Field(
        description="`vacant`, `partly` filled, `ending` (filled, and a term is over or ends up to `by`), `filled`, or `beyond` (nobody is asked for, and nobody there)",
        examples=["filled"],
    )
    people: list[Posted] = Field(description="who is in it, and who would come or leave")


class Team(model_of(TeamAnswer, seats=list[Seat])):  # type: ignore[misc] # made while running
    """Who is where in a county."""

    above: str = Field(
        description="what the province is called; empty where there is none", examples=["云南省"]
    )

"""Plans as the API shows them, and what is asked of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from api.http.models.message import Message

Status = Literal["OPTIMAL", "FEASIBLE", "INFEASIBLE", "NO_SOLUTION_IN_TIME"]
NAME_CHARACTERS, WHY_CHARACTERS, PLACES = 200, 10_000, 1_000
"""At most so many in a label, in a note or reason, and places or stages in a part."""
PlanId = Annotated[
    str,
    Path(
        description="the plan's id, as `GET /plans` lists it", max_length=200, examples=["9b0b7ed648dd397c"]
    ),
]
Value = int | float | str | bool | None


class StageListed(BaseModel):
    """A stage of a plan in a list."""

    status: Status = Field(description="whether the best answer is proved, or found", examples=["OPTIMAL"])
    kpis: dict[str, Value] = Field(
        description="key figure → its value, in the unit that the plan itself tells",
        examples=[{"covered": 31}],
    )


class SettingChanged(BaseModel):
    """A policy value that differs from the parent's."""

    stage: str = Field(description="stage", examples=["funds"])
    key: str = Field(description="policy value", examples=["deep_poverty_share"])
    parent: str = Field(description="the parent's, as `scenario.toml` writes it", examples=["0.4"])
    value: str = Field(description="its own", examples=["0.5"])


class LabelTold(BaseModel):
    """What colleagues wrote on a plan."""

    label: str = Field(description="a word or two", examples=["候选"])
    note: str = Field(description="more", examples=["与发改委商定"])
    by: str = Field(description="who wrote it last", examples=["wang"])


class Adopted(BaseModel):
    """A part of a plan that was adopted."""

    model_config = ConfigDict(extra="allow")

    stages: list[str] = Field(description="only these stages; empty: all", examples=[["pairing"]])
    regions: list[str] = Field(
        description="only what is felt in these places or below; empty: all", examples=[["533300"]]
    )
    without: list[str] = Field(description="stages and places that were left out", examples=[[]])
    at: str = Field(description="when (UTC)", examples=["2026-11-28T05:05:11+00:00"])
    by: str = Field(description="who", examples=["wang"])
    decided: list[str] = Field(default=[], description="stages that it decided about", examples=[["pairing"]])
    version: int | None = Field(
        None,
        description="number of the version of the network that it made; none where it changed nothing",
        examples=[4],
    )


class PlanListed(BaseModel):
    """A plan in a list."""

    id: str = Field(description="digest of the plan's inputs", examples=["9b0b7ed648dd397c"])
    title: Message = Field(description="its scenario's title")
    scenario: str = Field(
        description="name of its scenario; empty where nobody kept it", examples=["china-2016"]
    )
    made: datetime = Field(description="when it was written (UTC)", examples=["2026-11-28T05:05:11Z"])
    parent: str | None = Field(description="the plan that it is told against", examples=[None])
    settings: list[SettingChanged] = Field(description="policy values that differ from the parent's")
    tables: list[str] = Field(description="input tables that differ from the parent's", examples=[["units"]])
    stages: dict[str, StageListed] = Field(description="stage → status and key figures")
    state: str | None = Field(
        description="of its request; none where it was never proposed: `submitted`, `approved`, `returned`, `rejected`, `applied`",
        examples=["submitted"],
    )
    label: LabelTold | None = Field(description="what colleagues wrote on it")
    adopted: list[Adopted] = Field(description="parts that were adopted")


class PlanPage(BaseModel):
    """Some plans, the newest first."""

    plans: list[PlanListed] = Field(description="the plans")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )
    unread: list[Message] = Field(description="what in the folder cannot be read as a plan, and why")


class TableInside(BaseModel):
    """A table of a plan."""

    name: str = Field(description="its name", examples=["pairs"])
    rows: int = Field(description="rows", examples=[568])
    bytes: int = Field(description="size of its Parquet file (bytes)", examples=[18_204])


class CertificateInside(BaseModel):
    """An array of a certificate."""

    name: str = Field(description="its name in the address", examples=["cadres-worth_post"])
    stage: str = Field(description="the stage whose bound it proves", examples=["cadres"])
    shape: list[int] = Field(description="cells along each axis", examples=[[22_550]])
    dtype: str = Field(description="type of its cells", examples=["int64"])


class Kpi(BaseModel):
    """A key figure."""

    model_config = ConfigDict(extra="allow")

    key: str = Field(description="its name", examples=["covered"])
    title: Message = Field(description="in words")
    unit: str = Field(description="of its values", examples=["regions"])
    better: str = Field(description="`more`, `less`, or empty where neither is", examples=["more"])
    plan: Value = Field(description="the plan's, in `unit`", examples=[31])
    baseline: Value = Field(description="what people do without an optimiser, in `unit`", examples=[31])


class StageHead(BaseModel):
    """A stage of a plan, as `plan.json` has it."""

    model_config = ConfigDict(extra="allow")

    title: Message = Field(description="in words")
    status: Status = Field(description="whether the best answer is proved, or found", examples=["OPTIMAL"])
    objective: int | None = Field(
        description="value of the answer (parts of `scale` of a point or yuan)", examples=[525_737]
    )
    bound: int | None = Field(description="what no answer beats (the same unit)", examples=[525_737])
    scale: int = Field(
        description="so many of the unit of objective and bound are one point", examples=[1_000]
    )
    gap: float | None = Field(
        description="distance of objective and bound (share of the objective)", examples=[0.0]
    )
    rows: dict[str, int] = Field(description="result table → rows", examples=[{"pairs": 568}])
    kpis: list[Kpi] = Field(description="key figures beside the baseline's")
    rules: list[dict[str, Any]] = Field(
        description="each rule: its state, and where it is tightest",
        examples=[[{"rule": "units_per_county", "state": "binding"}]],
    )
    warnings: list[Message] = Field(description="what a reader has to beware of")


class PlanHead(BaseModel):
    """`plan.json`."""

    model_config = ConfigDict(extra="allow")

    format: int = Field(description="number of the format of its folder", examples=[1])
    id: str = Field(description="digest of the plan's inputs", examples=["9b0b7ed648dd397c"])
    title: Message = Field(description="its scenario's title")
    jiedui: str = Field(description="version of the program that made it", examples=["0.1.0"])
    reproducible: bool = Field(description="false where a time limit cut it short", examples=[True])
    marks: dict[str, dict[str, int]] = Field(
        description="table → mark → rows that are not from a source", examples=[{"regions": {"assumed": 7}}]
    )
    inputs: dict[str, Any] = Field(
        description="what it was made from: date, stages, policy, limits, codes",
        examples=[{"date": "2016-12-31"}],
    )
    stages: dict[str, StageHead] = Field(description="stage → what it decided and proved")


class PlanRead(PlanListed):
    """A plan."""

    results: list[TableInside] = Field(description="what was decided, at `/plans/{id}/tables/{table}`")
    baseline: list[TableInside] = Field(
        description="the baseline's, at `/plans/{id}/baseline/tables/{table}`"
    )
    certificates: list[CertificateInside] = Field(
        description="what proves the bounds, at `/plans/{id}/certificates/{name}`"
    )
    plan: PlanHead | None = Field(
        description="`plan.json`, as `jiedui show --json` tells it; null for who is limited to regions, as it tells of all"
    )


class LabelGiven(BaseModel):
    """What is to stand on a plan; an empty text takes it off."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field("", max_length=NAME_CHARACTERS, description="a word or two", examples=["候选"])
    note: str = Field("", max_length=WHY_CHARACTERS, description="more", examples=["与发改委商定"])


class ProposalGiven(BaseModel):
    """Why a plan is proposed."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(
        "",
        max_length=WHY_CHARACTERS,
        description="the reason; the scenario's title where none is given",
        examples=["年度计划"],
    )


class AdoptionGiven(BaseModel):
    """What of a plan is adopted."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    only: list[str] = Field(
        default=[],
        max_length=PLACES,
        description="only these stages, or what is felt in these places (code or name) or below",
        examples=[["pairing"]],
    )
    without: list[str] = Field(
        default=[],
        alias="except",
        max_length=PLACES,
        description="stages and places that are left out",
        examples=[["533300"]],
    )
    dry_run: bool = Field(False, description="only say what would change, row by row", examples=[True])
    note: str = Field("", max_length=WHY_CHARACTERS, description="a note beside it", examples=["同意"])


class VersionTold(BaseModel):
    """A version of the network."""

    model_config = ConfigDict(extra="allow")

    number: int = Field(description="its number, from 1; the head is the highest", examples=[4])
    at: datetime = Field(description="when it was recorded (UTC)", examples=["2026-11-28T05:05:11Z"])
    how: str = Field(description="what made it", examples=["adopt"])
    by: str = Field(description="who made it", examples=["wang"])
    why: str = Field(description="the reason; of an adoption the plan's id", examples=["9b0b7ed648dd397c"])
    counts: dict[str, tuple[int, int]] = Field(
        description="table → rows put and removed", examples=[{"relations": [2, 0]}]
    )
    digest: str = Field(description="of the whole history up to it", examples=["5f2d…"])


class RowTouched(BaseModel):
    """A row that would change."""

    row: str = Field(description="its key as text", examples=["designated:u2:C"])
    current: dict[str, Any] | None = Field(description="as it stands; null: it is new", examples=[None])
    proposed: dict[str, Any] | None = Field(
        description="as it would be; null: it goes",
        examples=[{"id": "designated:u2:C", "supporter": "u2", "recipient": "C"}],
    )


class AdoptionTold(BaseModel):
    """What an adoption did, or would do."""

    plan: str = Field(description="the plan's id", examples=["9b0b7ed648dd397c"])
    stages: list[str] = Field(description="only these stages; empty: all", examples=[["pairing"]])
    regions: list[str] = Field(
        description="codes; only what is felt there or below; empty: all", examples=[[]]
    )
    without: list[str] = Field(description="stages and codes that were left out", examples=[[]])
    counts: dict[str, tuple[int, int]] = Field(
        description="table → rows put and removed; empty where the network was so already",
        examples=[{"relations": [2, 0]}],
    )
    version: VersionTold | None = Field(description="the new head; null where it was only tried")
    rows: dict[str, list[RowTouched]] | None = Field(
        None, description="table → rows that would change; only where it was only tried"
    )


class RequestTold(BaseModel):
    """A plan's request, as `/requests` tells it."""

    model_config = ConfigDict(extra="allow")

    id: str = Field(description="the plan's id", examples=["9b0b7ed648dd397c"])
    revision: int = Field(description="of the request, from 1", examples=[1])
    state: str = Field(description="where it stands", examples=["submitted"])
    author: str = Field(description="who proposed it", examples=["li"])
    reason: str = Field(description="why", examples=["年度计划"])
    base: int = Field(
        description="number of the version of the network that it was computed from", examples=[1]
    )


class Withdrawn(BaseModel):
    """A plan that is proposed no more."""

    plan: str = Field(description="the plan's id", examples=["9b0b7ed648dd397c"])
    state: str = Field(description="always `withdrawn`", examples=["withdrawn"])

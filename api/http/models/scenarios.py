"""Scenarios as the API shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.http.models.made import model_of
from api.http.models.message import Message
from api.http.models.reports import Report
from api.service.scenarios.edit import Edit as Made
from api.service.scenarios.edit import What
from api.service.scenarios.shelf import Entry
from planner.scenario_shown import ShownChange, ShownScenario, ShownTable, ShownValue

Why = Field("", max_length=1000, description="reason, kept in the history", examples=["预算下调 20 %"])
NAME = "one word of letters (of any script), digits, `-` and `_`, at most 64 of them"


class ScenarioEdit(BaseModel):
    """One edit of a scenario."""

    revision: int = Field(
        description="number of the edit, one more with every edit of a name; 0: a folder put there by hand",
        examples=[3],
    )
    etag: str = Field(description="of the state that it made", examples=['"3-5d1f0c9be21a"'])
    at: datetime = Field(description="when (UTC)", examples=["2026-11-28T05:05:11Z"])
    by: str = Field(description="who", examples=["li"])
    what: What = Field(
        description="`created`, `toml`, `tables`, `restored`, `deleted`, or `found` (put there by hand)",
        examples=["toml"],
    )
    why: str = Field(description="reason that was given", examples=["预算下调 20 %"])
    tables: list[str] = Field(description="tables that were put or taken away", examples=[["units"]])
    of: int | None = Field(description="revision that was restored", examples=[None])

    @classmethod
    def of_made(cls, edit: Made) -> ScenarioEdit:
        """An edit of the shelf."""
        return cls.model_validate(edit.to_dict())


class Scenario(BaseModel):
    """A scenario in a list."""

    name: str = Field(description="its name", examples=["fujian-20"])
    shipped: bool = Field(description="whether it came with jiedui, and is only read", examples=[False])
    title: Message = Field(description="title")
    base: str | None = Field(description="name of the scenario that it overlays", examples=["china-2016"])
    stages: list[str] | None = Field(
        description="stages that it names; null: every one whose tables are there",
        examples=[["pairing", "funds"]],
    )
    edit: ScenarioEdit | None = Field(description="the last edit; null where it came with jiedui")

    @classmethod
    def of(cls, entry: Entry) -> Scenario:
        """An entry of the shelf."""
        edit = None if entry.edit is None else ScenarioEdit.of_made(entry.edit)
        title = Message(zh=entry.title, en=entry.title_en)
        stages = None if entry.stages is None else list(entry.stages)
        return cls(
            name=entry.name, shipped=entry.shipped, title=title, base=entry.base, stages=stages, edit=edit
        )


class ScenarioPage(BaseModel):
    """Some scenarios: those made here first, each by name."""

    scenarios: list[Scenario] = Field(description="the scenarios")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class PolicyValue(model_of(ShownValue, "PolicyValue", title=Message, note=Message)):  # type: ignore[misc] # made from its class
    """One policy value as it holds."""

    value: Any = Field(description='what holds; `"off"` for a rule that is off', examples=[0.5])
    default: Any = Field(description="what holds where nobody sets it", examples=[0.25])
    beneath: Any = Field(
        description="what would hold if the scenario's own file said nothing", examples=[0.25]
    )
    minimum: float | None = Field(
        description="least that it may be, in `unit`, of each one of several; null where only what numbers can hold bounds it",
        examples=[0],
    )
    maximum: float | None = Field(
        description="most that it may be, in `unit`, of each one of several; null where only what numbers can hold bounds it",
        examples=[1],
    )
    choices: list[str] = Field(
        description="words that may be chosen; empty: any", examples=[["sum", "leximin"]]
    )
    names: str = Field(
        description="what its words name: `level`, `tag`, `role`; empty where they name nothing of these",
        examples=["tag"],
    )
    reads: list[str] = Field(
        description="`table.column` that the rule reads",
        examples=[["region_tags.tag", "fund_budgets.amount"]],
    )


class ScenarioTable(model_of(ShownTable, "ScenarioTable", title=Message)):  # type: ignore[misc] # made from its class
    """One table as a plan would read it."""

    marks: dict[str, int] = Field(
        description="mark (`recalled`, `synthetic`, `assumed`) → number of rows that bear it",
        examples=[{"synthetic": 22}],
    )


class ScenarioChange(model_of(ShownChange, "ScenarioChange")):  # type: ignore[misc] # made from its class
    """One `[[change]]` of the chain of files."""

    number: int = Field(description="its place among those of that file, from 1", examples=[1])
    change: dict[str, Any] = Field(
        description="`table`, `where`, one of `set`, `scale`, `add`, `remove`, and `why`; days as ISO",
        examples=[{"table": "units", "where": {"kind": "bank"}, "scale": {"capacity": 0.8}}],
    )


Resolved = model_of(
    ShownScenario,
    "ResolvedScenario",
    title=Message,
    policies=dict[str, list[PolicyValue]],
    tables=list[ScenarioTable],
    changes=list[ScenarioChange],
)


class OneScenario(Scenario):
    """A scenario, and what comes out of its chain of files."""

    resolved: Resolved | None = Field(  # type: ignore[valid-type] # made from its class
        description="every value with where it is from, every table with its rows; null where it has no table yet"
    )


class NewScenario(BaseModel):
    """A scenario to make."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=64, description=NAME, examples=["fujian-20"])
    base: str | None = Field(
        None,
        max_length=64,
        description="name of the scenario to overlay; null: an empty one",
        examples=["china-2016"],
    )
    title: str = Field(
        "", max_length=200, description="title; its name by default", examples=["福建预算减两成"]
    )
    why: str = Why


class ScenarioPatch(BaseModel):
    """What is to change in ``scenario.toml``; comments and everything else stay."""

    model_config = ConfigDict(extra="forbid")

    values: dict[str, Any] = Field(
        default_factory=dict, max_length=1000, description="`stage.key` (or a key at the top) → its value; null takes the key away",
        examples=[{"funds.deep_poverty_share": 0.5, "title": "深度贫困过半"}],
    )  # fmt: skip
    add_changes: list[dict[str, Any]] = Field(
        default_factory=list, max_length=1000, description="`[[change]]` entries to put behind those that are there",
        examples=[[{"table": "units", "where": {"kind": "bank"}, "scale": {"capacity": 0.8}}]],
    )  # fmt: skip
    drop_changes: list[int] = Field(
        default_factory=list,
        max_length=1000,
        description="numbers of `[[change]]` entries to take away, from 1",
        examples=[[1]],
    )
    why: str = Why


class ScenarioHistory(BaseModel):
    """Edits, the newest first."""

    edits: list[ScenarioEdit] = Field(description="the edits")
    next: str | None = Field(
        description="`cursor` of the page behind this one; null at the end", examples=[None]
    )


class ScenarioState(ScenarioEdit):
    """One state of a scenario, and how it differs from the one before."""

    toml: str = Field(
        description="`scenario.toml` as it was; empty for a deletion", examples=['format = 1\ntitle = "x"\n']
    )
    difference: str = Field(
        description="unified diff of `scenario.toml` against the state before",
        examples=["--- 1\n+++ 2\n@@ -1 +1 @@\n"],
    )
    rows: dict[str, int] = Field(
        description="the scenario's own tables then, and their rows", examples=[{"units": 320}]
    )


class ScenarioChecked(BaseModel):
    """What looking a scenario over tells."""

    valid: bool = Field(description="whether a plan can be made as far as reading tells", examples=[True])
    tables: int = Field(description="tables that were read; 0 where rows are bad", examples=[14])
    rows: int = Field(description="their rows", examples=[365751])
    found: int = Field(description="findings in all; the report lists at most 1000", examples=[2])
    report: Report = Field(description="the row report")
    counted: bool = Field(
        description="always false: whether rules can hold together is counted with solvers, by the job `check`",
        examples=[False],
    )

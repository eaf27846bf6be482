"""What checking a stage gives: broken rows, the state of every rule, the objective recomputed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

import numpy as np
import polars as pl

from graph.language import Text
from graph.network import Network

State = Literal["binding", "slack", "off", "broken", "open"]


@dataclass(frozen=True)
class Resolved:
    """A resolved scenario as a plan keeps it: everything that ``verify`` may look at.

    Parameters
    ----------
    network : Network
        The tables that the plan's stages read.
    values : mapping of str to mapping
        Stage → key → value as in ``plan.json`` (``"off"`` where a rule is off).
    on : date
        Day of planning.
    seed : int
        Seed of every draw.
    published : mapping of str to mapping
        Stage → result table → rows of the published plan that was planned again; empty where there was none.
    """

    network: Network
    values: Mapping[str, Mapping[str, Any]]
    on: date
    seed: int = 0
    published: Mapping[str, Mapping[str, pl.DataFrame]] = field(default_factory=dict)

    def value(self, stage: str, key: str) -> Any:
        """A policy value; ``None`` where the rule is off, or did not exist yet when the plan was made."""
        found = self.values[stage].get(key, "off")
        return None if found == "off" else found


@dataclass(frozen=True)
class Broken:
    """One place where a plan is wrong: ``rule`` or what else was checked, and where it shows.

    ``row`` counts from 1 within the table as stored; ``None`` where the whole table is meant. ``rests_on`` names the
    earlier stages with whose other decisions this place could be right.

    Where it is a promise that a plan may break if it says so: ``about``, the id of the place, unit … (``a>b`` for two together),
    and ``required`` and ``got``, what is promised and what there is.
    """

    rule: str
    table: str
    row: int | None
    column: str | None
    what: Text
    rests_on: tuple[str, ...] = ()
    about: str = ""
    required: float | None = None
    got: float | None = None

    @property
    def text(self) -> Text:
        """``table, row, column: what (rule)`` in both languages."""
        zh = (
            self.table
            + (f"，第 {self.row} 行" if self.row else "")
            + (f"，{self.column}" if self.column else "")
        )
        en = (
            self.table
            + (f", row {self.row}" if self.row else "")
            + (f", {self.column}" if self.column else "")
        )
        return Text(f"{zh}：{self.what.zh}（{self.rule}）", f"{en}: {self.what.en} ({self.rule})")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"rule": self.rule, "table": self.table, "row": self.row, "column": self.column,
                "what": self.what.as_dict()}  # fmt: skip


@dataclass(frozen=True)
class RuleState:
    """How a rule stands in a plan: binding, slack, off or broken.

    Binding: one of its rows is at its limit, so that no room is left there; or it alone forbids a choice (a pair, a
    visit, a year) that all other rules allow; or, for a weight, its term is in the plan's cost. Slack: none of these.
    In a whole-number model a slack rule may still shape the plan, so neither word says what the rule costs.

    ``open`` only in a hand-made plan: it rests on what an earlier stage decided, and nobody knows that.

    Parameters
    ----------
    rule, state : str
        The rule, and how it stands.
    tightest : Text
        Where it is tightest, or the number that it comes to.
    at : tuple of str
        Ids of places, units, teams or fund sources at which it leaves no room; ``a>b`` where it does so for two
        together. Empty where it holds the whole country alike, as a weight does.
    least, most : tuple of str
        Of these, where the least that is asked is just met, and where the most that is allowed is reached; both empty for rules that are
        no numbers, or know a most alone.
    """

    rule: str
    state: State
    tightest: Text = Text("", "")
    at: tuple[str, ...] = ()
    least: tuple[str, ...] = ()
    most: tuple[str, ...] = ()

    @property
    def sides(self) -> dict[str, str]:
        """Place → ``least``, ``most``, ``both``, or empty where nothing is told of it; sorted by place."""
        low, high = set(self.least), set(self.most)
        return {
            place: "both"
            if place in low & high
            else "least"
            if place in low
            else "most"
            if place in high
            else ""
            for place in sorted(set(self.at))
        }

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"rule": self.rule, "state": self.state, "tightest": self.tightest.as_dict(),
                "at": sorted(set(self.at)), "least": sorted(set(self.least)), "most": sorted(set(self.most))}  # fmt: skip

    def as_head(self) -> dict[str, Any]:
        """For ``plan.json``: the same, but only how many places there are; a plan keeps them in a table."""
        return {"rule": self.rule, "state": self.state, "tightest": self.tightest.as_dict(),
                "at_count": len(set(self.at))}  # fmt: skip


@dataclass(frozen=True)
class StageCheck:
    """The check of one stage.

    Parameters
    ----------
    broken : sequence of Broken
        Everything that is wrong.
    rules : sequence of RuleState
        Every rule of the stage that its scenario could set, in the order of the settings.
    objective : int or None
        Recomputed from the resolved scenario alone, in ``1/scale``.
    bound : int or None
        A bound that this check has itself proved from certificates; ``None`` where it could not.
    """

    broken: Sequence[Broken]
    rules: Sequence[RuleState]
    objective: int | None
    bound: int | None = None
    notes: Sequence[Text] = field(default_factory=tuple)

    def proves(self, head: Mapping[str, Any]) -> bool:
        """Whether the proved bound reaches the one that ``plan.json`` tells for the stage."""
        if self.bound is None or head["bound"] is None:
            return False
        sign = -1 if head["sense"] == "max" else 1
        return bool(sign * self.bound >= sign * head["bound"])


Certificates = Mapping[str, np.ndarray]
Tables = Mapping[str, pl.DataFrame]

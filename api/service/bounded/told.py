"""What a reading tells, in forms that go through a pipe."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from api.service.refusals import NotFound, TooLarge, UnknownForm
from graph.errors import (
    CheckFailed,
    InputError,
    JieduiError,
    LimitReached,
    OutsideError,
    ScenarioError,
    TableErrors,
    UsageError,
)
from graph.findings import Finding
from graph.language import Text

MOST = 1000
"""Findings that are told; how many there are is told with them."""
KNOWN: dict[str, type[JieduiError]] = {
    kind.__name__: kind
    for kind in (CheckFailed, InputError, LimitReached, NotFound, OutsideError, ScenarioError, TooLarge, UnknownForm, UsageError)
}  # fmt: skip


@dataclass(frozen=True)
class Done:
    """It went well; ``value``: what came of it."""

    value: Any


@dataclass(frozen=True)
class Refusal:
    """An error of jiedui's: its class, words and findings."""

    kind: str
    text: Text
    findings: list[Finding] = field(default_factory=list)

    @classmethod
    def of(cls, error: JieduiError) -> Refusal:
        """From an error as it is raised, in the words of what was read."""
        findings = [in_own_words(f) for f in error.findings[:MOST]] if isinstance(error, TableErrors) else []
        kind = next(c.__name__ for c in type(error).__mro__ if c.__name__ in KNOWN or c is JieduiError)
        return cls(kind, said(error.text), findings)

    def error(self) -> JieduiError:
        """The error again."""
        if self.findings:
            told = TableErrors(self.findings)
            told.text = self.text  # it says how many there are, not how many are listed
            return told
        return KNOWN.get(self.kind, InputError)(*self.text)


@dataclass(frozen=True)
class Defect:
    """Something that nobody foresaw; ``trace``: for the log."""

    trace: str


Told = Done | Refusal | Defect


def said(text: Text) -> Text:
    """A text in the words of the scenario that was read, which its hearer has not."""
    return Text(**text.as_dict())


def in_own_words(finding: Finding) -> Finding:
    """A finding in these words."""
    return replace(finding, what=said(finding.what), mend=said(finding.mend))

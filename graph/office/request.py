"""A request: a change that somebody wants, from draft to applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from graph.errors import CheckFailed
from graph.language import Text
from graph.office.written import from_json, to_json
from graph.schema import TABLES
from graph.store.changes import Changes
from graph.store.papers import Filing, Paper

KIND = "request"
Ended = Literal["", "withdrawn", "superseded"]
State = Literal["draft", "submitted", "approved", "returned", "rejected", "applied"]
Step = Literal["submit", "approve", "unapprove", "return", "reject", "apply", "edit"]

STATES: dict[State, Text] = {
    "draft": Text("草稿", "draft"),
    "submitted": Text("已提交", "submitted"),
    "approved": Text("已批准", "approved"),
    "returned": Text("已退回", "returned"),
    "rejected": Text("已否决", "rejected"),
    "applied": Text("已执行", "applied"),
}
STEPS: dict[Step, tuple[tuple[State, ...], State, Text]] = {
    "edit": (("draft", "returned"), "draft", Text("修改", "edit")),
    "submit": (("draft", "returned"), "submitted", Text("提交", "submit")),
    "approve": (("submitted",), "approved", Text("批准", "approve")),
    "unapprove": (("approved",), "submitted", Text("撤销批准", "take back the approval of")),
    "return": (("submitted",), "returned", Text("退回", "return")),
    "reject": (("draft", "submitted", "approved"), "rejected", Text("否决", "reject")),
    "apply": (("approved", "applied"), "applied", Text("执行", "apply")),
}
"""Step → states from which it may be taken, the state after it, its name. A plan's request may be applied in parts, one after
the other."""
WRITING: tuple[str, ...] = ("draft", "edit", "submit")
"""Steps that make a request's content one's own."""
PENDING: tuple[State, ...] = ("draft", "submitted", "approved", "returned")
"""States in which something may still come of it."""


class WrongState(CheckFailed):
    """A step that a request's state does not allow."""


class SameEyes(CheckFailed):
    """Somebody would approve what they drafted, edited or submitted themselves, where the office wants four eyes."""


@dataclass(frozen=True)
class Overlap:
    """A row that two requests want to change.

    Parameters
    ----------
    table, row : str
        The row.
    request, author : str
        The other request, and who wants it.
    state : str
        Its state.
    """

    table: str
    row: str
    request: str
    author: str
    state: State


@dataclass(frozen=True)
class Request:
    """One request.

    Parameters
    ----------
    id : str
        Its number: ``r1``, ``r2`` …; of a plan the plan's id.
    state : str
        One of :data:`STATES`.
    author : str
        Who wants it.
    reason : str
        Why.
    base : int
        Version of the network that it was worked out from.
    changes : Changes
        What is to change; empty for a plan, whose rows are its proposal.
    current : mapping of str to sequence of mapping
        Table → the rows that change as they were at ``base``, to be shown beside the new ones.
    plan : str
        The plan's id; empty for an edit.
    applied : sequence of mapping
        What of a plan was adopted: ``stages``, ``regions``, ``without``, ``at`` (ISO time), ``by``, ``decided`` (stages that it
        decided about), ``version`` (where it changed something) and, once that version was taken back, ``reverted``.
    open : sequence of str
        Stages of a plan of which something is left, once a part was adopted.
    ended : str
        Why nothing comes of what is left: the plan was withdrawn, or another one was adopted in its place. It is not filed.
    note : str
        What whoever took the last step wrote.
    step : str
        The last step.
    revision : int
        Of its paper; 0 before it is filed.
    key : str
        Of whoever drafted it, so that it is drafted once though it is sent twice; empty: none.
    drafted : str
        Digest of what was drafted with that key.
    """

    id: str
    state: State
    author: str
    reason: str
    base: int
    changes: Changes = field(default_factory=Changes)
    current: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    plan: str = ""
    applied: Sequence[Mapping[str, Any]] = ()
    open: Sequence[str] = ()
    ended: Ended = ""
    note: str = ""
    step: str = ""
    revision: int = 0
    key: str = ""
    drafted: str = ""

    @property
    def pending(self) -> bool:
        """Whether something may still come of it."""
        return self.state in PENDING or bool(self.state == "applied" and self.open and not self.ended)

    @property
    def standing(self) -> list[Mapping[str, Any]]:
        """Adoptions of a plan that were not taken back."""
        return [part for part in self.applied if not part.get("reverted")]

    @property
    def told(self) -> Text:
        """Its state in words; of a plan also how much of it stands."""
        if self.state != "applied" or not self.applied:
            return STATES[self.state]
        if not self.standing:
            return Text("采纳后已撤回", "adopted and reverted")
        if not self.open and len(self.standing) == len(self.applied):
            return STATES[self.state]
        parts = list(dict.fromkeys(part_text(part) for part in self.standing))
        end = _ENDED[self.ended] if self.open else _ENDED[""]
        return Text(
            f"已采纳一部分：{'；'.join(p.zh for p in parts)}{end.zh}",
            f"adopted in part: {'; '.join(p.en for p in parts)}{end.en}",
        )

    def marked(self, version: int) -> Request:
        """With the version named that its last adoption made."""
        return replace(self, applied=(*self.applied[:-1], {**self.applied[-1], "version": version}))

    def reverted(self, version: int, by: str, note: str, became: int) -> Request:
        """With a version marked as taken back by the version ``became``; with the mark gone where it was itself such a one."""
        return replace(
            self, applied=[_reverted(p, version, by, became) for p in self.applied], step="revert", note=note
        )

    def made(self, version: int) -> bool:
        """Whether a version is one of its adoptions, or took one back."""
        return any(
            (part.get("reverted") or {}).get("version", part.get("version")) == version
            for part in self.applied
        )

    def after(self, step: Step, note: str = "") -> Request:
        """The request after a step.

        Raises
        ------
        WrongState
            When its state does not allow the step; the message says what it allows.
        """
        before, state, name = STEPS[step]
        if self.state not in before or (step == "apply" and self.state == "applied" and not self.plan):
            allowed = [
                text
                for steps, _, text in STEPS.values()
                if self.state in steps and (self.state != "applied" or self.plan)
            ]
            zh = "、".join(t.zh for t in allowed) or "无"
            en = ", ".join(t.en for t in allowed) or "nothing"
            now = STATES[self.state]
            raise WrongState(
                f"请求 {self.id} {now.zh}，不能{name.zh}；可以：{zh}",
                f"request {self.id} is {now.en}: it is not possible to {name.en} it; possible: {en}",
            )
        return replace(self, state=state, note=note, step=step)

    def rows(self) -> set[tuple[str, str]]:
        """Table and key of every row that changes."""
        return {(table, key) for table in self.changes.tables for key in self.changes.keys(table)}

    def filing(self) -> Filing:
        """The paper to be filed."""
        content: dict[str, Any] = {
            "state": self.state,
            "author": self.author,
            "reason": self.reason,
            "base": self.base,
            "note": self.note,
            "step": self.step,
            "plan": self.plan,
            "applied": list(self.applied),
            "open": list(self.open),
            "changes": to_json(self.changes),
            "current": {t: list(rows) for t, rows in self.current.items()},
            "rows": sorted(f"{table} {key}" for table, key in self.rows()),
        }
        if self.key:
            content |= {"key": self.key, "drafted": self.drafted}
        return Filing(KIND, self.id, content, self.revision)

    @classmethod
    def of(cls, paper: Paper) -> Request:
        """The request of a paper."""
        told = paper.content
        return cls(
            paper.id,
            told["state"],
            told["author"],
            told["reason"],
            told["base"],
            from_json(told["changes"]),
            told["current"],
            told["plan"],
            tuple(told["applied"]),
            tuple(told.get("open", ())),
            note=told["note"],
            step=told["step"],
            revision=paper.revision,
            key=told.get("key", ""),
            drafted=told.get("drafted", ""),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; current and proposed rows side by side."""
        told = {k: v for k, v in self.filing().content.items() if k not in ("key", "drafted")}
        return {
            "id": self.id,
            "revision": self.revision,
            **told,
            "pending": self.pending,
            "ended": self.ended,
            "side_by_side": self.side_by_side(),
        }

    def side_by_side(self) -> list[dict[str, Any]]:
        """One entry per row that changes: ``table``, ``row``, ``current`` (none: new), ``proposed`` (none: removed)."""
        written, found = to_json(self.changes), []
        for table in self.changes.tables:
            key = TABLES[table].key
            now = {tuple(row.get(k) for k in key): row for row in self.current.get(table, ())}
            names = iter(self.changes.keys(table))
            for part in ("put", "removed"):
                for row in written[part].get(table, []):
                    cells = tuple(row.get(k) for k in key)
                    proposed = row if part == "put" else None
                    found.append(
                        {"table": table, "row": next(names), "current": now.get(cells), "proposed": proposed}
                    )
        return found


_ENDED: dict[Ended, Text] = {
    "": Text("", ""),
    "withdrawn": Text("；其余已撤下", "; the rest was withdrawn"),
    "superseded": Text("；其余已由别的方案取代", "; another plan was adopted in place of the rest"),
}


def part_text(part: Mapping[str, Any]) -> Text:
    """Which part of a plan an adoption was of."""
    only, without = [*part["stages"], *part["regions"]], part["without"]
    zh, en = "、".join(only) or "全部", ", ".join(only) or "all of it"
    zh += f"，除 {'、'.join(without)}" if without else ""
    en += f", without {', '.join(without)}" if without else ""
    return Text(zh, en)


def _reverted(part: Mapping[str, Any], version: int, by: str, became: int) -> Mapping[str, Any]:
    mark = part.get("reverted")
    if mark and mark["version"] == version:
        return {k: v for k, v in part.items() if k != "reverted"} | {"version": became}
    return {**part, "reverted": {"version": became, "by": by}} if part.get("version") == version else part

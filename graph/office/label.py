"""Labels and notes on plans: papers beside a network, as colleagues share them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph.language import Text
from graph.signs import demand_seen
from graph.store.papers import Filing
from graph.store.protocol import Store

KIND = "plan_label"
LABEL, NOTE = Text("标签", "the label"), Text("备注", "the note")


@dataclass(frozen=True)
class Label:
    """What somebody wrote on a plan.

    Parameters
    ----------
    plan : str
        The plan's id.
    label, note : str
        A word or two, and more.
    by : str
        Who wrote it last.
    """

    plan: str
    label: str = ""
    note: str = ""
    by: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"label": self.label, "note": self.note, "by": self.by}


def labels_of(store: Store, network: str) -> dict[str, Label]:
    """Plan id → its label, of all plans that bear one."""
    found = {
        paper.id: Label(
            paper.id, str(paper.content.get("label", "")), str(paper.content.get("note", "")), paper.by
        )
        for paper in store.papers(network, KIND)
    }
    return {plan: told for plan, told in found.items() if told.label or told.note}


def file_label(
    store: Store, network: str, plan: str, *, by: str, label: str | None = None, note: str | None = None
) -> Label:
    """Write on a plan; what is not given stays, an empty text takes it off.

    Raises
    ------
    StalePaper
        When a colleague wrote on it in the same moment.
    UsageError
        When a text has signs that nobody sees, or a label several lines.
    """
    demand_seen(LABEL, label or "")
    demand_seen(NOTE, note or "", lines=True)
    known = next((paper for paper in store.papers(network, KIND) if paper.id == plan), None)
    content = dict(known.content) if known else {"label": "", "note": ""}
    content |= {k: v.strip() for k, v in (("label", label), ("note", note)) if v is not None}
    store.file(network, [Filing(KIND, plan, content, known.revision if known else 0)], by=by)
    return Label(plan, str(content["label"]), str(content["note"]), by)

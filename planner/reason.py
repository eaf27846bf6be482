"""What an explanation is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.language import Text


@dataclass(frozen=True)
class Option:
    """One way to decide: what it is, its terms in points, and whether the plan takes it.

    ``total``: ``None`` where what it comes to is not known, or nothing would be possible. ``about``: ids of who takes part in it.
    ``rules``: keys of the rules that stand in its way. ``left``: why it is not more.
    """

    what: Text
    total: float | None
    terms: Mapping[str, float]
    chosen: bool = False
    note: Text = Text("", "")
    about: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    left: Text = Text("", "")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"what": self.what.as_dict(), "total": self.total, "terms": dict(self.terms), "chosen": self.chosen,
                "note": self.note.as_dict(), "rules": list(self.rules), "left": self.left.as_dict()}  # fmt: skip


@dataclass(frozen=True)
class Left:
    """Why something stayed open: ``why`` in words, and the keys of the ``rules`` that alone decide it."""

    why: Text
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Why one row of a plan is as it is.

    Parameters
    ----------
    stage : str
        The stage that decided it.
    what : Text
        What was decided.
    options : sequence of Option
        What was chosen and the next-best alternatives, the best first, as far as each would be allowed alone.
    rules : sequence of mapping
        Binding rules of the stage that bind here: rule, value, tightest, here.
    total : Text
        What an option's ``total`` counts.
    by : sequence of str
        Keys of the rules that alone decide it.
    elsewhere : int
        How many further rules of the stage bind, but not here.
    titles : mapping of str to Text
        Terms that are called otherwise here than elsewhere.
    reading : Text
        How to read the figures, where they do not speak for themselves; else empty.
    others : int
        How many choices there are beside the chosen ones, where only some of them are among the options; else 0.
    why : Text
        Of what was left open: why it is so; else empty.
    """

    stage: str
    what: Text
    options: Sequence[Option] = ()
    rules: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    total: Text = Text("成本", "cost")
    by: Sequence[str] = ()
    elsewhere: int = 0
    titles: Mapping[str, Text] = field(default_factory=dict)
    reading: Text = Text("", "")
    why: Text = Text("", "")
    others: int = 0

    @property
    def said(self) -> Text:
        """What was decided and, of what was left open, why."""
        if not self.why.en:
            return self.what
        if "; " in self.what.en:  # it has parts already: another sentence
            return Text(f"{self.what.zh}。{self.why.zh}", f"{self.what.en}. {self.sentence.en}")
        return Text(f"{self.what.zh}：{self.why.zh}", f"{self.what.en}: {self.why.en}")

    @property
    def sentence(self) -> Text:
        """``why`` as a sentence of its own, without its stop."""
        return Text(self.why.zh, self.why.en[:1].upper() + self.why.en[1:])

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"stage": self.stage, "what": self.what.as_dict(), "why": self.why.as_dict(), "options": [o.as_dict() for o in self.options],
                "rules": [dict(r) for r in self.rules], "others": self.others, "elsewhere": self.elsewhere, "reading": self.reading.as_dict()}  # fmt: skip


def told_of(stage: str, told: int, of: int) -> list[Explanation]:
    """A last line that says of how many only the first were told; nothing where it is all of them."""
    if told >= of:
        return []
    return [
        Explanation(
            stage, Text(f"共 {of:,} 项，以上是前 {told:,} 项", f"these are the first {told:,} of {of:,}")
        )
    ]

"""What is asked about: a thing by code or name, two things ``a>b``, a year ``place=2019``, an amount ``source>county:programme:year``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.schema import RESULTS
from graph.search import find
from graph.tables.suggest import nearest_words, unknown
from graph.titles import titled_values
from planner.plan import Plan

SUBJECTS = Text(
    "地区、单位、村、干部、督查组、资金来源（代码或名称），帮扶方>受扶方、干部>村、督查组>县，县=年份，或 来源>县:项目:年份",
    "a region, a unit, a village, a cadre, an inspection team or a fund source, by code or name; supporter>recipient, "
    "cadre>village, team>county; county=year; or source>county:programme:year",
)
NEAR = 3
NAME_LIKE = 40.0
"""Names of places are long, and what is typed of them is short."""
IDS = {"cadres": "id", "inspection_teams": "id", "fund_sources": "id"}
ALONE = {"cadres": "cadres", "inspection_teams": "inspection", "fund_sources": "funds"}
"""Table → the one stage that decides about what stands in it."""


@dataclass(frozen=True)
class Subject:
    """What is asked about.

    Parameters
    ----------
    keys : tuple of str
        Ids: one, or two for ``a>b``.
    year : int, optional
        Of an exit or an amount.
    programme : str, optional
        Of an amount.
    exit : bool
        Whether the year is that of an exit.
    """

    keys: tuple[str, ...]
    year: int | None = None
    programme: str | None = None
    exit: bool = False

    @property
    def special(self) -> bool:
        """Whether it is a year of exit or an amount, which one stage alone knows."""
        return self.year is not None or self.programme is not None

    def may_be_of(self, stage: str) -> bool:
        """Whether a stage may know it."""
        return not self.special or stage == ("exit" if self.exit else "funds")


def may_decide(plan: Plan, stage: str, keys: Iterable[str]) -> bool:
    """Whether a stage may decide about all of these ids: people, teams and money are each one stage's, and no other is read in vain."""
    network = plan.network
    for key in keys:
        if key in network.names:
            continue
        for table, own in ALONE.items():
            if stage != own and network.has(table) and (network.frame(table)[IDS[table]] == key).any():
                return False
    return True


def read_subject(plan: Plan, text: str) -> Subject:
    """What a text means in a plan.

    Raises
    ------
    UsageError
        When it is not known, means several things, or is not of a form that can be asked.
    """
    *others, last = [part.strip() for part in text.split(">")]
    year, programme, leaves = None, None, False
    if not known_id(plan, last):
        place, equals, told = last.rpartition("=")
        if equals:
            last, year, leaves = place.strip(), _year(told), True
        elif ":" in last.replace("：", ":"):
            last, *rest = [p.strip() for p in last.replace("：", ":").split(":")]
            for part in filter(None, rest):
                if part.isdigit():
                    year = _year(part)
                else:
                    programme = _programme(plan, part)
    return Subject(tuple(one_id(plan, p) for p in (*others, last)), year, programme, leaves)


def _year(text: str) -> int:
    if not text.strip().isdigit() or len(text.strip()) != 4:
        raise UsageError(
            f"{text} 不是年份，例如 县=2019", f"{text} is no year; write for example county=2019"
        )
    return int(text)


def _programme(plan: Plan, text: str) -> str:
    known = titled_values(plan.network, "programme")
    for key, title in known.items():
        if text in (key, title.zh, title.en):
            return key
    told = unknown(Text("没有项目", "there is no programme"), text, known)
    raise UsageError(
        f"{told.zh}（写作 来源>县:项目:年份）", f"{told.en} (write source>county:programme:year)"
    )


def one_id(plan: Plan, text: str) -> str:
    """The id of the one thing that a text names.

    Raises
    ------
    UsageError
        When nothing, or more than one thing, has the name.
    """
    if not text:
        raise UsageError(
            f"没有说明问的是什么（空的名字）。可以问：{SUBJECTS.zh}，例如 {'、'.join(example(plan))}",
            f"a name is empty. Ask about {SUBJECTS.en}, such as {', '.join(example(plan))}",
        )
    found = looked_up(plan, text)
    if found.id is not None:
        return found.id
    if found.several:
        zh, en = "、".join(found.several), ", ".join(found.several)
        raise UsageError(
            f"{text} 指多个对象，请用代码：{zh}", f"{text} means several things, give the code: {en}"
        )
    near = found.near or example(plan)
    zh, en = "、".join(near), ", ".join(near)
    raise UsageError(
        f"方案里没有 {text}。可以问：{SUBJECTS.zh}" + (f"；是不是 {zh}？" if found.near else f"，例如 {zh}"),
        f"the plan knows no {text}. Ask about {SUBJECTS.en}"
        + (f"; did you mean {en}?" if found.near else f", such as {en}"),
    )


@dataclass(frozen=True)
class LookedUp:
    """What a text names in a plan: one ``id``; or ``several`` things, code and name; or nothing, with names that are ``near``."""

    id: str | None = None
    several: tuple[str, ...] = ()
    near: tuple[str, ...] = ()


def looked_up(plan: Plan, text: str) -> LookedUp:
    """The thing that a code or name stands for."""
    if known_id(plan, text):
        return LookedUp(text)
    hits = find(plan.network, text, limit=10)
    best = min((h.quality for h in hits), default=0)
    exact = [h for h in hits if h.quality == best]
    if len(exact) == 1 and best < 3:
        return LookedUp(str(exact[0].id))
    if exact and best < 3:
        return LookedUp(several=tuple(f"{h.id} {plan.network.label(h.id)}" for h in exact[:8]))
    alike = nearest_words(text, list(plan.network.names.values()), NEAR, NAME_LIKE)
    return LookedUp(near=tuple(dict.fromkeys([*(h.name for h in hits), *alike]))[:NEAR])


def example(plan: Plan) -> list[str]:
    """One thing that the plan decided about, as people name it."""
    for name, frame in plan.tables().items():
        ids = [c.name for c in RESULTS[name].columns if c.kind == "code"]
        if frame.height:
            return [plan.network.label(frame[ids[-1]][0])]
    return []


def known_id(plan: Plan, text: str) -> bool:
    """Whether a text is an id of the scenario or of what was decided."""
    tables = ((plan.network.frame(t), column) for t, column in IDS.items() if plan.network.has(t))
    if text in plan.network.names or any((rows[column] == text).any() for rows, column in tables):
        return True
    for name, frame in plan.tables().items():
        ids = [c.name for c in RESULTS[name].columns if c.kind == "code"]
        if frame.select(pl.any_horizontal([(pl.col(c) == text).any() for c in ids])).item():
            return True
    return False

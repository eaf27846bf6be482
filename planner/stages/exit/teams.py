"""Regions whose teams cannot verify the exits that have to be: found by counting, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from graph.language import Text, several
from graph.network import Network
from planner.stages.words import clash

SINGLY = 3
"""More regions that are short in the same years for the same rules are told in one line."""
NAMED = 5
"""Regions that such a line names, those that lack most first."""


@dataclass(frozen=True)
class Short:
    """Teams that are too few: ``room`` exits can be verified in the years ``first`` to ``last``, ``need`` have to be; by ``rules``."""

    region: str
    first: int
    last: int
    room: int
    need: int
    rules: tuple[str, ...]


def years_told(first: int, last: int) -> str:
    """``2017``, or ``2017–2020``."""
    return str(first) if first == last else f"{first}–{last}"


def too_few_teams(network: Network, shorts: Iterable[Short]) -> Iterator[Text]:
    """A line for each region; many alike in one line."""
    alike: dict[tuple[int, int, tuple[str, ...]], list[Short]] = {}
    for one in shorts:
        alike.setdefault((one.first, one.last, one.rules), []).append(one)
    for (_, _, rules), found in alike.items():
        words = [_one(network, s) for s in found] if len(found) <= SINGLY else [_many(network, found)]
        yield from (clash(what, *rules) for what in words)


def _one(network: Network, short: Short) -> Text:
    name, years = network.label(short.region), years_told(short.first, short.last)
    return Text(
        f"{name} 的核查队 {years} 年合计可核查 {short.room} 个县，而有 {short.need} 个县要在此期间退出",
        f"the teams of {name} can verify {several(short.room, 'county exit')} in {years}, but "
        f"{several(short.need, 'county has', 'counties have')} to exit then",
    )


def _many(network: Network, shorts: list[Short]) -> Text:
    worst = sorted(shorts, key=lambda s: (s.room - s.need, s.region))[:NAMED]
    rest = len(shorts) - len(worst)
    more = f" …(+{rest})" if rest else ""
    zh = "、".join(f"{network.label(s.region)} 可核查 {s.room} 个、要退出 {s.need} 个" for s in worst)
    en = ", ".join(f"{network.label(s.region)} {s.room} of {s.need}" for s in worst)
    years = years_told(shorts[0].first, shorts[0].last)
    return Text(
        f"{len(shorts)} 个地区的核查队 {years} 年可核查的县少于要在此期间退出的县：{zh}{more}",
        f"the teams of {len(shorts)} regions can verify fewer county exits in {years} than there have to be: {en}{more}",
    )

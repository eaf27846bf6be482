"""A place or unit as answers show it, and how the words of a question become one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.search import Hit, find, is_sure, places_above, spoken

NAMED = 8  # places that a message names
READS = ("regions", "names", "units", "region_successions")
"""Tables by which :func:`one_subject` finds what words mean; all but ``regions`` may be missing."""


@dataclass(frozen=True)
class Place:
    """A region or unit.

    Parameters
    ----------
    id : str
        Region code or unit id.
    name : str
        Its name, in Chinese where the data are.
    pinyin : str
        English name or pinyin; empty where none is stored.
    level : str
        Level of a region; ``unit`` for a unit.
    above : tuple of str
        Names of the places above, the widest first.
    """

    id: str
    name: str
    pinyin: str
    level: str
    above: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


def places(network: Network, ids: Iterable[str], *, above: bool = False) -> list[Place]:
    """The places and units of ``ids``, in their order; ``above`` adds what they lie in (slower)."""
    wanted = list(ids)
    sounds = spoken(network, wanted)
    levels, names = network.level_of, network.names
    return [
        Place(
            code,
            names.get(code) or code,
            sounds.get(code, ""),
            levels.get(code, "unit"),
            places_above(network, code) if above else (),
        )
        for code in wanted
    ]


class NoSuchPlace(UsageError):
    """Nothing has the name that was given; ``hits``: what has a similar one."""

    def __init__(self, words: str, hits: Sequence[Hit]) -> None:
        self.hits = tuple(hits)
        near = [f"{h.id} {h.name}" for h in hits]
        zh, en = "、".join(near), ", ".join(near)
        super().__init__(
            f"没有找到“{words}”" + (f"；是不是：{zh}？" if near else "；可用名称、代码、拼音或首字母查询"),
            f"nothing is called “{words}”"
            + (f"; did you mean: {en}?" if near else "; try a name, code or pinyin"),
        )

    def details(self) -> dict[str, Any]:
        """The similar ones."""
        return {"candidates": [h.to_dict() for h in self.hits]}


class SeveralPlaces(UsageError):
    """Words that may mean several places or units as well as each other: ``hits``."""

    def __init__(self, words: str, hits: Sequence[Hit]) -> None:
        self.hits = tuple(hits)
        listed = [f"{h.id} {h.name}" for h in hits[:NAMED]]
        more = len(hits) - len(listed)
        rest = Text(f" 等 {len(hits)} 处", f" and {more} more") if more else Text("", "")
        super().__init__(
            f"“{words}”不止一处，请用代码或全名：{'、'.join(listed)}{rest.zh}",
            f"“{words}” may mean several; give the code or the full name: {', '.join(listed)}{rest.en}",
        )

    def details(self) -> dict[str, Any]:
        """All that may be meant."""
        return {"candidates": [h.to_dict() for h in self.hits]}


def meant(words: str, hits: Sequence[Hit]) -> Hit:
    """The first of what a search for words found, where it found any.

    Raises
    ------
    NoSuchPlace
        When nothing has that name; similar ones are offered.
    """
    if not hits or hits[0].how == "similar":
        raise NoSuchPlace(words, hits)
    return hits[0]


def one_meant(words: str, hits: Sequence[Hit]) -> Hit:
    """The one that words mean, of what a search for them found.

    Raises
    ------
    NoSuchPlace, SeveralPlaces
        When nothing has that name, or several match as well as each other.
    """
    found = meant(words, hits)
    if not is_sure(list(hits)):
        raise SeveralPlaces(words, hits)
    return found


def subject(network: Network, words: str) -> tuple[Place, list[Hit]]:
    """The place or unit that ``words`` mean, and every hit of the search (the first is the place).

    Raises
    ------
    NoSuchPlace
        When nothing has that name; the message offers similar names.
    """
    hits = find(network, words)
    return places(network, [meant(words, hits).id], above=True)[0], hits


def one_subject(network: Network, words: str) -> Place:
    """The one place or unit that ``words`` mean, for questions that must not guess.

    Raises
    ------
    NoSuchPlace, SeveralPlaces
        When nothing has that name, or several match as well as each other; the message lists them.
    """
    return places(network, [one_meant(words, find(network, words)).id], above=True)[0]


def same_place(network: Network, code: str) -> set[str]:
    """``code`` and the codes that it succeeded or that succeeded it; both answer for the place."""
    return set(network.aliases.get(code, (code,)))

"""``[titles]`` of a scenario: its own words for kinds, roles, levels, tags, the things that texts name, and money.

::

    [titles.words]
    cadre = { zh = "教师", en = "teacher" }
    county = { zh = "学区", en = "district" }

    [titles.relation_kind]
    east_west = { zh = "城市结对", en = "twinning", many = "twinnings" }

    [titles.currency]
    zh = "克朗"
    en = "crown"
    symbol = "kr"
    big = { size = 1_000, zh = "千克朗", en = "thousand crowns" }

What is not named keeps jiedui's word. Titles decide nothing, but a plan says what it says in them: they are part of its id, as
the scenario's title is, and stand in ``plan.json`` under ``inputs``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from graph.language import Text
from graph.phrases import WORDS
from graph.schema import ENUMS
from graph.tables.suggest import unknown_key
from graph.wording import Titles, Wording, worded

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound="Worded")
TAG, CURRENCY, NAMED = "tag", "currency", "words"
SECTIONS = (NAMED, TAG, CURRENCY, *ENUMS)
TITLE, MONEY, BIG = ("zh", "en", "many"), ("zh", "en", "many", "symbol", "big"), ("size", "zh", "en")
Wrong = tuple[str, str, Text]
"""Section, key, what is wrong."""


def title_problems(titles: Mapping[str, Any]) -> list[Wrong]:
    """What is wrong with ``[titles]`` of one file, besides values that the scenario has not.

    Parameters
    ----------
    titles : mapping
        As the file has it.
    """
    found: list[Wrong] = []
    for section, named in titles.items():
        if section not in SECTIONS:
            found.append(("titles", section, unknown_key(section, SECTIONS)))
        elif not isinstance(named, dict):
            found.append(("titles", section, Text("应为一节", f"must be a section [titles.{section}]")))
        elif section == CURRENCY:
            found += [(f"titles.{section}", k, what) for k, what in _money_problems(named)]
        else:
            for key, told in named.items():
                if section == NAMED and key not in WORDS:
                    found.append((f"titles.{section}", key, unknown_key(key, list(WORDS))))
                found += [(f"titles.{section}", key, what) for what in _problems(told, TITLE)]
    return found


def _money_problems(told: Mapping[str, Any]) -> Iterable[tuple[str, Text]]:
    yield from (("zh", what) for what in _problems({k: v for k, v in told.items() if k != "big"}, MONEY))
    if "big" in told:
        yield from (("big", what) for what in _problems(told["big"], BIG))
        size = told["big"].get("size") if isinstance(told["big"], dict) else None
        if type(size) is not int or size < 2:
            yield "big", Text("size 应为大于 1 的整数", "size must be a whole number above 1")


def _problems(told: Any, keys: Sequence[str]) -> Iterable[Text]:
    """What is wrong with one title; ``zh`` and ``en`` must both be there."""
    if not isinstance(told, dict):
        yield Text('应为 { zh = "…", en = "…" }', 'must be { zh = "…", en = "…" }')
        return
    yield from (unknown_key(key, keys) for key in told if key not in keys)
    for key in ("zh", "en", "many", "symbol"):
        value = told.get(key)
        if (value is None and key in ("zh", "en")) or (
            value is not None and not (isinstance(value, str) and value.strip())
        ):
            yield Text(f"{key} 应为不空的文本", f"{key} must be a text that is not empty")


def unknown_values(titles: Titles, enums: Mapping[str, Sequence[str]], levels: Sequence[str]) -> list[Wrong]:
    """Titles of values that neither jiedui nor the scenario has."""
    found = []
    for section, named in titles.items():
        if section in ENUMS:
            known = levels if section == "level" else [*ENUMS[section], *enums.get(section, ())]
            found += [
                (f"titles.{section}", key, unknown_key(key, known)) for key in named if key not in known
            ]
    return found


def settled_titles(heads: Iterable[Mapping[str, Any]]) -> Titles:
    """Titles of a scenario's files, each file's over its base's.

    Parameters
    ----------
    heads : iterable of mapping
        The files' ``[titles]``, the widest base's first.
    """
    found: dict[str, dict[str, Any]] = {}
    for head in heads:
        for section, named in head.items():
            told = _split(named) if section == CURRENCY else named
            found[section] = {**found.get(section, {}), **told}
    return {section: dict(sorted(found[section].items())) for section in sorted(found) if found[section]}


def _split(money: Mapping[str, Any]) -> dict[str, Any]:
    """``[titles.currency]`` as its name and its large unit."""
    name = {k: v for k, v in money.items() if k != "big"}
    return {"name": name, **({"big": money["big"]} if "big" in money else {})}


def as_file(titles: Titles) -> dict[str, dict[str, Any]]:
    """Titles as a file has them: the inverse of :func:`settled_titles` of one file."""
    found = {section: dict(named) for section, named in titles.items()}
    if money := found.get(CURRENCY):
        found[CURRENCY] = {**money["name"], **({"big": money["big"]} if "big" in money else {})}
    return found


def titles_text(titles: Titles) -> list[str]:
    """Lines of ``scenario.toml`` that give these titles."""
    from planner.policy import toml

    def shown(value: Any) -> str:
        return (
            f"{{ {', '.join(f'{k} = {toml(v)}' for k, v in value.items())} }}"
            if isinstance(value, dict)
            else toml(value)
        )

    lines: list[str] = []
    for section, named in as_file(titles).items():
        lines += ["", f"[titles.{section}]", *(f"{toml(k)} = {shown(v)}" for k, v in named.items())]
    return lines


class Worded(Protocol):
    """What has words of its own: a scenario, its plan, what was found of it; ``None`` where jiedui's hold."""

    @property
    def wording(self) -> Wording | None:
        """Its own words."""


def in_own_words(work: Callable[Concatenate[W, P], R]) -> Callable[Concatenate[W, P], R]:
    """Make a function say everything that it keeps in the words of what it is given first, whoever calls it."""

    @wraps(work)
    def spoken(first: W, /, *args: P.args, **named: P.kwargs) -> R:
        wording = first.wording
        with worded(wording if wording is not None and wording.titles else None):
            return work(first, *args, **named)

    return spoken

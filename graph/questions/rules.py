"""Rules of coverage: which places must have which support. Declared, so that anybody may bring their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from graph.errors import InputError
from graph.language import Text


@dataclass(frozen=True)
class Rule:
    """One rule of coverage.

    Parameters
    ----------
    name : str
        Name of the rule; table ``coverage`` says by it whose lists are complete.
    title : Text
        What it asks for.
    kinds : tuple of str
        Kinds of relation that count, the most telling first.
    tag, without_tag : str
        Places that bear the one tag and not the other; empty: no such condition.
    level : str
        Places at this level; empty: any.
    measure : str
        Only places whose latest figure of this measure is above zero; its sums are told.
    posts : bool
        Instead of relations: places that have posts, covered by a posting in force.
    """

    name: str
    title: Text
    kinds: tuple[str, ...] = ()
    tag: str = ""
    without_tag: str = ""
    level: str = ""
    measure: str = ""
    posts: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The rule as :func:`read_rules` reads it; what is as it is by default is left out."""
        told = {"name": self.name, "zh": self.title.zh, "en": self.title.en}
        more = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in ("name", "title")}
        told |= {key: value for key, value in more.items() if value}
        return told | ({"kinds": list(self.kinds)} if self.kinds else {})


RULES: tuple[Rule, ...] = (
    Rule(
        "autonomous_prefectures",
        Text("每个自治州都有结对帮扶", "every autonomous prefecture is paired"),
        ("east_west", "counterpart", "county_pair"),
        tag="ethnic_prefecture",
    ),
    Rule(
        "designated_key_counties",
        Text("每个重点县都有单位定点帮扶", "every key county has a designated unit"),
        ("designated",),
        tag="key_county_592",
    ),
    Rule(
        "poor_counties_supported",
        Text("每个贫困县都有帮扶方", "every poor county has a supporter"),
        ("east_west", "counterpart", "county_pair", "designated", "intra_province", "provincial_designated"),
        tag="poor_county_832",
    ),
    Rule(
        "poor_outside",
        Text("非贫困县的贫困人口有帮扶方", "poor people in non-poor counties have a supporter"),
        ("east_west", "counterpart", "county_pair", "designated", "intra_province", "provincial_designated"),
        without_tag="poor_county_832",
        level="county",
        measure="poor_population",
    ),
    Rule(
        "key_counties_160_supported",
        Text("每个乡村振兴重点帮扶县都有帮扶方", "every key county for rural revitalisation has a supporter"),
        ("east_west", "counterpart", "county_pair", "designated", "intra_province", "provincial_designated"),
        tag="key_county_160",
    ),
    Rule(
        "must_staff_villages",
        Text("每个应派驻的村都有人驻村", "every village that must be staffed has somebody posted"),
        posts=True,
    ),
)
"""The rules that are asked unless others are named."""


def read_rules(rows: Iterable[Mapping[str, Any]], where: str) -> tuple[Rule, ...]:
    """Rules out of the ``[[rule]]`` blocks of a TOML file.

    Parameters
    ----------
    rows : iterable of mapping
        One mapping per rule; ``zh`` and ``en`` are its titles, the rest as :class:`Rule`.
    where : str
        The file, for messages.

    Raises
    ------
    InputError
        On an unknown key, a missing name, a value of the wrong type, or a rule that names neither kinds nor
        posts.
    """
    return tuple(_rule(row, f"{where}, [[rule]] {i}") for i, row in enumerate(rows, 1))


def _rule(row: Mapping[str, Any], where: str) -> Rule:
    known = {f.name for f in fields(Rule)} - {"title"} | {"zh", "en"}
    for key, value in row.items():
        if key not in known:
            names = ", ".join(sorted(known))
            raise InputError(
                f"{where}：未知的键 {key}；可用：{names}", f"{where}: unknown key {key}; known: {names}"
            )
        _check_type(key, value, where)
    name = row.get("name", "")
    if not name:
        raise InputError(f"{where}：缺少 name", f"{where}: name is missing")
    if not row.get("kinds") and not row.get("posts"):
        raise InputError(
            f"{where}：请给出 kinds（关系类型）或 posts = true",
            f"{where}: give kinds (of relation) or posts = true",
        )
    values = {k: v for k, v in row.items() if k not in {"zh", "en", "kinds"}}
    title = Text(row.get("zh") or name, row.get("en") or name)
    return Rule(title=title, kinds=tuple(row.get("kinds", ())), **values)


def _check_type(key: str, value: object, where: str) -> None:
    if key == "kinds":
        good = isinstance(value, list) and all(isinstance(v, str) for v in value)
    else:
        good = isinstance(value, bool if key == "posts" else str)
    if not good:
        raise InputError(f"{where}：{key} 的值类型不对", f"{where}: {key} has a value of the wrong type")

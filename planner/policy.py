"""Policy values: what a stage lets a planner change, and what a scenario has set.

A stage declares its :class:`Setting` s; a scenario's file (its base's, the command line) sets some of them;
:class:`Policy` holds the resolved values of one stage, each with its origin. A rule is a setting that can be
switched off with the value ``"off"``.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from graph.language import Text

OFF = "off"
WEIGHT_MOST = 1_000_000.0
"""Points that a weight may be at most: sums of costs stay exact in the engines' doubles, whose whole numbers end at 2^53."""
NUMBER_MOST = 1e15
"""What any number may be at most, either way: beyond 2^53 not all whole numbers can be told apart."""
Form = Literal["integer", "number", "share", "boolean", "text", "choice", "range", "texts", "numbers"]


@dataclass(frozen=True)
class Setting:
    """One policy value of a stage.

    Parameters
    ----------
    key : str
        Name in ``scenario.toml`` under ``[stage]``.
    form : str
        ``integer``, ``number``, ``share`` (0–1), ``boolean``, ``text``, ``choice``, ``range``
        (two integers: at least, at most), ``texts`` (list) or ``numbers`` (table of name → number).
    default : object
        What holds where nobody sets it; ``"off"`` for a rule that is off by default.
    zh, en : str
        Title for people.
    rule : bool
        Whether it is a rule: may be ``"off"``, and ``show`` reports it as binding, slack or off.
    reads : tuple of str
        ``table.column`` that the rule reads. The class key of the people model derives from it.
    unit, minimum, maximum, choices
        Unit and bounds of a value; for ``texts`` and ``numbers`` of each member, ``choices`` of their names.
    never_relax : bool
        Never offered for softening (law, safety, arithmetic, support after exit).
    with_scores : object
        Default under ``objective = "scores"``; a rule without one is off there.
    note_zh, note_en : str
        One sentence of help.
    effect : {"forbids", "weighs", "gives room"}
        What a rule does: only those that forbid something can clash. One that weighs tells which plan is better; one that gives
        room makes more possible. Rules whose key ends in ``_weight`` weigh without saying so.
    entries : {"", "singly", "rules"}
        Whether entries of a list or table are rules of their own; ``"rules"``: each is named like another rule of the stage, and
        means nothing where that one is off.
    of : {"", "programme"}
        Enumeration whose values are the names in a table: a scenario's own count, so that only a scenario can tell which are there.
    """

    key: str
    form: Form
    default: Any
    zh: str
    en: str
    rule: bool = True
    reads: tuple[str, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    never_relax: bool = False
    with_scores: Any = OFF
    note_zh: str = ""
    note_en: str = ""
    effect: Literal["forbids", "weighs", "gives room"] = "forbids"
    entries: Literal["", "singly", "rules"] = ""
    of: Literal["", "programme"] = ""

    @property
    def weighs(self) -> bool:
        """Whether it only weighs, and forbids nothing."""
        return self.effect == "weighs" or self.key.endswith("_weight")

    @property
    def names(self) -> Literal["", "level", "tag", "role"]:
        """What a text value, or each of a list, names: a level of places, a tag of regions or a role, told by the key."""
        if self.form not in ("text", "texts"):
            return ""
        if self.key.endswith(("_level", "_levels", "_area", "spouses_together")):
            return "level"
        if self.key.endswith(("_tag", "_tags", "tiers")):
            return "tag"
        return "role" if self.key.endswith("_role") else ""

    @property
    def title(self) -> Text:
        """Both titles."""
        return Text(self.zh, self.en)

    def problem(self, value: Any) -> Text | None:
        """What is wrong with ``value`` for this setting, ``None`` where nothing is."""
        if value == OFF and (self.rule or self.default == OFF):
            return None
        if value == OFF:
            return Text("不能关闭", "cannot be switched off")
        if self.form == "choice":
            listed = " | ".join(self.choices)
            wanted = Text(f"应为其中之一：{listed}", f"must be one of: {listed}")
            return None if isinstance(value, str) and value in self.choices else wanted
        right, wanted = FORMS[self.form]
        if not right(value):
            return wanted
        if self.form in ("boolean", "text"):
            return None
        if self.form == "texts":
            return self._named_problem(value)
        if self.form == "numbers":
            return self._named_problem(value) or self._bounds_problem(*value.values())
        return self._bounds_problem(*(value if self.form == "range" else [value]))

    def _named_problem(self, names: Iterable[str]) -> Text | None:
        """A member of a list, or a name in a table, that is none of ``choices``, where there are any."""
        unknown = [n for n in names if self.choices and n not in self.choices]
        if not unknown:
            return None
        listed = " | ".join(self.choices)
        return Text(f"{unknown[0]} 不在可选之列：{listed}", f"{unknown[0]} is none of: {listed}")

    def _bounds_problem(self, *values: float) -> Text | None:
        low, high = self.least, self.most
        if low is not None and any(v < low for v in values):
            return Text(f"不得小于 {low:g}", f"must be at least {low:g}")
        if any(v < -NUMBER_MOST for v in values):
            return Text(f"不得小于 {-NUMBER_MOST:g}", f"must be at least {-NUMBER_MOST:g}")
        if any(v > high for v in values):
            return Text(f"不得大于 {high:g}", f"must be at most {high:g}")
        return None

    @property
    def least(self) -> float | None:
        """The least that a number may be; a share is none below 0, where nothing else is said."""
        return 0.0 if self.form == "share" and self.minimum is None else self.minimum

    @property
    def most(self) -> float:
        """The most that a number may be, its own word or that of its kind."""
        if self.maximum is not None:
            return self.maximum
        if self.form == "share":
            return 1.0
        return WEIGHT_MOST if self.key.endswith("_weight") else NUMBER_MOST


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: Any) -> bool:
    return _is_integer(value) or (isinstance(value, float) and math.isfinite(value))


def _is_range(value: Any) -> bool:
    if not isinstance(value, list) or len(value) != 2 or not all(_is_integer(v) for v in value):
        return False
    return bool(value[0] <= value[1])


FORMS: dict[str, tuple[Callable[[Any], bool], Text]] = {
    "boolean": (lambda v: isinstance(v, bool), Text("应为 true 或 false", "must be true or false")),
    "text": (lambda v: isinstance(v, str), Text("应为文本", "must be text")),
    "texts": (
        lambda v: isinstance(v, list) and all(isinstance(t, str) for t in v),
        Text("应为文本列表", "must be a list of texts"),
    ),
    "numbers": (
        lambda v: isinstance(v, Mapping) and all(_is_number(n) for n in v.values()),
        Text("应为 名称 = 数值 的表", "must be a table of name = number"),
    ),
    "range": (_is_range, Text("应为 [最少, 最多] 两个整数", "must be [at least, at most], two integers")),
    "integer": (_is_integer, Text("应为整数", "must be an integer")),
    "number": (_is_number, Text("应为数值", "must be a number")),
    "share": (_is_number, Text("应为数值", "must be a number")),
}
"""Form → whether a value has it, and what to say where it has not. Bounds and choices come after."""


@dataclass(frozen=True)
class Origin:
    """Where a value comes from: ``file`` and ``line``, and the policy that it cites. Empty: the default."""

    file: str = ""
    line: int = 0
    cites: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For ``plan.json``; no machine's path in it, only the file's name."""
        return {"file": self.file, "line": self.line, "cites": self.cites}


@dataclass(frozen=True)
class Policy:
    """Resolved values of one stage.

    Parameters
    ----------
    values : mapping of str to object
        Every declared key → value (``"off"`` where a rule is off).
    origins : mapping of str to Origin
        Keys that somebody set → where.
    """

    values: Mapping[str, Any]
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        """The value; a rule that is off reads as ``None``."""
        value = self.values[key]
        return None if value == OFF else value

    def on(self, key: str) -> bool:
        """Whether a rule is in force: neither off nor false. A limit of 0 is in force."""
        value = self[key]
        return value is not None and value is not False

    def weight(self, key: str) -> float:
        """A weight; 0 where it is off."""
        return float(self[key] or 0)


def resolve(settings: Iterable[Setting], given: Mapping[str, Any], origins: Mapping[str, Origin]) -> Policy:
    """Put what was given over the defaults; under ``objective = "scores"`` over the defaults for scores."""
    settings = list(settings)
    defaults = {s.key: s.default for s in settings}
    scored = given.get("objective", defaults.get("objective")) == "scores"
    values = {s.key: s.with_scores if scored and s.rule else s.default for s in settings}
    values.update(given)
    return Policy(values, {k: o for k, o in origins.items() if k in given})


def differing(
    old: Mapping[str, Mapping[str, Any]], new: Mapping[str, Mapping[str, Any]]
) -> list[tuple[str, str, str, str]]:
    """Stage, key, and both values as written, of all values (stage → key → value) that are not the same; ``–`` for none."""
    return [
        (
            stage,
            key,
            as_written(old.get(stage, {}).get(key, "–")),
            as_written(new.get(stage, {}).get(key, "–")),
        )
        for stage in dict.fromkeys([*old, *new])
        for key in dict.fromkeys([*old.get(stage, {}), *new.get(stage, {})])
        if old.get(stage, {}).get(key) != new.get(stage, {}).get(key)
    ]


def typed_value(text: str) -> Any:
    """A value of the command line as in TOML; a word that is no TOML is taken as text."""
    try:
        return tomllib.loads(f"x = {text.strip()}")["x"]
    except tomllib.TOMLDecodeError:
        return text.strip()


def toml(value: Any) -> str:
    """A value as it stands in a TOML file, tables inline."""
    import tomlkit

    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{tomlkit.key(k).as_string()} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return str(tomlkit.item(value).as_string())


def as_written(value: Any) -> str:
    """A policy value as people read it: as in the file, a lone word without its quotes."""
    return value if isinstance(value, str) else "" if value is None else toml(value)

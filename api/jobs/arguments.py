"""Models of what an order has to give, made of its command's own options."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal

import click
from pydantic import BaseModel, ConfigDict, Field, StrictBool, create_model

from api.jobs.kind import Kind, Names
from api.jobs.kinds import KINDS
from api.service.spelt import Spelt
from graph.language import Text
from planner.stages import STAGES
from planner.subject import SUBJECTS

Word = Annotated[
    str,
    Field(max_length=2000),
    Spelt(
        r"^[^\x00-\x1f\x7f]*$",
        Text("不能有换行、制表符等控制字符", "may have no control characters, such as line breaks"),
    ),
]
"""A value as it is typed: no control characters."""
STAGED = ("stage", "stages")
"""Arguments that name stages."""
MANY = 1000
"""Values of an argument that may be repeated, at most."""
NAMED: dict[Names, tuple[str, str]] = {
    "scenario": ("a scenario's name", "china-2016"),
    "plan": ("a plan's id", "8b7f3a9c2d10e4f5"),
    "new scenario": ("name of the scenario to be made", "less-money"),
}

COUNTED = {"seed": "a whole number", "count": "how many", "apply": "its number", "sample": "number of runs"}
"""How numbers are counted whose help does not say it."""
EXAMPLES: dict[str, Any] = {
    "about": "533325", "aims": ["cadres.open", "cadres.distance"], "all": "cadres", "apply": 1, "at": "2016-12-31", "criteria": ["worst"],
    "dearest": "pairing", "accept/kpis": ["funds.points >= base * 0.98"], "kpis": ["cadres.cost"], "order": ["needs"], "reference": 10_000_000,
    "sample": 20, "stage": "pairing", "steps": 10, "subject": "533325", "uncertain": ["needs[programme=industry].amount*=0.8:1.2"],
    "until": 2020, "vary": ["funds.deep_poverty_share=0.4:0.6:5"], "what": "national", "why": "first load", "within": "1%",
}  # fmt: skip
"""Argument, or kind and argument → what it may look like, where that does not go without saying."""


def arguments_of(kind: Kind) -> type[BaseModel]:
    """The model of a kind's arguments."""
    return _model(kind.name)


@cache
def _model(name: str) -> type[BaseModel]:
    fields: Any = dict(_fields(KINDS[name]))
    title = f"{name.replace('-', ' ').title().replace(' ', '')}Arguments"
    return create_model(
        title,
        __doc__=f"What `{name}` is asked to do, as on the command line.",
        __config__=ConfigDict(extra="forbid"),
        **fields,
    )


def _fields(kind: Kind) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for name, parameter in kind.parameters.items():
        words = kind.files.get(name, STAGES if name in STAGED else ())
        one = Literal[tuple(words)] if words else _type(parameter.type)
        yield name, _field(kind, name, parameter, one)


def _field(kind: Kind, name: str, parameter: click.Parameter, one: Any) -> tuple[Any, Any]:
    """Type and description of an argument."""
    words, example = _words(kind, name, parameter), _example(kind, name)
    if parameter.multiple or parameter.nargs != 1:
        several: Any = list[one]
        shown = None if example is None else [example if isinstance(example, list) else [example]]
        least, default = (1, ...) if parameter.required else (0, [])
        return several, Field(default, description=words, examples=shown, min_length=least, max_length=MANY)
    shown = None if example is None else [example]
    if isinstance(parameter, click.Option) and parameter.is_flag:
        return StrictBool, Field(False, description=words)
    if parameter.required or (name in kind.names and isinstance(parameter, click.Argument)):
        return one, Field(description=words, examples=shown)  # no scenario goes without saying
    if isinstance(parameter.default, int | float) and name not in kind.names:
        return one, Field(parameter.default, description=words, examples=shown)
    return one | None, Field(None, description=words, examples=shown)


def _words(kind: Kind, name: str, parameter: click.Parameter) -> str:
    """What an option's help says, with its unit; of an argument, which has no help, what it names."""
    words = str(getattr(parameter, "help", None) or "")
    if name in kind.names:
        return "; ".join(filter(None, (words, NAMED[kind.names[name]][0])))
    if name in kind.files:
        return f"{words}; here the ending; the file is among the job's files"
    counted = "seconds" if parameter.metavar == "SECONDS" else COUNTED.get(name)
    return f"{words} ({counted})" if counted else words or (SUBJECTS.en if name == "subject" else name)


def _example(kind: Kind, name: str) -> Any:
    if name in kind.names:
        return NAMED[kind.names[name]][1]
    return EXAMPLES.get(f"{kind.name}/{name}", EXAMPLES.get(name))


def _type(found: click.ParamType[Any]) -> Any:
    if isinstance(found, click.IntRange | click.FloatRange):
        limits = {"gt" if found.min_open else "ge": found.min, "lt" if found.max_open else "le": found.max}
        given: Any = {key: value for key, value in limits.items() if value is not None}
        if isinstance(found, click.IntRange):
            return Annotated[int, Field(**given)]
        return Annotated[float, Field(**given, allow_inf_nan=False)]
    if isinstance(found, click.Choice):
        return Literal[tuple(found.choices)]
    finite = Annotated[float, Field(allow_inf_nan=False)]
    return {"integer": int, "float": finite, "boolean": bool}.get(found.name, Word)

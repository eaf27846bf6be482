"""Models of what an order has to give, made of its command's own options."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Annotated, Any, Literal, cast

import click
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.jobs.kind import Kind, Names
from api.jobs.kinds import KINDS
from planner.subject import SUBJECTS

Word = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A value as it is typed: no control characters."""
MANY = 1000
"""Values of an argument that may be repeated, at most."""
NAMED: dict[Names, tuple[str, str]] = {
    "scenario": ("a scenario's name", "china-2016"),
    "plan": ("a plan's id", "8b7f3a9c2d10e4f5"),
    "new scenario": ("name of the scenario to be made", "less-money"),
}


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
        words, example = _told(kind, name, parameter)
        one = Literal[tuple(kind.files[name])] if name in kind.files else _type(parameter.type)
        needed = parameter.required or (name in kind.names and isinstance(parameter, click.Argument))
        if parameter.multiple or parameter.nargs != 1:
            least = 1 if parameter.required else 0
            several: Any = list[one]  # type: ignore[valid-type] # made here
            default: Any = ... if least else []
            yield (
                name,
                (
                    several,
                    Field(
                        default,
                        description=words,
                        examples=example and [example],
                        min_length=least,
                        max_length=MANY,
                    ),
                ),
            )
        elif isinstance(parameter, click.Option) and parameter.is_flag:
            yield name, (bool, Field(False, description=words))
        elif needed:  # no scenario goes without saying
            yield name, (one, Field(description=words, examples=example))
        elif isinstance(parameter.default, int | float) and name not in kind.names:
            yield name, (one, Field(parameter.default, description=words))
        else:
            yield name, (one | None, Field(None, description=words, examples=example))  # fmt: skip


def _told(kind: Kind, name: str, parameter: click.Parameter) -> tuple[str, list[Any] | None]:
    """What is said of an argument, and an example where one is known."""
    words = str(getattr(parameter, "help", None) or "")
    if name in kind.names:
        said, example = NAMED[kind.names[name]]
        return "; ".join(filter(None, (words, said))), [example]
    if name in kind.files:
        return "; ".join(filter(None, (words, "here the ending; the file is among the job's files"))), None
    words = f"{words} (seconds)" if parameter.metavar == "SECONDS" else words
    return words or (SUBJECTS.en if name == "subject" else name), None


def _type(found: click.ParamType[Any]) -> Any:
    if isinstance(found, click.IntRange | click.FloatRange):
        limits = {"gt" if found.min_open else "ge": found.min, "lt" if found.max_open else "le": found.max}
        given = {key: value for key, value in limits.items() if value is not None}
        finite = {} if isinstance(found, click.IntRange) else {"allow_inf_nan": False}
        whole = isinstance(found, click.IntRange)
        return Annotated[int if whole else float, Field(**cast(Any, given | finite))]
    if isinstance(found, click.Choice):
        return Literal[tuple(found.choices)]
    finite = Annotated[float, Field(allow_inf_nan=False)]  # type: ignore[assignment]
    return {"integer": int, "float": finite, "boolean": bool}.get(found.name, Word)

"""Kinds of jobs: commands of the command line, with what of them may be asked from afar.

A kind's arguments are the options of its command, by the same names, types and help; nothing of them is written a second time. What
names something of the service (a scenario, a plan) becomes its folder; options that name files, addresses or other machines are not
offered, so that nobody reads or writes beside the data folder, or reaches a server through it.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, cast

import click
from pydantic import BaseModel, ConfigDict, Field, create_model

from api.service.caller import Role
from graph.language import speaking
from planner.subject import SUBJECTS

Names = Literal["scenario", "plan"]
"""What an argument names, where it is no plain value."""


@dataclass(frozen=True)
class Kind:
    """One kind.

    Parameters
    ----------
    name : str
        The command.
    role : Role
        Who may order it.
    offered : sequence of str
        Options and arguments of the command that are offered, by their parameters' names.
    names : mapping of str to str
        Which of them name a scenario, or a plan, of the service.
    fixed : sequence of str
        Words that stand behind; ``{plans}`` and the like are folders of the service.
    """

    name: str
    role: Role
    offered: Sequence[str]
    names: Mapping[str, Names]
    fixed: Sequence[str] = ("--json",)

    @property
    def command(self) -> click.Command:
        """The command, imported when it is first asked for."""
        return _command(self.name)

    @property
    def help(self) -> str:
        """What the command does."""
        return (self.command.help or "").strip()

    @property
    def parameters(self) -> list[click.Parameter]:
        """Its parameters that are offered, in the command's order."""
        return [p for p in self.command.params if p.name in self.offered]

    @property
    def arguments(self) -> type[BaseModel]:
        """What an order has to give."""
        return _model(self.name)

    def words(
        self, given: Mapping[str, Any], place: Mapping[str, str], found: Mapping[str, str]
    ) -> list[str]:
        """The words of the command line.

        Parameters
        ----------
        given : mapping
            Argument → value, checked by :attr:`arguments`.
        place : mapping
            Names of folders in :attr:`fixed` → where they are.
        found : mapping
            Name of a scenario or plan → its folder.
        """
        options, words = list[str](), list[str]()
        for parameter in self.parameters:
            value = given.get(parameter.name)
            values = value if isinstance(value, list) else [] if value is None else [value]
            shown = [found.get(str(v), str(v)) if parameter.name in self.names else str(v) for v in values]
            if isinstance(parameter, click.Argument):
                words += shown
            elif isinstance(parameter, click.Option) and parameter.is_flag:
                options += [parameter.opts[-1]] if value else []
            elif parameter.nargs > 1:
                options += [parameter.opts[-1], *shown] if shown else []
            else:
                options += [f"{parameter.opts[-1]}={v}" for v in shown]
        return [
            self.name,
            *options,
            *(word.format(**place) for word in self.fixed),
            *(["--", *words] if words else []),
        ]


NAMED = {
    "scenario": "the scenario's name",
    "plan": "the plan's id",
    "subject": SUBJECTS.en,
}
"""What an argument names → how that is described."""
_LIMITS = ("published", "limits", "prices", "freezes")
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("plan", Role.PLANNER, ("scenario", "stages", "settings", *_LIMITS, "time_limit", "elastic", "again", "no_reuse"),
             {"scenario": "scenario", "published": "plan"}, ("--out", "{plans}", "--json")),
        Kind("repair", Role.PLANNER, ("scenario", "stages", "settings", *_LIMITS), {"scenario": "scenario", "published": "plan"}),
        Kind("explain", Role.VIEWER, ("plan", "subject", "stages", "price", "swap", "instead"), {"plan": "plan"}),
        Kind("recommend", Role.COORDINATOR, ("plan", "subject", "stages"), {"plan": "plan"}),
        Kind("compare", Role.VIEWER, ("plans",), {"plans": "plan"}),
        Kind("verify", Role.VIEWER, ("plan",), {"plan": "plan"}),
        Kind("check", Role.PLANNER, ("scenario",), {"scenario": "scenario"}),
    )
}  # fmt: skip
"""By name."""


@cache
def _command(name: str) -> click.Command:
    with speaking("en"):  # the document of the API is the same whatever the service speaks
        found: click.Command = importlib.import_module(f"api.cli.{name.replace('-', '_')}").command
    return found


@cache
def _model(name: str) -> type[BaseModel]:
    fields: Any = dict(_fields(KINDS[name]))
    title = f"{name.replace('-', ' ').title().replace(' ', '')}Arguments"
    words = f"What `{name}` is asked to do, as on the command line."
    return create_model(title, __doc__=words, __config__=ConfigDict(extra="forbid"), **fields)


def _fields(kind: Kind) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for parameter in kind.parameters:
        name = parameter.name
        words = _words(kind, parameter)
        one = _type(parameter.type)
        if parameter.multiple or parameter.nargs != 1:
            counted = (
                {"min_length": parameter.nargs, "max_length": parameter.nargs} if parameter.nargs > 1 else {}
            )
            yield name, (list[one], Field([], description=words, **counted))  # type: ignore[valid-type,call-overload] # made here
        elif isinstance(parameter, click.Option) and parameter.is_flag:
            yield name, (bool, Field(False, description=words))
        elif parameter.required or (
            name in kind.names and isinstance(parameter, click.Argument)
        ):  # no scenario goes without saying
            yield name, (one, Field(description=words))
        else:
            yield name, (one | None, Field(None, description=words))


def _words(kind: Kind, parameter: click.Parameter) -> str:
    """What an option's help says, with its unit; of an argument, which has no help, what it names."""
    told: str = getattr(parameter, "help", None) or ""
    if parameter.metavar == "SECONDS":
        return f"{told} (seconds)"
    return told or NAMED.get(kind.names.get(parameter.name, parameter.name), "")


def _type(found: click.ParamType[Any]) -> Any:
    if isinstance(found, click.IntRange | click.FloatRange):
        limits = {"gt" if found.min_open else "ge": found.min, "lt" if found.max_open else "le": found.max}
        given = {key: value for key, value in limits.items() if value is not None}
        return Annotated[int if isinstance(found, click.IntRange) else float, Field(**cast(Any, given))]
    if isinstance(found, click.Choice):
        return Literal[tuple(found.choices)]
    return {"integer": int, "float": float, "boolean": bool}.get(
        found.name, Annotated[str, Field(max_length=2000)]
    )

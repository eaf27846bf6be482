"""A kind of job: a command of the command line, with what of it may be asked from afar."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import click

from api.service.caller import Role
from graph.language import speaking

Names = Literal["scenario", "plan", "new scenario"]
"""What an argument names, where it is no plain value."""
FILES = "@files"
"""Stands in words for the folder of the work's files, which is not known before the work is."""
CALLED = {
    "--vary": "vary", "--uncertain": "uncertain", "--apply": "apply", "--to": "to", "--all": "all", "--csv": "csv", "--rules": "rules",
    "--steps": "steps", "--list": "list", "--top": "top",
}  # fmt: skip
"""Options whose argument has the option's name; the others have that of their parameter (``--stage`` may be repeated: ``stages``)."""


@dataclass(frozen=True)
class Kind:
    """One kind.

    Parameters
    ----------
    name : str
        As it is ordered.
    role : Role
        Who may order it.
    offered : sequence of str
        Options and arguments of the command that are offered, as they are called here.
    names : mapping of str to str
        Which of them name a scenario, or a plan, of the service.
    files : mapping of str to mapping
        Which of them name a file on the command line: here they take one of some endings, each of which stands for words.
    fixed : sequence of str
        Words that stand behind; ``{network}`` and ``{by}`` in them are the service's network and who asks.
    of : sequence of str
        The command, where it is not the name.
    kept : bool
        Whether the answer to an equal order that has ended serves again: not where it tells of the moment, or leaves something
        outside the work's folder.
    """

    name: str
    role: Role
    offered: Sequence[str]
    names: Mapping[str, Names] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    fixed: Sequence[str] = ("--json",)
    of: Sequence[str] = ()
    kept: bool = True

    @property
    def line(self) -> Sequence[str]:
        """Words of the command line that call the command."""
        return self.of or (self.name,)

    @property
    def command(self) -> click.Command:
        """The command, imported when it is first asked for."""
        return command_of(self.line)

    @property
    def help(self) -> str:
        """What the command does."""
        return (self.command.help or "").strip()

    @property
    def parameters(self) -> dict[str, click.Parameter]:
        """What is offered, in the command's order: as it is called here → the command's parameter."""
        named = {called(p): p for p in self.command.params}
        return {name: p for name, p in named.items() if name in self.offered}

    def words(
        self, given: Mapping[str, Any], place: Mapping[str, str], found: Mapping[str, Mapping[str, str]]
    ) -> list[str]:
        """The words of the command line.

        Parameters
        ----------
        given : mapping
            Argument → value, checked by :func:`api.jobs.arguments.arguments_of`.
        place : mapping
            Names in :attr:`fixed` → what they stand for.
        found : mapping
            Argument → name of a scenario or plan → its folder.
        """
        options, words = list[str](), list[str]()
        for name, parameter in self.parameters.items():
            value = given.get(name)
            values = value if isinstance(value, list) else [] if value is None else [value]
            shown = [found.get(name, {}).get(str(v), str(v)) for v in values]
            if name in self.files:
                options += [word for v in values for word in self.files[name][v]]
            elif isinstance(parameter, click.Argument):
                words += shown
            elif isinstance(parameter, click.Option) and parameter.is_flag:
                options += [parameter.opts[-1]] if value else []
            elif parameter.opts[-1].startswith("--"):
                options += [f"{parameter.opts[-1]}={v}" for v in shown]
            else:  # a short name alone takes its value as it stands
                options += [f"{parameter.opts[-1]}{v}" for v in shown]
        behind = ["--", *words] if words else []
        return [*self.line, *options, *(word.format(**place) for word in self.fixed), *behind]


def called(parameter: click.Parameter) -> str:
    """How a command's parameter is called as an argument of a job."""
    return CALLED.get(parameter.opts[-1], parameter.name or "")


def filed(option: str, stem: str, *endings: str) -> dict[str, Sequence[str]]:
    """Endings that an option takes by the name of its file alone."""
    return {ending: (option, f"{FILES}/{stem}.{ending}") for ending in endings}


@cache
def command_of(line: Sequence[str]) -> click.Command:
    """The command that words of the command line call; its help is in English.

    The document of the API is the same whatever the service speaks.
    """
    with speaking("en"):
        name = ".".join(word.replace("-", "_") for word in line)
        found: click.Command = importlib.import_module(f"api.cli.{name}").command
    return found

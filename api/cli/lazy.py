"""Groups of commands that are listed without being imported; a command of a group may be a group itself."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import click
import cloup

from api.cli.library_words import Wording, say_placeholders
from graph.errors import UsageError
from graph.language import Text

Commands = Mapping[str, tuple[Text, Text]]
"""Name → section and what the command does. The command itself is ``command`` in the module of that name."""


LIKE_AN_OPTION = re.compile(r"--[a-z]")


class LazyGroup(cloup.Group):
    """Lists its commands without importing them; imports the one that is called."""

    place: ClassVar[str] = ""
    listed: ClassVar[Commands] = {}

    def run(self, words: Sequence[str]) -> Any:
        """What the command called gives; unlike click's ``main`` it leaves a closed pipe and Ctrl-C to the caller."""
        self._main_shell_completion({}, "jiedui")
        with self.make_context("jiedui", list(words)) as context:
            return self.invoke(context)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The real command, imported now."""
        if cmd_name not in self.listed:
            return None
        command: click.Command = importlib.import_module(f"{self.place}.{cmd_name.replace('-', '_')}").command
        say_placeholders(command)
        refuse_options_as_values(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, with a suggestion for a mistyped name."""
        name = args[0]
        if name not in self.listed and not name.startswith("-"):
            from graph.tables.suggest import did_you_mean

            hint = did_you_mean(name, list(self.listed))
            ctx.fail(Wording(f"没有命令 {name}{hint.zh}", f"no command {name}{hint.en}"))
        found: Any = super().resolve_command(ctx, args)
        return (found[0], found[1], found[2])


def refuse_options_as_values(command: click.Command) -> None:
    """Make every option that takes a text refuse one that looks like an option: ``--to --json`` forgot the file's name."""
    for option in command.params:
        if (
            isinstance(option, click.Option)
            and not option.is_flag
            and not isinstance(option.callback, NoOption)
        ):
            option.callback = NoOption(option.callback)


class NoOption:
    """Checks the values of an option, then does what the option's own ``callback`` does."""

    def __init__(self, callback: Callable[..., Any] | None) -> None:
        self.callback = callback

    def __call__(self, context: click.Context, option: click.Parameter, value: Any) -> Any:
        """The value.

        Raises
        ------
        UsageError
            When one of the values has the look of an option.
        """
        for word in value if isinstance(value, tuple) else (value,):
            if isinstance(word, str) and LIKE_AN_OPTION.match(word):
                name = option.opts[-1]
                raise UsageError(
                    f"{name} 后面缺少值：{word} 看起来是另一个选项（文件名确实如此时写作 ./{word}）",
                    f"{name} has no value: {word} looks like another option (a file of that name is ./{word})",
                )
        return value if self.callback is None else self.callback(context, option, value)


def sections_of(commands: Commands) -> list[cloup.Section]:
    """The list that the group's help shows, in the language in force now."""
    sections: dict[str, cloup.Section] = {}
    for name, (section, help_text) in commands.items():
        title = str(section)
        found = sections.setdefault(title, cloup.Section(title, is_sorted=False))
        found.add_command(cloup.Command(name, short_help=str(help_text), help=str(help_text)))
    return list(sections.values())


def lazy(place_of: str, commands: Commands) -> type[LazyGroup]:
    """The class of a group whose commands are modules of the package ``place_of``."""

    class Group(LazyGroup):
        place = place_of
        listed = commands

    return Group

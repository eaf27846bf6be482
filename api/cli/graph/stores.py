"""Options that the commands of a stored network share, and the store that they mean."""

from __future__ import annotations

import getpass
import os
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cloup

from api.cli.opening import ENVIRONMENT
from graph.errors import UsageError
from graph.language import Text, several

if TYPE_CHECKING:
    from graph.store.protocol import Store

NAME_CHARACTERS, WHY_CHARACTERS = 200, 10_000
"""At most so many in ``--by``, and in ``--why`` or ``--note``."""


def store_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--on``: which store, and which network in it."""
    wrapped: Callable[..., Any] = cloup.option(
        "--on",
        metavar="STORE#NETWORK",
        help=str(Text(
            f"哪个存储的哪个网络：workspace:文件夹#网络、neo4j:#网络、neo4j://主机:端口#网络（缺省：环境变量 {ENVIRONMENT}，"
            "再缺省：NEO4J_URI 或运行中的私有 Neo4j，再缺省：工作区）",
            f"which network of which store: workspace:FOLDER#NETWORK, neo4j:#NETWORK, neo4j://HOST:PORT#NETWORK (default: "
            f"{ENVIRONMENT} of the environment, else NEO4J_URI or the private Neo4j that runs, else the workspace)",
        )),
    )(command)  # fmt: skip
    return wrapped


def by_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--by``: who does it. Reasons and notes that are too long for a log are refused, too.

    Raises
    ------
    UsageError
        When the command is run with such a reason.
    """

    @wraps(command)
    def checked(**given: Any) -> Any:
        for name in ("why", "note"):
            said = given.get(name)
            if isinstance(said, str) and len(said) > WHY_CHARACTERS:
                raise UsageError(
                    f"--{name} 有 {len(said):,} 个字符，最多 {WHY_CHARACTERS:,} 个",
                    f"--{name} has {len(said):,} characters, {WHY_CHARACTERS:,} at most",
                )
        return command(**given)

    wrapped: Callable[..., Any] = cloup.option(
        "--by",
        default=None,
        metavar="NAME",
        help=str(Text("谁做的（缺省：登录名）", "who does it (default: the login name)")),
    )(checked)
    return wrapped


def who(by: str | None) -> str:
    """The name given, else the login name.

    Raises
    ------
    UsageError
        When neither is known, or the name has a line break or more than 200 characters.
    """
    try:
        name = (by if by is not None else getpass.getuser()).strip()
    except (OSError, KeyError):
        name = ""
    if not name:
        raise UsageError("请用 --by 说明是谁", "say who you are with --by")
    if len(name) > NAME_CHARACTERS or len(name.splitlines()) > 1:
        raise UsageError(
            f"--by 应是一行、最多 {NAME_CHARACTERS} 个字符的名字",
            f"--by must be a name on one line, of {NAME_CHARACTERS} characters at most",
        )
    return name


def place_of(on: str | None) -> str:
    """The address that ``--on`` gives, else the environment, else the server that is at hand, else the workspace.

    Raises
    ------
    UsageError
        When what is given is no store's address.
    """
    from graph.store.opening import NEO4J, WORKSPACE, demand_address, store_address

    named = on or ""
    if not named and store_address(os.environ.get(ENVIRONMENT, "")) is not None:
        named = os.environ[ENVIRONMENT]
    if named.startswith("#"):
        return _at_hand() + named
    if named:
        demand_address(named)
        return named
    return NEO4J if _at_hand() == NEO4J else WORKSPACE


def _at_hand() -> str:
    from graph.bolt.address import URI
    from graph.server.folders import Folders, default_home
    from graph.store.opening import NEO4J, WORKSPACE

    if os.environ.get(URI):
        return NEO4J
    if not Folders(default_home()).record.is_file():
        return WORKSPACE
    from graph.server.private import PrivateServer

    return NEO4J if PrivateServer().status().state == "running" else WORKSPACE


def unreadable_names(cadres: Sequence[str]) -> Text:
    """That names are sealed under keys which are not here."""
    from graph.store.keyring import VARIABLE, Keyring

    file, n = Keyring().file, len(cadres)
    return Text(
        f"! {n} 人的姓名读不出：密钥不在 {file}；持有密钥文件的人可用 {VARIABLE} 指明它",
        f"! {several(n, 'name')} cannot be read: no key in {file}; name the file that has the keys by {VARIABLE}",
    )


def plan_id(words: str) -> str:
    """Id of a proposed plan: the words themselves, or the id of the plan in the folder that they name.

    Raises
    ------
    InputError
        When the folder holds no plan.
    """
    if not Path(words).is_dir():
        return words
    from planner.plan import read_plan

    return read_plan(words).id


def again(on: str | None) -> str:
    """How the same network is named in a further command: as it was in this one, or not at all."""
    return f" --on {shlex.quote(on)}" if on else ""


@contextmanager
def stored(on: str | None) -> Iterator[tuple[Store, str]]:
    """The store and the name of the network that ``--on`` means, whose own words are spoken from here on; closed afterwards.

    Raises
    ------
    NoSuchNetwork
        When the store has no network of that name.
    """
    from graph.store.opening import opened, words_of
    from graph.wording import heard

    with opened(place_of(on)) as (store, name):
        store.head(name)
        heard(words_of(store, name))
        yield store, name

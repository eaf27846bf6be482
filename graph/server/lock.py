"""Write the list of a release's parts: ``python -m graph.server.lock NAME VERSION [ROOT …]``.

``NAME`` is the lock's (``5.26``, ``2026``, ``shell``), ``VERSION`` an exact release of Neo4j; roots are coordinates without
version, and by default those of a server. Everything is fetched once, to take the SHA-256 of its bytes.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from graph.server.fetch import AT_ONCE, maven
from graph.server.parts import LOCKS

ROOTS = (
    "org.neo4j:neo4j",
    "org.neo4j.app:neo4j-server",
    "org.neo4j:neo4j-import-tool",
    "org.neo4j:neo4j-consistency-check",
)


def lines_of(version: str, roots: Sequence[str], folder: Path) -> list[str]:
    """A line per jar that the roots need: the roots first, then the others, in the order of their names.

    Raises
    ------
    RuntimeError
        When a repository lacks a part.
    """
    context = maven(folder)
    asked = [context.create_dependency(f"{root}:{version}") for root in roots]
    named, needed = context.resolver.resolve(asked)
    jars = [d.artifact for d in [*named, *needed] if d.type == "jar"]
    with ThreadPoolExecutor(AT_ONCE) as workers:
        files = list(workers.map(lambda jar: jar.resolve(), jars))
    found = {_line(jar, file): None for jar, file in zip(jars, files, strict=True)}
    lines = list(found)
    return [*lines[: len(named)], *sorted(lines[len(named) :])]


def _line(jar: object, file: Path) -> str:
    names = [getattr(jar, n) for n in ("groupId", "artifactId", "version", "classifier")]
    data = file.read_bytes()
    return f"{':'.join(n for n in names if n)} {hashlib.sha256(data).hexdigest()} {len(data)}"


def main(words: Sequence[str]) -> None:
    """Write one lock."""
    name, version, *roots = words
    with tempfile.TemporaryDirectory() as temporary:
        lines = lines_of(version, roots or ROOTS, Path(temporary))
    head = f"# Neo4j {version}: group:artifact:version[:classifier] sha256 bytes; by python -m graph.server.lock {' '.join(words)}"
    (LOCKS / f"{name}.lock").write_text("\n".join([head, *lines, ""]), encoding="ascii")


if __name__ == "__main__":
    main(sys.argv[1:])

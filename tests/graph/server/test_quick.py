"""The archive of a quick start belongs to these jars; Java's lists of classes become one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from graph.server.quick import LONGEST_LINE, archive, merged, quick_options


def test_used_only_for_the_very_jars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIEDUI_PARTS", str(tmp_path))
    jars = [tmp_path / "neo4j-5.26.30.jar", tmp_path / "b.jar"]
    for jar in jars:
        jar.write_bytes(b"jar")
        os.utime(jar, (1, 1))
    assert quick_options(jars) == []
    file = archive(jars)
    file.parent.mkdir()
    file.write_bytes(b"archive")
    assert f"-XX:SharedArchiveFile={file}" in quick_options(jars)
    os.utime(jars[1], (2, 2))  # fetched again
    assert archive(jars) != file and quick_options(jars) == []
    os.utime(jars[1], (1, 1))
    assert archive(jars) == file
    jars[0].write_bytes(b"other")
    assert archive(jars) != file


def test_lists_of_classes_become_one(tmp_path: Path) -> None:
    """Numbers of another list would clash, so its classes come without, and what needs numbers does not come."""
    long = "@lambda-proxy " + "x" * LONGEST_LINE
    server = [
        "# head",
        "java/lang/Object id: 0",
        "a/Server id: 1",
        "a/Both id: 2 super: 0 source: x.jar",
        "@lambda-proxy a",
        long,
    ]
    admin = [
        "java/lang/Object id: 0",
        "a/Admin id: 1",
        "a/Both id: 3",
        "a/Loaded id: 4 super: 1 source: y.jar",
        "@cp a 3",
    ]
    for name, lines in (("7.classes", admin), ("8.classes", server)):
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert merged(sorted(tmp_path.iterdir())) == [*server[:-1], "a/Admin"]

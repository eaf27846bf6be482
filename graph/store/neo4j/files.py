"""A network as files for people who fill a database of their own: a script of Cypher, or CSV for ``neo4j-admin``."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

from graph.errors import OutsideError, UsageError, reason_of
from graph.network import Network
from graph.store.neo4j.importing import Import, write_import
from graph.store.neo4j.schema import VERSION, statements
from graph.store.neo4j.script import script
from graph.tables.write import write_atomically

COMMAND, SCHEMA = "import.sh", "schema.cypher"
"""Beside the CSV files: the import's words, and what is to be run when the database is up again."""


def write_script(network: Network, name: str, file: Path, *, by: str, why: str = "") -> Path:
    """Write the script of :func:`graph.store.neo4j.script.script`; the file appears whole or not at all.

    Raises
    ------
    InputError
        When rows name what is not there.
    OutsideError
        When the file cannot be written.
    """
    text = script(network, name, by=by, why=why)

    def write(temporary: Path) -> None:
        with temporary.open("w", encoding="utf-8", newline="\n") as opened:
            opened.writelines(f"{line}\n" for line in text)

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, write)
    except OSError as error:
        raise _unwritable(file, error) from error
    return file


def write_csv_folder(network: Network, name: str, folder: Path, *, by: str, why: str = "") -> Path:
    """Write the CSV files, the import's command and the constraints into a new folder; it appears whole or not at all.

    Raises
    ------
    UsageError
        When the folder is there already.
    InputError
        When rows name what is not there.
    OutsideError
        When it cannot be written.
    """
    if folder.exists():
        raise UsageError(
            f"{folder} 已经存在；请给一个新文件夹", f"{folder} is there already; name a new folder"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder.parent) as temporary:
            place = Path(temporary) / "files"
            place.mkdir()
            made = write_import(network, name, place, by=by, why=why)
            (place / COMMAND).write_text(_command(made), encoding="utf-8")
            (place / SCHEMA).write_text(_schema(), encoding="utf-8")
            place.replace(folder)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def _command(made: Import) -> str:
    here = f"{made.folder}/"
    words = " \\\n  ".join(shlex.quote(word.replace(here, "")) for word in made.words("neo4j"))
    return (
        "#!/bin/sh\n# 在此文件夹中运行；服务器须先停止，之后再运行 schema.cypher\n"
        "# Run it in this folder while the server is stopped; then start it and run schema.cypher\n"
        f"neo4j-admin {words}\n"
    )


def _schema() -> str:
    lines = [*statements(), "CALL db.awaitIndexes(600)", f"MERGE (s:Schema) SET s.version = {VERSION}"]
    return "".join(f"{line};\n" for line in lines)


def _unwritable(path: Path, error: OSError) -> OutsideError:
    why = reason_of(error)
    return OutsideError(f"无法写入 {path}：{why.zh}", f"cannot write {path}: {why.en}")

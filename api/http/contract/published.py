"""The published contract, ``docs/api/openapi-v1.json``: ``python -m api.http.contract.published`` writes it."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from api.http.contract.change import Change
from api.http.contract.changes import changes

FILE = Path(__file__).resolve().parents[3] / "docs" / "api" / "openapi-v1.json"
COMMAND = "python -m api.http.contract.published"


def present() -> dict[str, Any]:
    """The document as the routes are now."""
    from api.http.app import create_app
    from api.http.document import document
    from api.service.service import open_service
    from api.service.settings import read_settings

    with tempfile.TemporaryDirectory() as folder:
        service = open_service(read_settings({"data": folder}, environ={}), "china-2016")
        try:
            return document(create_app(service))
        finally:
            service.close()


def published() -> dict[str, Any]:
    """The document in the file."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def as_text(document: dict[str, Any]) -> str:
    """A document as it is kept: a line for each operation and each model, so that a change is seen where it is."""
    return _lined(document, 3) + "\n"


def _lined(value: Any, deep: int) -> str:
    """JSON with a line for each entry of objects so many levels deep."""
    if not (deep and value and isinstance(value, dict)):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    entries = (f"{json.dumps(key)}: {_lined(value[key], deep - 1)}" for key in sorted(value))
    return "{\n" + ",\n".join(entries) + "\n}"


def version_wanted(was: str, found: Sequence[Change]) -> str:
    """The least version of a contract that changed so: the first number rises where something breaks, else the second."""
    major, minor = map(int, was.split("."))
    if any(change.breaks for change in found):
        return f"{major + 1}.0"
    return f"{major}.{minor + 1}" if found else was


def demand_version(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What is wrong with a new document's version against an old document; empty where nothing is."""
    found = changes(old, new)
    was, now = old["info"]["version"], new["info"]["version"]
    wanted = version_wanted(was, found)
    if tuple(map(int, now.split("."))) >= tuple(map(int, wanted.split("."))):
        return []
    return [
        *map(str, found),
        f"the contract was {was}: CONTRACT in api/http/document.py has to be {wanted} (it is {now})",
    ]


def main(words: Sequence[str]) -> int:
    """Write the file; 1 where the contract changed without a version."""
    reader = argparse.ArgumentParser(prog=COMMAND, description="write the published contract of the API")
    reader.add_argument(
        "--anew", action="store_true", help="without looking at the one before: nobody has it yet"
    )
    asked, new = reader.parse_args(words), present()
    wrong = [] if asked.anew or not FILE.exists() else demand_version(published(), new)
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(as_text(new), encoding="utf-8")
    print(FILE)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""What callers are told of places: the names by which the API knows things, in place of paths on the server."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.jobs.job import Work
from api.jobs.means import FOLDER, GIVEN, LOG, PLANS, RESULT, Means
from graph.store.opening import SERVED, store_address

BEGINS = rb"(?<![\w./-])"
"""A path begins here, not in the middle of another."""
Names = Mapping[str, str]


def untell(work: Work, means: Means) -> None:
    """Put the names into all that a work's command has said, however it ended."""
    for file in (means.place(work.id) / RESULT, means.place(work.id) / LOG):
        if file.is_file():
            rewrite(file, names_of(work.words, means, work.id))


def names_of(words: Sequence[str], means: Means, work: int) -> Names:
    """What a command may have said of places → what a caller is told, in the order in which it is looked for.

    The network has the word that scenarios have for it, and the command's files are named as in the job's list of files.
    """
    end = words.index("--") if "--" in words else len(words)
    network = words[words.index("--on", 0, end) + 1] if "--on" in words[:end] else ""
    named = {said: SERVED for said in _forms(network) if "/" in said}
    return {**named, f"{means.data}/": "", f"{FOLDER}/{work}/{GIVEN}/": ""}


def _forms(network: str) -> list[str]:
    """How a command may name the network, the longest first."""
    address = store_address(network) if network else None
    if address is None:
        return [network]
    return [str(address), str(address.named("")), str(address.folder or "")]


def rewrite(file: Path, names: Names) -> None:
    """Put the names into what a command has written; a plan's folder becomes its id. The file is the old or the new one, never half."""
    before = file.read_bytes()
    after = before.replace(f'"folder": "{PLANS}/'.encode(), b'"folder": "')
    for said, told in names.items():
        after = re.sub(BEGINS + re.escape(said.encode()), told.encode(), after)
    if after != before:
        part = file.with_name(f".{file.name}.part")
        part.touch(mode=0o600)
        part.write_bytes(after)
        part.replace(file)

"""Names of cadres on their way into the network: sealed before anything of them is kept, under the keys that the network's store uses.

So an upload that waits, one that was committed and a backup of either hold what the store would hold, and who is forgotten there is
forgotten here: their key is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from api.service.caller import Caller
from api.service.networks import Networks
from api.service.scenarios.nameless import INTO_THE_NETWORK
from api.service.scope import MASKED
from graph.findings import Finding
from graph.language import Text
from graph.schema import TABLES
from graph.store.keyring import FORGOTTEN, TABLE, Keyring, place_of

NOT_YOURS = Text(
    f"您的权限不含干部姓名；请去掉 {TABLE}", f"names of cadres are not yours to send; take {TABLE} out"
)
NO_STORE = Text(
    f"本服务所读的是文件，不能接收干部姓名；请去掉 {TABLE}，或先用 jiedui graph load 把网络载入存储",
    f"this service reads files, which take no names of cadres; take {TABLE} out, or load the network into a store first (jiedui graph load)",
)
GONE = Text("此人已被遗忘，姓名未留下", "this person was forgotten; the name was left out")


@dataclass(frozen=True)
class Seal:
    """How names are sealed; goes to the process that reads.

    Parameters
    ----------
    place : str
        See :func:`~graph.store.keyring.place_of`.
    left : frozenset of str
        Cadres who were forgotten there.
    keys : Path
        The file of keys.
    """

    place: str
    left: frozenset[str]
    keys: Path

    def sealed(self, frames: Mapping[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
        """Frames with names sealed, and a notice for each that was left out as its bearer was forgotten.

        Raises
        ------
        OutsideError
            When the file of keys cannot be used.
        """
        found = Keyring(self.keys).seal(self.place, frames[TABLE], left=self.left)
        told = [
            Finding("forgotten", "notice", TABLE, None, "id", c, GONE, Text("", "")) for c in found.forgotten
        ]
        return {**frames, TABLE: found.rows}, told


def taken(networks: Networks, caller: Caller, scenario: str) -> Seal | Text:
    """How names in an upload are sealed; else why they are not taken.

    Parameters
    ----------
    networks : Networks
        The network that is served.
    caller : Caller
        Who sends it.
    scenario : str
        For which scenario it is read; empty: for the network.

    Raises
    ------
    OutsideError
        When the store cannot be reached.
    """
    if not caller.sees_names:
        return NOT_YOURS
    if scenario:
        return INTO_THE_NETWORK
    if not networks.stored:
        return NO_STORE
    store, network = networks.store()
    left = frozenset(paper.id for paper in store.papers(network, FORGOTTEN))
    return Seal(place_of(store.address, network), left, Keyring().file)


def untold(finding: Finding) -> Finding:
    """A finding about the table of names without what stands there, which may be a name in any cell or heading; its row is told."""
    if finding.table != TABLE:
        return finding
    strange = finding.column not in TABLES[TABLE].by_name
    hidden = [word for word in (finding.value, finding.column if strange else None) if word]
    what, mend = (Text(*(_without(hidden, words) for words in text)) for text in (finding.what, finding.mend))
    column = MASKED if finding.column in hidden else finding.column
    return replace(finding, column=column, value=finding.value and MASKED, what=what, mend=mend)


def _without(hidden: Sequence[str], words: str) -> str:
    for word in hidden:
        words = words.replace(word, MASKED)
    return words

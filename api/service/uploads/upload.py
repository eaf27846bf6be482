"""One upload as it is kept: whose it is, what was in it, what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from api.service.uploads.forms import Form

FILE = "upload.json"
State = Literal["ready", "refused", "committed"]


@dataclass(frozen=True)
class Upload:
    """One upload.

    Parameters
    ----------
    id : str
        Its id.
    owner : str
        Who sent it.
    filename : str
        As it was sent.
    form : str
        ``csv``, ``json``, ``parquet`` or ``xlsx``.
    size : int
        Bytes of the file.
    sent : datetime
        When it was sent (UTC).
    expires : datetime
        When it is discarded by itself (UTC).
    scenario : str
        Name of the scenario whose own values and levels it was read with; empty: those of the network.
    rows : mapping of str to int
        Table → rows.
    errors, others : int
        How many errors, and how many warnings and notices.
    left_out : bool
        Whether columns were left out because no table has them.
    state : str
        ``ready``, ``refused`` (rows are bad: nothing of it can be committed) or ``committed``.
    result : mapping
        Of a committed one: the scenario and its new state, or the request.
    """

    id: str
    owner: str
    filename: str
    form: Form
    size: int
    sent: datetime
    expires: datetime
    scenario: str
    rows: Mapping[str, int]
    errors: int
    others: int
    left_out: bool
    state: State
    result: Mapping[str, Any]

    def write(self, folder: Path) -> None:
        """Put it into its folder, whole or not at all."""
        from graph.tables.write import write_atomically

        told = asdict(self) | {"sent": self.sent.isoformat(), "expires": self.expires.isoformat()}
        text = json.dumps(told, ensure_ascii=False)
        write_atomically(folder / FILE, lambda place: place.write_text(text, encoding="utf-8"))

    @classmethod
    def read(cls, folder: Path) -> Upload:
        """That of a folder."""
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(
            **{
                **told,
                "sent": datetime.fromisoformat(told["sent"]),
                "expires": datetime.fromisoformat(told["expires"]),
            }
        )

    def committed(self, result: Mapping[str, Any]) -> Upload:
        """The same, behind its commit."""
        return replace(self, state="committed", result=result)

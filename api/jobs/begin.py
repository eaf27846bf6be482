"""Where a work's process begins. It imports nothing that a worker does not need: that is done in what processes are forked off."""

from __future__ import annotations

from collections.abc import Sequence
from multiprocessing.connection import Connection

from api.jobs.means import Means


def begin(words: Sequence[str], means: Means, work: int, pipe: Connection) -> None:
    """Carry a work out; see :func:`api.jobs.child.carry_out`."""
    from api.jobs.child import carry_out

    carry_out(words, means, work, pipe)

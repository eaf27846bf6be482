"""Where a work's process begins. It imports nothing that a worker does not need: that is done in what processes are forked off."""

from __future__ import annotations

from multiprocessing.connection import Connection

from api.jobs.job import Work
from api.jobs.means import Means


def begin(work: Work, means: Means, pipe: Connection) -> None:
    """Carry a work out; see :func:`api.jobs.child.carry_out`."""
    from api.jobs.child import carry_out

    carry_out(work, means, pipe)

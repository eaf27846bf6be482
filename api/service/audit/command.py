"""What the command line does to a service's data folder, for its audit log."""

from __future__ import annotations

import getpass
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from api.service.audit.entry import Doing
from api.service.audit.log import Audit
from graph.errors import JieduiError

DEFECT = 70


@contextmanager
def commanded(audit: Audit, command: str) -> Iterator[dict[str, Any]]:
    """Tell the log before and behind a change that a command makes.

    Yields
    ------
    dict
        To be filled with ids and counts of what was done.

    Raises
    ------
    OutsideError
        When the log cannot be told: beforehand, then nothing is done; or behind, then the row of the beginning stays without an end.
    """
    begun = Doing("begun", "CLI", command, who(), "command", request=uuid.uuid4().hex)
    audit.add(begun)
    facts = dict[str, Any]()
    status = DEFECT
    try:
        yield facts
        status = 0
    except JieduiError as error:
        status = error.exit_code
        raise
    finally:
        audit.add(replace(begun, step="ended", status=status, facts=facts))


def who() -> str:
    """The user of the machine, told apart from users of the service."""
    try:
        return f"os:{getpass.getuser()}"
    except (KeyError, OSError):  # a container may know no name
        return "os:?"

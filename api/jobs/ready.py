"""Imports all that works may need before any is forked off: a work then begins in milliseconds."""

from __future__ import annotations

from api.jobs import child  # noqa: F401 # only to have it read: works are forked off from here
from api.jobs.kind import command_of
from api.jobs.kinds import KINDS

for _kind in KINDS.values():
    command_of(_kind.line)

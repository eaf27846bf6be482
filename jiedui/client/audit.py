"""The audit log: who asked for what, when, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Unpack

from jiedui.client.answers import AuditEntry, AuditHead, AuditWhere
from jiedui.client.call import Call, at
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream


class Audit(Group[M]):
    """The service's audit log; for admins."""

    @stream
    async def all(self, /, **where: Unpack[AuditWhere]) -> AsyncIterator[AuditEntry]:
        """Entries; ``where``: ``caller``, ``request``, ``method``, ``route``, ``status``, ``since``, ``until``, ``whole``."""
        async for one in pages(self._talk, at("audit"), "entries", AuditEntry, where):
            yield one

    @method
    async def head(self) -> AuditHead:
        """The newest entry's number and digest: to be noted elsewhere, so that nobody changes the log unseen."""
        return await read_json(self._talk, Call("GET", at("audit", "head")), AuditHead)

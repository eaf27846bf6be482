"""Tokens: made, listed, revoked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from jiedui.client.call import Call, at
from jiedui.client.frames import pages
from jiedui.client.modes import Group, M, method, stream


class Tokens(Group[M]):
    """Tokens of the service; for admins."""

    @stream
    async def all(self) -> AsyncIterator[dict[str, Any]]:
        """Every token: whose it is, what it may do, until when. Never the token itself."""
        async for one in pages(self._talk, at("tokens"), "tokens"):
            yield one

    @method
    async def create(
        self, name: str, role: str, *, regions: Sequence[str] = (), days: int | None = None
    ) -> dict[str, Any]:
        """Make a token; the answer shows it this once."""
        body = {"name": name, "role": role, "regions": list(regions)} | (
            {} if days is None else {"days": days}
        )
        found: dict[str, Any] = (await self._talk.send(Call("POST", at("tokens"), body=body))).json()
        return found

    @method
    async def revoke(self, id: str) -> None:
        """Let nobody in with it any more."""
        await self._talk.send(Call("DELETE", at("tokens", id)))

"""Tokens: made, listed, revoked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from jiedui.client.answers import NewToken, Shown
from jiedui.client.call import Call, at, several
from jiedui.client.lists import pages, read_json
from jiedui.client.modes import Group, M, method, stream


class Tokens(Group[M]):
    """Tokens of the service; for admins."""

    @stream
    async def all(self) -> AsyncIterator[Shown]:
        """Every token: whose it is, what it may do, until when. Never the token itself."""
        async for one in pages(self._talk, at("tokens"), "tokens", Shown):
            yield one

    @method
    async def create(
        self, label: str, *, user: str | None = None, role: str | None = None, regions: str | Sequence[str] | None = None,
        scopes: str | Sequence[str] | None = None, sees_names: bool = False, days: float | None = None,
    ) -> NewToken:  # fmt: skip
        """Make a token; the answer shows it this once, in ``token``.

        Parameters
        ----------
        label : str
            What it is for.
        user, role : str, optional
            Whose it is and what it may do; one's own by default.
        regions : sequence of str, optional
            Codes of the regions that it is limited to, with all below.
        scopes : sequence of {"read", "write"}, optional
            What of that it may do.
        sees_names : bool
            Whether it may see names of cadres.
        days : float, optional
            After which it expires.
        """
        given = {
            "user": user,
            "role": role,
            "regions": regions and several(regions),
            "scopes": scopes and several(scopes),
            "days": days,
        }
        body = {"label": label, "sees_names": sees_names} | {k: v for k, v in given.items() if v is not None}
        return await read_json(self._talk, Call("POST", at("tokens"), body=body), NewToken)

    @method
    async def revoke(self, id: str) -> Shown:
        """Let nobody in with it any more."""
        return await read_json(self._talk, Call("DELETE", at("tokens", id)), Shown)

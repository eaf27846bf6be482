"""A provider's answers, read up to a size and for some time, whoever reads them."""

from __future__ import annotations

import time
from typing import Any

import httpx2
from authlib.integrations.httpx_client import OAuth2Client

SECONDS = 10.0
"""Longest that the provider may take for an answer; so long, too, it may keep silent before it."""
BYTES = 1_000_000
"""Largest answer that is read."""


class Bounded(httpx2.Client):
    """A client that reads no answer without end."""

    def send(self, request: httpx2.Request, *, stream: bool = False, **how: Any) -> httpx2.Response:
        """The answer, read whole.

        Raises
        ------
        ValueError
            When it is larger than :data:`BYTES`.
        httpx2.HTTPError
            When there is none, or it does not come to its end in time.
        """
        until = time.monotonic() + SECONDS
        answer = super().send(request, stream=True, **how)
        found = bytearray()
        try:
            for part in answer.iter_bytes():
                found += part
                if len(found) > BYTES:
                    raise ValueError(f"more than {BYTES} bytes")
                if time.monotonic() > until:
                    raise httpx2.ReadTimeout("it did not come to its end", request=request)
        finally:
            answer.close()
        return httpx2.Response(answer.status_code, content=bytes(found), request=request)


class BoundedOAuth(Bounded, OAuth2Client):
    """The same, for codes."""

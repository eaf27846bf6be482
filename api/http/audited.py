"""What a request tells the audit log, and how a route adds to it.

A route that changes something need do nothing. It may add ids with :func:`note`; a route that only reads is told where it calls that
(a log-in, a download of names). Rows are written by one thread of the process, so that the event loop never waits for the disk.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fastapi import Request
from starlette.types import Scope

from api.service.audit.anchor import Head
from api.service.audit.entry import Doing, Step
from api.service.audit.log import Audit
from api.service.caller import Caller

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@|-]{0,99}")
"""What looks like an id; whatever else stands in a path may be a name, and is told by its digest."""
HEAD = "head"
"""In the scope of a request that came as ``HEAD`` and is answered as ``GET``."""
_writer = ThreadPoolExecutor(1, "audit")


def note(request: Request, **facts: Any) -> None:
    """Add ids or counts to what the audit log is told of a request; never secrets or names."""
    request.scope.setdefault("noted", {}).update(facts)


def shown(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Parameters of a path as the log holds them: ids as they are, anything else as the beginning of its SHA-256."""
    return {
        name: value if ID.fullmatch(value) else digest_of(value)
        for name, value in ((n, str(v)) for n, v in parameters.items())
    }


def digest_of(text: str) -> str:
    """What stands for a text that is no id."""
    return f"sha256:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


async def told(
    audit: Audit, scope: Scope, step: Step, template: str, *, status: int | None = None, **more: Any
) -> None:
    """Write a row about a request; on the disk when it returns.

    Raises
    ------
    OutsideError
        When it could not be written.
    """
    caller: Caller | None = scope.get("caller")
    name, via = (None, None) if caller is None else (caller.name, caller.via)
    client = scope.get("client")
    parameters = shown(scope.get("path_params") or getattr(scope.get("place"), "parameters", {}))
    doing = Doing(
        step, "HEAD" if HEAD in scope else scope["method"][:10], template, name, via, client and client[0], scope["request_id"], parameters, status,
        {**scope.get("noted", {}), **more},
    )  # fmt: skip
    entry = await asyncio.get_running_loop().run_in_executor(_writer, audit.add, doing)
    scope["audited"] = Head(entry.number, entry.hash)

"""What every request passes on its way to a route, from the outside in, and why in this order.

1. :class:`~.arrival.Arrival`: number and language, so that whatever is said from here on has both.
2. :class:`~.watch.Watch`: log line and figures, of every request, refused ones too; sees the answer as it is sent.
3. :class:`~.headers.SafeHeaders`: on every answer, refusals and defects too.
4. :class:`~.bounds.Bounds`: too long, too many, too large: refused before anything is read or looked up.
5. :class:`~.head.Head`: ``HEAD`` is ``GET`` from here on; outside of compression, which looks at the body.
6. compression: inside of what counts bytes, outside of all that makes answers.
7. :class:`~.refusals.Refusals`: tells the audit log whom the gate or a route turned away.
8. :class:`~api.http.gate.Gate`: who asks, and whether they may come in at all.
9. :class:`~.rates.Rates`: how often, by caller; so behind the gate, and before anything costs.
10. :class:`~.changes.Changes`: the audit log of changes; outside of what may cut a request off, so that it tells that, too.
11. :class:`~api.http.again.Again`: what was asked before in the same words; behind all that decides, and before a clock is set.
12. :class:`~.patience.Patience`: how long.
13. :class:`~.defects.Defects`: an error that nobody caught becomes an answer in here, so that all of the above see it.

All are plain ASGI: nothing is buffered, and no request gets a task of its own.
"""

from __future__ import annotations

from fastapi import FastAPI
from starlette.middleware import Middleware

from api.http.again import Again
from api.http.gate import Gate
from api.http.middleware.arrival import Arrival
from api.http.middleware.bounds import Bounds
from api.http.middleware.changes import Changes
from api.http.middleware.compression import Compression
from api.http.middleware.defects import Defects
from api.http.middleware.head import Head
from api.http.middleware.headers import SafeHeaders
from api.http.middleware.patience import Patience
from api.http.middleware.rates import Rates
from api.http.middleware.refusals import Refusals
from api.http.middleware.watch import Watch
from api.http.paths import Paths
from api.service.service import Service
from api.service.settings import USUAL


def install(app: FastAPI, service: Service) -> None:
    """Put them around an app whose routes and state are there, in this order."""
    settings, paths, state = service.settings, Paths(app), app.state
    built = state.pages.holds
    app.user_middleware = [
        Middleware(Arrival, language=settings.language, proxies=settings.proxies),
        Middleware(Watch, paths=paths, measures=state.measures),
        Middleware(SafeHeaders),
        Middleware(
            Bounds, paths=paths, json_bytes=settings.json_kb << 10, large_bytes=settings.body_mb << 20
        ),
        Middleware(Head),
        Middleware(Compression, built=built),
        Middleware(Refusals, paths=paths, audit=service.audit, per_minute=settings.rate or USUAL),
        Middleware(Gate, door=state.door, asks=state.asks),
        *([Middleware(Rates, per_minute=settings.rate, built=built)] if settings.rate else []),
        Middleware(Changes, paths=paths, audit=service.audit),
        Middleware(Again, service=service, now=state.now, remembered=state.remembered),
        Middleware(Patience, seconds=settings.request_seconds),
        Middleware(Defects),
    ]

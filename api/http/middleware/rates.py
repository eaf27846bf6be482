"""How often somebody may ask: a window of a minute for each caller, and for each address where the caller is not known."""

from __future__ import annotations

import time
from collections.abc import Callable

from limits import RateLimitItemPerMinute
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.guesses import site_of
from api.http.problems import told
from api.service.caller import Caller
from api.service.refusals import TooMany

MOST = 20_000
"""Windows that are kept; whoever comes beyond that shares one, so that many addresses cannot fill the memory."""

PAGE_FILES = 10
"""Files of the web view are counted by themselves, so many times as many: a page takes some thirty, and an office behind one address opens it at once."""

PROBES = frozenset({"/healthz", "/readyz"})
"""Not counted and not refused: who asks whether the service lives may share an address with those who ask much. They cost less than a refusal."""


class Windows(Storage):
    """Counters of the library ``limits``, of one process and its event loop; their number is bounded."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__()
        self.most, self.counts, self._swept = most, dict[str, tuple[int, float]](), 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        """None of its own."""
        return ValueError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count; a window that is over begins anew."""
        now = time.time()
        key = self._room(key, now)
        count, until = self.counts.get(key, (0, 0.0))
        if until <= now:
            count, until = 0, now + expiry
        self.counts[key] = count + amount, until
        return count + amount

    def get(self, key: str) -> int:
        """The count of a window that is not over."""
        count, until = self.counts.get(self._shared(key), (0, 0.0))
        return count if until > time.time() else 0

    def get_expiry(self, key: str) -> float:
        """When a window is over."""
        return self.counts.get(self._shared(key), (0, time.time()))[1]

    def check(self) -> bool:
        """It is there."""
        return True

    def reset(self) -> int:
        """Forget all."""
        found = len(self.counts)
        self.counts.clear()
        return found

    def clear(self, key: str) -> None:
        """Forget one."""
        self.counts.pop(key, None)

    def _shared(self, key: str) -> str:
        return key if key in self.counts or len(self.counts) < self.most else "others"

    def _room(self, key: str, now: float) -> str:
        if key not in self.counts and len(self.counts) >= self.most and now - self._swept > 1:
            self._swept = now
            self.counts = {k: found for k, found in self.counts.items() if found[1] > now}
        return self._shared(key)


class Minute:
    """A number of requests that each may make in a minute.

    Parameters
    ----------
    most : int
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._item = RateLimitItemPerMinute(most)
        self._limiter = FixedWindowRateLimiter(Windows())

    def hit(self, key: str) -> bool:
        """Count a request; whether it is within the limit."""
        return self._limiter.hit(self._item, key)

    def left(self, key: str) -> tuple[int, int]:
        """How many are left, and for how many seconds."""
        until, left = self._limiter.get_window_stats(self._item, key)
        return max(left, 0), max(1, round(until - time.time()))

    def refusal(self, key: str) -> TooMany:
        """What to say to who is beyond it."""
        seconds = self.left(key)[1]
        return TooMany(
            f"一分钟内请求太多（上限 {self.most}）；请在 {seconds} 秒后再试",
            f"too many requests within a minute ({self.most} are allowed); try again in {seconds} seconds",
            seconds=seconds,
        )


class Rates:
    """ASGI middleware, behind the gate.

    Parameters
    ----------
    app : ASGIApp
    per_minute : int
    built : callable
        Whether a path is a file of the web view.
    """

    def __init__(
        self, app: ASGIApp, per_minute: int, built: Callable[[str], bool] = lambda path: False
    ) -> None:
        self.app, self.built = app, built
        self.minute, self.files = Minute(per_minute), Minute(per_minute * PAGE_FILES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and refuse what is beyond; every answer says how many are left, and for how long."""
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        key = whose(scope)
        minute = self.files if self.built(scope["path"]) else self.minute
        fine = minute.hit(key)
        left, seconds = minute.left(key)
        headers = [
            (b"ratelimit-policy", f'"caller";q={minute.most};w=60'.encode()),
            (b"ratelimit", f'"caller";r={left};t={seconds}'.encode()),
        ]

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *headers]
            await send(message)

        app = self.app if fine else told(Request(scope), minute.refusal(key))
        await app(scope, receive, counted)


def whose(scope: Scope) -> str:
    """Whose window a request counts in: the caller's, else its address's; of IPv6 the network that one subscriber has."""
    caller: Caller | None = scope.get("caller")
    if caller is not None:
        return f"caller/{caller.name}"
    client = scope.get("client")
    return f"address/{(client and site_of(client[0])) or 'none'}"

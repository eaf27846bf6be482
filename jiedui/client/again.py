"""What is sent again, and when: never what may have been done already and would be done twice."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable
from typing import Any, TypeVar

import httpx2
from tenacity import (
    RetryCallState,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential,
    wait_random,
)

from jiedui.client.call import Call
from jiedui.client.problems import Outside, TooMany

ARRIVED_NOT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
"""Errors of a request that the service has not seen."""
E = TypeVar("E", bound=BaseException)
PAUSE = wait_exponential(multiplier=0.1, max=5.0) + wait_random(0.0, 1.0)
"""Until the next try, where the service does not say when."""
log = logging.getLogger("jiedui.client")


def plan_of_tries(call: Call, attempts: int, patience: float) -> dict[str, Any]:
    """How a call is tried, in the words of :class:`tenacity.Retrying`.

    Parameters
    ----------
    call : Call
    attempts : int
        How often at most.
    patience : float
        Seconds after which nothing is tried again.
    """
    return {
        "retry": retry_if_exception(worth_another(call, patience)),
        "wait": _pause,
        "stop": stop_after_attempt(attempts) | stop_before_delay(patience),
        "before_sleep": _telling(call, attempts),
        "reraise": True,
    }


def worth_another(call: Call, patience: float) -> Callable[[BaseException], bool]:
    """Whether an error is worth another try of a call.

    A call that may have arrived is sent again only where that does nothing twice. 429 is told before anything is done. A
    certificate is the same at the next try, and so is a service that speaks no TLS.
    """

    def worth(error: BaseException) -> bool:
        if isinstance(error, TooMany) or (isinstance(error, Outside) and call.repeatable):
            return (error.retry_after or 0.0) <= patience
        if behind(error, ssl.SSLError) is not None:
            return False
        return isinstance(error, ARRIVED_NOT) or (
            isinstance(error, httpx2.TransportError) and call.repeatable
        )

    return worth


def behind(error: BaseException | None, kind: type[E]) -> E | None:
    """The error of a kind that another one came of."""
    while error is not None:
        if isinstance(error, kind):
            return error
        error = error.__cause__ or error.__context__
    return None


def _pause(state: RetryCallState) -> float:
    error = _error(state)
    said = error.retry_after if isinstance(error, TooMany | Outside) else None
    return said or PAUSE(state)


def _telling(call: Call, attempts: int) -> Callable[[RetryCallState], None]:
    def tell(state: RetryCallState) -> None:
        what = (call.verb, call.path, state.upcoming_sleep, state.attempt_number, attempts, _error(state))
        log.info("%s %s again in %.1f s (try %d of %d failed: %s)", *what)

    return tell


def _error(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None

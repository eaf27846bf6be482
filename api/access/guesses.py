"""Those who try secrets that are none: fewer and fewer tries, then none for a while.

Counted by address in this process; a network of IPv6 counts as one. A secret that is right, or was once (a token that has expired), is no
guess: it is taken while others of that address wait, so that one bad script does not shut out an office behind the same address. That
gives a guesser nothing: each word is looked up the same way, wait or not, and 256 bits are not found in any number of tries. What the wait
keeps away is noise: lines in the log, rows in the audit log.
"""

from __future__ import annotations

import logging
import time
from ipaddress import IPv6Address, ip_address, ip_network

from limits import parse_many
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from api.service.refusals import TooMany

log = logging.getLogger("jiedui.access")
ALLOWED = "10/minute; 30/hour; 100/day"
"""Wrong tries of one address; who goes on meets the next, longer wait."""
SITE_BITS = 64
"""Of an IPv6 address: what a provider gives to one house."""


class Guesses:
    """Counts wrong tries."""

    def __init__(self, allowed: str = ALLOWED) -> None:
        self._limits = parse_many(allowed)
        self._windows = MovingWindowRateLimiter(MemoryStorage())

    def wrong(self, address: str, why: str) -> None:
        """Count a wrong try; one beyond those that are allowed is not counted, else nobody's wait would end.

        Raises
        ------
        TooMany
            When the address has used up its tries.
        """
        key = site_of(address)
        full = [limit for limit in self._limits if not self._windows.test(limit, key)]
        if full:
            until = max(self._windows.get_window_stats(limit, key).reset_time for limit in full)
            raise TooMany(
                "错误的令牌太多次了；请稍后再试", "too many wrong tokens; try again later", seconds=max(1, round(until - time.time()))
            )  # fmt: skip
        for limit in self._limits:
            self._windows.hit(limit, key)
        log.warning("login refused", extra={"facts": {"address": address, "why": why}})


def site_of(address: str) -> str:
    """What counts as one: an IPv4 address, the network of an IPv6 one; empty for what is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, SITE_BITS), strict=False))
    return str(found)

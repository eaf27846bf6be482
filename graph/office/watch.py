"""What an office watches over: which rows are held, which places are frozen, whose eyes must agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from graph.errors import UsageError
from graph.network import Network
from graph.office.frozen import read_for
from graph.office.register import KIND as REGISTER
from graph.office.register import Freeze, Register
from graph.store.changes import Changes
from graph.store.papers import StalePaper
from graph.store.protocol import Store

T = TypeVar("T")
TRIES = 20
"""How often a step is tried again where colleagues filed something in between."""


class Watch:
    """The register of one network of a store.

    Parameters
    ----------
    store : Store
        The store.
    network : str
        Name of the network.
    today : callable
        Gives the day, for freezes; the clock's by default.
    four_eyes : bool
        Whether nobody may approve their own requests here, even where the register lets them.
    """

    def __init__(
        self,
        store: Store,
        network: str,
        today: Callable[[], date] = date.today,
        *,
        four_eyes: bool = False,
    ) -> None:
        self.store, self.network, self.today, self.four_eyes = store, network, today, four_eyes

    def register(self) -> Register:
        """Locks and freezes in force."""
        return Register.of(self.store.papers(self.network, REGISTER))

    def freeze(self, freeze: Freeze, *, by: str) -> Register:
        """Freeze a place.

        Raises
        ------
        UsageError
            When there is no such place, or the time is empty.
        """
        regions = self.store.read(self.network, tables=["regions"])
        if freeze.region not in regions.parents:
            raise UsageError(f"没有地区 {freeze.region}", f"there is no region {freeze.region}")
        if freeze.since and freeze.until and freeze.until <= freeze.since:
            raise UsageError("冻结的止日须晚于起日", "the freeze ends before it begins")
        return self._change_register(lambda r: replace(r, freezes=(*r.freezes, freeze)), by)

    def thaw(self, region: str, *, by: str) -> Register:
        """Lift every freeze of a place.

        Raises
        ------
        UsageError
            When it is not frozen.
        """
        if all(f.region != region for f in self.register().freezes):
            raise UsageError(f"{region} 没有冻结", f"{region} is not frozen")
        return self._change_register(
            lambda r: replace(r, freezes=tuple(f for f in r.freezes if f.region != region)), by
        )

    def want_four_eyes(self, wanted: bool, *, by: str) -> Register:
        """Whether nobody may approve their own requests."""
        self.store.head(self.network)  # a name that is mistyped gets no register
        return self._change_register(lambda r: replace(r, four_eyes=wanted), by)

    def check(self, changes: Changes, own: str = "") -> None:
        """Refuse changes that touch what is held by another request than ``own``, or frozen.

        Raises
        ------
        Locked
            The message names rows and requests, or places and reasons.
        """
        self._guard(self.register(), changes, own)

    def _guard(self, register: Register, changes: Changes, own: str) -> None:
        def read() -> Network:
            return self.store.read(self.network, tables=read_for(changes.tables))

        register.guard(changes, read, self.today(), own)

    def _change_register(self, change: Callable[[Register], Register], by: str) -> Register:
        def take() -> Register:
            new = change(self.register())
            self.store.file(self.network, [new.filing()], by=by)
            return replace(new, revision=new.revision + 1)

        return self._again(take)

    def _again(self, work: Callable[[], T], fixed: str = "") -> T:
        """``work``, and again where a colleague filed a paper in between; not where that was one of a ``fixed`` kind."""
        for _ in range(TRIES - 1):
            try:
                return work()
            except StalePaper as error:
                if error.filing.kind == fixed:
                    raise
        return work()

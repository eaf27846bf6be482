"""What keeps somebody's change from being made, as far as it is theirs to see."""

from __future__ import annotations

from dataclasses import dataclass

from api.service.reach import Reach
from graph.language import Text
from graph.network import Network
from graph.office.locked import Locked, Reason
from graph.office.office import Office
from graph.office.reading import NoSuchRequest
from graph.office.request import Request


@dataclass(frozen=True)
class Hindered:
    """Hindrances as somebody sees them.

    Parameters
    ----------
    office : Office
    reach : Reach
        What they see and may change.
    """

    office: Office
    reach: Reach

    def text(self, request: Request) -> Text | None:
        """What keeps a request from being applied; without whose and why where that is not theirs to see."""
        error = self.office.hindered_by(request)
        if isinstance(error, Locked):
            error = self.of(error)
        return error.text if error else None

    def of(self, error: Locked) -> Locked:
        """The same refusal in the words that are for them."""
        return error if self.reach.scope.whole else Locked(error.reasons, self._sees)

    def sees_request(self, id: str) -> bool:
        """Whether a request is theirs to see."""
        try:
            return self.reach.scope.whole or self.reach.sees(self.office.request(id))
        except NoSuchRequest:
            return False

    def _sees(self, reason: Reason) -> bool:
        if reason.request:
            return self.sees_request(reason.request)
        return sees_freeze(self.reach, self.reach.scope.asked.regions, reason.region)


def sees_freeze(reach: Reach, regions: Network, region: str) -> bool:
    """Whether a frozen place lies in what somebody sees, or what they see in it."""
    limits = reach.scope.caller.regions
    return reach.scope.holds(region) or any(region in regions.ancestors(limit) for limit in limits)

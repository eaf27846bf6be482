"""Who may not inspect where, one team and one region at a time."""

from __future__ import annotations

from planner.verify.inspection_book import DESIGNATED, PAIRED, Book, Team

CONFLICTS = ("no_own", "no_paired", "no_designated", "no_supervising", "no_reciprocal", "no_repeat")


class Independence:
    """Rules of independence, read from the graph and the plan's own pairs."""

    def __init__(self, book: Book) -> None:
        self.book = book
        paired = [*book.held(PAIRED), *book.planned("pairing")]
        self.paired = {frozenset((book.area_of(s), book.area_of(r))) for s, r in paired}
        self.designated = self._places([*book.held(DESIGNATED), *book.planned("designation")])
        self.supervised = self._places(book.held({"supervision"}))
        self.before = {(t, r) for t, r, y, _ in book.visited if y == book.year - 1}
        self._told: dict[tuple[str, str], set[str]] = {}

    def against(self, team: Team, region: str) -> set[str]:
        """Rules (that are on) by which a team may not inspect a region."""
        if (team.id, region) not in self._told:
            broken = {
                "no_own": self._own(team, region),
                "no_paired": self._is_paired(team, region),
                "no_designated": self._unit_in(team, region, self.designated),
                "no_supervising": self._unit_in(team, region, self.supervised),
                "no_reciprocal": self._was_inspected(team, region),
                "no_repeat": self._was_there(team, region),
            }
            self._told[team.id, region] = {k for k, v in broken.items() if v and self.book.value(k)}
        return self._told[team.id, region]

    def _overlap(self, one: str, other: str) -> bool:
        """Whether one of two places is or contains the other."""
        up = self.book.network.ancestors
        return one in (other, *up(other)) or other in up(one)

    def _own(self, team: Team, region: str) -> bool:
        known = self.book.network.parents
        return any(p in known and self._overlap(p, region) for p in (team.unit, team.home) if p is not None)

    def _is_paired(self, team: Team, region: str) -> bool:
        return team.area is not None and frozenset((team.area, self.book.area_of(region))) in self.paired

    def _places(self, links: list[tuple[str, str]]) -> dict[str, set[str]]:
        """Unit → what it supports or supervises, and the regions that hold it."""
        found: dict[str, set[str]] = {}
        for unit, place in links:
            found.setdefault(unit, set()).update({place, self.book.area_of(place)})
        return found

    def _unit_in(self, team: Team, region: str, places: dict[str, set[str]]) -> bool:
        return any(self._overlap(p, region) for p in places.get(team.unit or "", ()))

    def _was_inspected(self, team: Team, region: str) -> bool:
        """The region's own team inspected the team's region the year before."""
        if team.area is None:
            return False
        here = self.book.area_of(region)
        for other, place in self.before:
            guest = self.book.teams.get(other)
            if guest is not None and guest.area == here and self.book.area_of(place) == team.area:
                return True
        return False

    def _was_there(self, team: Team, region: str) -> bool:
        up = self.book.network.ancestors
        return any(t == team.id and region in (p, *up(p)) for t, p in self.before)

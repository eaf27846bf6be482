"""What each rule of inspection shuts out that all others would allow."""

from __future__ import annotations

from collections import Counter, defaultdict

from planner.verify.inspection_book import Book, Team
from planner.verify.inspection_independence import Independence


class Shut:
    """Choices of a team for a visit, and the rules against each.

    ``alone``: rule → how many choices it alone stands against; only those would be open without it.
    """

    def __init__(self, book: Book, guard: Independence) -> None:
        self.book = book
        self.alone: Counter[str] = Counter()
        self.open: list[tuple[Team, str]] = []  # a team and a region, once for each kind of visit
        for kind, region in book.stops:
            for team in book.teams.values():
                against = {
                    *guard.against(team, region),
                    *({"team_size"} if book.value("team_size") and not book.large_enough(team, kind) else ()),
                    *({"led_by"} if book.value("led_by") and not book.may_lead(team, kind) else ()),
                }
                if not against:
                    self.open.append((team, region))
                elif len(against) == 1:
                    self.alone.update(against)

    def two_visits(self, rule: str) -> set[tuple[str, str]] | None:
        """Open choices that a rule forbids together with another one, as (team, region); None: it forbids none so."""
        if rule == "no_repeat":
            times = Counter((team.id, region) for team, region in self.open)
            return {choice for choice, n in times.items() if n > 1}
        if rule != "no_reciprocal":
            return None
        ways: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
        for team, region in self.open:
            here = self.book.area_of(region)
            if team.area is not None and team.area != here:
                ways[team.area, here].add((team.id, region))
        return {choice for (a, b), found in ways.items() if (b, a) in ways for choice in found}

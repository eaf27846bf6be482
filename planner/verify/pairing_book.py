"""What a resolved scenario says about pairing, one place at a time: sides, loads, strengths, ties, terms."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction

from graph.network import Network
from planner.verify.outcome import Resolved
from planner.verify.pairs import Terms
from planner.verify.places import Places, latest_facts, tagged, tags_on
from planner.verify.published import SCALE, price

NAME = "pairing"
Pair = tuple[str, str]


def nearest(network: Network, code: str, listed: Iterable[str]) -> str | None:
    """``code`` or the nearest place above it that is listed."""
    wanted = set(listed)
    for place in (code, *network.ancestors(code)):
        if place in wanted:
            return place
    return None


class Book:
    """Everything that the rules of pairing ask of a scenario."""

    def __init__(self, resolved: Resolved) -> None:
        self.resolved = resolved
        self.network = resolved.network
        self.level = str(self.value("county_level"))
        self.tags = tags_on(resolved, "language:", "industry:")
        self._below: dict[str, list[str]] = {}
        self.relations = self._relations()
        self.poor_counties = self.tagged(str(self.value("county_tag")))
        self.counties = [c for c, level in self.network.level_of.items() if level == self.level]
        self.reassigned = bool(self.value("reassign_counterpart"))
        self.decided = {"east_west", "counterpart"} if self.reassigned else {"east_west"}
        self.held = {(s, r) for kind, s, r in self.relations if kind in self.decided}
        self.supporters = self._supporters()
        self.recipients = self._recipients()
        self.poor_facts = latest_facts(resolved, "poor_population")
        self.revenue = latest_facts(resolved, "fiscal_revenue")
        self.poor = self._net({r: self.poor_people(r) for r in self.recipients}, 0)
        self.strength = self._strengths()

    def value(self, key: str) -> object:
        """A policy value of the stage; ``None`` where it is off."""
        return self.resolved.value(NAME, key)

    def tagged(self, tag: str) -> set[str]:
        """Regions that bear a tag on the day of planning."""
        return tagged(self.resolved, tag)

    def counties_below(self, code: str) -> list[str]:
        """Places of the counties' level below a place."""
        if code not in self._below:
            level_of = self.network.level_of
            self._below[code] = [c for c in self.network.descendants(code) if level_of[c] == self.level]
        return self._below[code]

    def _relations(self) -> list[tuple[str, str, str]]:
        last = self.resolved.on + timedelta(days=int(str(self.value("announced_days") or 0)))
        columns = ("kind", "supporter", "recipient", "since", "until")
        return [
            (kind, s, r)
            for kind, s, r, since, until in self.network.frame("relations").select(columns).iter_rows()
            if (since is None or since <= last) and (until is None or until > self.resolved.on)
        ]

    def _listed(self, key: str) -> set[str]:
        listed = self.value(key)
        return set(listed) if isinstance(listed, list) else set()

    def _supporters(self) -> list[str]:
        found = self.tagged(str(self.value("supporters_tag"))) | self._listed("supporters_list")
        if self.reassigned:
            found |= {s for kind, s, _ in self.relations if kind == "counterpart"}
        return sorted(found & self.network.parents.keys())

    def _recipients(self) -> list[str]:
        found = self.tagged(str(self.value("recipients_tag"))) | self._listed("recipients_list")
        if self.value("recipients_in_force"):
            found |= {r for kind, _, r in self.relations if kind == "east_west"}
        if self.reassigned:
            found |= {r for kind, _, r in self.relations if kind == "counterpart"}
        if self.value("cover_ethnic"):
            listed = set(found)
            found |= {c for c in self.ethnic_to_cover() if not self.covered(c, listed)}
        return sorted(found & self.network.parents.keys())

    def ethnic_to_cover(self) -> list[str]:
        """Autonomous prefectures that counterpart support does not reach."""
        tagged = self.tagged(str(self.value("ethnic_tag"))) & self.network.parents.keys()
        return sorted(c for c in tagged if not self.by_counterpart(c))

    def covered(self, code: str, places: set[str]) -> bool:
        """Whether ``places`` hold a place, one above it, or all of its counties."""
        if nearest(self.network, code, places) is not None:
            return True
        below = self.counties_below(code)
        return bool(below) and places >= set(below)

    def by_counterpart(self, code: str) -> bool:
        """Whether counterpart support reaches a place: itself, one above, or all of its counties."""
        if self.reassigned:
            return False
        helped = {r for kind, _, r in self.relations if kind == "counterpart"}
        return self.covered(code, helped)

    def poor_people(self, code: str) -> int:
        """Own figure, else the sum of the counties', else a part of the nearest figure above by poor counties."""
        if not self.poor_facts:
            return 1
        if code in self.poor_facts:
            return round(self.poor_facts[code])
        counted = [self.poor_facts[c] for c in self.counties_below(code) if c in self.poor_facts]
        if counted:
            return round(sum(counted))
        for above in self.network.ancestors(code):
            if above in self.poor_facts:
                everyone = len(self.poor_counties & set(self.network.descendants(above)))
                mine = len(self.poor_counties & {code, *self.network.descendants(code)})
                return round(self.poor_facts[above] * mine / everyone) if everyone else 0
        return 0

    def _net(self, gross: dict[str, int], least: int) -> dict[str, int]:
        found = dict(gross)
        for code, amount in gross.items():
            outer = next((a for a in self.network.ancestors(code) if a in gross), None)
            if outer is not None:
                found[outer] -= amount
        return {c: max(least, v) for c, v in found.items()}

    def _strengths(self) -> dict[str, int]:
        known = [self.revenue[s] for s in self.supporters if self.revenue.get(s, 0) > 0]
        if not known:
            return dict.fromkeys(self.supporters, 1)
        return self._net({s: round(self.revenue.get(s, min(known))) for s in self.supporters}, 1)

    def fair_cap(self, supporter: str) -> int:
        """Most poor people that a supporter may carry."""
        tolerance = Fraction(str(self.value("fair_load_tolerance")))
        share = Fraction(self.strength[supporter], sum(self.strength.values()))
        return math.floor(share * sum(self.poor.values()) * (1 + tolerance))

    def supporter_of(self, code: str) -> str | None:
        """The supporter for which a county stands in county pairs; a supporter without counties is its own."""
        if code in self.poor_counties:
            return None
        if self.network.level_of.get(code) == self.level:
            return nearest(self.network, code, self.supporters)
        if code in self.supporters:
            return None if self.counties_below(code) else code
        return None

    def recipient_of(self, code: str) -> str | None:
        """The recipient to which a poor county belongs in county pairs; ``None`` where it has none."""
        if code in self.recipients or code not in self.poor_counties:
            return None
        return nearest(self.network, code, self.recipients)


class PairingTerms(Terms):
    """Terms of a pair of places, for region pairs or for county pairs."""

    def __init__(
        self, book: Book, supporters: list[str], recipients: list[str], held: set[Pair], known: set[Pair]
    ) -> None:
        self.book, self.held, self.known = book, held, known
        self.price = price(book.resolved, NAME) / SCALE
        self.supporters, self.recipients = set(supporters), set(recipients)
        self.places = Places(book.network)
        self.weight = {
            k: float(str(book.value(f"{k}_weight") or 0))
            for k in ("distance", "need", "change", "tie", "language", "industry")
        }
        incidence = latest_facts(book.resolved, "poverty_incidence")
        self.incidence = {c: incidence[c] for c in recipients if c in incidence}
        self.revenue = {c: book.revenue[c] for c in supporters if c in book.revenue}
        self.ties = [(s, r) for kind, s, r in book.relations if kind in ("counterpart", "county_pair")]
        self._up: dict[str, frozenset[str]] = {}
        self._borne: dict[str, set[str]] = defaultdict(
            set
        )  # place → tags in it, its own and those of all below it
        for region, tags in book.tags.items():
            for place in self._with_above(region):
                self._borne[place] |= tags

    def of(self, supporter: str, recipient: str) -> dict[str, float] | None:
        """Terms in points; ``None`` where one of the two takes no part."""
        if supporter not in self.supporters or recipient not in self.recipients:
            return None
        new = (supporter, recipient) not in self.held
        weak = 1.0 - _rank(supporter, self.revenue)
        return {
            "distance": self.weight["distance"]
            * (self.places.distance_km(supporter, recipient) or 0.0)
            / 100,
            "need": self.weight["need"] * weak * _rank(recipient, self.incidence),
            "change": self.weight["change"] * new,
            "tie": self.weight["tie"] * (new and not self._linked(supporter, recipient)),
            "language": self.weight["language"] * self._language(supporter, recipient),
            "industry": self.weight["industry"] * self._industry(supporter, recipient),
            "published": self.price * ((supporter, recipient) not in self.known),
        }

    def _linked(self, supporter: str, recipient: str) -> bool:
        return any(self._overlap(s, supporter) and self._overlap(r, recipient) for s, r in self.ties)

    def _overlap(self, one: str, other: str) -> bool:
        """Whether one of two places is or contains the other."""
        return one in self._with_above(other) or other in self._with_above(one)

    def _with_above(self, code: str) -> frozenset[str]:
        if code not in self._up:
            self._up[code] = frozenset((code, *self.book.network.ancestors(code)))
        return self._up[code]

    def _tags(self, code: str, prefix: str) -> set[str]:
        return {t for t in self._borne.get(code, ()) if t.startswith(prefix)}

    def _language(self, supporter: str, recipient: str) -> float:
        spoken = self._tags(supporter, "language:")
        places = self.book.counties_below(recipient) or [recipient]
        missed = 0
        for place in places:
            wanted = {t for t in self.book.tags.get(place, ()) if t.startswith("language:")}
            missed += bool(wanted) and not wanted & spoken
        return missed / len(places)

    def _industry(self, supporter: str, recipient: str) -> float:
        wanted = self._tags(recipient, "industry:")
        return 1 - len(wanted & self._tags(supporter, "industry:")) / len(wanted) if wanted else 0.0


def _rank(code: str, known: dict[str, float]) -> float:
    highest = max(known.values(), default=0.0)
    return known[code] / highest if highest > 0 and code in known else 0.5

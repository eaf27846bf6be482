"""Rules on whole teams and households that no flow knows: what breaks them, and the least that has to be taken back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.solve.posting_sent import Sent
from planner.solve.posting_teams import Teams
from planner.solve.task import Arrays

NOWHERE, APART = (
    -1,
    -2,
)  # where a household is bound to: to no place; to several, so nobody of it may go anywhere new


@dataclass(frozen=True)
class Rules:
    """What the rules know; all may be in force or not, each by itself.

    Parameters
    ----------
    teams : Teams
        Villages, who leads, least sizes.
    sender : ndarray
        (n,) int64 unit of each class: whoever is newly sent to a village comes from one; all 0 where that is no rule.
    tongue, asks : ndarray
        (n,), (v,) int64 rows and columns of ``table``.
    table : ndarray
        (t, a) bool: who has such languages is understood where such ones are asked for.
    spoken : ndarray
        (v,) bool: no speaker is wanted, or one stays anyway.
    household : ndarray
        (n,) int64 household of each class; −1 where it is of none that counts.
    place : ndarray
        (v,) int64 place of each village within which a household stays together.
    bound_to : ndarray
        (h,) int64 place to which people who stay anyway bind each household, :data:`NOWHERE` or :data:`APART`.
    moved : ndarray
        (h,) bool: somebody of it, whom this problem does not decide about, is newly posted there.
    lost_worth, lost_cost : ndarray
        (v,) int64 worth of the seats, and cost, of people who leave when nobody comes to lead them.
    lost_hard : ndarray
        (v,) bool: they must not.
    further : bool
        Whether any rule but those on leaders and sizes of teams is in force.
    """

    teams: Teams
    sender: np.ndarray
    tongue: np.ndarray
    asks: np.ndarray
    table: np.ndarray
    spoken: np.ndarray
    household: np.ndarray
    place: np.ndarray
    bound_to: np.ndarray
    moved: np.ndarray
    lost_worth: np.ndarray
    lost_cost: np.ndarray
    lost_hard: np.ndarray
    further: bool = True

    def understood(self, of_class: np.ndarray, village: np.ndarray) -> np.ndarray:
        """(k,) bool: whether each class speaks a language of the village beside it."""
        return np.asarray(self.table[self.tongue[of_class], self.asks[village]])

    def broken(self, sent: Sent, slots: int) -> bool:
        """Whether people sent so break any rule, the teams' included, or leave people without a leader."""
        at_slot = sent.at_slots(slots)
        if self.teams.broken(at_slot).any() or self.unled(at_slot).any():
            return True
        return self.further and len(self.kept(sent, slots).count) < len(sent.count)

    @property
    def idle(self) -> bool:
        """Whether no sending of people could break any of them."""
        asked = self.teams.wanted > 0
        alone = ~asked | (self.teams.led & (self.teams.wanted <= 1))
        return not self.further and bool(alone.all()) and not (self.lost_worth + self.lost_cost > 0).any()

    def unled(self, at_slot: np.ndarray) -> np.ndarray:
        """(v,) bool: villages whose people leave, since nobody comes to lead them; (m,) people at each slot."""
        leaders = np.bincount(self.teams.village, at_slot * self.teams.leads, len(self.asks))
        return np.asarray((self.lost_worth + self.lost_cost > 0) & (leaders == 0))

    def leaving(self) -> int:
        """What a plan may come to below the bound of all who are sent, where people leave who cost more than their seats are worth."""
        return int(np.minimum(self.lost_worth - self.lost_cost, 0).sum())

    def mute(self, sent: Sent) -> np.ndarray:
        """(v,) bool: villages to which people are sent, and nobody there speaks a language of theirs."""
        village = self.teams.village[sent.slot]
        speakers = np.bincount(village, self.understood(sent.of_class, village), len(self.asks)) > 0
        people = np.bincount(village, sent.count, len(self.asks)) > 0
        return np.asarray(people & ~speakers & ~self.spoken)

    def kept(self, sent: Sent, slots: int) -> Sent:
        """Those of them who may go when nobody else comes: all rules hold."""
        sent = sent.only(self._together(sent))
        sent = sent.only(self._of_one_sender(sent))
        mute = self.mute(sent)
        sent = sent.only(~mute[self.teams.village[sent.slot]])
        short = self.teams.broken(sent.at_slots(slots))
        return sent.only(~short[self.teams.village[sent.slot]])

    def _of_one_sender(self, sent: Sent) -> np.ndarray:
        """(k,) bool: those who stay, and of a village's new people those of the unit that sends leaders, then most."""
        village, sender = self.teams.village[sent.slot], self.sender[sent.of_class]
        new = np.flatnonzero(~sent.stays)
        pair, at = np.unique(np.stack([village[new], sender[new]]), axis=1, return_inverse=True)
        leads = self.teams.leads[sent.slot[new]] & ~self.teams.led[village[new]]
        size = pair.shape[1]
        people = np.bincount(at.ravel(), sent.count[new], size)
        leaders = np.bincount(at.ravel(), leads, size) > 0
        order = np.lexsort((pair[1], -people, ~leaders, pair[0]))
        best = order[np.unique(pair[0][order], return_index=True)[1]]
        keep = np.ones(len(sent.count), np.bool_)
        keep[new] = np.isin(at.ravel(), best)
        return keep

    def _together(self, sent: Sent) -> np.ndarray:
        """(k,) bool: of each household those who stay, or those in the one place where most of it are."""
        keep = np.ones(len(sent.count), np.bool_)
        home = self.household[sent.of_class]
        place = self.place[self.teams.village[sent.slot]]
        rows = np.flatnonzero(home >= 0)
        order = rows[np.argsort(home[rows], kind="stable")]
        starts = np.unique(home[order], return_index=True)[1]
        for mine in np.split(order, starts[1:]) if len(order) else ():
            keep[mine] = self._one_household(
                int(home[mine[0]]), place[mine], sent.stays[mine], sent.count[mine]
            )
        return keep

    def _one_household(
        self, number: int, place: np.ndarray, stays: np.ndarray, count: np.ndarray
    ) -> np.ndarray:
        bound = int(self.bound_to[number])
        choices = [] if self.moved[number] else [stays]
        places = np.unique(place).tolist() if bound == NOWHERE else [bound]
        choices += [place == p for p in places if bound != APART]
        return max(
            choices, key=lambda chosen: int(count[chosen].sum()), default=np.zeros(len(place), np.bool_)
        )


def read_rules(arrays: Arrays, teams: Teams) -> Rules:
    """The rules of the engine's arrays ``rule_*``; what is absent is no rule."""
    n, v = len(arrays["supply"]), len(teams.there)
    nobody, nowhere = np.zeros(n, np.int64), np.zeros(v, np.int64)
    none = {
        "sender": nobody, "tongue": nobody, "asks": nowhere, "table": np.ones((1, 1), np.bool_), "spoken": np.ones(v, np.bool_),
        "household": np.full(n, -1), "place": nowhere, "bound_to": np.zeros(0, np.int64),
        "lost_worth": nowhere, "lost_cost": nowhere, "lost_hard": np.zeros(v, np.bool_),
    }  # fmt: skip
    found = {name: np.asarray(arrays.get(f"rule_{name}", value)) for name, value in none.items()}
    moved = np.zeros(len(found["bound_to"]), np.bool_)
    return Rules(teams, **found, moved=moved, further="rule_sender" in arrays)

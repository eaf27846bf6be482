"""Relations as answers show them: through whom they come, whether they hold, which is more specific."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from graph.dates import holds
from graph.network import Network
from graph.questions.place import Place, places, same_place

Through = Literal["own", "parent", "child"]
Side = Literal["supporter", "recipient"]
State = Literal["in_force", "ended", "to_come"]
_NEAREST_FIRST = {"own": 0, "parent": 1, "child": 2}
_STATES = {"in_force": 0, "to_come": 1, "ended": 2}


@dataclass(frozen=True)
class Tie:
    """One relation, seen from a place or unit.

    Parameters
    ----------
    id, kind : str
        The relation and its kind.
    supporter, recipient : Place
        Who supports whom.
    through : {"own", "parent", "child"}
        Whether the relation is the asked place's own, or comes through a place above or below it.
    since, until : date or None
        Half-open; ``None``: unknown, or still running.
    state : {"in_force", "ended", "to_come"}
        On the day asked for.
    source, mark : str
        Where it is known from; ``recalled``, ``synthetic`` or ``assumed``.
    yields_to : str
        Id of a relation of the same kind that is more specific and wins for the asked place; empty where
        none is.
    """

    id: str
    kind: str
    supporter: Place
    recipient: Place
    through: Through
    since: date | None
    until: date | None
    state: State
    source: str
    mark: str
    yields_to: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; dates as ISO text."""
        return {
            **{
                k: getattr(self, k) for k in ("id", "kind", "through", "state", "source", "mark", "yields_to")
            },
            "supporter": self.supporter.to_dict(),
            "recipient": self.recipient.to_dict(),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
        }


def ties(network: Network, code: str, side: Side, at: date) -> list[Tie]:
    """Relations in which ``code``, a place above or a place below stands on ``side``.

    Own relations first, then those of places above (the nearest first), then those of places below; inside
    each, those in force first. A relation of a place above yields to one of the same kind that is nearer and
    in force.
    """
    reached = _reached(network, code, side)
    rows = network.where("relations", side, reached) if reached else []
    found = _ties(network, rows, at, [reached[row[side]][0] for row in rows])
    distance = {t.id: reached[getattr(t, side).id][1] for t in found}
    found.sort(key=lambda t: (_NEAREST_FIRST[t.through], distance[t.id], _STATES[t.state], t.kind, t.id))
    return _yielding(found, distance)


def own_ties(network: Network, relations: Sequence[Mapping[str, Any]], at: date) -> list[Tie]:
    """Relations, given as rows, as they stand for themselves: those in force first, then those to come, then those that ended."""
    found = _ties(network, relations, at, ["own"] * len(relations))
    return sorted(found, key=lambda t: (_STATES[t.state], t.kind, t.id))


def _ties(
    network: Network, rows: Sequence[Mapping[str, Any]], at: date, through: Sequence[Through]
) -> list[Tie]:
    named = dict.fromkeys(row[side] for side in ("supporter", "recipient") for row in rows)
    known = dict(zip(named, places(network, named), strict=True))
    return [
        Tie(
            row["id"],
            row["kind"],
            known[row["supporter"]],
            known[row["recipient"]],
            how,
            row["since"],
            row["until"],
            state_of(row["since"], row["until"], at),
            row["source"] or "",
            row["mark"] or "",
        )
        for row, how in zip(rows, through, strict=True)
    ]


def state_of(since: date | None, until: date | None, at: date) -> State:
    """Whether a relation is in force on ``at``, has ended, or is to come."""
    if holds(since, until, at):
        return "in_force"
    return "to_come" if since is not None and since > at else "ended"


def _reached(network: Network, code: str, side: Side) -> dict[str, tuple[Through, int]]:
    """Places on a side of relations that are the asked place or lie above or below it: how, and how many levels away."""
    own = same_place(network, code)
    above = {place: i + 1 for i, place in enumerate(network.ancestors(code))}
    reached: dict[str, tuple[Through, int]] = {}
    for place in dict.fromkeys(network.lists("relations", side)[0]):
        if place in own:
            reached[place] = ("own", 0)
        elif place in above:
            reached[place] = ("parent", above[place])
        else:
            steps = network.ancestors(place)
            hit = next((i for i, step in enumerate(steps) if step in own), None)
            if hit is not None:
                reached[place] = ("child", hit + 1)
    return reached


def _yielding(found: list[Tie], distance: dict[str, int]) -> list[Tie]:
    """Mark what comes through places above where a nearer relation of its kind is in force."""
    nearest: dict[str, Tie] = {}
    for tie in found:
        if tie.through != "child" and tie.state == "in_force":
            nearest.setdefault(tie.kind, tie)
    marked = []
    for tie in found:
        winner = nearest.get(tie.kind)
        overruled = tie.through == "parent" and winner is not None and distance[winner.id] < distance[tie.id]
        marked.append(replace(tie, yields_to=winner.id) if overruled and winner is not None else tie)
    return marked

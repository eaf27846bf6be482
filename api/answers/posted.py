"""Who is posted where, as somebody sees it: kept for the last questions, since several are asked of the same."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from api.service.networks import Asked
from api.service.plans import plan_folder
from api.service.recent import Recent
from api.service.scope import Scope
from api.service.seen import alike
from graph.network import Network
from graph.questions.moment import moment
from graph.questions.posted import READS, posted
from planner.plan import read_plan

POSTED: Recent[pl.DataFrame] = Recent(300_000_000, lambda frame: int(frame.estimated_size()))
"""The last tables; one of 775,000 postings is some 150 MB."""


def seen_network(scope: Scope) -> Network:
    """The network with the tables of people cut to what the caller sees."""
    there = scope.asked.read(READS)
    if scope.whole:
        return there
    cut = ("postings", "village_posts", "cadres", "units")
    return there.with_frames({table: scope.rows(table, there.frame(table)) for table in cut})


def minimum_term(where: str) -> float | None:
    """The policy value of the network's scenario (years)."""
    from planner.scenario import read_policies

    found = read_policies(where)["cadres"]["minimum_term_years"]
    return None if found is None else float(found)


def day_of(asked: Asked, at: date | None) -> date:
    """The day that is asked about."""
    return moment(asked.regions, at)


def posted_rows(scope: Scope, plans: Path, where: str, at: date | None, plan: str | None) -> pl.DataFrame:
    """Table of :func:`graph.questions.posted.posted`.

    Parameters
    ----------
    scope : Scope
        Of the caller.
    plans : Path
        Where the service's plans are.
    where : str
        The network's address or scenario: whose policy values hold.
    at : date or None
        The day.
    plan : str or None
        Id of a plan whose postings stand beside.

    Raises
    ------
    NotFound
        When there is no such plan, or it has no postings.
    """
    day, minimum = day_of(scope.asked, at), minimum_term(where)
    folder = None if plan is None else plan_folder(plans, plan)  # one that is gone is not answered with

    def made() -> pl.DataFrame:
        planned = None if folder is None else scope.rows("postings", read_plan(folder).table("postings"))
        return posted(seen_network(scope), day, minimum, planned)

    return POSTED.of((scope.asked.name, scope.asked.version, alike(scope.caller), day, minimum, folder), made)

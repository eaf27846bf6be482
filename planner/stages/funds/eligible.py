"""Which source may pay for which programme in which county: earmarks, instruments, pooling, suitability."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from graph.dates import holding
from graph.errors import ScenarioError
from planner.stage import Context

if TYPE_CHECKING:
    from planner.stages.funds.facts import Marks

INSTRUMENT_RULES = {
    "bond": "bond_programmes",
    "microcredit": "microcredit_programmes",
    "relending": "relending_programmes",
}

DESIGNATED = ("designated", "provincial_designated")


def allowed_cells(
    context: Context, sources: pl.DataFrame, counties: list[str], programmes: list[str], marks: Marks
) -> np.ndarray:
    """(S, C, P) bool: who may pay for what where."""
    policy, suits = context.policy, suitable(context, programmes, marks)
    direction_programmes = named_lists(context, "direction_programmes")
    direction_tags = named_lists(context, "direction_tags") if policy.on("direction_tags") else {}
    partners = east_west_recipients(context)
    designated = designated_counties(context, counties) if policy.on("designated_money") else None
    pilots = marks.bear(str(policy["pooling_tag"]))
    found = np.zeros((sources.height, len(counties), len(programmes)), dtype=bool)
    everything = np.ones(len(programmes), dtype=bool)
    for s, row in enumerate(sources.iter_rows(named=True)):
        here = _places(row, marks, partners)
        may = everything
        if policy.on("earmarks"):
            may = _listed(row["programmes"], programmes)
            if row["direction"] in direction_programmes and row["instrument"] == "grant":
                may = may & np.isin(programmes, direction_programmes[row["direction"]])
        rule = INSTRUMENT_RULES.get(row["instrument"])
        if rule and policy.on(rule):
            may = may & np.isin(programmes, list(policy[rule]))
        if row["direction"] in direction_tags:
            here = here & np.any([marks.bear(t) for t in direction_tags[row["direction"]]], axis=0)
        if row["level"] == "unit" and designated is not None:
            here = here & designated
        found[s] = here[:, None] & may[None, :]
        if policy.on("pooling") and row["poolable"] and row["instrument"] == "grant":
            found[s] |= (here & pilots)[:, None]
    found &= suits[None]
    return found


def suitable(context: Context, programmes: list[str], marks: Marks) -> np.ndarray:
    """(C, P) bool: programmes that suit the county; a programme without any ``suits:*`` tag suits all."""
    found = np.ones((len(marks.counties), len(programmes)), dtype=bool)
    if not context.policy.on("suitability"):
        return found
    known = set(marks.tags["tag"].to_list())
    for p, programme in enumerate(programmes):
        if f"suits:{programme}" in known:
            found[:, p] = marks.bear(f"suits:{programme}")
    return found


def _listed(cell: str | None, programmes: list[str]) -> np.ndarray:
    if not cell:
        return np.ones(len(programmes), dtype=bool)
    return np.isin(programmes, cell.split(";"))


def _places(row: dict[str, str | None], marks: Marks, partners: dict[str, set[str]]) -> np.ndarray:
    """(C,) bool: counties that the source reaches: all, its owner's, or its owner's partners'."""
    owner = row["owner_region"]
    if owner is None:
        return np.ones(len(marks.counties), dtype=bool)
    reach = partners.get(owner, set()) if row["level"] == "east_west" else {owner}
    return marks.lie_in(reach)


def east_west_recipients(context: Context) -> dict[str, set[str]]:
    """Payer → places that it helps: as the stage `pairing` decided, else the pairs in force."""
    found: dict[str, set[str]] = {}
    for supporter, recipient in _decided_or_held(context, "pairing", ("east_west",)).iter_rows():
        found.setdefault(supporter, set()).add(recipient)
    return found


def designated_counties(context: Context, counties: list[str]) -> np.ndarray | None:
    """(C,) bool: counties with a designated unit, as the stage `designation` decided, else in force.

    ``None`` where the scenario lists none at all.
    """
    listed = set(_decided_or_held(context, "designation", DESIGNATED)["recipient"].to_list())
    return np.isin(counties, sorted(listed)) if listed else None


def _decided_or_held(context: Context, stage: str, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Supporter and recipient of the pairs that a stage decided, else of the relations of these kinds in force."""
    ends = ("supporter", "recipient")
    decided = context.decided.get("pairs")
    if decided is not None:
        decided = decided.filter(pl.col("stage") == stage)
    if decided is None or decided.is_empty():
        relations = context.network.frame("relations")
        decided = relations.filter(pl.col("kind").is_in(kinds) & holding(context.on))
    return decided.select(ends)


def named_lists(context: Context, key: str) -> dict[str, list[str]]:
    """``name>a;b`` entries of a policy value as name → list.

    Raises
    ------
    ScenarioError
        When an entry has no ``>``.
    """
    found: dict[str, list[str]] = {}
    for entry in context.policy[key] or []:
        name, arrow, listed = entry.partition(">")
        if not arrow:
            raise ScenarioError(
                f"[funds] {key}：{entry} 应写作 名称>甲;乙", f"[funds] {key}: write {entry} as name>a;b"
            )
        found[name.strip()] = [p.strip() for p in listed.split(";") if p.strip()]
    return found

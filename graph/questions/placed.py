"""Relations by where their ends lie: units at home, places raised to a level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.coverage import build_tree
from graph.questions.place import one_subject
from graph.schema import ENUMS
from graph.tables.suggest import unknown

ENDS = ("supporter", "recipient")
READS = ("regions", "names", "region_successions", "units", "relations")


def placed(
    network: Network, kinds: Sequence[str] = (), within: str | None = None, level: str | None = None
) -> pl.DataFrame:
    """Relations with ``supporter_at`` and ``recipient_at``, the codes of the regions where their ends lie; empty where one lies nowhere.

    Where a level is named, ``supporter_place`` and ``recipient_place`` are those regions raised to it.

    Parameters
    ----------
    network : Network
    kinds : sequence of str
        Only these; none: all.
    within : str, optional
        Words that name a place or unit: only relations of which an end is it, or lies in it.
    level : str, optional
        A level of the network, see :func:`raised_to`.

    Raises
    ------
    UsageError
        When there is no such kind, nothing is called ``within``, or several are.
    """
    check_kinds(network, kinds)
    found = network.frame("relations")
    if kinds:
        found = found.filter(pl.col("kind").is_in(list(kinds)))
    lies = _lies(network, level)
    for end in ENDS:
        there = lies.rename({name: f"{end}_{name}" if name != "code" else end for name in lies.columns})
        found = found.join(there, on=end, how="left", maintain_order="left")
    return found if within is None else found.filter(_touching(network, within))


def _lies(network: Network, level: str | None) -> pl.DataFrame:
    """Region or unit ``code`` → ``at``, the region where it lies, and ``place``, that raised to the level."""
    regions = network.frame("regions").select("code", pl.col("code").alias("at"))
    if level is not None:
        regions = regions.hstack([raised_to(network, level)["place"]])
    homes = network.frame("units").select("id", pl.col("home_region").alias("code"))
    units = homes.join(regions, on="code").drop("code").rename({"id": "code"}).select(regions.columns)
    return pl.concat([regions, units.join(regions, on="code", how="anti")])


def check_kinds(network: Network, kinds: Sequence[str]) -> None:
    """Refuse kinds of relation that there are not.

    Raises
    ------
    UsageError
        With the kind that may be meant.
    """
    known = [*ENUMS["relation_kind"], *network.enums.get("relation_kind", ())]
    for kind in kinds:
        if kind not in known:
            told = unknown(Text("没有关系类型", "no kind of relation"), kind, known)
            raise UsageError(told.zh, told.en)


def _touching(network: Network, words: str) -> pl.Expr:
    code = words if words in network.level_of else one_subject(network, words).id
    inside = pl.Series(sorted(network.within(code)), dtype=pl.String).implode()
    return pl.any_horizontal(pl.col(c).is_in(inside) for end in ENDS for c in (end, f"{end}_at"))


def raised_to(network: Network, level: str) -> pl.DataFrame:
    """Region ``code`` → ``place``: the nearest at or above it that stands at the level or a wider one and is no pseudo level; else itself."""
    tree, regions = build_tree(network), network.frame("regions")
    wide = network.settings.levels[: network.settings.levels.index(level) + 1]
    pseudo = pl.col("pseudo").fill_null(value=False)
    marked = regions.select(pl.col("level").is_in(wide) & ~pseudo).to_series().to_numpy().astype(np.bool_)
    nearest = tree.nearest(marked)
    rows = np.where(nearest >= 0, nearest, np.arange(len(nearest)))
    return regions.select("code", pl.col("code").gather(rows).alias("place"))

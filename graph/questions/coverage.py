"""Coverage: which places a set of relations reaches, through whom, and what a missing relation means.

Covered = an active relation whose recipient is the place itself, a place above it, or all the places listed
below it. Array-wise over the whole tree of regions, so that a country of villages takes milliseconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from graph.network import Network

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Tree:
    """The regions as rows.

    Parameters
    ----------
    codes : list of str
        (n,) region codes in table order.
    parent : (n,) int64
        Row of the parent; -1 at the top.
    counts : (n,) bool
        Whether the row counts when all places below another are asked for (a pseudo level without places
        does not).
    """

    codes: list[str]
    parent: Rows
    counts: Mask

    @cached_property
    def row(self) -> dict[str, int]:
        """Region code → row."""
        return {code: i for i, code in enumerate(self.codes)}

    @cached_property
    def waves(self) -> list[Rows]:
        """Rows by depth: those at the top first, each wave right below the one before."""
        depth = np.zeros(len(self.codes), dtype=np.int64)
        above = self.parent.copy()
        while (above >= 0).any():
            depth += above >= 0
            above = np.where(above >= 0, self.parent[above], -1)
            if depth.max(initial=0) > 64:  # a cycle of parents, which readers refuse
                break
        return [np.flatnonzero(depth == d) for d in range(int(depth.max(initial=0)) + 1)]

    def mask(self, codes: list[str]) -> Mask:
        """(n,) True at the rows of ``codes``; codes that are no region are left out."""
        found = np.zeros(len(self.codes), dtype=np.bool_)
        found[[self.row[c] for c in codes if c in self.row]] = True
        return found

    def nearest(self, marked: Mask) -> Rows:
        """(n,) the nearest marked row at or above each row; -1 where there is none."""
        found = np.where(marked, np.arange(len(self.codes)), -1)
        for wave in self.waves[1:]:
            inherited = found[self.parent[wave]]
            found[wave] = np.where(marked[wave], wave, inherited)
        return found

    def wholly(self, marked: Mask) -> Mask:
        """(n,) marked itself, or having places listed below it that are all marked or wholly so."""
        whole = marked.copy()
        for wave in reversed(self.waves[1:]):
            kids = wave[self.counts[wave]]
            listed = np.bincount(self.parent[kids], minlength=len(whole))
            reached = np.bincount(self.parent[kids], weights=whole[kids], minlength=len(whole))
            whole |= (listed > 0) & (reached == listed)
        return whole


def build_tree(network: Network) -> Tree:
    """The tree of the network's regions."""
    regions = network.frame("regions").select("code", "parent", "pseudo")
    numbered = regions.select(pl.col("code").alias("parent")).with_row_index("up")
    joined = regions.join(numbered, on="parent", how="left", maintain_order="left")
    parent = joined["up"].cast(pl.Int64).fill_null(-1).to_numpy().astype(np.int64)
    with_children = np.zeros(len(parent), dtype=np.bool_)
    with_children[parent[parent >= 0]] = True
    pseudo = regions["pseudo"].fill_null(False).to_numpy()
    return Tree(regions["code"].to_list(), parent, with_children | ~pseudo)


def reach(tree: Tree, recipients: list[str]) -> pl.DataFrame:
    """How each region is reached by support for ``recipients``.

    Returns
    -------
    DataFrame
        One row per region that is reached: ``region``, ``way`` (own, parent, children) and ``via``, the
        region whose relation it is (for ``children`` the region itself).
    """
    own = tree.mask(recipients)
    above = tree.nearest(own)
    whole = tree.wholly(own)
    way = np.where(own, "own", np.where(above >= 0, "parent", np.where(whole, "children", "")))
    via = np.where(above >= 0, above, np.arange(len(own)))
    rows = np.flatnonzero(way != "")
    codes = np.array(tree.codes, dtype=object)
    return pl.DataFrame(
        {"region": codes[rows].tolist(), "way": way[rows].tolist(), "via": codes[via[rows]].tolist()},
        schema={"region": pl.String, "way": pl.String, "via": pl.String},
    )


def completeness(network: Network, tree: Tree, rule: str) -> dict[str, str]:
    """Region → what table ``coverage`` says of ``rule`` there: ``yes``, ``no`` or ``by_design``.

    The nearest statement at or above a region holds. Regions without a statement are left out.
    """
    stated = network.frame("coverage").filter(pl.col("rule") == rule)
    said = dict(zip(stated["region"].to_list(), stated["complete"].to_list(), strict=True))
    nearest = tree.nearest(tree.mask(list(said)))
    return {tree.codes[i]: said[tree.codes[near]] for i, near in enumerate(nearest.tolist()) if near >= 0}

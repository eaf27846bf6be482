"""The tree of regions as arrays: who lies below whom, where, with which tags."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from graph.dates import holding
from graph.geography import great_circle_km
from planner.marks import marks
from planner.stage import Context


class Places:
    """Regions by row number; code that the table ``regions`` lacks stand alone. Row −1 is "nowhere".

    Parameters
    ----------
    context : Context
        Its network and day.
    others : iterable of Series
        Further codes that may not be regions (villages, homes).
    """

    def __init__(self, context: Context, others: Iterable[pl.Series] = ()) -> None:
        regions = context.network.frame("regions")
        known = (
            pl.concat([regions["code"], *(o.cast(pl.String) for o in others)])
            .drop_nulls()
            .unique(maintain_order=True)
        )
        self.rows = pl.DataFrame({"code": known}).with_row_index("row")
        full = self.rows.join(
            regions.select("code", "level", "parent", "lon", "lat"),
            on="code",
            how="left",
            maintain_order="left",
        )
        n = full.height
        self.parent = np.append(self.row_of(full["parent"]), -1)  # row −1 leads to itself
        order = {name: i for i, name in enumerate(context.network.settings.levels)}
        rank = (
            full["level"]
            .replace_strict(order, default=len(order), return_dtype=pl.Int64)
            .fill_null(len(order))
        )
        self.rank = np.append(rank.to_numpy(), -1)
        self.levels = order
        self.codes = known
        self.lon = np.append(full["lon"].fill_null(np.nan).to_numpy(), np.nan)
        self.lat = np.append(full["lat"].fill_null(np.nan).to_numpy(), np.nan)
        self.depth = len(order) + 3
        at, blank = np.append(np.arange(n), -1), np.isnan(self.lon) | np.isnan(self.lat)
        for _ in range(self.depth):  # a place without a point takes its nearest ancestor's
            at = np.where(blank[at] & (at >= 0), self.parent[at], at)
        self.lon, self.lat = self.lon[at], self.lat[at]
        self._tags = context.network.frame("region_tags").filter(holding(context.on))

    def marks_of(self, rows: np.ndarray) -> np.ndarray:
        """uint64 mark of each of some rows, 0 for row −1; only what they name is marked."""
        asked, at = np.unique(rows, return_inverse=True)
        known = asked[asked >= 0]
        found = np.append(np.zeros(len(asked) - len(known), np.uint64), marks(self.codes[known]))
        return np.asarray(found[at.ravel()])

    def row_of(self, codes: pl.Series) -> np.ndarray:
        """(n,) int64 rows of codes, −1 where unknown or null."""
        frame = pl.DataFrame({"code": codes.cast(pl.String)}).join(
            self.rows, on="code", how="left", maintain_order="left"
        )
        return frame["row"].cast(pl.Int64).fill_null(-1).to_numpy()

    def climb(self, rows: np.ndarray, level: str) -> np.ndarray:
        """The place itself or its ancestor at ``level``; the place itself where it stands above; −1 stays."""
        wanted = self.levels.get(level, -1)
        at = rows.copy()
        for _ in range(self.depth):
            low = (self.rank[at] > wanted) & (self.parent[at] >= 0)
            at = np.where(low, self.parent[at], at)
        return at

    def km_to(self, rows: np.ndarray, lon: float, lat: float) -> np.ndarray:
        """(n,) km from places to a point in degrees; NaN where either is unknown."""
        return great_circle_km(self.lon[rows], self.lat[rows], np.array(lon), np.array(lat))

    def paths(self, rows: np.ndarray) -> np.ndarray:
        """(depth, n) int64: the places themselves, their parents, and so on; −1 above the top."""
        found = [rows]
        for _ in range(self.depth):
            found.append(self.parent[found[-1]])
        return np.stack(found)

    def below(self, rows: np.ndarray, above: np.ndarray) -> np.ndarray:
        """(n,) bool: whether ``rows`` lie in ``above`` (both broadcast), themselves included."""
        at, found = rows, np.zeros(np.broadcast(rows, above).shape, np.bool_)
        for _ in range(self.depth + 1):
            found |= (at == above) & (above >= 0)
            at = self.parent[at]
        return found

    def tagged(self, rows: np.ndarray, tag: str) -> np.ndarray:
        """(n,) bool: which places bear the tag, themselves or through an ancestor."""
        with_tag = self.row_of(self._tags.filter(pl.col("tag") == tag)["region"])
        return np.asarray(np.isin(self.paths(rows), with_tag[with_tag >= 0]).any(axis=0))

    def tags(self, prefix: str) -> list[str]:
        """Tags in force that begin so, sorted."""
        return sorted(self._tags.filter(pl.col("tag").str.starts_with(prefix))["tag"].unique().to_list())


class Lying:
    """Which villages lie within some places: all paths sorted once, as hundreds of units ask.

    Parameters
    ----------
    paths : (levels, v) int64
        Rows of each village and of what is above it.
    """

    def __init__(self, paths: np.ndarray) -> None:
        self.villages = paths.shape[1]
        self.order = np.argsort(paths, axis=None, kind="stable")
        self.sorted = paths.ravel()[self.order]

    def within(self, rows: np.ndarray) -> np.ndarray:
        """(v,) bool: those whose path meets one of the rows."""
        found = np.zeros(self.villages, np.bool_)
        ends = zip(
            np.searchsorted(self.sorted, rows), np.searchsorted(self.sorted, rows, "right"), strict=True
        )
        for begin, end in ends:
            found[self.order[begin:end] % self.villages] = True
        return found

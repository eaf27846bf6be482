"""Which shape a region has: by its code, else by the code that it succeeded or that succeeded it, else the one that its seat lies in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from api.geometry.shapes import Shape

NEAR = 0.04
"""That a corner is near a seat at most (degrees, 4 km); twice what borders move."""
How = Literal["code", "succession", "containing", "point", "none"]


@dataclass(frozen=True)
class Placed:
    """A region with where it lies.

    Parameters
    ----------
    region : mapping
        Its row of table ``regions``.
    how : str
        How the shape was found; ``point``: only its seat is known, ``none``: not even that.
    shape : Shape or None
    """

    region: Mapping[str, Any]
    how: How
    shape: Shape | None


def join(
    level: str | None, regions: pl.DataFrame, successions: Iterable[tuple[str, str]], shapes: Iterable[Shape]
) -> Iterator[Placed]:
    """Every region at a level (``None``: at any) with where it lies, in table order.

    A seat is looked up among shapes that are no listed region's own, at levels of which some places have shapes by their codes (villages
    have none, and are not their county); of several that hold it the smallest counts. A seat that no shape at all holds lies on an island
    that has become smaller when shapes were simplified: the one counts that has a corner near it.

    Parameters
    ----------
    level : str or None
    regions : DataFrame
        Table ``regions``, all of it.
    successions : iterable of (str, str)
        Old and new codes.
    shapes : iterable of Shape
    """
    by_code = {shape.code: shape for shape in shapes if shape.code}
    changed: dict[str, list[str]] = {}
    for old, new in successions:
        changed.setdefault(old, []).append(new)
        changed.setdefault(new, []).append(old)
    rows = regions.to_dicts()
    drawn = {row["level"] for row in rows if row["code"] in by_code}
    listed = {row["code"] for row in rows}
    free = sorted((s for s in by_code.values() if s.code not in listed), key=lambda s: s.size)
    for row in rows if level is None else [row for row in rows if row["level"] == level]:
        how, shape = _found(row, by_code, changed, free if row["level"] in drawn else [])
        yield Placed(row, how, shape)


def _found(
    row: Mapping[str, Any], by_code: Mapping[str, Shape], changed: Mapping[str, list[str]], free: list[Shape]
) -> tuple[How, Shape | None]:
    if row["code"] in by_code:
        return "code", by_code[row["code"]]
    for other in changed.get(row["code"], []):
        if other in by_code:
            return "succession", by_code[other]
    lon, lat = row["lon"], row["lat"]
    if lon is None or lat is None:
        return "none", None
    holding = next((shape for shape in free if shape.holds(lon, lat)), None)
    if holding is None and not any(shape.holds(lon, lat) for shape in by_code.values()):
        holding = next((shape for shape in free if shape.corners_near(lon, lat, NEAR)), None)
    return ("point", None) if holding is None else ("containing", holding)

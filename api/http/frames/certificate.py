"""Arrays of a certificate as tables: a column for the place along each axis, and the value."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from api.http.frames.source import Source, frame_source
from api.service.refusals import NotFound
from graph.errors import InputError
from graph.language import Text
from graph.tables.suggest import unknown
from planner.plan import Plan


def arrays_of(plan: Plan) -> dict[str, Path]:
    """Name in an address → file of each array that proves a bound."""
    files = sorted((plan.folder / "certificates").glob("*/*.npy"))
    return {f"{file.parent.name}-{file.stem}": file for file in files}


def array_file(plan: Plan, name: str) -> Path:
    """The file of an array.

    Raises
    ------
    NotFound
        When the plan has none of that name.
    """
    files = arrays_of(plan)
    if name not in files:
        none = Text(f"方案 {plan.id} 没有证书", f"plan {plan.id} has no certificate")
        raise NotFound(*unknown(none, name[:80], list(files)))
    return files[name]


def opened(file: Path) -> np.ndarray:
    """An array that is read where it is looked at.

    Raises
    ------
    InputError
        When the file is damaged.
    """
    try:
        found: np.ndarray = np.load(file, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{file.name} 已损坏：{error}", f"{file.name} is damaged: {error}") from error
    return found


def certificate_source(plan: Plan, name: str) -> Source:
    """An array as a table; raises as :func:`array_file` and :func:`opened`."""
    array = opened(array_file(plan, name))
    axes: tuple[np.ndarray, ...] = np.indices(array.shape, sparse=True)
    columns = {
        f"i{axis}": pl.Series(np.broadcast_to(places, array.shape).ravel(), dtype=pl.Int64)
        for axis, places in enumerate(axes)
    }
    frame = pl.DataFrame({**columns, "value": pl.Series(np.ascontiguousarray(array).ravel())})
    return frame_source(frame, name, None, stem=f"{plan.id}-{name}", state=f"plan {plan.id}")

"""Where an error passed in the code, without what it says: that may hold what somebody sent."""

from __future__ import annotations

import traceback
from collections.abc import Iterator


def frames(error: BaseException) -> list[str]:
    """Kind of an error and where it passed, outermost first; then of what caused it. No values."""
    return list(_frames(error))


def _frames(error: BaseException) -> Iterator[str]:
    seen: BaseException | None = error
    for _ in range(10):  # causes may go round
        if seen is None:
            return
        yield f"{type(seen).__module__}.{type(seen).__qualname__}"
        for frame in traceback.extract_tb(seen.__traceback__)[-30:]:
            yield f"{frame.filename}:{frame.lineno} {frame.name}"
        seen = seen.__cause__ or seen.__context__

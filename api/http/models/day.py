"""Days as requests give them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from graph.language import Text

ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _iso(value: Any) -> Any:
    """Pydantic alone takes ``0`` and ``1483142400`` for days, too."""
    if value is None or (type(value) is date) or (isinstance(value, str) and ISO.fullmatch(value)):
        return value
    raise ValueError(Text("日期须写成 2016-12-31", "a day is written as 2016-12-31"))


Day = Annotated[date, BeforeValidator(_iso)]
"""A day in its ISO form, and nothing else."""

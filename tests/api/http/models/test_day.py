"""Days as requests give them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from api.http.models.day import Day

DAYS: TypeAdapter[date] = TypeAdapter(Day)


def test_a_day_is_iso() -> None:
    assert DAYS.validate_python("2016-12-31") == date(2016, 12, 31)
    assert DAYS.json_schema() == {"type": "string", "format": "date"}


@pytest.mark.parametrize(
    "given",
    [0, "0", 1483142400, "1483142400", "2016-12-31T00:00:00", "2016-13-01", "", "２０１６-12-31", True, 1.5],
)
def test_what_pydantic_alone_takes_for_one_is_none(given: Any) -> None:
    with pytest.raises(ValidationError):
        DAYS.validate_python(given)

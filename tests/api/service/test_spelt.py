"""Values that have to be written in a certain way."""

from __future__ import annotations

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from api.service.faults import fault
from api.service.spelt import Spelt
from graph.language import Text

WORDS = Text("须是四位数字", "has to have four figures")
Year = Annotated[str, Spelt(r"^\d{4}$", WORDS)]


def test_what_fits_is_taken_and_what_does_not_is_told_in_our_words() -> None:
    years = TypeAdapter(Year | None)
    assert years.validate_python("2016") == "2016" and years.validate_python(None) is None
    for wrong in ("16", "2016\n", "२०१६"):
        with pytest.raises(ValidationError) as caught:
            years.validate_python(wrong)
        assert fault(caught.value.errors()[0]) == WORDS


def test_the_pattern_is_in_the_schema_for_machines() -> None:
    assert TypeAdapter(Year).json_schema() == {"type": "string", "pattern": r"^\d{4}$"}

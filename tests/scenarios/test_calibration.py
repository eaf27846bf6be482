from __future__ import annotations

import pytest

from scenarios.calibration import PAGE, Line, lines, page


@pytest.mark.parametrize("line", lines(), ids=lambda line: line.en)
def test_the_generated_total_is_the_published_one(line: Line) -> None:
    assert line.off <= line.tolerance, f"{line.en}: {line.generated} instead of {line.wanted}"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()

"""In which language somebody is answered."""

from __future__ import annotations

import pytest

from api.http.gate import language_of


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.95", "en"), ("fr, en;q=0.5", "en"),
        ("fr", "zh"), ("en;q=0, zh;q=0.1", "zh"), ("en;q=nonsense", "zh"), ("de;q=1, en;q=0", "zh"),
    ],
)  # fmt: skip
def test_the_language_that_is_wanted_most_of_those_that_jiedui_speaks(wanted: str, told: str) -> None:
    assert language_of(wanted, "zh") == told

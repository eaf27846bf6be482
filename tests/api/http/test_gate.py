"""Who gets in at all, and in which language they are answered."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from api.http.door import refuse_elsewhere
from api.http.gate import language_of
from api.service.refusals import Refused


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("", "zh"), ("en", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9,zh;q=0.95", "en"), ("fr, en;q=0.5", "en"),
        ("fr", "zh"), ("en;q=0, zh;q=0.1", "zh"), ("en;q=nonsense", "zh"), ("de;q=1, en;q=0", "zh"),
    ],
)  # fmt: skip
def test_the_language_that_is_wanted_most_of_those_that_jiedui_speaks(wanted: str, told: str) -> None:
    assert language_of(wanted, "zh") == told


@pytest.mark.parametrize("host", ["localhost", "localhost:8470", "127.0.0.1:8470", "127.0.0.2", "[::1]:8470"])
def test_this_machine_gets_in(host: str) -> None:
    refuse_elsewhere(Headers({"host": host}))
    refuse_elsewhere(Headers({"host": host, "origin": f"http://{host}"}))


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"host": "evil.example"}, {"host": "127.0.0.1.evil.example"}, {"host": "10.0.0.1:8470"}, {"host": "evil.example@127.0.0.1.x"},
        {"host": "localhost:8470", "origin": "http://evil.example"}, {"host": "localhost:8470", "origin": "null"},
        {"host": "localhost:8470", "origin": "http://localhost:3000"},
    ],
)  # fmt: skip
def test_a_page_of_elsewhere_does_not(headers: dict[str, str]) -> None:
    with pytest.raises(Refused):
        refuse_elsewhere(Headers(headers))

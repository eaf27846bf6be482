"""Who tries wrong tokens is made to wait, the longer the more they try; others are not."""

from __future__ import annotations

import logging

import pytest

from api.access.guesses import ALLOWED, Guesses, site_of
from api.service.refusals import TooMany


def test_a_few_tries_and_then_a_wait() -> None:
    guesses = Guesses("3/minute; 5/hour")
    for _ in range(3):
        guesses.wrong("10.0.0.1", "token not known")
    for _ in range(10):  # those beyond are not counted
        with pytest.raises(TooMany) as caught:
            guesses.wrong("10.0.0.1", "token not known")
        assert 1 <= caught.value.seconds <= 60
    guesses.wrong("10.0.0.2", "token not known")


def test_the_longer_window_makes_for_a_longer_wait() -> None:
    guesses = Guesses("3/minute; 3/hour")
    for _ in range(3):
        guesses.wrong("10.0.0.1", "token not known")
    with pytest.raises(TooMany) as caught:
        guesses.wrong("10.0.0.1", "token not known")
    assert caught.value.seconds > 60


def test_the_windows_grow() -> None:
    assert ALLOWED == "10/minute; 30/hour; 100/day"


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"),
        ("", ""), ("testclient", ""),
    ],
)  # fmt: skip
def test_what_counts_as_one(address: str, site: str) -> None:
    assert site_of(address) == site


def test_it_is_told_in_the_log_with_the_address_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "jiedui.access"):
        Guesses().wrong("10.0.0.1", "token not known")
    (record,) = caplog.records
    assert record.message == "login refused"
    assert record.__dict__["facts"] == {"address": "10.0.0.1", "why": "token not known"}

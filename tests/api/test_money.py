"""Amounts in the unit that reads well."""

from __future__ import annotations

import pytest

from api.charts import amount
from api.cli.roll import cell, signed
from api.money import axis_money, money
from graph.language import speaking


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        (0, "0 元", "0 yuan"),
        (-250, "-250 元", "-250 yuan"),
        (9_999, "9,999 元", "9,999 yuan"),
        (200_000, "20.00 万元", "200,000 yuan"),
        (999_999.6, "100.00 万元", "1.0 million yuan"),
        (-3_500_000, "-350.00 万元", "-3.5 million yuan"),
        (84_481_280_000, "844.81 亿元", "84,481.3 million yuan"),
    ],
)
def test_the_largest_unit_of_which_there_is_one(yuan: float, zh: str, en: str) -> None:
    assert money(yuan) == (zh, en)
    assert money(yuan, brief=True).en == en.replace("million", "m")


def test_small_sums_are_told_as_they_are_wherever_money_is_told() -> None:
    with speaking("en"):
        assert (cell("yuan_spent", 200_000), signed("yuan_spent", 150)) == ("200,000 yuan", "+150 yuan")
        assert amount(1_234, "yuan") == "1,234 yuan" and amount(2_500_000, "yuan") == "2.5 million yuan"
        assert [axis_money(v) for v in (0, 250, 1_500_000, 2_000_000, 84_481_280_000)] == ["0", "250", "1.5m", "2m", "84,481m"]  # fmt: skip
    with speaking("zh"):
        assert cell("yuan_spent", 200_000) == "20.00 万元"
        assert [axis_money(v) for v in (250, 15_000, 2e8, 3.4e10)] == ["250", "1.5 万", "2 亿", "340 亿"]

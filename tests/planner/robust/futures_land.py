"""A scenario of money small enough to read: two counties, two sources, needs that no budget meets."""

from __future__ import annotations

from pathlib import Path

from tests.planner.small import write_small

MONEY = "fund_budgets[].amount*=0.8:1.2"
FILE = """format = 1
title = "小县资金"
title_en = "small money"
date = 2016-12-31
stages = ["funds"]

[regions]
codes = "free"

[funds]
county_floor = "off"
per_head = "off"
province_shares = "off"
reward = "off"
stability = "off"
outside_share = "off"
deep_poverty_share = "off"
"""


def write_money(folder: Path) -> Path:
    """Write it."""
    return write_small(
        folder,
        FILE,
        needs="region,year,programme,amount\nA,2017,industry,100000\nB,2017,education,200000\n",
        fund_sources="id,name,level,instrument\ng,一,central,grant\nh,二,provincial,grant\n",
        fund_budgets="source,year,amount\ng,2017,100000\nh,2017,60000\n",
    )

"""A small country of money for tests: two provinces, a few counties, sources of every instrument."""

from __future__ import annotations

from typing import Any

import numpy as np

from graph.network import Network
from tests.planner.tiny import network

YEARS = (2017, 2018, 2019)
PLAIN: dict[str, Any] = {
    "return_steps": "off", "need_weight": 0, "later_discount": 0, "county_floor": "off", "county_ceiling": "off",
    "per_head": "off", "province_shares": "off", "deep_poverty_share": "off", "outside_share": "off", "slot_caps": "off",
    "reward": "off", "stability": "off", "relending_share": "off", "microcredit_loan_max": "off",
    "microcredit_subsidy": 0, "microcredit_risk_fund": 0, "direction_tags": "off",
}  # fmt: skip
"""Every rule off that a test does not look at: money meets need, yuan for yuan."""


def region(code: str, parent: str | None = None, level: str = "county") -> dict[str, Any]:
    """One region."""
    return {"code": code, "name": f"名{code}", "level": level, "parent": parent}


def need(code: str, programme: str, amount: int, year: int = 2017, **more: Any) -> dict[str, Any]:
    """One need."""
    return {"region": code, "year": year, "programme": programme, "amount": amount, **more}


def money(source: str, amount: int, year: int = 2017, carry: float = 0.0) -> dict[str, Any]:
    """One budget."""
    return {"source": source, "year": year, "amount": amount, "carry_over_max": carry}


def fact(code: str, measure: str, value: float, year: int = 2016) -> dict[str, Any]:
    """One fact."""
    return {"region": code, "year": year, "measure": measure, "value": value}


def two_counties(**tables: Any) -> Network:
    """Counties a and b of province P, one grant of 100 yuan in 2017; both need 100 for industry."""
    made: dict[str, Any] = {
        "regions": [region("P", level="province"), region("a", "P"), region("b", "P")],
        "needs": [need("a", "industry", 100), need("b", "industry", 100)],
        "fund_sources": [{"id": "g", "name": "拨款", "level": "central", "instrument": "grant"}],
        "fund_budgets": [money("g", 100)],
        "region_tags": [],
        "region_facts": [],
    }
    return network(**{**made, **tables})


def random_country(rng: np.random.Generator, years: int = 3) -> Network:
    """Two provinces with up to three counties each, all instruments, tags, flows and assessments at random."""
    regions = [region("P", level="province"), region("Q", level="province")]
    counties = [f"{g}{i}" for g in "PQ" for i in range(int(rng.integers(1, 4)))]
    regions += [region(c, c[0]) for c in counties]
    tags = [{"region": c, "tag": t} for c in counties for t in
            ("poor_county_832", "deep_poverty", "pilot_pooling", "suits:tourism", "language:x") if rng.random() < 0.5]  # fmt: skip
    facts = [fact(c, "poor_population", int(rng.integers(1, 30))) for c in counties]
    facts += [
        fact(c, "poverty_incidence", round(float(rng.random()), 3)) for c in counties if rng.random() < 0.8
    ]
    facts += [fact(g, "fiscal_revenue", float(rng.integers(1, 100))) for g in "PQ"]
    facts += [fact(g, "rural_population", float(rng.integers(1, 100))) for g in "PQ"]
    needs = [
        need(c, p, int(rng.integers(1, 40)) * 5, y, quantity=int(rng.integers(0, 8)), unit="village", unit_cost=5)
        for c in counties for p in ("industry", "relocation", "tourism", "ecology") for y in YEARS[:years] if rng.random() < 0.7
    ]  # fmt: skip
    sources: list[dict[str, Any]] = [
        {"id": "c1", "level": "central", "instrument": "grant", "direction": "development", "poolable": True},
        {"id": "c2", "level": "central", "instrument": "grant", "direction": "ethnic_minority", "programmes": "industry",
         "poolable": bool(rng.random() < 0.5)},
        {"id": "p1", "level": "provincial", "instrument": "grant", "owner_region": "P", "poolable": True},
        {"id": "e1", "level": "east_west", "instrument": "grant", "owner_region": "E"},
        {"id": "u1", "level": "unit", "instrument": "grant"},
        {"id": "bond", "level": "central", "instrument": "bond"},
        {"id": "m1", "level": "social", "instrument": "microcredit", "programmes": "industry;tourism"},
        {"id": "r1", "level": "central", "instrument": "relending"},
    ]  # fmt: skip
    if rng.random() < 0.5:
        sources.append({"id": "m2", "level": "social", "instrument": "microcredit", "owner_region": "Q",
                        "programmes": "industry" if rng.random() < 0.5 else "industry;tourism"})  # fmt: skip
    budgets = [money(s["id"], int(rng.integers(0, 300)), y, float(rng.choice([0.0, 0.1, 0.5])))
               for s in sources for y in (2016, *YEARS[:years])]  # fmt: skip
    flows = [{"source": s, "region": c, "year": 2016, "stage": "allotted", "amount": int(rng.integers(0, 40))}
             for s, c in (("c1", "P"), ("c1", "Q"), ("p1", "P0")) if rng.random() < 0.4]  # fmt: skip
    return network(
        regions=[*regions, region("E", level="province")],
        region_tags=tags,
        region_facts=facts,
        needs=needs or [need(counties[0], "industry", 10)],
        fund_sources=[{"name": s["id"], **s} for s in sources],
        fund_budgets=budgets,
        fund_flows=flows,
        relations=[{"id": "ew", "kind": "east_west", "supporter": "E", "recipient": "Q"}]
        + [
            {"id": f"d{c}", "kind": "designated", "supporter": "unit", "recipient": c}
            for c in counties
            if rng.random() < 0.3
        ],
        assessments=[{"region": "P", "year": 2016, "category": "commended"}],
    )


def random_values(rng: np.random.Generator) -> dict[str, Any]:
    """Policy values at random that small countries can often meet."""
    pick = rng.random
    return {
        "county_floor": int(rng.integers(0, 10)) if pick() < 0.5 else "off",
        "county_ceiling": int(rng.integers(150, 400)) if pick() < 0.5 else "off",
        "per_head": [0, int(rng.integers(20, 60))] if pick() < 0.5 else "off",
        "province_shares": float(rng.choice([0.5, 0.8, 1.0])) if pick() < 0.6 else "off",
        "deep_poverty_share": float(rng.choice([0.05, 0.1, 0.2])) if pick() < 0.5 else "off",
        "outside_share": float(rng.choice([0.05, 0.1])) if pick() < 0.5 else "off",
        "slot_caps": {"tourism": int(rng.integers(1, 20)), "ecology": 9} if pick() < 0.5 else "off",
        "microcredit_loan_max": int(rng.integers(1, 30)) if pick() < 0.7 else "off",
        "relending_share": float(rng.choice([0.2, 0.5])) if pick() < 0.7 else "off",
        "stability": float(rng.choice([0.5, 0.9])) if pick() < 0.5 else "off",
        "reward": float(rng.choice([0.02, 0.1])) if pick() < 0.5 else "off",
        "pooling": bool(pick() < 0.7),
        "suitability": bool(pick() < 0.7),
        "designated_money": bool(pick() < 0.8),
        "earmarks": bool(pick() < 0.8),
        "carry_over": bool(pick() < 0.8),
        "household_size": 1.0,
        "direction_tags": ["ethnic_minority>language:*"] if pick() < 0.5 else "off",
    }

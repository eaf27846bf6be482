"""All generated tables, in two parts: what is the same in every size.

And what belongs to villages and cadres.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from scenarios.build.tables import from_rows, stack
from scenarios.generate import county_tables, funds, needs, oversight, people, village_tables
from scenarios.generate.counties import Counties, counties
from scenarios.generate.villages import Villages, codes, villages

Frames = dict[str, pl.DataFrame]
SEED = 2016
IN_PLACE = 0.5  # share of the cadres who already serve at the base date


def above_villages(given: Mapping[str, pl.DataFrame], seed: int) -> tuple[Frames, Counties, Villages]:
    """Generated rows of counties and above; the same for the demo and the whole country."""
    regions, tags, facts = given["regions"], given["region_tags"], given["region_facts"]
    places = counties(regions, tags, facts, seed)
    whole = villages(places, seed)
    sources, money = funds.fund_tables(places, regions, facts, given["relations"])
    used = regions.filter(pl.col("code").is_in(places.frame["province"].unique().implode()))
    made = {
        "region_facts": county_tables.facts(places, facts, seed),
        "region_tags": stack("region_tags", county_tables.tags(places, seed), needs.tags(places, seed)),
        "register_changes": county_tables.register_changes(places, seed),
        "needs": needs.needs(places, whole, seed),
        "pledges": county_tables.pledges(places, whole),
        "capacities": county_tables.capacities(places),
        "fund_sources": from_rows("fund_sources", sources),
        "fund_budgets": from_rows("fund_budgets", money),
        "fund_flows": from_rows("fund_flows", funds.fund_flows(places, money)),
        "assessments": oversight.assessments(places, seed),
        "inspection_teams": oversight.inspection_teams(places, given["units"], tags, seed),
        "findings": oversight.findings(places, seed),
        "ledger": oversight.ledger(given["relations"], seed),
        "units": oversight.village_units(used),
    }
    return made, places, whole


def of_villages(
    given: Mapping[str, pl.DataFrame],
    places: Counties,
    whole: Villages,
    seed: int,
    scale: float,
    *,
    first_secretaries_within_cadres: bool = True,
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Generated rows of villages and cadres at a size, table by table, the largest last."""
    made = whole.sample(scale)
    code = codes(places, made)
    yield "regions", village_tables.regions(places, made)
    yield "region_tags", village_tables.tags(places, made, code)
    yield "region_facts", village_tables.facts(made, code)
    yield "relations", village_tables.support_links(places, made, code, seed, scale)
    yield "household_groups", village_tables.household_groups(made, code, seed)
    posts = village_tables.village_posts(places, made, code, seed)
    yield "village_posts", posts
    homes = people.home_frame(given["regions"], given["region_tags"], given["relations"])
    stationed = people.cadres(
        posts, homes, seed, first_secretaries_within_cadres=first_secretaries_within_cadres
    )
    yield "postings", people.postings(stationed, posts, seed, IN_PLACE)
    yield "cadres", stationed.drop("county", "lead")

"""The ground on which the cookbook's answers hold: the demo network, what an office did with it, and a colleague half-way.

Version 1 is china-2016, as far as recipes read it. Then an office works: a term is prolonged and a unit renamed
(version 2), two plans are proposed and one is adopted (version 3), a request waits. In the end somebody stages a version 4 that
touches every answer, and dies before the head is raised: nobody who reads at the head may see any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from graph.network import Network
from graph.office.request import Request
from graph.schema import RESULTS
from graph.store.about import About
from graph.store.changes import Changes
from graph.store.neo4j.store import Neo4jStore
from graph.store.neo4j.write import Writer
from graph.store.proposal import Proposal
from planner.scenario import read_scenario
from tests.graph.store.small_networks import rows

NAME = "china-2016"
PAIR = "ew:440400:533300"
YUNNAN = "53"
NO_VILLAGE = pl.col("code").str.len_chars() < 12
READ_ROWS: Mapping[str, pl.Expr] = {
    "regions": NO_VILLAGE | pl.col("code").str.starts_with(YUNNAN),
    "names": pl.col("id").str.starts_with("5333"),
    "units": pl.lit(True),
    "relations": pl.col("recipient").str.len_chars() < 12,
    "region_tags": pl.col("tag") == "ethnic_prefecture",
    "ledger": pl.col("relation") == PAIR,
    "postings": pl.col("village").str.starts_with(YUNNAN),
    "village_posts": pl.col("village").str.starts_with(YUNNAN),
    "fund_sources": pl.lit(True),
    "fund_flows": pl.lit(True),
    "findings": pl.lit(True),
}
"""Table → rows that recipes read; of cadres, only the ends of postings are there."""


class Killed(Exception):
    """Stands for the end of a process."""


def prepare(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fill an empty store."""
    whole = read_scenario(NAME, trust_shipped=True).network
    frames = {t: whole.frame(t).filter(rows) for t, rows in READ_ROWS.items()}
    about = About.of(whole)
    store.write(NAME, Changes(frames), base=0, how="load", by="李", why=NAME, about=about)
    store.write(NAME, corrected(whole), base=1, how="request", by="王", why="r1")
    for plan, pairs in PLANS.items():
        told = Proposal(plan, 2, date(2017, 1, 1), plan, "张", ("designation",), {"pairs": len(pairs)})
        store.propose(NAME, told, {"pairs": result("pairs", pairs)})
    store.write(NAME, ADOPTED, base=2, how="adopt", by="张", why="plan-a")
    wish = Changes({"relations": rows("relations", _relation("d:u005:533325", "u005", "533325"))})
    request = Request("r2", "submitted", "陈", "兰坪县还缺一个单位", 3, wish)
    store.file(NAME, [request.filing()], by="陈")
    with monkeypatch.context() as patch:
        patch.setattr(Writer, "_raised", _die)
        with pytest.raises(Killed):
            store.write(NAME, staged(whole), base=3, how="request", by="赵", why="r3")


def corrected(network: Network) -> Changes:
    """A term goes on for a year, and a unit has another name."""
    relation = network.frame("relations").filter(pl.col("id") == PAIR)
    unit = network.frame("units").filter(pl.col("id") == "u001")
    return Changes({
        "relations": relation.with_columns(pl.lit(date(2022, 1, 1)).alias("until")),
        "units": unit.with_columns(pl.lit("中央纪委国家监委机关").alias("name")),
    })  # fmt: skip


def staged(network: Network) -> Changes:
    """Whatever would change an answer."""
    places = ["533300", "440400", "530000", "533323", "310000", "540000", "222400"]
    renamed = pl.col("code").is_in(places) | pl.col("code").str.starts_with("5333")
    regions = network.frame("regions").filter(renamed).with_columns((pl.col("name") + "（改）").alias("name"))
    units = network.frame("units").with_columns(
        (pl.col("name") + "（改）").alias("name"), pl.lit(0).alias("capacity")
    )
    ended = pl.lit(date(2016, 12, 1)).alias("until")
    relations = network.frame("relations").filter(READ_ROWS["relations"]).with_columns(ended)
    new = rows("relations", _relation("x:u001:533300", "u001", "533300"))
    postings = network.frame("postings").filter(READ_ROWS["postings"]).with_columns(ended)
    ledger = network.frame("ledger").filter(pl.col("relation") == PAIR).with_columns(delivered=0)
    findings = network.frame("findings").with_columns(pl.lit("closed").alias("status"))
    tags = network.frame("region_tags").filter(pl.col("tag") == "ethnic_prefecture")
    names = network.frame("names").filter(pl.col("id") == "533300")
    put = {
        "regions": regions, "units": units, "relations": pl.concat([relations, new]), "postings": postings,
        "ledger": ledger, "findings": findings, "fund_flows": network.frame("fund_flows").with_columns(amount=1),
    }  # fmt: skip
    gone = {"region_tags": tags.select("region", "tag", "since"), "names": names.select("id", "name")}
    return Changes(put, gone)


def result(table: str, cells: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a result table."""
    columns = RESULTS[table].columns
    whole = [{c.name: row.get(c.name) for c in columns} for row in cells]
    return pl.DataFrame(whole, schema=RESULTS[table].dtypes)


def _relation(id: str, supporter: str, recipient: str, **cells: Any) -> dict[str, Any]:
    since = date(2017, 1, 1)
    return {
        "id": id,
        "kind": "designated",
        "supporter": supporter,
        "recipient": recipient,
        "since": since,
        **cells,
    }


def _pair(supporter: str, recipient: str, cost: float) -> dict[str, Any]:
    return {"stage": "designation", "supporter": supporter, "recipient": recipient, "cost": cost, "load": 1}


PLANS: Mapping[str, list[dict[str, Any]]] = {
    "plan-a": [_pair("u001", "533323", 2.0), _pair("u002", "533324", 3.0), _pair("u003", "533325", 1.5)],
    "plan-b": [_pair("u001", "533323", 2.0), _pair("u004", "533324", 2.5)],
}
ADOPTED = Changes({
    "relations": rows(
        "relations",
        *(
            _relation(f"d:{p['supporter']}:{p['recipient']}", p["supporter"], p["recipient"], source="plan-a")
            for p in PLANS["plan-a"]
        ),
    )
})  # fmt: skip


def _die(*_: object, **__: object) -> int:
    raise Killed

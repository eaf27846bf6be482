"""What algorithms work on: relations in force and the places that they touch, up to a size."""

from __future__ import annotations

from datetime import date

import polars as pl

from graph.errors import LimitReached
from graph.questions.place import one_subject
from graph.questions.rules import RULES, Rule
from graph.store.neo4j.questions.coverage import fetch_coverage
from graph.store.neo4j.questions.parts import (
    ALL_IN_FORCE,
    BELOW,
    PLACES,
    SPOKEN,
)
from graph.store.neo4j.questions.reading import Reading, Rows, in_force, stands

EDGES = 200_000
"""Relations at most that algorithms work on."""

_BELOW_OF_A_PLACE = (
    f"CALL () {{ {BELOW} RETURN d UNION {BELOW} MATCH (d)-[:BECAME]->(s:Succession)-[:INTO]->(e:Region) "
    f"WHERE {stands('s')} RETURN e AS d UNION {BELOW} MATCH (d)<-[:INTO]-(s:Succession)<-[:BECAME]-(e:Region) "
    f"WHERE {stands('s')} RETURN e AS d UNION MATCH (d:Unit {{network: $network, id: $code}}) RETURN d }} "
)
_CHANGED = Rows("region_successions", f"{BELOW} MATCH (d)-[:BECAME|INTO]-(x:Succession)")
_GOES = Rows("relations", f"{_BELOW_OF_A_PLACE}MATCH (d)-[x:SUPPORTS]->() WHERE {in_force('x')}")
_STAYING = f"{_BELOW_OF_A_PLACE}MATCH (d)<-[h:SEATED_IN]-(n:Unit) WHERE {stands('h')} WITH DISTINCT n "
_STAY = (
    Rows("units", f"{_STAYING}WHERE EXISTS {{ MATCH (n)-[r:SUPPORTS]->() WHERE {in_force('r')} }}"),
    Rows(
        "relations",
        f"{_STAYING}CALL (n) {{ MATCH (n)-[x:SUPPORTS]->() WHERE {in_force('x')} RETURN x LIMIT 1 }}",
    ),
    Rows(
        "names",
        f"{_STAYING}MATCH (n)-[:CALLED]->(x:Name) WHERE x.kind IN ['english', 'pinyin']",
    ),
)


def fetch_projection(reading: Reading, day: date) -> None:
    """All relations in force with their ends, and all that these lie in.

    Raises
    ------
    LimitReached
        When there are more than :data:`EDGES`.
    """
    ((number,),) = reading.records(f"{ALL_IN_FORCE} RETURN count(x)", day=day)
    refuse_too_many(reading.name, number)
    reading.fetch([Rows("relations", ALL_IN_FORCE)], day=day)
    reading.fetch(PLACES, ids=ends(reading.frame("relations")))
    there = [
        *reading.frame("regions")["code"],
        *reading.frame("units")["id"],
    ]  # places above are on the way, too
    reading.fetch([SPOKEN], ids=there)


def ends(relations: pl.DataFrame) -> list[str]:
    """Supporters and recipients, each once."""
    return pl.concat([relations["supporter"], relations["recipient"]]).unique().sort().to_list()


def ends_fetched(reading: Reading) -> list[str]:
    """Supporters and recipients of the few relations fetched so far, each once."""
    found = reading.network().lists("relations", "supporter", "recipient")
    return sorted({end for side in found for end in side})


def refuse_too_many(network: str, number: int) -> None:
    """Refuse what is more than algorithms work on.

    Raises
    ------
    LimitReached
        When ``number`` is above :data:`EDGES`.
    """
    if number > EDGES:
        raise LimitReached(
            f"{network}：这个问题要用到 {number:,} 条关系，上限是 {EDGES:,} 条；请缩小范围：换 --at 日期，问一个地区或单位的卡片，"
            "或把网络读成文件夹后再问（文件没有上限）",
            f"{network}: this question takes {number:,} relations, {EDGES:,} are the limit; ask for less: another day by --at, the "
            "card of one place or unit, or the network read into a folder (files have no limit)",
        )


def fetch_withdrawal(reading: Reading, words: str, day: date) -> None:
    """Everything that :func:`graph.questions.withdraw.withdraw` reads, once the subject's own part is there.

    Raises
    ------
    LimitReached
        When there are more than :data:`EDGES` relations of the kinds that would end.
    UsageError
        When the words mean nothing, or several.
    """
    code = one_subject(reading.network(), words).id
    reading.fetch([_CHANGED, _GOES, *_STAY], code=code, day=day)
    gone = reading.frame("relations")
    mine = reading.codes(f"{_BELOW_OF_A_PLACE}RETURN DISTINCT coalesce(d.code, d.id)", code=code)
    kinds = set(gone.filter(pl.col("supporter").is_in([row[0] for row in mine]))["kind"].drop_nulls())
    touched: list[Rule] = [rule for rule in RULES if not kinds.isdisjoint(rule.kinds)]
    wanted = sorted(kinds.union(*(rule.kinds for rule in touched)))
    ((number,),) = reading.records(
        f"MATCH ()-[x:SUPPORTS]->() WHERE x.kind IN $kinds AND {in_force('x')} RETURN count(x)",
        kinds=wanted,
        day=day,
    )
    refuse_too_many(reading.name, number)
    fetch_coverage(reading, touched, day, sorted(kinds))
    reading.fetch([*PLACES, SPOKEN], ids=ends(reading.frame("relations")))

"""The parts that coverage needs: places of rules, who is reached, and as much of the tree as decides it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date

import polars as pl

from graph.questions.rules import Rule
from graph.schema.model import PAST
from graph.store.neo4j.questions.parts import OF_KINDS, PLACES, SPOKEN
from graph.store.neo4j.questions.reading import Reading, Rows, holds, in_force, stands, state
from graph.store.rows import BETWEEN, row_keys

_COVERAGE = Rows(
    "coverage",
    "UNWIND $begin AS begin MATCH (x:Coverage) "
    f"WHERE x.network = $network AND x.row STARTS WITH begin AND {stands('x')}",
)
_TAGS = Rows(
    "region_tags",
    f"UNWIND $tags AS tag MATCH (x:Tag {{network: $network, tag: tag}}) WHERE {stands('x')} AND {holds('x')}",
)
_FIGURES = Rows(
    "region_facts",
    "UNWIND $measures AS measure MATCH (f:Fact {network: $network, measure: measure}) "
    f"WHERE f.year <= $year AND {stands('f')} "
    "WITH f ORDER BY f.year DESC WITH f.region AS region, f.measure AS measure, collect(f)[0] AS x",
)
_POSTS = f"MATCH (p:Post) WHERE p.network = $network AND p.row IS NOT NULL AND {stands('p')} WITH DISTINCT p.village AS id "
_VILLAGE = "MATCH (n:Region {network: $network, code: id}) "


def fetch_coverage(reading: Reading, rules: Sequence[Rule], day: date, kinds: Collection[str] = ()) -> None:
    """Everything that :func:`graph.questions.gaps.gap` asks of the network, for some rules.

    Parameters
    ----------
    reading : Reading
        What it is added to.
    rules : sequence of Rule
        The rules.
    day : date
        The day asked for.
    kinds : collection of str
        Further kinds of relation that are wanted.
    """
    tags = sorted({tag for rule in rules for tag in (rule.tag, rule.without_tag) if tag})
    wanted = sorted({*kinds, *(kind for rule in rules if not rule.posts for kind in rule.kinds)})
    reading.fetch(
        [_COVERAGE, _TAGS, _FIGURES, OF_KINDS],
        begin=[_begin(rule.name) for rule in rules],
        tags=tags,
        measures=sorted({rule.measure for rule in rules if rule.measure}),
        kinds=wanted,
        day=day,
        year=day.year,
    )
    recipients = reading.frame("relations").filter(pl.col("kind").is_in(wanted))["recipient"]
    ids = {*recipients, *reading.frame("coverage")["region"]}
    tagged = reading.frame("region_tags")
    for rule in rules:
        if rule.tag:
            ids |= set(tagged.filter(pl.col("tag") == rule.tag)["region"])
        elif not rule.posts:
            ids |= at_level(reading, rule.level)
    reading.fetch([*PLACES, SPOKEN], ids=sorted(ids))
    if any(rule.posts for rule in rules):
        _fetch_posts(reading, day)
    if all(rule.posts or rule.tag or rule.level for rule in rules):  # else all regions are there
        _fetch_witnesses(reading, recipients)


def _begin(rule: str) -> str:
    """How the key of a row of ``coverage`` begins that speaks of a rule."""
    key = row_keys("coverage", pl.DataFrame({"rule": [rule], "region": [""]}))
    return str(key[0]).removesuffix(BETWEEN) + BETWEEN


def at_level(reading: Reading, level: str) -> set[str]:
    """Codes of the regions at a level; of all where none is named."""
    if level:
        statement = "MATCH (n:Region {network: $network, level: $level}) RETURN n.code"
    else:
        statement = "MATCH (n:Region {network: $network}) WHERE n.code IS NOT NULL RETURN n.code"
    found = reading.codes(statement, level=level)
    if reading.past and level:  # those that stood there then, and do not now
        found += reading.codes(
            f"MATCH (x:{PAST} {{network: $network, table: 'regions'}}) WHERE x.level = $level RETURN x.code",
            level=level,
        )
    return {row[0] for row in found}


def _fetch_posts(reading: Reading, day: date) -> None:
    """Villages that have posts, with the places above them, and whether a posting is in force; postings stay there."""
    if "village_posts" not in reading.given:
        return
    staffed = (
        "EXISTS { MATCH (:Region {network: $network, code: x.code})<-[held:POSTED_TO]-() "
        f"WHERE {in_force('held')} }}"
    )
    found = reading.codes(
        f"{_POSTS}{_VILLAGE}{state('n', past=reading.past)}RETURN x.code, x.parent, {staffed}", day=day
    )
    reading.add("village_posts", {"village": [village for village, _, _ in found]})
    reading.add("postings", {"village": [village for village, _, here in found if here]})
    reading.fetch([*PLACES], ids=sorted({parent for _, parent, _ in found if parent}))
    reading.fetch(
        [
            Rows("regions", f"{_POSTS}{_VILLAGE}", ("code", "name", "level", "parent", "pseudo")),
            Rows(
                "names",
                f"{_POSTS}{_VILLAGE}MATCH (n)-[:CALLED]->(x:Name) WHERE x.kind IN ['english', 'pinyin']",
            ),
        ]
    )


def _fetch_witnesses(reading: Reading, recipients: Iterable[str]) -> None:
    """A place is reached through the places below it if all are; where one is not, that one is enough to know.

    So of each place above a recipient one place below comes along in which nobody is reached: its code and parent alone, or,
    where it is there anyway, a place in it.
    """
    parents = reading.network().parents
    inside: dict[str, None] = {}
    above: dict[str, None] = {}
    for recipient in recipients:
        code: str | None = recipient
        while code is not None and code not in inside:
            inside[code] = None
            code = parents.get(code)
            if code is not None:
                above[code] = None
    listed = (
        "EXISTS { MATCH (:Region {network: $network, code: x.code})<-[m:LIES_IN]-(:Region) "
        f"WHERE {stands('m')} }}"
    )
    found = reading.codes(
        "UNWIND $above AS id CALL (id) { MATCH (:Region {network: $network, code: id})<-[l:LIES_IN]-(n:Region) "
        f"WHERE {stands('l')} AND NOT n.code IN $inside {state('n', past=reading.past)}"
        f"WITH x WHERE NOT coalesce(x.pseudo, false) OR {listed} RETURN x ORDER BY x.position LIMIT 1 }} RETURN x.code, id",
        above=list(above),
        inside=list(inside),
    )
    rows = [(code, parent) if code not in parents else (f"{code}\0", code) for code, parent in found]
    reading.add("regions", {"code": [c for c, _ in rows], "parent": [p for _, p in rows]})

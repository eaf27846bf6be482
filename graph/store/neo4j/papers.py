"""Papers as nodes: ``Paper`` holds the newest filing, ``(:Paper)-[:WAS]->(:PastPaper)`` those before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graph.schema.model import WAS
from graph.store.neo4j.bookkeeping import PAPER_FIELDS, Record, paper_of, paper_record
from graph.store.neo4j.run import Run
from graph.store.papers import Filing, Paper, StalePaper

_FIELDS = ", ".join(f"x.{name}" for name in PAPER_FIELDS)


def papers(run: Run, network: str, kind: str) -> list[Paper]:
    """See the protocol of stores."""
    statement = f"MATCH (x:Paper {{network: $network, kind: $kind}}) RETURN {_FIELDS} ORDER BY x.id"
    return [paper_of(paper_record(network, row)) for row in run(statement, network=network, kind=kind)]


def paper_log(run: Run, network: str, kind: str, id: str) -> list[Paper]:
    """See the protocol of stores."""
    statement = (
        "MATCH (p:Paper {network: $network, kind: $kind, id: $id}) "
        f"CALL (p) {{ RETURN p AS x UNION ALL MATCH (p)-[:{WAS}]->(x:PastPaper) RETURN x }} "
        f"RETURN {_FIELDS} ORDER BY x.revision"
    )
    return [paper_of(paper_record(network, row)) for row in run(statement, network=network, kind=kind, id=id)]


def file(run: Run, network: str, filings: Sequence[Filing], by: str) -> list[Paper]:
    """See the protocol of stores; inside the caller's transaction."""
    return [_file(run, network, filing, by) for filing in filings]


def _file(run: Run, network: str, filing: Filing, by: str) -> Paper:
    which = {"network": network, "kind": filing.kind, "id": filing.id}
    ((revision,),) = run(
        "MERGE (x:Paper {network: $network, kind: $kind, id: $id}) ON CREATE SET x.revision = 0 SET x.locked = true "
        "RETURN x.revision",
        **which,
    )
    now = Record(network, "Paper", {"kind": filing.kind, "id": filing.id}, {"revision": revision}).whole(
        "revision"
    )
    if now != filing.after:
        raise StalePaper(filing, now)
    (row,) = run(
        "MATCH (x:Paper {network: $network, kind: $kind, id: $id}) "
        "CALL (x) { WITH x WHERE x.revision > 0 "
        f"CREATE (x)-[:{WAS}]->(p:PastPaper) SET p = properties(x) }} "
        "SET x = $shown, x.network = $network, x.kind = $kind, x.id = $id, x.revision = $revision, x.by = $by, "
        "x.at = datetime({timezone: 'UTC'}), x.content = $content "
        f"RETURN {_FIELDS}",
        **which,
        shown=_shown(filing.content),
        revision=filing.after + 1,
        by=by,
        content=json.dumps(filing.content, ensure_ascii=False),
    )
    return paper_of(paper_record(network, row))


def _shown(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a paper is a property too, for people who ask in Cypher: plain values and lists of words."""
    plain = {k: v for k, v in content.items() if isinstance(v, str | bool | int | float)}
    words = {k: v for k, v in content.items() if isinstance(v, list) and all(isinstance(w, str) for w in v)}
    return {**plain, **words}

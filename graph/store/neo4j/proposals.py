"""Plans that are proposed: their rows as relationships beside those in force, each bearing the plan's id."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import polars as pl

from graph.errors import InputError
from graph.schema import RESULTS
from graph.schema.model import PROPOSED, Shape
from graph.store.decided import decided
from graph.store.neo4j.bookkeeping import proposal_of, proposal_record
from graph.store.neo4j.run import Run, Transact
from graph.store.neo4j.staging import BATCH
from graph.store.neo4j.statements import ROWS, found
from graph.store.neo4j.values import framed
from graph.store.proposal import Proposal
from graph.store.refusals import no_proposal

OPEN, LOADING, LEAVING = "open", "loading", "leaving"
"""States of a proposal: all there; being stored, batch by batch; being removed."""


def propose(
    transact: Transact,
    network: str,
    proposal: Proposal,
    tables: Mapping[str, pl.DataFrame],
    batch: int = BATCH,
) -> None:
    """Batch by batch; each transaction moves the proposal's position along, so that none is done twice.

    One that was being removed is removed first and begins anew; one that was begun goes on in batches of the size that it has.

    Raises
    ------
    InputError
        When rows name what is not there; the proposal is removed again.
    """
    which, rows = {"network": network, "plan": proposal.plan}, decided(tables)
    begin = partial(_begin, which=which, told=proposal, batch=batch)
    state, size, token = transact(begin)
    if state == OPEN:
        return
    if state == LEAVING:
        withdraw(transact, network, proposal.plan)
        state, size, token = transact(begin)
    begun = which | {"token": token, "v": proposal.base}
    try:
        for number, (shape, some) in enumerate(_batches(rows, size), 1):
            transact(partial(_step, which=begun, number=number, shape=shape, rows=some))
    except InputError:
        withdraw(transact, network, proposal.plan)
        raise
    opened = f"{_THIS} SET p.state = $open RETURN 1"
    if not transact(lambda run: run(opened, open=OPEN, leaving=LEAVING, **begun)):
        raise no_proposal(network, proposal.plan)


_THIS = (
    "MATCH (p:Proposal {network: $network, plan: $plan}) SET p.locked = true "
    "WITH p WHERE p.token = $token AND p.state <> $leaving"
)
"""``p``: the proposal that was begun, locked; nothing where somebody withdrew it, even where it was begun anew since."""


def _begin(run: Run, which: Mapping[str, Any], told: Proposal, batch: int) -> tuple[str, int, str]:
    """Its state, into batches of which size it is cut (positions count those of whoever began), and of which beginning it is."""
    ((state, size, token),) = run(
        "MERGE (p:Proposal {network: $network, plan: $plan}) "
        "ON CREATE SET p.state = $loading, p.position = 0, p.content = $content, p.base = $base, p.by = $by, "
        "p.title = $title, p.on = $on, p.stages = $stages, p.at = datetime({timezone: 'UTC'}), p.batch = $batch, "
        "p.token = randomUUID() RETURN p.state, p.batch, p.token",
        loading=LOADING,
        batch=batch,
        content=json.dumps(told.to_dict(), ensure_ascii=False),
        base=told.base,
        by=told.by,
        title=told.title,
        on=told.on,
        stages=list(told.stages),
        **which,
    )
    return str(state), int(size), str(token)


def _step(run: Run, which: Mapping[str, Any], number: int, shape: Shape, rows: pl.DataFrame) -> None:
    found = run(
        f"{_THIS} WITH p, p.position AS stood "
        "SET p.position = CASE WHEN stood < $number THEN $number ELSE stood END RETURN stood",
        number=number,
        leaving=LEAVING,
        **which,
    )
    if not found:  # somebody withdrew it meanwhile
        raise no_proposal(which["network"], which["plan"])
    if found[0][0] >= number:
        return
    columns = {name: rows[name].to_list() for name in rows.columns}
    ((made,),) = run(create(shape), c=columns, size=rows.height, **which)
    if made != rows.height:
        raise InputError(
            f"方案 {which['plan']} 的表 {shape.table} 引用了网络 {which['network']} 中没有的对象（{rows.height} 行中 {rows.height - made} 行）；未存入任何内容",
            f"table {shape.table} of plan {which['plan']} names what network {which['network']} does not have ({rows.height - made} of {rows.height} rows); nothing was stored",
        )


def _batches(tables: Mapping[str, pl.DataFrame], size: int) -> Iterator[tuple[Shape, pl.DataFrame]]:
    for table, shape in PROPOSED.items():
        if table in tables:
            numbered = tables[table].with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias("position"))
            yield from ((shape, some) for some in numbered.iter_slices(size))


def create(shape: Shape) -> str:
    """Rows of a result table as relationships, or as nodes on their owner. Gives how many were made."""
    names = [*(c.name for c in RESULTS[shape.table].columns), "position"]
    cells = "network: $network, plan: $plan, " + ", ".join(f"{name}: $c.{name}[i]" for name in names)
    if shape.start is not None and shape.end is not None:
        ends = found(shape.start, f"$c.{shape.start.column}[i]", "s") + found(
            shape.end, f"$c.{shape.end.column}[i]", "e"
        )
        return f"{ROWS}{ends}CREATE (s)-[:{shape.label} {{{cells}}}]->(e) RETURN count(*)"
    (owner,) = shape.links
    return (
        f"{ROWS}{found(owner, f'$c.{owner.column}[i]', 'o')}"
        f"CREATE (o)-[:{owner.type}]->(:{shape.label} {{{cells}}}) RETURN count(*)"
    )


def pattern(shape: Shape) -> str:
    """Where the rows of a proposal are, as their index finds them."""
    which = f"x:{shape.label} {{network: $network, plan: $plan}}"
    return f"()-[{which}]->()" if shape.kind == "relationship" else f"({which})"


def proposals(run: Run, network: str) -> list[Proposal]:
    """See the protocol of stores."""
    statement = "MATCH (p:Proposal {network: $network}) WHERE p.state = $open RETURN p.plan, p.content ORDER BY p.plan"
    return [proposal_of(proposal_record(network, *row)) for row in run(statement, network=network, open=OPEN)]


def proposed(run: Run, network: str, plan: str, table: str) -> pl.DataFrame:
    """See the protocol of stores."""
    columns = RESULTS[table].columns
    if plan not in {p.plan for p in proposals(run, network)}:
        raise no_proposal(network, plan)
    returned = ", ".join(f"x.{c.name}" for c in columns)
    rows = run(f"MATCH {pattern(PROPOSED[table])} RETURN {returned}, x.position", network=network, plan=plan)
    rows.sort(key=lambda row: row[-1] if isinstance(row[-1], int) else 0)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    return framed(table, columns, cells)


def withdraw(transact: Transact, network: str, plan: str) -> None:
    """See the protocol of stores; also one that is only half there."""
    which = {"network": network, "plan": plan}

    def shut(run: Run) -> bool:
        return bool(
            run(
                "MATCH (p:Proposal {network: $network, plan: $plan}) SET p.state = $leaving RETURN p.plan",
                leaving=LEAVING,
                **which,
            )
        )

    if not transact(shut):
        raise no_proposal(network, plan)
    for shape in PROPOSED.values():
        gone = "DELETE x" if shape.kind == "relationship" else "DETACH DELETE x"
        statement = f"MATCH {pattern(shape)} WITH x LIMIT $limit {gone} RETURN count(*)"
        while transact(lambda run, s=statement: run(s, limit=BATCH, **which)[0][0]):  # type: ignore[misc]  # bound at once
            pass
    transact(lambda run: run("MATCH (p:Proposal {network: $network, plan: $plan}) DETACH DELETE p", **which))

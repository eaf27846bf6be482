"""What may be wrong with jiedui's own nodes: each is read as the commands read it, and what they refuse is a finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from graph.findings import Finding
from graph.language import Text
from graph.store.neo4j import bookkeeping as kept
from graph.store.neo4j.bookkeeping import Record, SpoiledRecord
from graph.store.neo4j.claim import look
from graph.store.neo4j.run import Run
from graph.store.told import quoted, with_network

MEND = Text("请改回原值（备份中有）", "set it back to what it was (a backup has it)")


def record_findings(run: Run, network: str) -> list[Finding]:
    """A finding per property of bookkeeping that no command can read."""
    once = {(spoiled.record.which, spoiled.property): spoiled for spoiled in _spoiled(run, network)}
    return [_finding(spoiled) for spoiled in once.values()]


def _spoiled(run: Run, network: str) -> Iterator[SpoiledRecord]:
    yield from _tried(lambda _: look(run, network), None)
    state = tuple(dict.fromkeys([*kept.VERSION_FIELDS, *kept.STATE_FIELDS]))
    for row in run(
        f"MATCH (x:Version {{network: $network}}) RETURN {_cells(state)} ORDER BY x.number", network=network
    ):
        record = kept.version_record(network, state, row)
        for read in (kept.version_of, kept.about_of, kept.tables_of, kept.places_of):
            yield from _tried(read, record)
    for label in ("Paper", "PastPaper"):
        for row in run(
            f"MATCH (x:{label} {{network: $network}}) RETURN {_cells(kept.PAPER_FIELDS)}", network=network
        ):
            yield from _tried(kept.paper_of, kept.paper_record(network, row, label))
    for plan, content in run(
        "MATCH (x:Proposal {network: $network}) RETURN x.plan, x.content", network=network
    ):
        yield from _tried(kept.proposal_of, kept.proposal_record(network, plan, content))


def _tried(read: Callable[[Any], object], record: Record | None) -> Iterator[SpoiledRecord]:
    try:
        read(record)
    except SpoiledRecord as error:
        yield error


def _cells(fields: tuple[str, ...]) -> str:
    return ", ".join(f"x.{name}" for name in fields)


def _finding(spoiled: SpoiledRecord) -> Finding:
    record, name = spoiled.record, spoiled.property
    return Finding(
        "spoiled-record", "error", record.label, None, name, None if spoiled.value is None else str(spoiled.value),
        spoiled.what, MEND, cypher=with_network(_question(record, name), record.network),
    )  # fmt: skip


def _question(record: Record, name: str) -> str:
    """Finds the node by its key; one whose key is spoiled by that."""
    whose = "name" if record.label == "Network" else "network"
    asked = [f"x.{whose} = $network", *(_is(k, v) for k, v in record.key.items())]
    return f"MATCH (x:{record.label}) WHERE {' AND '.join(asked)}\nRETURN x.{name}, x"


def _is(property: str, value: Any) -> str:
    if type(value) is str:
        return f"x.{property} = {quoted(value)}"
    if type(value) is int:
        return f"x.{property} = {value}"
    return f"(x.{property} IS NULL OR NOT (x.{property} IS :: STRING OR x.{property} IS :: INTEGER))"

"""One question to the graph whose every answer is a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.findings import Finding, Severity
from graph.language import Text
from graph.schema import TABLES
from graph.schema.model import OPEN, SHAPES, Link, Shape
from graph.store.neo4j.run import Run
from graph.store.told import HEAD, with_network

MOST = 1000
"""Answers to one question that become findings."""


@dataclass(frozen=True)
class Probe:
    """A question and what its answers mean.

    Parameters
    ----------
    code : str
        Machine name of the fault.
    table : str
        Table, or label and type, that it is about.
    cypher : str
        After :data:`graph.store.told.HEAD`; gives the row's key and a value, both text.
    what, mend : Text
        What is wrong and how to mend it; ``{row}`` and ``{value}`` are filled in.
    severity : {"error", "warning", "notice"}
        How bad it is.
    column : str or None
        The column that is wrong.
    """

    code: str
    table: str
    cypher: str
    what: Text
    mend: Text
    severity: Severity = "error"
    column: str | None = None

    @property
    def question(self) -> str:
        """The whole question, for a person to run."""
        return HEAD + self.cypher

    def ask(self, run: Run, network: str) -> list[Finding]:
        """A finding per answer, :data:`MOST` at most."""
        rows = run(f"{self.question}\nLIMIT $limit", network=network, limit=MOST)
        return [self._finding(network, *(_text(v) for v in row)) for row in rows]

    def _finding(self, network: str, row: str, value: str) -> Finding:
        told = Finding(
            self.code, self.severity, self.table, None, self.column, row, _filled(self.what, row, value), _filled(self.mend, row, value)
        )  # fmt: skip
        return replace(told, cypher=with_network(self.question, network))


def stands(variable: str, shape: Shape | None = None) -> str:
    """The condition that a row stands at the head; of an entity, that its properties are those of the head."""
    since = "changed_at" if shape is not None and shape.kind == "entity" else "recorded_at"
    return f"{variable}.{since} <= v < {variable}.superseded_by"


def key_text(shape: Shape, variable: str = "x") -> str:
    """The row's key, made of its key cells as :func:`graph.store.rows.row_keys` makes it."""
    return " + '|' + ".join(_cell(shape.table, name, variable) for name in TABLES[shape.table].key)


def row_of(shape: Shape, variable: str = "x") -> str:
    """By what a person finds a row: its key as kept, else its key cells, else its number in the database."""
    return f"coalesce(toStringOrNull({variable}.row), nullIf({key_text(shape, variable)}, ''), elementId({variable}))"


def target_key(variable: str) -> str:
    """The key cell of any entity."""
    return f"coalesce({variable}.code, {variable}.id)"


def known_targets(link: Link, cell: str) -> str:
    """Whether an entity that a cell names stands at the head."""
    asked = [
        f"EXISTS {{ MATCH (t:{SHAPES[t].label} {{network: $network, {SHAPES[t].key}: {cell}}}) WHERE {stands('t')} }}"
        for t in link.targets
    ]
    return f"({' OR '.join(asked)})"


def labels_of(link: Link, variable: str) -> str:
    """Whether a node bears a label that a link leads to."""
    return f"{variable}:{'|'.join(SHAPES[t].label for t in link.targets)}"


def all_of(probes: Sequence[Probe], run: Run, network: str) -> list[Finding]:
    """The findings of many."""
    return [finding for probe in probes for finding in probe.ask(run, network)]


def _cell(table: str, name: str, variable: str) -> str:
    cell = f"{variable}.{name}"
    if TABLES[table].by_name[name].kind == "list":
        cell = f"CASE WHEN {cell} IS :: LIST<STRING> THEN reduce(s = '', e IN {cell} | s + CASE s WHEN '' THEN '' ELSE ';' END + e) END"
    return f"coalesce(replace(replace(toStringOrNull({cell}), '\\\\', '\\\\\\\\'), '|', '\\\\|'), '')"


def _filled(text: Text, row: str, value: str) -> Text:
    """Plain replacement: braces in a row's key mean nothing."""
    zh, en = (t.replace("{value}", value).replace("{row}", row) for t in text)
    return Text(zh, en)


def _text(value: object) -> str:
    return "" if value is None else str(value)


UNTIL_OPEN = str(OPEN)
"""The version later than any, as Cypher writes it."""

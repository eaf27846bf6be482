"""How people and Cypher name things of the graph: text as literals, names between backticks, a row by its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.findings import Finding
from graph.schema.model import SHAPES, Shape

HEAD = "MATCH (h:Network {name: $network}) WITH h.head AS v\n"
"""Every question reads at the head."""
SAID_BY_GRAPH = ("foreign-key", "parent-cycle", "duplicate-key", "required", "unknown-parent")
"""Codes of checks of tables that the graph's own questions answer better."""


def with_network(question: str, network: str) -> str:
    """A question with its parameter before it, as ``cypher-shell`` and Neo4j Browser read it."""
    return f":param network => {quoted(network)};\n{question};"


def quoted(text: str) -> str:
    """Text as a literal of Cypher: no character of it is read as anything else."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return "'" + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + "'"


def named(name: str) -> str:
    r"""A label, type or property as Cypher writes it, whatever characters it has.

    Cypher reads ``\u0060`` as a backtick even between backticks, so a backslash before a ``u`` is written by its number.
    """
    return "`" + name.replace("\\u", "\\u005Cu").replace("`", "``") + "`"


def pattern(shape: Shape, variable: str = "x") -> str:
    """Where the rows of a table are."""
    if shape.kind == "relationship":
        return f"()-[{variable}:{shape.label}]->()"
    return f"({variable}:{shape.label})"


def placed(finding: Finding, rows: Mapping[str, Sequence[str]], network: str) -> Finding:
    """The finding of a table's row with the row's key instead of its number, and the Cypher that finds it.

    Parameters
    ----------
    finding : Finding
        Of a table that was read from the graph.
    rows : mapping of str to sequence of str
        Table → keys of its rows; a finding of any other table stays as it is.
    network : str
        Name of the network.
    """
    if finding.row is None or finding.table not in rows:
        return finding
    row = rows[finding.table][finding.row - 2]
    where = pattern(SHAPES[finding.table])
    question = HEAD + f"MATCH {where} WHERE x.network = $network AND x.row = {quoted(row)} RETURN x"
    what = finding.what
    told = what._replace(zh=f"{row}：{what.zh}", en=f"{row}: {what.en}")
    return replace(finding, row=None, what=told, cypher=with_network(question, network))

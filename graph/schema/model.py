"""The tables as a property graph: labels, relationship types, who owns whom. The schema of every graph store.

Three kinds of table:

- *entity*: a thing that others refer to (region, unit, cadre …): one node per key, for good; a changed row changes
  the node's properties, and what they were is kept on a node ``Past`` behind it.
- *relationship*: a row from one entity to another (``relations``, ``postings`` …): one relationship per state of the
  row.
- *record*: a fact about an entity (a figure, a tag, a budget …): one node per state of the row, hung on its owner.

Property names are the column names. Beside them every node and relationship of a row carries :data:`NETWORK`,
:data:`ROW` (the row's key as text), :data:`POSITION`, :data:`RECORDED` and :data:`SUPERSEDED`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from graph.schema import TABLES

NETWORK = "network"
"""Which network a node or relationship belongs to: several share a database."""
ROW = "row"
"""The row's key as text, see :func:`graph.store.rows.row_keys`."""
POSITION = "position"
"""Place of the row in its table; tables come back in this order."""
RECORDED = "recorded_at"
"""Version of the network from which the state of a row is known."""
SUPERSEDED = "superseded_by"
"""Version from which it is known no longer; :data:`OPEN` while it stands."""
OPEN = 2**53
"""Later than any version; a number instead of null, so that ``recorded_at <= v < superseded_by`` is all there is to ask."""

PAST = "Past"
"""Label of what an entity's row was before; ``(entity)-[:WAS]->(:Past)``."""
WAS = "WAS"

Kind = Literal["entity", "relationship", "record"]


@dataclass(frozen=True)
class Link:
    """A relationship that a column makes: from the row's node to the entity that the cell names.

    Parameters
    ----------
    column : str
        The column.
    type : str
        Type of the relationship.
    targets : tuple of str
        Entity tables, in the order in which the cell is looked up.
    inward : bool
        Whether it leads from the entity to the row's node (a record hangs on its owner) instead.
    """

    column: str
    type: str
    targets: tuple[str, ...]
    inward: bool = False


@dataclass(frozen=True)
class Shape:
    """How a table looks in the graph.

    Parameters
    ----------
    table : str
        The table.
    kind : {"entity", "relationship", "record"}
        What a row becomes.
    label : str
        Label of its nodes, or type of its relationships.
    start, end : Link or None
        Ends of a relationship; ``None`` for nodes.
    links : tuple of Link
        Relationships that columns make; of a record the owner's first.
    """

    table: str
    kind: Kind
    label: str
    start: Link | None = None
    end: Link | None = None
    links: tuple[Link, ...] = ()

    @property
    def drawn(self) -> tuple[Link, ...]:
        """All its links: the ends of a relationship, or those that columns of a node make."""
        return tuple(link for link in (self.start, self.end, *self.links) if link is not None)

    def properties(self) -> str:
        """Names of the properties that hold cells, with ``, `` between."""
        return ", ".join(c.name for c in TABLES[self.table].columns)

    def arrows(self) -> str:
        """What its relationships lead to, as Cypher draws it."""

        def labels(link: Link) -> str:
            return "|".join(SHAPES[target].label for target in link.targets)

        if self.start is not None and self.end is not None:
            return f"(:{labels(self.start)})-[:{self.label}]->(:{labels(self.end)})"
        drawn = [
            f"(:{labels(link)})-[:{link.type}]->" if link.inward else f"-[:{link.type}]->(:{labels(link)})"
            for link in self.links
        ]
        return ", ".join(drawn)

    @property
    def key(self) -> str:
        """The column that names an entity.

        Raises
        ------
        ValueError
            When the table is none of entities.
        """
        (name,) = TABLES[self.table].key
        return name


REGION, UNIT = ("regions",), ("units",)
PARTY = ("regions", "units")


def _entity(table: str, label: str, *links: Link) -> Shape:
    return Shape(table, "entity", label, links=links)


def _relationship(table: str, label: str, start: str, of: str, end: str, to: str = "regions") -> Shape:
    starts = PARTY if of == "parties" else (of,)
    return Shape(table, "relationship", label, Link(start, label, starts), Link(end, label, (to,)))


def _record(table: str, label: str, *owner: Link) -> Shape:
    return Shape(table, "record", label, links=owner)


def _owned(column: str, type: str, *targets: str) -> Link:
    return Link(column, type, targets or REGION, inward=True)


SHAPES: dict[str, Shape] = {
    s.table: s
    for s in (
        _entity("regions", "Region", Link("parent", "LIES_IN", REGION)),
        _entity("units", "Unit", Link("home_region", "SEATED_IN", REGION)),
        _entity("cadres", "Cadre", Link("unit", "SENT_BY", ("units", "regions")), Link("home_region", "HOME_IN", REGION)),
        _entity("fund_sources", "FundSource", Link("owner_region", "OWNED_BY", REGION)),
        _entity("inspection_teams", "InspectionTeam", Link("unit", "LED_BY", ("units", "regions")), Link("home_region", "SEATED_IN", REGION)),
        _entity("policies", "Policy", Link("parent", "UNDER", ("policies",))),
        _relationship("relations", "SUPPORTS", "supporter", "parties", "recipient"),
        _relationship("postings", "POSTED_TO", "cadre", "cadres", "village"),
        _relationship("fund_flows", "FUNDED", "source", "fund_sources", "region"),
        _relationship("inspection_visits", "INSPECTED", "team", "inspection_teams", "region"),
        _record("names", "Name", _owned("id", "CALLED", "regions", "units")),
        _record("region_successions", "Succession", _owned("old", "BECAME"), Link("new", "INTO", REGION)),
        _record("region_tags", "Tag", _owned("region", "TAGGED")),
        _record("region_facts", "Fact", _owned("region", "MEASURED")),
        _record("household_groups", "HouseholdGroup", _owned("village", "HAS_HOUSEHOLDS")),
        _record("register_changes", "RegisterChange", _owned("village", "REGISTERED")),
        _record("ledger", "LedgerEntry"),
        _record("coverage", "Coverage", _owned("region", "LISTED")),
        _record("pair_scores", "PairScore"),
        _record("cadre_names", "CadreName", _owned("id", "NAMED", "cadres")),
        _record("village_posts", "Post", _owned("village", "HAS_POST")),
        _record("needs", "Need", _owned("region", "NEEDS")),
        _record("fund_budgets", "Budget", _owned("source", "HAS_BUDGET", "fund_sources")),
        _record("capacities", "Capacity", _owned("region", "CAPABLE_OF")),
        _record("pledges", "Pledge", _owned("region", "PLEDGED")),
        _record("assessments", "Assessment", _owned("region", "ASSESSED")),
        _record("findings", "Finding", _owned("region", "HAS_FINDING")),
        _record("documents", "Document", _owned("subject", "DOCUMENTED_BY", "regions", "units")),
    )
}  # fmt: skip
"""Table → shape; every table of the schema has one. A ledger entry names its relation, which no relationship can
lead to: ``MATCH ()-[r:SUPPORTS {id: entry.relation}]->()``."""

PLAN = "plan"
"""Id of the plan that proposes a row."""
PROPOSED: dict[str, Shape] = {
    s.table: s
    for s in (
        _relationship("pairs", "PROPOSED_SUPPORT", "supporter", "parties", "recipient"),
        _relationship("postings", "PROPOSED_POSTING", "cadre", "cadres", "village"),
        _relationship("allocations", "PROPOSED_FUNDS", "source", "fund_sources", "region"),
        _record("exits", "ProposedExit", _owned("region", "PROPOSED_EXIT")),
        _relationship("inspections", "PROPOSED_INSPECTION", "team", "inspection_teams", "region"),
    )
}
"""Result table of a plan → how its rows look in the graph while they are proposed; each bears :data:`NETWORK` and
:data:`PLAN`, so that several plans stand side by side."""

LEVEL_LABELS = {
    "province": "Province",
    "prefecture": "Prefecture",
    "county": "County",
    "township": "Township",
    "village": "Village",
}
"""Level of a region → the label that its node bears beside ``Region``; other levels bear none."""

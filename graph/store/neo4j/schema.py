"""Constraints and indexes, derived from the model of the graph; migrations, forward only."""

from __future__ import annotations

from collections.abc import Callable

from graph.errors import InputError
from graph.schema.model import NETWORK, PAST, PROPOSED, RECORDED, ROW, SHAPES, Shape
from graph.store.neo4j.run import Run
from graph.store.neo4j.values import INITIALS, KEY, SEARCHED, SPELLED, spelling

VERSION = 1
"""Version of the schema that this code writes; kept on the node ``Schema`` of the database."""
NAMES = "names"
"""The full-text index of names: Chinese by single characters, anything else by words."""
SEARCHED_LABELS = tuple(SHAPES[table].label for table in SEARCHED)
LOOKED_UP: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ledger", ("relation",)),
    ("pair_scores", ("stage", "recipient")),
    ("relations", ("id",)),
    ("relations", ("kind",)),
    ("findings", ("status",)),
    ("regions", ("level",)),
    ("region_tags", ("tag",)),
    ("region_facts", ("measure",)),
    ("names", (KEY,)),
    ("names", (INITIALS,)),
    ("regions", (KEY,)),
    ("units", (KEY,)),
    ("postings", ("since",)),
    ("postings", ("until",)),
    *((table, (name,)) for table, columns in SPELLED.items() for name in map(spelling, columns)),
    *(("region_successions", (name,)) for name in SPELLED["region_successions"]),
)
"""Properties, beside keys, by which questions find rows that no relationship leads to, or too many."""


def unique(shape: Shape) -> str:
    """The uniqueness constraint of a table: an entity's key is there once, a state of a row too."""
    keys = (NETWORK, shape.key) if shape.kind == "entity" else (NETWORK, ROW, RECORDED)
    listed = ", ".join(f"x.{key}" for key in keys)
    return f"CREATE CONSTRAINT {shape.table}_key IF NOT EXISTS FOR {_pattern(shape)} REQUIRE ({listed}) IS UNIQUE"


def statements() -> list[str]:
    """Everything that Community edition knows, in order."""
    made = [unique(shape) for shape in SHAPES.values()]
    made += [
        "CREATE CONSTRAINT network_name IF NOT EXISTS FOR (x:Network) REQUIRE x.name IS UNIQUE",
        "CREATE CONSTRAINT paper_id IF NOT EXISTS FOR (x:Paper) REQUIRE (x.network, x.kind, x.id) IS UNIQUE",
        "CREATE CONSTRAINT proposal_plan IF NOT EXISTS FOR (x:Proposal) REQUIRE (x.network, x.plan) IS UNIQUE",
        *(
            f"CREATE INDEX proposed_{s.table} IF NOT EXISTS FOR {_pattern(s)} ON (x.network, x.plan)"
            for s in PROPOSED.values()
        ),
        "CREATE CONSTRAINT version_number IF NOT EXISTS FOR (x:Version) REQUIRE (x.network, x.number) IS UNIQUE",
        f"CREATE INDEX past_row IF NOT EXISTS FOR (x:{PAST}) ON (x.network, x.table, x.row)",
    ]
    for table, columns in LOOKED_UP:
        shape = SHAPES[table]
        listed = ", ".join(f"x.{column}" for column in (NETWORK, *columns))
        made.append(
            f"CREATE INDEX {table}_by_{'_'.join(columns)} IF NOT EXISTS FOR {_pattern(shape)} ON ({listed})"
        )
    for label in SEARCHED_LABELS:
        made.append(f"CREATE TEXT INDEX {label.lower()}_{KEY} IF NOT EXISTS FOR (x:{label}) ON (x.{KEY})")
        made.append(
            f"CREATE INDEX {label.lower()}_name IF NOT EXISTS FOR (x:{label}) ON (x.{NETWORK}, x.name)"
        )
    labels = "|".join(SEARCHED_LABELS)
    made.append(
        f"CREATE FULLTEXT INDEX {NAMES} IF NOT EXISTS FOR (x:{labels}) ON EACH [x.{KEY}, x.{INITIALS}] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'standard-no-stop-words'}}"
    )
    return made


def enterprise_statements() -> list[str]:
    """What Enterprise edition adds: key cells must be there. Not tested here."""
    return [
        f"CREATE CONSTRAINT {shape.table}_{key}_there IF NOT EXISTS FOR {_pattern(shape)} REQUIRE x.{key} IS NOT NULL"
        for shape in SHAPES.values()
        for key in (NETWORK, ROW)
    ]


def _pattern(shape: Shape) -> str:
    return f"()-[x:{shape.label}]-()" if shape.kind == "relationship" else f"(x:{shape.label})"


MIGRATIONS: dict[int, Callable[[Run], None]] = {}
"""Version → what brings data of the version before to it. Constraints and indexes need none: they are made where missing."""


def migrate(run: Run, *, enterprise: bool) -> int:
    """Bring a database to :data:`VERSION`, and wait until its indexes answer.

    Parameters
    ----------
    run : Run
        Runs a statement in a transaction of its own.
    enterprise : bool
        Whether the server reports Enterprise edition.

    Returns
    -------
    int
        The version that was found; 0 in a database that jiedui has not used.

    Raises
    ------
    InputError
        When the database was written by a later jiedui.
    """
    found = [row[0] for row in run("MATCH (s:Schema) RETURN s.version")]
    now = int(found[0]) if found else 0
    if now > VERSION:
        raise InputError(
            f"数据库的结构版本是 {now}，本程序只认识到 {VERSION}；请升级 jiedui",
            f"the database has schema version {now}, this jiedui knows up to {VERSION}; use a newer jiedui",
        )
    if now < VERSION:
        for statement in [*statements(), *(enterprise_statements() if enterprise else [])]:
            run(statement)
        run("CALL db.awaitIndexes(600)")
        for version in range(now + 1, VERSION + 1):
            if version in MIGRATIONS:
                MIGRATIONS[version](run)
        run("MERGE (s:Schema) SET s.version = $version", version=VERSION)
    return now

"""What stands beside a Chinese name in English."""

from __future__ import annotations

from collections.abc import Collection

from graph.questions.of_network import OfNetwork
from graph.schema.model import PAST
from graph.store.neo4j.questions.parts import BARE, SPOKEN
from graph.store.neo4j.questions.reading import Reading, Rows

_CALLED = (
    "UNWIND $names AS name MATCH (x:Region {network: $network, name: name}) RETURN x.code UNION "
    "UNWIND $names AS name MATCH (x:Unit {network: $network, name: name}) RETURN x.id AS `x.code`"
)
_WERE_CALLED = (
    f"MATCH (x:{PAST} {{network: $network}}) WHERE x.table IN ['regions', 'units'] AND x.name IN $names "
    "RETURN coalesce(x.code, x.id)"
)
_SOURCES = Rows(
    "fund_sources",
    "MATCH (n:FundSource) WHERE n.network = $network AND n.id IS NOT NULL AND n.name IN $names",
)


def words_for(reading: Reading, names: Collection[str]) -> dict[str, str]:
    """See :meth:`graph.questions.protocol.Questions.words_for`."""
    asked = list(dict.fromkeys(names))
    found = [row[0] for row in reading.codes(_CALLED, names=asked)]
    if reading.past:
        found += [row[0] for row in reading.codes(_WERE_CALLED, names=asked)]
    reading.fetch([*BARE, SPOKEN], ids=list(dict.fromkeys(found)))
    reading.fetch([_SOURCES], names=asked)
    return OfNetwork(reading.network()).words_for(names)

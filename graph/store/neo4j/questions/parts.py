"""The parts of a network that questions need, as rows to fetch; parameters are named where a part takes any."""

from __future__ import annotations

from graph.store.neo4j.questions.reading import Rows, along, in_force, stands

_REGION = "(b:Region {network: $network, code: id})"
_UNIT = "(b:Unit {network: $network, id: id})"
_EITHER = f"UNWIND $ids AS id CALL (id) {{ MATCH {_REGION} RETURN b UNION ALL MATCH {_UNIT} RETURN b }}"
_UP = f"-[l:LIES_IN*0..]->(n:Region) WHERE {along('l')}"

LINES = (
    f"UNWIND $ids AS id CALL (id) {{ MATCH {_REGION} RETURN b UNION ALL "
    f"MATCH (:Unit {{network: $network, id: id}})-[h:SEATED_IN]->(b:Region) WHERE {stands('h')} RETURN b }} "
    f"WITH DISTINCT b MATCH (b){_UP}"
)
"""Regions ``$ids``, the homes of units ``$ids``, and all that they lie in."""

PLACES = (
    Rows("regions", LINES),
    Rows("units", "UNWIND $ids AS id MATCH (n:Unit {network: $network, id: id})"),
)
"""The regions and units ``$ids`` with the places above them."""
BARE = (Rows("regions", f"UNWIND $ids AS id MATCH {_REGION.replace('b:', 'n:')}"), PLACES[1])
"""The regions and units ``$ids`` alone."""
NAMES = Rows("names", f"{_EITHER} MATCH (b)-[:CALLED]->(x:Name)")
"""All names of ``$ids``."""
SPOKEN = Rows("names", f"{NAMES.found} WHERE x.kind IN ['english', 'pinyin']")
"""Their pinyin and English names."""
SUCCESSIONS = Rows(
    "region_successions",
    "UNWIND $ids AS id CALL (id) { MATCH (x:Succession {network: $network, old: id}) RETURN x UNION ALL "
    "MATCH (x:Succession {network: $network, new: id}) RETURN x }",
)
"""Mergers, splits and renamings of ``$ids``."""
TAGS = Rows("region_tags", "MATCH (:Region {network: $network, code: $code})-[:TAGGED]->(x:Tag)")
"""Tags of ``$code``."""
LATEST = Rows(
    "region_facts",
    "UNWIND $ids AS id CALL (id) { MATCH (:Region {network: $network, code: id})-[:MEASURED]->(x:Fact) "
    f"WHERE x.measure = $measure AND x.year <= $year AND {stands('x')} RETURN x ORDER BY x.year DESC LIMIT 1 }}",
)
"""The newest figure ``$measure`` up to ``$year`` of each of ``$ids``."""

ALL_IN_FORCE = f"MATCH ()-[x:SUPPORTS]->() WHERE x.id IS NOT NULL AND {in_force('x')}"
"""``x``: every relation in force on ``$day``."""
OF_KINDS = Rows("relations", f"MATCH ()-[x:SUPPORTS]->() WHERE x.kind IN $kinds AND {in_force('x')}")
"""Relations of ``$kinds`` in force on ``$day``."""

EVER = Rows(
    "relations",
    "MATCH ()-[x:SUPPORTS]->() WHERE x.network = $network AND x.id IS NOT NULL AND ($kinds IS NULL OR x.kind IN $kinds)",
)
"""Relations of ``$kinds``, or all, whenever they held."""

TREE = Rows(
    "regions",
    "MATCH (n:Region) WHERE n.network = $network AND n.code IS NOT NULL",
    ("code", "level", "pseudo"),
)
"""All regions with their levels."""
FACTS = Rows("region_facts", "MATCH (x:Fact {network: $network, measure: $measure})")
"""Every figure ``$measure``."""
FACTS_TOLD = Rows(
    "region_facts",
    "MATCH (x:Fact) WHERE x.network = $network AND x.measure IS NOT NULL",
    ("region", "year", "measure", "value", "mark"),
)
"""Every figure, without where it is from."""
TAGGED = Rows(
    "region_tags",
    "UNWIND $tags AS tag MATCH (x:Tag {network: $network, tag: tag})",
    ("region", "tag", "since"),
)
"""Regions that bear ``$tags``."""
POSTED = Rows(
    "village_posts",
    "MATCH (x:Post) WHERE x.network = $network AND x.row IS NOT NULL AND x.recorded_at IS NOT NULL",
    ("village", "post"),
)
"""Villages that have posts."""
SINCE_WHEN = Rows(
    "relations",
    "MATCH ()-[x:SUPPORTS]->() WHERE x.network = $network AND x.id IS NOT NULL",
    ("id", "since", "until"),
)
"""All relations, when they hold."""
LEDGER_YEARS = Rows(
    "ledger",
    "MATCH (x:LedgerEntry) WHERE x.network = $network AND x.relation IS NOT NULL",
    ("relation", "year", "item"),
)
"""Years of the ledger."""

ALIASES = (
    "MATCH (o:Region {network: $network, code: $code}) RETURN o UNION "
    f"MATCH (s:Succession {{network: $network, old: $code}}) WHERE {stands('s')} "
    "MATCH (o:Region {network: $network, code: s.new}) RETURN o UNION "
    f"MATCH (s:Succession {{network: $network, new: $code}}) WHERE {stands('s')} "
    "MATCH (o:Region {network: $network, code: s.old}) RETURN o"
)
"""Subquery: ``o``, the region ``$code`` and those that it succeeded or that succeeded it."""
BELOW = f"CALL () {{ {ALIASES} }} MATCH (o)<-[l:LIES_IN*0..]-(d:Region) WHERE {along('l')}"
"""``d``: these and all places below them."""
AROUND = Rows(
    "relations",
    f"CALL () {{ {BELOW} RETURN d UNION "
    f"MATCH (:Region {{network: $network, code: $code}})-[l:LIES_IN*1..]->(d:Region) WHERE {along('l')} RETURN d UNION "
    "MATCH (d:Unit {network: $network, id: $code}) RETURN d } MATCH (d)-[x:SUPPORTS]-()",
)
"""Relations of a place or unit ``$code``, of the places above it, and of all places below it."""
OWN = Rows("relations", f"{_EITHER} MATCH (b)-[x:SUPPORTS]-()")
"""Relations of ``$ids`` themselves."""
RELATED = Rows("relations", "UNWIND $ids AS id MATCH ()-[x:SUPPORTS {network: $network, id: id}]->()")
"""Relations by id."""
LEDGER_OF = Rows("ledger", "UNWIND $ids AS id MATCH (x:LedgerEntry {network: $network, relation: id})")
"""What the ledger says of the relations ``$ids``."""
LEDGER = Rows(
    "ledger",
    "MATCH (x:LedgerEntry) WHERE x.network = $network AND x.relation IS NOT NULL AND ($year IS NULL OR x.year = $year)",
)
"""The ledger, or one ``$year`` of it."""
LEDGER_OF_ONE = Rows(
    "ledger",
    "CALL () { MATCH (o:Region {network: $network, code: $code}) RETURN o UNION ALL "
    "MATCH (o:Unit {network: $network, id: $code}) RETURN o } "
    f"MATCH (o)-[r:SUPPORTS]-() WHERE {stands('r')} WITH DISTINCT r.id AS id "
    "MATCH (x:LedgerEntry {network: $network, relation: id})",
)
"""What the ledger says of the relations of ``$code`` itself."""

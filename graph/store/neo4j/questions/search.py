"""Which places and units words may mean, found by indexes; :func:`graph.search.find` ranks them and says how they match.

A search has up to four steps, each asked only where the one before finds nothing: codes that are the words; names that are
the words, names and codes that begin with them or hold them; names in which the characters stand in order (农大); similar ones ("did you mean").
"""

from __future__ import annotations

import re
from typing import Any

from graph.schema.model import PAST, SHAPES
from graph.search import BEGUN, HAN, HOWS, SLIPS, plain, ranks_of, similar_codes_begin, unit_rank
from graph.store.neo4j.questions.reading import Reading, current, stands, state
from graph.store.neo4j.schema import NAMES, SEARCHED_LABELS
from graph.store.neo4j.values import INITIALS, KEY, SPELLED, spelling

NEAR = 200
"""Names at most that "did you mean" compares."""
_CHARACTERS = 64  # of the words, in one full-text query
_EXACT, _PREFIX, _PART = 0, 1, 2
_RANK: dict[str, int] = {how: i for i, how in enumerate(HOWS)}
_KINDS = " ".join(
    f"WHEN '{kind}' THEN {_RANK[how]}"
    for kind, how in {"full": "name", **{k: k for k in ("short", "former", "english", "pinyin")}}.items()
)
_HOW = f"CASE WHEN x:Name THEN CASE x.kind {_KINDS} END ELSE {_RANK['name']} END"
_ID = "CASE WHEN x:Region THEN x.code ELSE x.id END"
_KNOWN = "x.network = $network AND coalesce(x.changed_at, x.recorded_at) <= $v AND x.superseded_by > $v"
_QUALITY = (
    f"CASE WHEN x.{{0}} = $q THEN {_EXACT} WHEN x.{{0}} STARTS WITH $q THEN {_PREFIX} "
    f"WHEN $anywhere AND x.{{0}} CONTAINS $q THEN {_PART} END"
)
_THEN = f"MATCH (x:{PAST} {{network: $network}}) WHERE x.table IN ['regions', 'units'] AND {stands('x')} "
_THEN_CODE, _THEN_SPELLED = "coalesce(x.code, x.id)", "coalesce(x.code_key, x.id_key, x.code, x.id)"
_BEARING = " UNION ".join(
    f"MATCH (x:{label} {{network: $network, {name}: $q}}) {more}RETURN x.{column} AS id"
    for label, column in (("Region", "code"), ("Unit", "id"))
    for name, more in ((column, f"WHERE x.{spelling(column)} IS NULL "), (spelling(column), ""))
)
_FOUND = "RETURN {id} AS id, {how} AS how, {quality} AS quality"


def candidates(reading: Reading, words: str, level: str | None, limit: int) -> list[str]:
    """Ids of what the words may mean, the likeliest first, at most ``limit``; where nothing is so called, similar ones.

    Parameters
    ----------
    reading : Reading
        Of the version asked.
    words : str
        What the user typed.
    level : str or None
        Keep only those at this level (``unit`` for units).
    limit : int
        At most so many.
    """
    query = plain(words)
    if not query:
        return []
    found = _coded(reading, query, level, limit) or _step(reading, _matching(query), query, level, limit)
    if not found and (level is None or not _step(reading, _matching(query), query, None, 1)):
        found = _step(reading, _abbreviated(query), query, level, limit)
    return found or _similar(reading, query, level)


def _step(reading: Reading, branches: list[str], query: str, level: str | None, limit: int) -> list[str]:
    if not branches:
        return []
    if reading.past:
        branches = [*branches, *_changed(branches)]
    levels = list(reading.about.settings.levels)
    rows = reading.codes(
        f"CALL () {{ {' UNION ALL '.join(branches)} }} "
        "WITH id, how, quality WHERE quality IS NOT NULL WITH id, min(quality * 10 + how) AS best "
        f"{_standing(reading.past)} WITH * WHERE $level IS NULL OR level = $level "
        "RETURN id ORDER BY pseudo, best / 10, rank, best % 10, sort, place LIMIT $limit",
        levels=levels,
        unit_rank=unit_rank(levels),
        level=level,
        limit=limit,
        **_parameters(query),
    )
    return list(dict.fromkeys(row[0] for row in rows))


def bearing(at: str) -> str:
    """Clauses that give as ``coded`` what bears the code ``$q``, as codes are compared, at the version ``at``.

    For a version after which nothing has changed. Each is id, whether a pseudo level, level, 0 (a place) or 1 (a unit), place in its
    table.
    """
    return (
        f"CALL ({at}) {{ CALL () {{ {_BEARING} }} CALL (id, {at}) {{ "
        f"MATCH (x:Region {{network: $network, code: id}}) WHERE {current('x', at)} "
        "RETURN coalesce(x.pseudo, false) AS pseudo, x.level AS level, 0 AS sort, x.position AS place "
        f"UNION ALL MATCH (x:Unit {{network: $network, id: id}}) WHERE {current('x', at)} "
        "RETURN false AS pseudo, 'unit' AS level, 1 AS sort, x.position AS place } "
        "RETURN collect([id, pseudo, level, sort, place]) AS coded } "
    )


def _coded(reading: Reading, query: str, level: str | None, limit: int) -> list[str]:
    """Ids of what bears the code ``query``, as codes are compared."""
    if query in reading.coded:
        return _in_order(reading, reading.coded[query], level, limit)
    rows = reading.codes(
        f"CALL () {{ {_BEARING} }} {_standing(reading.past)} WITH * WHERE $level IS NULL OR level = $level "
        "RETURN id ORDER BY pseudo, rank, sort, place LIMIT $limit",
        q=query,
        levels=list(levels := reading.about.settings.levels),
        unit_rank=unit_rank(levels),
        level=level,
        limit=limit,
    )
    return list(dict.fromkeys(row[0] for row in rows))


def _in_order(reading: Reading, rows: list[list[Any]], level: str | None, limit: int) -> list[str]:
    """Ids of what :func:`bearing` gave, in the order of hits."""
    reading.refuse_odd(cell for id, _, at, *_ in rows for cell in (id, at))
    levels = reading.about.settings.levels
    ranks, last = ranks_of(levels), float(len(levels))
    kept = [row for row in rows if level is None or row[2] == level]
    kept.sort(key=lambda row: (bool(row[1]), ranks.get(row[2], last), row[3], row[4]))
    return list(dict.fromkeys(row[0] for row in kept[:limit]))


def _standing(past: bool) -> str:
    """Clauses that find the place or unit of ``id`` and say where it stands in the order of hits."""
    rank = "coalesce([i IN range(0, size($levels) - 1) WHERE $levels[i] = x.level][0], size($levels))"
    seen = state("n", past=past)
    return (
        f"CALL (id) {{ MATCH (n:Region {{network: $network, code: id}}) {seen}"
        f"RETURN coalesce(x.pseudo, false) AS pseudo, x.level AS level, {rank} AS rank, 0 AS sort, x.position AS place "
        f"UNION ALL MATCH (n:Unit {{network: $network, id: id}}) {seen}"
        "RETURN false AS pseudo, 'unit' AS level, $unit_rank AS rank, 1 AS sort, x.position AS place }"
    )


def _parameters(query: str) -> dict[str, Any]:
    """Everything that the steps' statements may ask for; the words are never part of a statement."""
    han = HAN.findall(query)
    characters = list(dict.fromkeys("".join(han)))[:_CHARACTERS]
    letters = re.sub(r"[\W_]", "", query)[:_CHARACTERS]
    either = characters or ([f"{letters}~{SLIPS}", f"{letters[:BEGUN]}*"] if letters else [])
    return {
        "q": query,
        "anywhere": not query.isascii() or len(query) > 2,
        "phrases": f"{KEY}:(" + " AND ".join(f'"{run}"' for run in han) + ")",
        "all_of": f"{KEY}:(" + " AND ".join(characters) + ")",
        "characters": characters,
        "begun": letters[:BEGUN],
        "one_of": f"{KEY}:(" + " OR ".join(either) + ")",
        "in_order": "(?s).*" + ".*".join(rf"\Q{c}\E" for c in query) + ".*",
        "first": query[0],
        "begin": similar_codes_begin(query),
    }


def _matching(query: str) -> list[str]:
    """Candidates that are the words, begin with them, or hold them."""
    quality = _QUALITY.format(KEY)
    named = _FOUND.format(id=_ID, how=_HOW, quality=quality)
    if HAN.search(query):
        branches = [f"{_full_text('$phrases')} WHERE {_KNOWN} {named}"]
    elif query.isascii() and len(query) <= 2:
        branches = [_labelled(label, f"x.{KEY} STARTS WITH $q", named) for label in SEARCHED_LABELS]
    else:
        branches = [_labelled(label, f"x.{KEY} CONTAINS $q", named) for label in SEARCHED_LABELS]
    initials = _FOUND.format(id="x.id", how=_RANK["initials"], quality=_PREFIX)
    branches.append(_labelled("Name", f"x.{INITIALS} STARTS WITH $q", initials))
    for table in ("regions", "units"):
        label, column = SHAPES[table].label, SPELLED[table][0]
        branches += _codes(label, column, f"x.{column}", _RANK["code"])
    for column, other in (("old", "new"), ("new", "old")):
        branches += _codes("Succession", column, f"x.{other}", _RANK["succession"])
    return branches


def _codes(label: str, column: str, id: str, how: int) -> list[str]:
    """By a code as it is written, where that is how it is compared, and by how it is compared, where that differs."""
    made = []
    for name, more in ((column, f" AND x.{spelling(column)} IS NULL"), (spelling(column), "")):
        quality = f"CASE WHEN x.{name} = $q THEN {_EXACT} ELSE {_PREFIX} END"
        found = _FOUND.format(id=id, how=how, quality=quality)
        made.append(_labelled(label, f"x.{name} STARTS WITH $q{more}", found))
    return made


def _abbreviated(query: str) -> list[str]:
    """Candidates in whose name the characters stand in this order."""
    if query.isascii() or len(query) < 2:
        return []
    ordered = f"x.{KEY} =~ $in_order AND (NOT x:Name OR x.kind IN ['full', 'short', 'former'])"
    named = _FOUND.format(id=_ID, how=_HOW, quality=_PART)
    if HAN.search(query):
        return [f"{_full_text('$all_of')} WHERE {_KNOWN} AND {ordered} {named}"]
    return [_labelled(label, f"x.{KEY} CONTAINS $first AND {ordered}", named) for label in SEARCHED_LABELS]


def _changed(branches: list[str]) -> list[str]:
    """Places and units that are called or written otherwise by now, which no index of names finds."""
    key = f"CASE WHEN x.{KEY} =~ $in_order THEN {_PART} END"
    quality = key if any("$in_order" in branch for branch in branches) else _QUALITY.format(KEY)
    made = [_THEN + _FOUND.format(id=_THEN_CODE, how=_RANK["name"], quality=quality)]
    if quality != key:
        begun = f"CASE WHEN {_THEN_SPELLED} = $q THEN {_EXACT} WHEN {_THEN_SPELLED} STARTS WITH $q THEN {_PREFIX} END"
        made.append(_THEN + _FOUND.format(id=_THEN_CODE, how=_RANK["code"], quality=begun))
    return made


def _similar(reading: Reading, query: str, level: str | None) -> list[str]:
    """Ids of names that share characters with the words, or are spelled nearly so."""
    parameters = _parameters(query)
    found = "RETURN {0} AS id, {1} AS score"
    branches = [
        _labelled(label, f"x.{name} STARTS WITH $begin", found.format(id, f"1000.0 - size(x.{name})"))
        for label, column, id in (
            ("Region", "code", "x.code"),
            ("Unit", "id", "x.id"),
            ("Succession", "old", "x.new"),
            ("Succession", "new", "x.old"),
        )
        for name in (column, spelling(column))
    ]
    if parameters["one_of"] != f"{KEY}:()":
        branches.append(f"{_full_text('$one_of')}, score WHERE {_KNOWN} {found.format(_ID, 'score')}")
    if reading.past:
        branches += _similar_then(found)
    rows = reading.codes(
        f"CALL () {{ {' UNION ALL '.join(branches)} }} WITH id, max(score) AS score "
        f"{_standing(reading.past)} WITH * WHERE ($level IS NULL OR level = $level) AND NOT pseudo "
        "RETURN id ORDER BY score DESC, rank, sort, place LIMIT $limit",
        levels=list(reading.about.settings.levels),
        unit_rank=unit_rank(reading.about.settings.levels),
        level=level,
        limit=NEAR,
        **parameters,
    )
    return list(dict.fromkeys(row[0] for row in rows))


def _similar_then(found: str) -> list[str]:
    """The same of places and units that are called or written otherwise by now."""
    length = f"abs(size(x.{KEY}) - size($q)) <= {SLIPS}"
    spelled = f"size($characters) = 0 AND (x.{KEY} STARTS WITH $begun OR {length})"
    near = f"{_THEN}AND (any(c IN $characters WHERE x.{KEY} CONTAINS c) OR ({spelled})) "
    begun = f"{_THEN}AND {_THEN_SPELLED} STARTS WITH $begin "
    return [
        near + found.format(_THEN_CODE, "1.0"),
        begun + found.format(_THEN_CODE, f"1000.0 - size({_THEN_CODE})"),
    ]


def _full_text(words: str) -> str:
    return f"CALL db.index.fulltext.queryNodes('{NAMES}', {words}) YIELD node AS x"


def _labelled(label: str, condition: str, found: str) -> str:
    return f"MATCH (x:{label}) WHERE {_KNOWN} AND {condition} {found}"

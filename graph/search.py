"""Search: which place or unit the words of a question mean.

Chinese names (two characters are enough), codes, pinyin, initials, former names, codes after a merger.
Pinyin comes from the stored table ``names``: official spellings and polyphones are settled there, once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

from graph.held import HeldTables
from graph.network import Network

How = Literal["code", "name", "short", "former", "english", "pinyin", "initials", "succession", "similar"]

HOWS: tuple[How, ...] = ("code", "name", "short", "former", "english", "pinyin", "initials", "succession")
"""Sorts of names, the most telling first."""
_EXACT, _PREFIX, _PART = 0, 1, 2
HAN = re.compile(r"[\u4e00-\u9fff]+")
"""Chinese characters."""
SLIPS, BEGUN = 2, 3
"""How far a similar name may be: so many slips of typing, or the same first letters."""
_IGNORED = r"[\s'’·\-_]"


@dataclass(frozen=True)
class Hit:
    """A place or unit that answers to a search.

    Parameters
    ----------
    id : str
        Region code or unit id.
    name : str
        Its name.
    level : str
        Level of a region; ``unit`` for a unit.
    matched : str
        What matched, as stored.
    how : str
        Which sort of name matched.
    quality : int
        How well it matches, as a number: 0 exact, 1 beginning, 2 part, 3 similar.
    above : tuple of str
        Names of the places above it (for a unit: its home), the widest first; pseudo levels are skipped.
    rank : float
        Number of its level, 0 the widest.
    """

    id: str
    name: str
    level: str
    matched: str
    how: How
    quality: int
    above: tuple[str, ...] = ()
    rank: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self)


_LEFT_OUT = dict.fromkeys(map(ord, "'’·-_"))


def plain(text: str) -> str:
    """A name as it is compared: small letters; no tones, blanks, hyphens, apostrophes; ``ü`` is ``v``."""
    small = (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold().replace("u:", "v")
    if not small.isascii():  # codes and spelled names mostly are
        marks = {"ü": "v", "ǖ": "v", "ǘ": "v", "ǚ": "v", "ǜ": "v"}
        small = "".join(marks.get(c, c) for c in small)
        small = "".join(c for c in unicodedata.normalize("NFD", small) if not unicodedata.combining(c))
    return "".join(small.split()).translate(_LEFT_OUT).replace("u:", "v")


def find(network: Network, text: str, *, on: str | None = None, limit: int = 20) -> list[Hit]:
    """Places and units that ``text`` may mean, the likeliest first.

    A whole code means what bears it and nothing else. Else exact names come before beginnings, beginnings before parts;
    inside each, wider levels come first and pseudo levels last. Several hits mean that the words are ambiguous. Where nothing matches,
    similar names come back with ``how == "similar"`` ("did you mean").

    Parameters
    ----------
    network : Network
        Needs ``regions``; uses ``units``, ``names`` and ``region_successions`` where they are there.
    text : str
        What the user typed.
    on : str, optional
        Keep only hits at this level (``unit`` for units).
    limit : int
        At most so many hits.
    """
    query = plain(text)
    if not query:
        return []
    coded = _coded(network, query)
    if coded := [hit for hit in coded if on is None or hit.level == on]:
        return coded[:limit]
    entries = _entries(network)
    matched = _matching(entries, query)
    if matched.is_empty():
        matched = _abbreviated(entries, query)
    if on is not None:
        matched = matched.filter(pl.col("level") == on)
    ordered = matched.sort("pseudo", "quality", "rank", "how_rank", "order", maintain_order=True)
    best = ordered.unique("id", keep="first", maintain_order=True)
    rows = best.head(limit)
    if rows.is_empty():
        rows = _similar(
            entries if on is None else entries.filter(pl.col("level") == on), query, min(limit, 5)
        )
    return [_hit(network, row) for row in rows.iter_rows(named=True)]


def _coded(network: Network, query: str) -> list[Hit]:
    """What bears a code that is compared as ``query`` is: one hit, or several that are written otherwise."""
    found = [
        (row["code"], row["name"], row["level"], row["pseudo"])
        for row in network.where("regions", "code", _written(network, "regions", "code", query))
    ]
    units = network.where("units", "id", _written(network, "units", "id", query))
    found += [(row["id"], row["name"], "unit", False) for row in units]
    levels = network.settings.levels
    ranks, last = ranks_of(levels), float(len(levels))
    made = [
        (
            bool(pseudo),
            Hit(
                id,
                name or id,
                level,
                id,
                "code",
                _EXACT,
                places_above(network, id),
                ranks.get(level, last),
            ),
        )
        for id, name, level, pseudo in found
    ]
    return [hit for _, hit in sorted(made, key=lambda pair: (pair[0], pair[1].rank))]


def _written(network: Network, table: str, column: str, query: str) -> list[str]:
    """Codes of a column that are compared as ``query`` is."""
    if isinstance(network.frames, HeldTables):
        return [code for code in network.lists(table, column)[0] if plain(code) == query]
    codes = network.frame(table)
    return codes.filter(key_of(column) == query)[column].to_list()


def ranks_of(levels: Sequence[str]) -> dict[str, float]:
    """Level → where it stands, 0 the widest; ``unit`` among them."""
    return {level: float(i) for i, level in enumerate(levels)} | {"unit": unit_rank(levels)}


def unit_rank(levels: Sequence[str]) -> float:
    """Where units stand among levels: between the second and the third from below."""
    return max(0.0, len(levels) - 2.5)


def is_sure(hits: list[Hit]) -> bool:
    """Whether the first hit is the one that is meant: no other matches as well at a level as wide."""
    if not hits or hits[0].how == "similar":
        return False
    return len(hits) == 1 or (hits[0].quality, hits[0].rank) < (hits[1].quality, hits[1].rank)


def spoken(network: Network, ids: list[str]) -> dict[str, str]:
    """English name, else the pinyin listed first, of those ``ids`` that have one."""
    return {id: network.sounds[id] for id in ids if id in network.sounds}


def _entries(network: Network) -> pl.DataFrame:
    """Everything that can be searched: id, text, how, level, rank, pseudo, order; one row per name."""
    levels = network.settings.levels
    regions, units = network.frame("regions").lazy(), network.frame("units").lazy()
    places = regions.select(pl.col("code").alias("id"), "name", "level", "pseudo")
    known = pl.concat(
        [places, units.select("id", "name", pl.lit("unit").alias("level"), pl.lit(False).alias("pseudo"))]
    )
    ranks = ranks_of(levels)
    known = known.with_row_index("order").with_columns(
        pl.col("level")
        .replace_strict(ranks, default=float(len(levels)), return_dtype=pl.Float64)
        .alias("rank"),
        pl.col("pseudo").fill_null(False),
    )
    texts = pl.concat(
        [
            known.select("id", pl.col("id").alias("text"), pl.lit("code").alias("how")),
            known.select("id", pl.col("name").alias("text"), pl.lit("name").alias("how")),
            *_stored(network.frame("names").lazy()),
            *_succeeding(network.frame("region_successions").lazy()),
        ]
    )
    how_rank = pl.col("how").replace_strict({h: i for i, h in enumerate(HOWS)}, return_dtype=pl.Int64)
    return (
        texts.drop_nulls("text")
        .join(known, on="id", maintain_order="left")
        .with_columns(how_rank.alias("how_rank"), key_of("text").alias("key"))
        .collect()
    )


def _stored(names: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Rows of table ``names``; pinyin answers by its syllables joined and by their initials."""
    how = pl.col("kind").replace({"full": "name"}).alias("how")
    spoken_names = names.filter(pl.col("kind") == "pinyin")
    return [
        names.select("id", pl.col("name").alias("text"), how),
        spoken_names.select("id", initials_of("name").alias("text"), pl.lit("initials").alias("how")),
    ]


def _succeeding(successions: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Both codes of a merger, split or renaming answer for whichever of them is listed."""
    how = pl.lit("succession").alias("how")
    return [
        successions.select(pl.col("old").alias("id"), pl.col("new").alias("text"), how),
        successions.select(pl.col("new").alias("id"), pl.col("old").alias("text"), how),
    ]


def key_of(column: str) -> pl.Expr:
    """Column-wise :func:`plain`."""
    small = pl.col(column).str.normalize("NFKC").str.to_lowercase().str.replace_all("ß", "ss", literal=True)
    bare = small.str.replace_all("u:", "v", literal=True).str.replace_all("[üǖǘǚǜ]", "v").str.normalize("NFD")
    kept = bare.str.replace_all(r"\p{M}", "").str.replace_all(_IGNORED, "")
    return kept.str.replace_all("u:", "v", literal=True)


def initials_of(column: str) -> pl.Expr:
    """First letters of the syllables of pinyin."""
    return pl.col(column).str.split(" ").list.eval(pl.element().str.slice(0, 1)).list.join("")


def _matching(entries: pl.DataFrame, query: str) -> pl.DataFrame:
    """The entries that match, with ``quality``.

    Initials never count as exact, codes only from their beginning, and two Latin letters inside a longer
    spelling are chance.
    """
    key, how = pl.col("key"), pl.col("how")
    anywhere = ~how.is_in(["code", "initials", "succession"]) & (not query.isascii() or len(query) > 2)
    quality = (
        pl.when((key == query) & (how != "initials"))
        .then(_EXACT)
        .when(key.str.starts_with(query))
        .then(_PREFIX)
        .when(anywhere & key.str.contains(query, literal=True))
        .then(_PART)
    )
    return entries.with_columns(quality.alias("quality")).drop_nulls("quality")


def _abbreviated(entries: pl.DataFrame, query: str) -> pl.DataFrame:
    """Chinese abbreviations: names in which the characters stand in this order (农大, 中国农业大学)."""
    if query.isascii() or len(query) < 2:
        return entries.clear().with_columns(pl.lit(_PART).alias("quality"))
    pattern = ".*".join(re.escape(character) for character in query)
    named = pl.col("how").is_in(["name", "short", "former"])
    return entries.filter(named & pl.col("key").str.contains(pattern)).with_columns(
        pl.lit(_PART).alias("quality")
    )


def similar_codes_begin(query: str) -> str:
    """How a code begins that is similar to ``query``: all but the last two characters, two at least."""
    return query[: max(2, len(query) - 2)]


def _similar(entries: pl.DataFrame, query: str, limit: int) -> pl.DataFrame:
    """The nearest names by edit distance, for "did you mean"."""
    from rapidfuzz import fuzz, process

    code = pl.col("how").is_in(["code", "succession"])
    begun = pl.col("key").str.starts_with(
        similar_codes_begin(query)
    )  # else it is the code of quite another place
    offered = entries.filter(~pl.col("pseudo") & (pl.col("how") != "initials") & (~code | begun))
    offered = offered.filter(code | _spelled_nearly(offered["key"], query))
    near = process.extract(
        query, offered["key"].to_list(), scorer=fuzz.ratio, limit=limit * 3, score_cutoff=60
    )
    rows = offered[[index for _, _, index in near]] if near else offered.clear()
    unique = rows.unique("id", keep="first", maintain_order=True).head(limit)
    return unique.with_columns(pl.lit(3).alias("quality"), pl.lit("similar").alias("how"))


def _spelled_nearly(keys: pl.Series, query: str) -> pl.Series:
    """Names worth a comparison: with a Chinese character in common; without any, two slips away, or begun alike."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    shared = HAN.findall(query)
    if shared:
        return keys.str.contains_any(list("".join(shared)))
    slips = process.cdist([query], keys.to_list(), scorer=OSA.distance, score_cutoff=SLIPS)[0]
    return keys.str.starts_with(query[:BEGUN]) | pl.Series(slips <= SLIPS, dtype=pl.Boolean)


def _hit(network: Network, row: dict[str, Any]) -> Hit:
    name, above = row["name"] or row["id"], places_above(network, row["id"])
    return Hit(row["id"], name, row["level"], row["text"], row["how"], row["quality"], above, row["rank"])


def places_above(network: Network, code: str) -> tuple[str, ...]:
    """Names above a region, the widest first, without pseudo levels; for a unit its home and above."""
    codes = network.ancestors(code)
    if code not in network.parents and (home := network.homes.get(code)) is not None:
        codes = [home, *network.ancestors(home)]
    return tuple(network.label(c) for c in reversed(codes) if c not in network.pseudo)

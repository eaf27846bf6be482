"""Other names of regions and units: short, former, English, pinyin."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from pypinyin import Style, lazy_pinyin

from scenarios.build.ethnic import without_groups
from scenarios.build.spelling import ALSO_ENGLISH, CHARACTERS, ENGLISH, FORMER, POLYPHONES
from scenarios.build.tables import from_rows, read_source

Row = dict[str, object]

PROVINCES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "省", "市")
SUFFIXES = ("自治州", "自治县", "自治旗", "行政委员会", "地区", "林区", "特区", "市", "盟", "县", "区", "旗")
VOWELS = tuple("aoe")
PREFECTURE_WORD = {"自治州": "州", "自治县": "县", "自治旗": "旗"}


def short_names(name: str, level: str) -> list[str]:
    """Short forms of a region's name, the shortest first: 怒江, 怒江州; 内蒙古; 行唐.

    A name whose short form would be one character (蔚县) has none.
    """
    if level == "province":
        suffix = next(s for s in PROVINCES if name.endswith(s))
        return [name.removesuffix(suffix)]
    suffix = next((s for s in SUFFIXES if name.endswith(s)), "")
    stem = name.removesuffix(suffix)
    if suffix in PREFECTURE_WORD:
        stem = without_groups(stem)
        found = [stem, stem + PREFECTURE_WORD[suffix]]
    else:
        found = [stem]
    return [s for s in found if len(s) > 1 and s != name]


def syllables(name: str) -> str:
    """Pinyin without tones, a space between syllables; polyphones of place names as they are read there."""
    for begin, read in POLYPHONES.items():
        if name.startswith(begin):
            return " ".join([read, *_read(name[len(begin) :])])
    return " ".join(_read(name))


def _read(name: str) -> list[str]:
    found = lazy_pinyin(name, style=Style.NORMAL, v_to_u=False)
    if len(found) != len(name):  # letters and figures stay together
        return list(found)
    return [CHARACTERS.get(sign, read) for sign, read in zip(name, found, strict=True)]


def joined(pinyin: str) -> str:
    """One capitalised word as on official maps: "Xi'an" where a syllable begins with a vowel."""
    first, *rest = pinyin.split()
    return (first + "".join(f"'{s}" if s.startswith(VOWELS) else s for s in rest)).capitalize()


def of_region(code: str, name: str, level: str) -> Iterator[Row]:
    """Rows of one region."""
    short = short_names(name, level)
    for other in short:
        yield {"id": code, "name": other, "kind": "short", "source": "derived from the full name"}
    for spelled in dict.fromkeys([syllables(name), *(syllables(s) for s in short[:1])]):
        yield {
            "id": code,
            "name": spelled,
            "kind": "pinyin",
            "source": "pypinyin; place-name readings of spelling.py",
        }
    official = (
        [ENGLISH[code], *ALSO_ENGLISH.get(code, ())] if code in ENGLISH else list(ALSO_ENGLISH.get(code, ()))
    )
    for other in official:
        yield {
            "id": code,
            "name": other,
            "kind": "english",
            "source": "official spelling",
            "mark": "recalled",
        }
    if not official and level != "county":
        stem = short[0] if short else name
        yield {"id": code, "name": joined(syllables(stem)), "kind": "english", "source": "joined pinyin"}
    for other in FORMER.get(code, ()):
        yield {"id": code, "name": other, "kind": "former", "source": "spelling.py", "mark": "recalled"}


def of_unit(unit: str, name: str) -> Iterator[Row]:
    """Pinyin of a unit's name."""
    yield {"id": unit, "name": syllables(name), "kind": "pinyin", "source": "pypinyin"}


def names(regions: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """All other names; a name that repeats the full one or another row is left out."""
    rows: list[Row] = []
    for code, name, level in regions.filter(~pl.col("pseudo")).select("code", "name", "level").iter_rows():
        rows.extend(row for row in of_region(code, name, level) if row["name"] != name)
    former = read_source("poor_counties").filter(pl.col("name") != pl.col("name_2014"))
    rows += [
        {"id": code, "name": name, "kind": "former", "source": "poor_counties.csv (name in the list of 2014)"}
        for code, name in former.select("adcode", "name_2014").iter_rows()
    ]
    for unit, name in units.select("id", "name").iter_rows():
        rows.extend(of_unit(unit, name))
    return from_rows("names", rows).unique(["id", "name"], keep="first", maintain_order=True)

"""Codes of places: which scheme, codes of a later vintage, length, unknown codes."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import as_file, files

import polars as pl

from graph.findings import Finding
from graph.language import Text
from graph.network import RegionSettings
from graph.schema import TABLES
from graph.tables.rows import ROW, findings_where, with_rows
from graph.tables.suggest import NearestCode

LISTED_LEVELS = ("province", "prefecture", "county")
NEARLY = 0.9  # above this share of known codes the unknown ones are named

LENGTHS = {"province": (6,), "prefecture": (6,), "county": (6,), "township": (9, 12), "village": (12,)}


@dataclass(frozen=True)
class KnownCodes:
    """GB/T 2260 codes that ship with jiedui (vintage 2017-10).

    ``names`` maps code to name; ``olds`` maps a code of a later vintage to the codes it came from; ``news`` maps
    a retired code to its successors.
    """

    names: Mapping[str, str]
    olds: Mapping[str, tuple[str, ...]]
    news: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def has(self, code: str) -> bool:
        """Whether it is a code of ours or of a later vintage."""
        return code in self.names or code in self.olds


@lru_cache(maxsize=1)
def known_codes() -> KnownCodes:
    """The codes of the shipped scenario ``china-2016``; none where it is not installed."""
    regions = _shipped("regions", ["code", "name"])
    successions = _shipped("region_successions", ["old", "new"])
    if regions is None:
        return KnownCodes({}, {})
    six = regions.filter(pl.col("code").str.len_chars() == 6)
    names = dict(zip(six["code"].to_list(), six["name"].to_list(), strict=True))
    return KnownCodes(names, _olds(successions, names), _news(successions))


def retired_codes(successions: pl.DataFrame | None) -> dict[str, tuple[str, ...]]:
    """Retired code → its successors, by the network's ``region_successions`` and the shipped ones."""
    return {**known_codes().news, **_news(successions)}


def successors(code: str, here: Container[str], news: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What became of a retired code: the codes ``here`` that it was succeeded by, at however many removes."""
    found: list[str] = []
    seen, waiting = {code}, [code]
    while waiting:
        for new in news.get(waiting.pop(0), ()):
            if new not in seen:
                seen.add(new)
                (found if new in here else waiting).append(new)
    return tuple(found)


def settle_codes(
    frames: Mapping[str, pl.DataFrame], settings: RegionSettings, places: Mapping[str, str]
) -> tuple[dict[str, pl.DataFrame], RegionSettings, list[Finding]]:
    """Decide the code scheme, and map references of a later vintage to the region that is there.

    ``gb2260`` is taken where every province, prefecture and county code is a known one, else ``free``. A
    reference is mapped only where its own code is no region here and exactly one region here became it.
    """
    settled = dict(frames)
    notes: list[Finding] = []
    regions = frames.get("regions")
    if not settings.codes:
        scheme, notes = _detect(regions, places.get("regions"))
        settings = replace(settings, codes=scheme)
    if settings.codes == "gb2260" and regions is not None:
        olds = {**known_codes().olds, **_olds(frames.get("region_successions"), None)}
        here = set(regions["code"].drop_nulls().to_list())
        one = {new: [o for o in old if o in here] for new, old in olds.items() if new not in here}
        meant = {new: old[0] for new, old in one.items() if len(old) == 1}
        if meant:
            settled, mapped = _map_references(settled, meant, regions, places)
            notes += mapped
    return settled, settings, notes


def check_codes(
    frames: Mapping[str, pl.DataFrame], settings: RegionSettings, places: Mapping[str, str]
) -> list[Finding]:
    """In a ``gb2260`` scenario: codes of a wrong length, unknown codes, codes of a later vintage."""
    regions = frames.get("regions")
    if settings.codes != "gb2260" or regions is None:
        return []
    code, file = pl.col("code"), places.get("regions")
    length = code.str.len_chars()
    digits = code.str.contains(r"^\d+$")
    wrong = pl.lit(value=False)
    for level, lengths in LENGTHS.items():
        wrong = wrong | ((pl.col("level") == level) & ~(length.is_in(lengths) & digits))
    found = findings_where(
        regions,
        wrong,
        table="regions",
        column="code",
        code="code-length",
        file=file,
        shown=pl.struct("code", "level"),
        say=_wrong_length,
    )
    found = [replace(f, value=_code_of(f)) for f in found]
    known = known_codes()
    if known.names:
        listed = regions.filter(pl.col("level").is_in(LISTED_LEVELS) & digits & (length == 6))
        odd = listed.filter(~code.is_in(list(known.names)))
        near = NearestCode(known.names) if odd.height else None
        news = retired_codes(frames.get("region_successions")) if odd.height else {}
        for row, value in odd.select(ROW, "code").iter_rows():
            became = successors(str(value), known.names, news)
            found.append(_odd_code(int(row), str(value), known, near, file, became))
    return found


def _shipped(table: str, columns: list[str]) -> pl.DataFrame | None:
    try:
        folder = files("scenarios") / "china-2016" / "data"
        for form in ("csv", "parquet"):
            resource = folder / f"{table}.{form}"
            if resource.is_file():
                with as_file(resource) as path:
                    if form == "csv":
                        return pl.read_csv(path, infer_schema=False, columns=columns)
                    return pl.read_parquet(path, columns=columns)
    except (ModuleNotFoundError, OSError, pl.exceptions.PolarsError):
        return None
    return None


def _olds(successions: pl.DataFrame | None, names: Mapping[str, str] | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if successions is None:
        return found
    for old, new in successions.select("old", "new").drop_nulls().unique(maintain_order=True).iter_rows():
        if old != new and (names is None or new not in names):
            found[new] = (*found.get(new, ()), old)
    return found


def _news(successions: pl.DataFrame | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if successions is None:
        return found
    for old, new in successions.select("old", "new").drop_nulls().unique(maintain_order=True).iter_rows():
        found[old] = (*found.get(old, ()), new)
    return found


def _detect(regions: pl.DataFrame | None, file: str | None) -> tuple[str, list[Finding]]:
    if regions is None:
        return "free", []
    listed = regions.filter(pl.col("level").is_in(LISTED_LEVELS))["code"].drop_nulls().to_list()
    known = known_codes()
    unknown = [c for c in listed if not known.has(c)]
    scheme = "gb2260" if listed and not unknown else "free"
    what = Text(f"地区代码按 {scheme} 处理", f"codes of places are taken as {scheme}")
    mend = Text(
        "在 scenario.toml 的 [regions] codes 中可以指定",
        "the scenario may say so itself: [regions] codes in scenario.toml",
    )
    notes = [Finding("codes-scheme", "notice", "regions", None, "code", None, what, mend, file)]
    if unknown and known.names and len(unknown) < (1 - NEARLY) * len(listed):
        shown = "、".join(unknown[:20]) + ("……" if len(unknown) > 20 else "")
        listed_en = ", ".join(unknown[:20]) + (", …" if len(unknown) > 20 else "")
        what = Text(
            f"绝大多数是国标代码，但不认识这 {len(unknown)} 个：{shown}",
            f"nearly all are GB/T 2260 codes, but these {len(unknown)} are not known: {listed_en}",
        )
        mend = Text(
            "若有笔误请改正；否则全部按自由代码处理",
            "correct them if they are typing errors; until then all are free codes",
        )
        notes.append(
            Finding("codes-nearly-gb2260", "warning", "regions", None, "code", None, what, mend, file)
        )
    return scheme, notes


def _map_references(
    frames: dict[str, pl.DataFrame], meant: dict[str, str], regions: pl.DataFrame, places: Mapping[str, str]
) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    names = dict(zip(regions["code"].to_list(), regions["name"].to_list(), strict=True))
    notes: list[Finding] = []
    for table, frame in list(frames.items()):
        for column in TABLES[table].columns:
            if "regions.code" not in column.foreign or not frame[column.name].is_in(list(meant)).any():
                continue
            hits = with_rows(frame).filter(pl.col(column.name).is_in(list(meant)))
            frames[table] = frames[table].with_columns(pl.col(column.name).replace(meant))
            for new, row, n in (
                hits.group_by(column.name, maintain_order=True).agg(pl.col(ROW).first(), pl.len()).iter_rows()
            ):
                old = meant[new]
                what = Text(
                    f"{new} 是较新版本的代码，已对应到 {old} {names.get(old) or ''}（{n} 行）",
                    f"{new} is a code of a later vintage, taken as {old} {names.get(old) or ''} ({n} rows)",
                )
                mend = Text("区划沿革见 region_successions", "see region_successions")
                notes.append(
                    Finding(
                        "code-mapped", "notice", table, row, column.name, new, what, mend, places.get(table)
                    )
                )
    return frames, notes


def _wrong_length(shown: dict[str, str]) -> tuple[Text, Text]:
    lengths = LENGTHS[shown["level"]]
    zh, en = "或".join(map(str, lengths)), " or ".join(map(str, lengths))
    code = shown["code"] or ""
    return (
        Text(
            f"{shown['level']} 的代码应为 {zh} 位数字：{code}",
            f"the code of a {shown['level']} has {en} digits: {code}",
        ),
        Text(
            '补足位数；若不是国标代码，请设 [regions] codes = "free"',
            'write it in full; if it is no GB/T 2260 code, set [regions] codes = "free"',
        ),
    )


def say_successors(became: tuple[str, ...], names: Mapping[str, str]) -> Text:
    """How to mend a retired code."""
    shown = [f"{code} {names.get(code) or ''}".strip() for code in became]
    return Text(f"该代码已停用，现为 {'、'.join(shown)}", f"the code was retired; now {', '.join(shown)}")


def _code_of(finding: Finding) -> str:
    return finding.what.en.rsplit(": ", 1)[-1]


def _odd_code(
    row: int,
    code: str,
    known: KnownCodes,
    near: NearestCode | None,
    file: str | None,
    became: tuple[str, ...],
) -> Finding:
    if code in known.olds:
        olds = "、".join(f"{o} {known.names.get(o) or ''}".strip() for o in known.olds[code])
        what = Text(f"{code} 是较新版本的代码，前身为 {olds}", f"{code} is of a later vintage; it was {olds}")
        return Finding(
            "later-vintage",
            "notice",
            "regions",
            row,
            "code",
            code,
            what,
            Text("两个代码都能查到", "both codes answer"),
            file,
        )
    like = near(code) if near else None
    mend = Text('请改正，或设 [regions] codes = "free"', 'correct it, or set [regions] codes = "free"')
    if became:
        mend = say_successors(became, known.names)
    elif like:
        mend = Text(f"最接近的是：{like} {known.names[like]}", f"nearest known: {like} {known.names[like]}")
    what = Text(f"没有国标代码 {code}", f"no GB/T 2260 code {code}")
    return Finding("unknown-code", "error", "regions", row, "code", code, what, mend, file)

"""What `funds` may read, as frames: places, needs, who may pay for what, and the money there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from graph.dates import holding
from planner.verify.outcome import Resolved, Tables
from planner.verify.places import latest_facts

NAME = "funds"
MILLION = 1_000_000
HUGE = 2**50
LENDING = {
    "microcredit": "microcredit_programmes",
    "relending": "relending_programmes",
    "bond": "bond_programmes",
}


def millionths(share: Any) -> int:
    """A share in whole millionths."""
    return round(float(share or 0) * MILLION)


def part_down(share: Any, amount: int) -> int:
    """Share of an amount, rounded down to whole yuan."""
    return millionths(share) * amount // MILLION


def part_up(share: Any, amount: int) -> int:
    """Share of an amount, rounded up to whole yuan."""
    return -(-millionths(share) * amount // MILLION)


@dataclass(frozen=True)
class Scene:
    """Everything that the checks look at.

    Parameters
    ----------
    places : DataFrame
        ``region, province, poor, rank, deep, outside, pilot``.
    needs : DataFrame
        ``region, programme, year, amount, quantity, unit, unit_cost`` of the planned years.
    sources : DataFrame
        ``source, name, level, instrument, direction, programmes, poolable, shared``.
    money : DataFrame
        ``source, year, budget, carry``: yuan of the year and what of it may go to the next.
    reach : DataFrame
        ``source, region`` that a source may pay in at all.
    reasons : DataFrame
        ``source, region, programme`` and one Boolean per rule of eligibility: whether it lets them pass; ``allowed``.
    """

    resolved: Resolved
    years: list[int]
    places: pl.DataFrame
    needs: pl.DataFrame
    sources: pl.DataFrame
    money: pl.DataFrame
    reasons: pl.DataFrame

    def value(self, key: str) -> Any:
        """A policy value; ``None`` where the rule is off."""
        return self.resolved.value(NAME, key)

    @property
    def allowed(self) -> pl.DataFrame:
        """``source, region, programme`` that may be paid."""
        return self.reasons.filter("allowed").select("source", "region", "programme")


def read_scene(resolved: Resolved, tables: Tables) -> Scene:
    """Read it."""
    network = resolved.network
    years = _years(resolved)
    needs = network.frame("needs").filter(pl.col("year").is_in(years) & (pl.col("amount") > 0))
    needs = needs.select("region", "programme", "year", "amount", pl.col("quantity").fill_null(0), "unit",
                         pl.col("unit_cost").fill_null(0))  # fmt: skip
    counties = sorted(set(needs["region"].to_list()))
    lines = {c: (c, *network.ancestors(c)) for c in counties}
    sources = network.frame("fund_sources").select(
        "name", "level", "instrument", "direction", "owner_region", "programmes", "poolable", source="id"
    )
    shared = (
        (pl.col("level") == "central") & (pl.col("instrument") == "grant") & pl.col("owner_region").is_null()
    )
    sources = sources.with_columns(shared=shared)
    tags = _tags_on(resolved, lines)
    places = _places(resolved, tags, lines)
    return Scene(resolved, years, places, needs, sources, read_money(resolved, years),
                 _reasons(resolved, tables, sources, tags, lines, places, needs))  # fmt: skip


def _years(resolved: Resolved) -> list[int]:
    known = sorted(set(resolved.network.frame("fund_budgets")["year"].to_list()))
    wanted = resolved.value(NAME, "years")
    if wanted is not None:
        return [y for y in known if wanted[0] <= y <= wanted[1]]
    return [y for y in known if y > resolved.on.year][:5]


def _tags_on(resolved: Resolved, lines: dict[str, tuple[str, ...]]) -> dict[str, set[str]]:
    """Every tag of the day of planning → which of the counties and the places above them bear it."""
    rows = resolved.network.frame("region_tags").filter(holding(resolved.on)).select("region", "tag")
    found: dict[str, set[str]] = {tag: set() for tag in rows["tag"].unique().to_list()}
    places = sorted({place for line in lines.values() for place in line})
    for region, tag in rows.filter(pl.col("region").is_in(places)).iter_rows():
        found[tag].add(region)
    return found


def _bearers(tags: dict[str, set[str]], lines: dict[str, tuple[str, ...]], pattern: str) -> set[str]:
    """Counties that bear a tag (``x*``: any that begins with x), themselves or by a place above them."""
    named = [t for t in tags if (t.startswith(pattern[:-1]) if pattern.endswith("*") else t == pattern)]
    places: set[str] = set().union(*(tags[t] for t in named)) if named else set()
    return {c for c, line in lines.items() if any(p in places for p in line)}


def _places(resolved: Resolved, tags: dict[str, set[str]], lines: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    poor, incidence = latest_facts(resolved, "poor_population"), latest_facts(resolved, "poverty_incidence")
    worst = max((incidence[c] for c in lines if c in incidence), default=0.0)
    deep = _bearers(tags, lines, str(resolved.value(NAME, "deep_poverty_tag")))
    listed = _bearers(tags, lines, str(resolved.value(NAME, "county_tag")))
    pilot = _bearers(tags, lines, str(resolved.value(NAME, "pooling_tag")))
    rows = [
        (
            county,
            line[-1],
            int(poor.get(county, 0)),
            0.5 if worst <= 0 else (incidence[county] / worst if county in incidence else 0.5),
            county in deep,
            county not in listed,
            county in pilot,
        )
        for county, line in lines.items()
    ]
    schema = {"region": pl.String, "province": pl.String, "poor": pl.Int64, "rank": pl.Float64, "deep": pl.Boolean,
              "outside": pl.Boolean, "pilot": pl.Boolean}  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def read_money(resolved: Resolved, years: list[int]) -> pl.DataFrame:
    """``source, year, budget, carry``: yuan of the year and what of it may go to the next."""
    budgets = resolved.network.frame("fund_budgets")
    rows = []
    for source, year, amount, share in budgets.select(
        "source", "year", "amount", "carry_over_max"
    ).iter_rows():
        if year in years:
            goes_on = resolved.value(NAME, "carry_over") and year + 1 in years
            rows.append((source, year, amount, part_down(share, amount) if goes_on else 0))
    schema = {"source": pl.String, "year": pl.Int64, "budget": pl.Int64, "carry": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row").sort("source", "year")


def _reach(
    resolved: Resolved, tables: Tables, sources: pl.DataFrame, lines: dict[str, tuple[str, ...]]
) -> pl.DataFrame:
    partners = _partners(resolved, tables)
    below: dict[str, set[str]] = {}
    for county, line in lines.items():
        for place in line:
            below.setdefault(place, set()).add(county)
    rows: list[tuple[str, str]] = []
    for source, level, owner in sources.select("source", "level", "owner_region").iter_rows():
        held = partners.get(owner, set()) if level == "east_west" else {owner}
        here = set(lines) if owner is None else set().union(*(below.get(p, set()) for p in held))
        rows += [(source, c) for c in sorted(here)]
    return pl.DataFrame(rows, schema={"source": pl.String, "region": pl.String}, orient="row")


def _partners(resolved: Resolved, tables: Tables) -> dict[str, set[str]]:
    """Payer of east–west money → places it helps."""
    pairs = _held_pairs(resolved, tables, "pairing", ("east_west",))
    found: dict[str, set[str]] = {}
    for supporter, recipient in pairs:
        found.setdefault(supporter, set()).add(recipient)
    return found


def _held_pairs(
    resolved: Resolved, tables: Tables, decided_by: str, kinds: tuple[str, ...]
) -> list[tuple[str, str]]:
    """Supporter and recipient: as the stage ``decided_by`` planned them, else the relations in force."""
    pairs: list[tuple[str, str]] = []
    if "pairs" in tables:
        rows = tables["pairs"].select("stage", "supporter", "recipient").iter_rows()
        pairs = [(s, r) for stage, s, r in rows if stage == decided_by]
    if pairs:
        return pairs
    relations = resolved.network.frame("relations").select("kind", "supporter", "recipient", "since", "until")
    return [
        (s, r)
        for kind, s, r, since, until in relations.iter_rows()
        if kind in kinds
        and (since is None or since <= resolved.on)
        and (until is None or resolved.on < until)
    ]


def _listed(resolved: Resolved, key: str) -> dict[str, list[str]]:
    given = resolved.value(NAME, key) or []
    halves = [entry.split(">", 1) for entry in given]
    return {name.strip(): [x.strip() for x in names.split(";") if x.strip()] for name, names in halves}


def _reasons(
    resolved: Resolved,
    tables: Tables,
    sources: pl.DataFrame,
    tags: dict[str, set[str]],
    lines: dict[str, tuple[str, ...]],
    places: pl.DataFrame,
    needs: pl.DataFrame,
) -> pl.DataFrame:
    """Every source with every programme in every county it reaches, and which rule lets it pass."""
    programmes = sorted(set(needs["programme"].to_list()))
    kinds = _kinds(resolved, sources, programmes)
    grid = _reach(resolved, tables, sources, lines).join(kinds, on="source")
    bearers = [
        (direction, county)
        for direction, patterns in _listed(resolved, "direction_tags").items()
        for county in set().union(*(_bearers(tags, lines, p) for p in patterns))
    ]
    named = list(_listed(resolved, "direction_tags"))
    right = pl.DataFrame(bearers, schema={"direction": pl.String, "region": pl.String}, orient="row")
    right = right.unique().with_columns(bears=pl.lit(True))
    suits = [(p, c) for p in programmes for c in _bearers(tags, lines, f"suits:{p}")]
    tagged = [p for p in programmes if f"suits:{p}" in tags]
    fits = pl.DataFrame(
        suits, schema={"programme": pl.String, "region": pl.String}, orient="row"
    ).with_columns(fits=pl.lit(True))
    grid = grid.join(right, on=["direction", "region"], how="left").join(
        fits, on=["programme", "region"], how="left"
    )
    grid = grid.join(places.select("region", "pilot"), on="region")
    use_tags = ~pl.col("direction").is_in(named) | pl.col("bears").fill_null(False)
    use_suits = ~pl.col("programme").is_in(tagged) | pl.col("fits").fill_null(False)
    pooled = pl.col("pool") & pl.col("pilot")
    return grid.with_columns(
        earmarks=pl.col("earmarks") | pooled,
        direction_tags=use_tags if resolved.value(NAME, "direction_tags") else pl.lit(True),
        suitability=use_suits if resolved.value(NAME, "suitability") else pl.lit(True),
        designated_money=_unit_money(resolved, tables, sources),
        pooled=pooled & ~pl.col("earmarks"),
    ).with_columns(
        allowed=pl.all_horizontal(
            "earmarks", "direction_tags", "suitability", "designated_money", *LENDING.values()
        )
    )


def _unit_money(resolved: Resolved, tables: Tables, sources: pl.DataFrame) -> pl.Expr:
    """Whether a source is none of a unit's, or the county has a designated unit."""
    helped = {
        r for _, r in _held_pairs(resolved, tables, "designation", ("designated", "provincial_designated"))
    }
    if not resolved.value(NAME, "designated_money") or not helped:
        return pl.lit(True)
    of_units = sources.filter(pl.col("level") == "unit")["source"].to_list()
    return ~pl.col("source").is_in(of_units) | pl.col("region").is_in(sorted(helped))


def _kinds(resolved: Resolved, sources: pl.DataFrame, programmes: list[str]) -> pl.DataFrame:
    """Source and programme: what earmarks and instruments let pass, and whether the source may be pooled."""
    directions = _listed(resolved, "direction_programmes")
    rows = []
    for row in sources.iter_rows(named=True):
        own = row["programmes"].split(";") if row["programmes"] else programmes
        grant = row["instrument"] == "grant"
        way = directions.get(row["direction"], programmes) if grant else programmes
        for p in programmes:
            marks = {
                key: p in resolved.value(NAME, key)
                if row["instrument"] == kind and resolved.value(NAME, key) is not None
                else True
                for kind, key in LENDING.items()
            }
            earmarked = (p in own and p in way) or not resolved.value(NAME, "earmarks")
            pool = bool(resolved.value(NAME, "pooling") and row["poolable"] and grant)
            rows.append({"source": row["source"], "programme": p, "direction": row["direction"] or "",
                         "earmarks": earmarked, "pool": pool, **marks})  # fmt: skip
    schema = {"source": pl.String, "programme": pl.String, "direction": pl.String, "earmarks": pl.Boolean,
              "pool": pl.Boolean, **dict.fromkeys(LENDING.values(), pl.Boolean)}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)

"""The invented country of ``scenarios/teachers``: every place, college, teacher and sum is drawn, none is real.

Four states have a city each and 15 remote districts between them, with four schools a district. Colleges train the
teachers; a ministry, the cities and a foundation pay.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from scenarios.build.tables import conform, from_rows, write_csv
from scenarios.generate.shares import generator

SEED = 8  # of the whole invention
HOME = Path(__file__).resolve().parent.parent / "teachers"
FIRST_DAY = date(2031, 9, 1)  # the school year that is planned begins
SCHOOLS, TEACHERS = 4, 200  # schools of a district; teachers who may be posted
YEARS = (2032, 2033)
PROGRAMMES = {"teacher_housing": 60_000, "textbooks": 300, "travel": 4_000}  # invented: what one costs

STATES = {  # state → its name in Chinese, its city, its districts, seat, the language spoken there besides Common
    "Alden": ("阿尔登", "Aldenport", ("Brack", "Corrie", "Dunmoor"), (10.0, 50.0), None),
    "Bero": ("贝罗", "Berovar", ("Estrel", "Farrow", "Gants", "Hollin"), (14.0, 51.0), "varo"),
    "Kasta": ("卡斯塔", "Kastamere", ("Ister", "Jorun", "Kelm", "Lorne"), (13.0, 47.0), "kest"),
    "Dorin": ("多林", "Dorinsford", ("Morrow", "Nessel", "Orrin", "Pell"), (17.0, 49.0), "kest"),
}
COLLEGES = {
    "Aldenport Teachers' College": ("Aldenport", 4, 0.9, "mathematics;science"),
    "Berovar Normal School": ("Berovar", 4, 0.6, "reading"),
    "Kastamere Institute": ("Kastamere", 4, 0.7, "reading;mathematics"),
    "Dorinsford College": ("Dorinsford", 3, 0.5, "science"),
    "Open College of the South": ("Kastamere", 3, 0.4, "reading"),
    "Academy of Sciences": ("Aldenport", 2, 0.8, "science;mathematics"),
}
POSTS = (  # post, role, skill, minimum, target, tier
    ("head", "head_teacher", "general", 1, 1, 1),
    ("mathematics", "teacher", "mathematics", 1, 1, 2),
    ("reading", "teacher", "reading", 0, 1, 2),
)


def regions() -> pl.DataFrame:
    """States, their city and districts, and the schools of districts, at drawn points."""
    draw, rows = generator(SEED, "regions"), []
    for number, (state, (_, city, districts, (lon, lat), _)) in enumerate(STATES.items(), 1):
        top = f"S{number}"
        rows.append({"code": top, "name": state, "level": "state", "lon": lon, "lat": lat})
        for place, name in enumerate((city, *districts)):
            x, y = draw.uniform(-1.4, 1.4, 2) if place else (0.0, 0.0)
            code = f"{top}-{place:02}"
            at = {"lon": round(lon + x, 3), "lat": round(lat + y, 3)}
            rows.append({"code": code, "name": name, "level": "district", "parent": top, **at})
            for school in range(1, SCHOOLS + 1 if place else 1):
                x, y = draw.uniform(-0.3, 0.3, 2)
                at_school = {"lon": round(at["lon"] + x, 3), "lat": round(at["lat"] + y, 3)}
                named = {"code": f"{code}-{school}", "name": f"{name} School {school}"}
                rows.append({**named, "level": "school", "parent": code, **at_school})
    return invented("regions", rows)


def names(places: pl.DataFrame) -> pl.DataFrame:
    """What the states are called in Chinese."""
    code = dict(places.select("name", "code").iter_rows())
    return invented("names", [{"id": code[s], "name": zh, "kind": "full"} for s, (zh, *_) in STATES.items()])


def region_tags(places: pl.DataFrame) -> pl.DataFrame:
    """Cities lend, districts are remote, some speak a language of their own; the farthest come first."""
    rows = []
    spoken = {f"S{n}": language for n, (*_, language) in enumerate(STATES.values(), 1)}
    for code, parent in districts(places).select("code", "parent").iter_rows():
        city = code.endswith("-00")
        rows.append({"region": code, "tag": "lender" if city else "remote"})
        if not city and spoken[parent]:
            rows.append({"region": code, "tag": f"language:{spoken[parent]}"})
        if code.endswith(("-03", "-04")):
            rows.append({"region": code, "tag": "hard_to_reach"})
    return invented("region_tags", rows)


def region_facts(places: pl.DataFrame) -> pl.DataFrame:
    """Pupils without a teacher, all pupils, and what cities raise."""
    draw, rows = generator(SEED, "region_facts"), []
    for code in districts(places)["code"]:
        pupils = int(draw.integers(1_500, 6_000))
        if code.endswith("-00"):
            rows.append(fact(code, "fiscal_revenue", int(draw.integers(40, 120)) * 1_000_000))
            continue
        share = float(draw.integers(5, 31)) / 100
        rows.append(fact(code, "rural_population", pupils))
        rows.append(fact(code, "poverty_incidence", share))
        rows.append(fact(code, "poor_population", round(pupils * share)))
    return invented("region_facts", rows)


def units(places: pl.DataFrame) -> pl.DataFrame:
    """Six teachers' colleges."""
    code = dict(places.select("name", "code").iter_rows())
    return invented("units", [
        {"id": f"c{n}", "name": name, "kind": "college", "home_region": code[city], "capacity": most, "strength": strength,
         "profile": profile}
        for n, (name, (city, most, strength, profile)) in enumerate(COLLEGES.items(), 1)
    ])  # fmt: skip


def relations() -> pl.DataFrame:
    """Five districts that a city has taken on already, and four that a college has."""
    held = (
        ("S1-00", "S1-01"),
        ("S1-00", "S2-01"),
        ("S2-00", "S2-02"),
        ("S3-00", "S3-01"),
        ("S4-00", "S4-04"),
    )
    taught = (("c1", "S1-02"), ("c2", "S2-03"), ("c3", "S3-04"), ("c4", "S4-01"))
    rows = [
        {"id": f"{kind[0]}:{s}:{r}", "kind": kind, "supporter": s, "recipient": r, "since": date(2029, 9, 1)}
        for kind, pairs in (("east_west", held), ("designated", taught))
        for s, r in pairs
    ]
    return invented("relations", rows)


def village_posts(places: pl.DataFrame) -> pl.DataFrame:
    """A head, a teacher of mathematics and one of reading for every school."""
    columns = ("post", "role", "skill", "minimum", "target", "tier")
    return invented("village_posts", [
        {"village": school, **dict(zip(columns, post, strict=True))}
        for school in places.filter(level="school")["code"] for post in POSTS
    ])  # fmt: skip


def cadres() -> pl.DataFrame:
    """Teachers of the colleges: skill, languages and whether they may head a school are drawn."""
    draw, rows = generator(SEED, "cadres"), []
    colleges = units(regions())
    homes = colleges["home_region"].to_list()
    for number in range(TEACHERS):
        college = int(draw.integers(len(homes)))
        skill = ("mathematics", "reading", "science", "general")[int(draw.integers(4))]
        speaks = draw.random(2) < (0.25, 0.3)
        heads = draw.random() < 0.4
        rows.append({
            "id": f"t{number:03}", "unit": f"c{college + 1}", "home_region": homes[college], "skill": skill,
            "roles": "head_teacher;teacher" if heads else "teacher",
            "languages": ";".join(w for w, known in zip(("varo", "kest"), speaks, strict=True) if known) or None,
            "seniority_years": int(draw.integers(1, 30)),
        })  # fmt: skip
    return invented("cadres", rows)


def postings(places: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Every second school has a head since the year before: it is in the first of its two years."""
    heads = people.filter(pl.col("roles").str.contains("head_teacher"))["id"].to_list()
    schools = places.filter(level="school")["code"].to_list()[::2]
    return invented("postings", [
        {"cadre": head, "village": school, "post": "head", "role": "head_teacher", "since": date(2030, 9, 1)}
        for head, school in zip(heads, schools, strict=False)
    ])  # fmt: skip


def money(places: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """What districts need of three programmes, and what a ministry, four cities and a foundation have for it."""
    draw, needs = generator(SEED, "needs"), []
    for code in districts(places)["code"]:
        for year in YEARS if not code.endswith("-00") else ():
            for programme, price in PROGRAMMES.items():
                count = int(draw.integers(2, 9)) * (100 if programme == "textbooks" else 1)
                needs.append({"region": code, "year": year, "programme": programme, "amount": count * price})
    sources: list[tuple[str, str, str, str | None, str | None]]
    sources = [("ministry", "Ministry of Schools", "central", None, None),
               ("foundation", "Open Book Foundation", "social", None, "textbooks")]  # fmt: skip
    sources += [
        (f"city_{n}", f"{city} Schools Fund", "east_west", f"S{n}-00", "teacher_housing;travel")
        for n, (_, city, *_) in enumerate(STATES.values(), 1)
    ]
    columns = ("id", "name", "level", "owner_region", "programmes")
    amount = {"central": 3_000_000, "social": 900_000, "east_west": 700_000}
    budgets = [{"source": s[0], "year": y, "amount": amount[s[2]]} for s in sources for y in YEARS]
    return {
        "needs": invented("needs", needs),
        "fund_sources": invented("fund_sources", [dict(zip(columns, s, strict=True)) for s in sources]),
        "fund_budgets": invented("fund_budgets", budgets),
    }


def coverage() -> pl.DataFrame:
    """The lists of both kinds of support are whole: a district without one is a gap."""
    rules = ("remote_districts_twinned", "remote_districts_taught", "must_staff_villages")
    return invented("coverage", [
        {"rule": rule, "region": f"S{n}", "complete": "yes"} for rule in rules for n in range(1, len(STATES) + 1)
    ])  # fmt: skip


def districts(places: pl.DataFrame) -> pl.DataFrame:
    """The rows of districts, cities among them."""
    return places.filter(level="district")


def fact(code: str, measure: str, value: float) -> dict[str, object]:
    """A figure of the year before."""
    return {"region": code, "year": 2030, "measure": measure, "value": float(value)}


def invented(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Rows of a table, each marked as what it is."""
    source = "fact_source" if table == "fund_budgets" else "source"
    mark = pl.lit("synthetic").alias("mark")
    return conform(
        table, from_rows(table, rows).with_columns(pl.lit("scenarios.build.teachers").alias(source), mark)
    )


def tables() -> Mapping[str, pl.DataFrame]:
    """Every table of the scenario."""
    places, people = regions(), cadres()
    return {
        "regions": places,
        "names": names(places),
        "region_tags": region_tags(places),
        "region_facts": region_facts(places),
        "units": units(places),
        "relations": relations(),
        "coverage": coverage(),
        "cadres": people,
        "village_posts": village_posts(places),
        "postings": postings(places, people),
        **money(places),
    }


def build(target: Path = HOME / "data") -> list[Path]:
    """Write every table as CSV to ``target``; returns the files."""
    target.mkdir(parents=True, exist_ok=True)
    return [write_csv(name, frame, target) for name, frame in tables().items()]

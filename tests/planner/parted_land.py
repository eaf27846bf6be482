"""A land of prefectures that have nothing to do with each other: several components for the stage `cadres`."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

FILE = """format = 1
title = "分片"
title_en = "parted"
date = 2016-12-31
stages = ["designation", "cadres"]

[regions]
codes = "free"

[designation]
units_per_county = [1, 2]
deep_poverty_strength = "off"

[cadres]
posting_area = "prefecture"
"""
SKILLS = ("general", "agriculture", "finance", "education")


def tables(prefectures: int = 4, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Per prefecture two counties, six villages with a team each, one unit at home there and a dozen cadres."""
    draw = np.random.default_rng(seed)
    regions = [("P", "P", "province", None, 100.0, 30.0)]
    tags, units, cadres, posts = [], [], [], []
    for p in range(prefectures):
        lon, lat = 101.0 + 3 * (p % 20), 30.0 + 5 * (p // 20)
        regions.append((f"p{p}", f"p{p}", "prefecture", "P", lon, lat))
        units.append((f"u{p}", f"unit {p}", "bank", f"p{p}", 2, 0.1 + p / 100))
        for c in range(2):
            county = f"p{p}c{c}"
            regions.append((county, county, "county", f"p{p}", lon + c, lat))
            tags.append((county, "key_county_592"))
            for v in range(3):
                village = f"{county}v{v}"
                regions.append((village, village, "village", county, lon + c + v / 10, lat + v / 7))
                posts.append((village, "fs", "first_secretary", "general", 1, 1))
                posts.append((village, "m", "member", SKILLS[draw.integers(len(SKILLS))], 2, 3))
        for k in range(16):
            roles = "first_secretary;member" if k % 2 else "member"
            skill = SKILLS[draw.integers(len(SKILLS))]
            cadres.append((f"p{p}k{k:02}", f"u{p}", f"p{p}c{k % 2}", roles, skill, int(draw.integers(0, 20))))
    columns = {
        "regions": (regions, ["code", "name", "level", "parent", "lon", "lat"]),
        "region_tags": (tags, ["region", "tag"]),
        "units": (units, ["id", "name", "kind", "home_region", "capacity", "strength"]),
        "cadres": (cadres, ["id", "unit", "home_region", "roles", "skill", "seniority_years"]),
        "village_posts": (posts, ["village", "post", "role", "skill", "minimum", "target"]),
    }
    return {name: pl.DataFrame(rows, schema=names, orient="row") for name, (rows, names) in columns.items()}


def write_parted(folder: Path, text: str = FILE, prefectures: int = 4) -> Path:
    """Write it as a scenario."""
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    for name, frame in tables(prefectures).items():
        frame.write_csv(folder / "data" / f"{name}.csv")
    return folder

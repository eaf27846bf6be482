"""A scenario small enough to read: four counties of one province, three units, two ties in force."""

from __future__ import annotations

from pathlib import Path

FILE = """format = 1
title = "小县"
title_en = "small"
date = 2016-12-31
stages = ["designation"]

[regions]
codes = "free"

[designation]
units_per_county = [1, 2]
deep_poverty_strength = "off"
"""

TABLES = {
    "regions": """code,name,level,parent,lon,lat,mark
P,省,province,,103,30,
A,甲县,county,P,103,30,
B,乙县,county,P,104,31,assumed
C,丙县,county,P,105,32,
D,丁县,county,P,106,33,
""",
    "region_tags": "region,tag,since\nA,key_county_592,\nB,key_county_592,\nC,key_county_592,\nD,key_county_592,\n",
    "units": """id,name,kind,home_region,capacity,strength,profile
u1,第一局,central_organ,A,2,0.9,industry
u2,第二行,bank,C,2,0.5,finance
u3,第三校,university,D,2,0.3,education
""",
    "relations": "id,kind,supporter,recipient,since,until\nr1,designated,u1,A,2012-11-08,\nr2,designated,u2,B,2012-11-08,\n",
    "needs": "region,year,programme,amount\nA,2016,industry,100\nB,2016,education,200\n",
}


TWO = FILE.replace('stages = ["designation"]', 'stages = ["designation", "cadres"]') + (
    '[cadres]\nown_county_weight = 50.0\nposting_area = "county"\nown_county_area = "off"\n'
)
MORE = {
    "regions": TABLES["regions"]
    + "".join(f"v{c},{c} village,village,{c},{103 + i},30.5,\n" for i, c in enumerate("ABCD")),
    "cadres": "id,unit,home_region,roles\n"
    + "".join(f"c{i},u{i % 3 + 1},A,first_secretary\n" for i in range(6)),
    "village_posts": "village,post,role,minimum,target\n"
    + "".join(f"v{c},fs,first_secretary,1,1\n" for c in "ABCD"),
}
"""Tables besides, for a scenario of two stages (``TWO``): villages with a post each, and the units' cadres."""


def write_small(folder: Path, text: str = FILE, **tables: str) -> Path:
    """Write the scenario, with other tables or another file where given."""
    (folder / "data").mkdir(parents=True)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    for name, rows in {**TABLES, **tables}.items():
        (folder / "data" / f"{name}.csv").write_text(rows, encoding="utf-8")
    return folder

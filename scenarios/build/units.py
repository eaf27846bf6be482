"""Units that support places: central units of the published lists and the eight democratic parties."""

from __future__ import annotations

import polars as pl

from scenarios.build.tables import conform, read_source

KIND = {
    "party": "central_organ",  # organs of the ruling party's centre, not a democratic party
    "ministry": "central_organ",
    "npc_cppcc_court": "central_organ",
    "democratic_party": "party",
    "mass_org": "mass_org",
    "finance": "bank",
    "soe": "soe",
    "university": "university",
}

SEATS = {
    "310000": "上海交通大学 中国东方航空集团 中国商飞公司 中国宝武钢铁集团 中国远洋海运集团 "
    "交通银行 华东师范大学 复旦大学 同济大学",
    "320100": "东南大学 南京大学 南京农业大学 河海大学",
    "320200": "江南大学",
    "420100": "东风汽车公司 华中农业大学 华中科技大学 武汉大学",
    "430100": "中南大学 湖南大学",
    "440100": "中国南方电网公司 中国南方航空集团 中山大学 华南理工大学",
    "440300": "中国广核集团 华侨城集团 招商银行",
    "810000": "华润集团 招商局集团 中国旅游集团",
    "510100": "中国东方电气集团 四川大学 电子科技大学",
    "220100": "中国第一汽车集团 吉林大学",
    "210300": "鞍钢集团",
    "210200": "大连理工大学",
    "370200": "中国海洋大学",
    "370100": "山东大学",
    "340100": "中国科学技术大学 合肥工业大学",
    "350200": "厦门大学",
    "120000": "天津大学",
    "330100": "浙江大学",
    "500000": "重庆大学",
    "610100": "西安交通大学 西北工业大学",
    "610403": "西北农林科技大学",
}
BEIJING = "110000"
SEAT_OF = {unit: seat for seat, units in SEATS.items() for unit in units.split()}

PROFILE = {
    "central_organ": "party_building;general",
    "party": "general",
    "mass_org": "general;education",
    "bank": "finance;industry",
    "soe": "industry;engineering",
    "university": "education;agriculture",
}
PROFILE_BY_WORD = {
    "农业大学": "agriculture;education",
    "农林科技": "agriculture;education",
    "林业": "agriculture",
    "农业部": "agriculture;industry",
    "卫生": "health",
    "医药": "health",
    "教育部": "education",
    "法院": "law;party_building",
    "检察": "law;party_building",
    "商务部": "e_commerce;industry",
    "邮政": "e_commerce",
    "交通": "engineering;general",
    "水利": "engineering",
    "住房": "engineering",
    "财政": "finance;general",
}
STRENGTH = {
    "soe": 0.8,
    "bank": 0.75,
    "central_organ": 0.55,
    "university": 0.5,
    "party": 0.35,
    "mass_org": 0.4,
}


def unit_ids() -> dict[str, str]:
    """Unit name → id, in the order in which the sources first name it."""
    listed = (
        read_source("designated_units")["unit"].to_list() + read_source("party_supervision")["unit"].to_list()
    )
    return {name: f"u{n:03d}" for n, name in enumerate(dict.fromkeys(listed), start=1)}


def profile(name: str, kind: str) -> str:
    """What a unit is good at, guessed from its name and kind."""
    return next((p for word, p in PROFILE_BY_WORD.items() if word in name), PROFILE[kind])


def units() -> pl.DataFrame:
    """One row per unit; capacity, strength and profile are assumptions, so every row is marked ``assumed``.

    Capacity is what the unit carries in the list plus one county, and one more for firms and banks.
    """
    listed = read_source("designated_units")
    kinds = dict(zip(listed["unit"], listed["unit_type"], strict=True))
    carried = dict(listed["unit"].value_counts().iter_rows())
    ids = unit_ids()
    kind = [KIND[kinds.get(name, "democratic_party")] for name in ids]
    rich = ("soe", "bank")
    return conform(
        "units",
        pl.DataFrame(
            {
                "id": list(ids.values()),
                "name": list(ids),
                "kind": kind,
                "system": [kinds.get(name, "democratic_party") for name in ids],
                "home_region": [SEAT_OF.get(name, BEIJING) for name in ids],
                "capacity": [carried.get(n, 0) + 1 + (k in rich) for n, k in zip(ids, kind, strict=True)],
                "strength": [
                    round(min(0.98, STRENGTH[k] + 0.03 * (carried.get(n, 0) - 1)), 2)
                    for n, k in zip(ids, kind, strict=True)
                ],
                "profile": [profile(n, k) for n, k in zip(ids, kind, strict=True)],
            }
        ).with_columns(
            source=pl.lit("designated_units.csv (name, kind); seat, capacity, strength, profile assumed"),
            mark=pl.lit("assumed"),
        ),
    )

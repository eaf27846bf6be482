"""What a region counts as, by the published lists and by rules over them."""

from __future__ import annotations

from datetime import date

import polars as pl

from scenarios.build.tables import read_source, stack

LIST_YEAR = date(2012, 1, 1)
WEST = ["内蒙古", "广西", "重庆", "四川", "贵州", "云南", "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆"]
CENTRAL = ["山西", "吉林", "黑龙江", "安徽", "江西", "河南", "湖北", "湖南"]
EAST = ["北京", "天津", "河北", "辽宁", "上海", "江苏", "浙江", "福建", "山东", "广东", "海南"]

LANGUAGES = {  # code prefix → language a cadre needs there: recalled
    "54": "tibetan",
    "5132": "tibetan",
    "5133": "tibetan",
    "513422": "tibetan",
    "5334": "tibetan",
    "6230": "tibetan",
    "620623": "tibetan",
    "6322": "tibetan",
    "6323": "tibetan",
    "6325": "tibetan",
    "6326": "tibetan",
    "6327": "tibetan",
    "6328": "tibetan",
    "6529": "uyghur",
    "6530": "uyghur",
    "6531": "uyghur",
    "6532": "uyghur",
    "6504": "uyghur",
    "5134": "yi",
    "511133": "yi",
    "511132": "yi",
    "1522": "mongolian",
    "1525": "mongolian",
    "1505": "mongolian",
    "5333": "lisu",
    "654": "kazakh",
    "5226": "miao",
    "4331": "miao",
}


def tagged(tag: str, frame: pl.DataFrame, **columns: pl.Expr) -> pl.DataFrame:
    """Rows ``(region, tag, since, value, source, mark)`` for the regions of ``frame``."""
    return frame.select(region=pl.col("adcode"), tag=pl.lit(tag), **columns)


def poor_lists() -> list[pl.DataFrame]:
    """Key counties, poor counties, contiguous areas, the three areas and three prefectures."""
    raw = read_source("poor_counties")
    flags = {
        "source": pl.lit("poor_counties.csv: flags, counts checked; confidence ") + pl.col("flags_confidence")
    }
    recalled = {"mark": pl.lit("recalled")}
    listed = {"source": pl.lit("poor_counties.csv: ") + pl.col("source_list")}
    return [
        tagged("poor_county_832", raw, since=pl.lit(LIST_YEAR), value=pl.lit("1"), **listed),
        tagged(
            "key_county_592", raw.filter(key_county_592="1"), since=pl.lit(LIST_YEAR), **flags, **recalled
        ),
        tagged(
            "contiguous_area",
            raw.filter(pl.col("contiguous_area").is_not_null()),
            since=pl.lit(LIST_YEAR),
            value=pl.col("contiguous_area"),
            **flags,
            **recalled,
        ),
        tagged(
            "sanqu_sanzhou",
            raw.filter(pl.col("sanqu_sanzhou").is_not_null()),
            value=pl.col("sanqu_sanzhou"),
            source=pl.lit("poor_counties.csv: derived by rule"),
            mark=pl.lit("recalled"),
        ),
        tagged(
            "pilot_pooling",
            raw,
            since=pl.lit(date(2016, 4, 12)),
            source=pl.lit(
                "poor counties may pool agricultural funds (State Council General Office, 2016 no. 22)"
            ),
            mark=pl.lit("recalled"),
        ),
        tagged(
            "old_revolutionary",
            raw.filter(pl.col("contiguous_area").is_in(["罗霄山区", "大别山区"])),
            source=pl.lit("the contiguous areas Luoxiao and Dabie"),
            mark=pl.lit("assumed"),
        ),
    ]


def ethnic_prefectures() -> pl.DataFrame:
    """The 30 autonomous prefectures."""
    raw = read_source("ethnic_prefectures")
    return tagged("ethnic_prefecture", raw, source=pl.lit("ethnic_prefectures.csv"))


def supporters() -> pl.DataFrame:
    """Provinces and cities that support in the east–west list."""
    raw = read_source("east_west_pairs").unique("from_adcode", maintain_order=True)
    return raw.select(
        region="from_adcode",
        tag=pl.lit("supporter"),
        since=pl.date(2016, 12, 7),
        source=pl.lit("east_west_pairs.csv"),
        mark=pl.when(pl.col("source") == "recalled").then(pl.lit("recalled")),
    )


def macro_regions() -> pl.DataFrame:
    """East, centre and west; the west's twelve provinces exit at 3 %, the others at 2 %."""
    raw = read_source("regions").filter(level="province")
    area = {**dict.fromkeys(WEST, "西部"), **dict.fromkeys(CENTRAL, "中部"), **dict.fromkeys(EAST, "东部")}
    short = pl.col("name").str.replace("(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$", "")
    known = raw.with_columns(area=short.replace_strict(area, default=None)).filter(
        pl.col("area").is_not_null()
    )
    return tagged("macro_region", known, value=pl.col("area"), source=pl.lit("the twelve western provinces"))


def languages() -> pl.DataFrame:
    """Counties where a cadre should speak another language than Chinese."""
    raw = read_source("regions").filter(level="county")
    frames = []
    for prefix, language in LANGUAGES.items():
        there = raw.filter(pl.col("adcode").str.starts_with(prefix))
        frames.append(
            tagged(f"language:{language}", there, source=pl.lit("tags.LANGUAGES"), mark=pl.lit("recalled"))
        )
    return pl.concat(frames).unique(["region", "tag"], keep="first", maintain_order=True)


def region_tags() -> pl.DataFrame:
    """All tags that the sources give."""
    return stack(
        "region_tags", *poor_lists(), ethnic_prefectures(), supporters(), macro_regions(), languages()
    )

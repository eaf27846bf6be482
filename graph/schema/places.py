"""Tables of places: regions, their names, tags, facts and register."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import table

ROOM = "places"

regions = table(
    "regions", "code", "地区", "regions",
    C("code", "code", "代码", "code", example="533300",
      note_zh="gb2260：6 位（村 12 位）；free：任意唯一字符串", note_en="gb2260: 6 digits (villages 12); free: any unique string"),
    C("name", "text", "名称", "name", required=True, example="怒江傈僳族自治州"),
    C("level", "enum", "层级", "level", enum="level", default="county", example="prefecture"),
    C("parent", "code", "上级代码", "parent", foreign="regions.code", example="530000"),
    C("lon", "number", "经度", "longitude", unit="degrees (WGS84)", minimum=-180, maximum=180, example="98.85"),
    C("lat", "number", "纬度", "latitude", unit="degrees (WGS84)", minimum=-90, maximum=90, example="25.82"),
    C("coord_accuracy_km", "number", "坐标精度", "coordinate accuracy", unit="km", minimum=0, example="0.6"),
    C("pseudo", "boolean", "虚设层级", "pseudo level", default=False,
      note_zh="如“市辖区”，显示上级时跳过", note_en="such as 市辖区: skipped when parents are shown"),
    note_zh="一行一个地区", note_en="one row per region", room=ROOM,
)  # fmt: skip

names = table(
    "names", "id name", "别名", "names",
    C("id", "code", "地区或单位", "region or unit", example="533300"),
    C("name", "text", "别名", "name", example="nu jiang li su zu zi zhi zhou"),
    C("kind", "enum", "类型", "kind", enum="name_kind", default="short", example="pinyin",
      note_zh="官方拼写优先于机器拼音", note_en="official spellings win over machine pinyin"),
    C("since", "date", "起", "since"),
    C("until", "date", "止", "until"),
    note_zh="地区和单位的别名、曾用名、拼音", note_en="other names of regions and units", room=ROOM,
)  # fmt: skip

region_successions = table(
    "region_successions", "old new since", "区划沿革", "region successions",
    C("old", "code", "旧代码", "old code", example="533321"),
    C("new", "code", "新代码", "new code", example="533301"),
    C("since", "date", "起", "since"),
    C("share", "share", "份额", "share", default=1.0, minimum=0, maximum=1),
    note_zh="合并、拆分、县改区：新旧代码都能查到，金额只计一次", note_en="mergers, splits, county to district: both codes answer, amounts count once",
    room=ROOM,
)  # fmt: skip

region_tags = table(
    "region_tags", "region tag since", "地区标签", "region tags",
    C("region", "code", "地区", "region", foreign="regions.code", example="533325"),
    C("tag", "text", "标签", "tag", example="poor_county_832",
      note_zh="key_county_592、poor_county_832、contiguous_area、sanqu_sanzhou、deep_poverty、ethnic_prefecture、supporter、"
              "weak_organisation、pilot_pooling、language:*、industry:*、suits:* 等",
      note_en="key_county_592, poor_county_832, contiguous_area, sanqu_sanzhou, deep_poverty, ethnic_prefecture, supporter, "
              "old_revolutionary, weak_organisation, pilot_pooling, language:*, industry:*, suits:*"),
    C("since", "date", "起", "since"),
    C("until", "date", "止", "until"),
    C("value", "text", "值", "value", example="滇西边境山区"),
    note_zh="地区属于哪一类", note_en="what a region counts as", room=ROOM,
)  # fmt: skip

region_facts = table(
    "region_facts", "region year measure", "地区指标", "region facts",
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100, example="2016"),
    C("measure", "enum", "指标", "measure", enum="measure", example="poor_population"),
    C("value", "number", "值", "value", required=True, unit="as the measure says",
      note_zh="单位随指标：人、元、份额（0–1）、年、公里",
      note_en="unit of the measure: persons, yuan, share (0–1), year, km"),
    note_zh="地区某年的一个数", note_en="one figure of a region in a year", room=ROOM,
)  # fmt: skip

household_groups = table(
    "household_groups", "village year cause lacking", "贫困户分组", "household groups",
    C("village", "code", "村", "village", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("cause", "enum", "致贫原因", "cause", enum="cause"),
    C("lacking", "list", "两不愁三保障缺什么", "what is lacking", enum="lacking"),
    C("households", "integer", "户数", "households", unit="households", minimum=0, default=0),
    C("persons", "integer", "人数", "persons", unit="persons", minimum=0, default=0),
    note_zh="按村、年、原因汇总；绝不逐户", note_en="aggregated by village, year and cause; never a row per household", room=ROOM,
)  # fmt: skip

register_changes = table(
    "register_changes", "village date kind batch", "建档立卡变动", "register changes",
    C("village", "code", "村（或地区）", "village (or region)", foreign="regions.code"),
    C("date", "date", "日期", "date"),
    C("kind", "enum", "类型", "kind", enum="register_kind"),
    C("batch", "text", "批次", "batch"),
    C("households", "integer", "户数", "households", unit="households", minimum=0, default=0),
    C("persons", "integer", "人数", "persons", unit="persons", minimum=0, default=0),
    note_zh="期初 + 进 − 出 = 期末", note_en="start + in − out = end", room=ROOM,
)  # fmt: skip

TABLES = (regions, names, region_successions, region_tags, region_facts, household_groups, register_changes)

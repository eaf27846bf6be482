"""Tables of support: units, relations, ledger, coverage, own scores."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import table

ROOM = "support"

units = table(
    "units", "id", "单位", "units",
    C("id", "code", "编号", "id", example="u017",
      note_zh="不能与地区代码相同", note_en="not a region's code: columns that name either would mean both"),
    C("name", "text", "名称", "name", default="", example="中国农业大学"),
    C("kind", "enum", "类型", "kind", enum="unit_kind", default="other", example="university"),
    C("system", "text", "系统", "system", example="ministry"),
    C("home_region", "code", "所在地", "home region", foreign="regions.code", example="110000"),
    C("capacity", "integer", "帮扶能力", "capacity", unit="counties (or the loads' unit)", minimum=0, example="2",
      note_zh="可承担的县数；自带评分时与 load 同单位", note_en="counties it can carry; with own scores, in the unit of load"),
    C("strength", "share", "实力", "strength", minimum=0, maximum=1, example="0.6"),
    C("profile", "list", "专长", "profile", enum="skill", example="agriculture;education"),
    C("since", "date", "成立", "since"),
    C("until", "date", "撤并", "until", note_zh="此后不再存在", note_en="no longer exists from then on"),
    note_zh="一行一个帮扶单位", note_en="one row per supporting unit", room=ROOM,
)  # fmt: skip

relations = table(
    "relations", "id", "帮扶关系", "relations",
    C("id", "code", "编号", "id", example="ew:440400:533300"),
    C("kind", "enum", "类型", "kind", enum="relation_kind", required=True, example="east_west"),
    C("supporter", "code", "帮扶方", "supporter", required=True, foreign="regions.code|units.id", example="440400"),
    C("recipient", "code", "受扶方", "recipient", required=True, foreign="regions.code", example="533300"),
    C("since", "date", "起", "since", example="2016-12-07"),
    C("until", "date", "止（不含）", "until (excluded)", example="2021-01-01"),
    note_zh="谁帮谁，半开区间 [起, 止)", note_en="who supports whom, half-open [since, until)", room=ROOM,
)  # fmt: skip

ledger = table(
    "ledger", "relation year item", "协议台账", "ledger",
    C("relation", "code", "关系编号", "relation", foreign="relations.id"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("item", "enum", "事项", "item", enum="ledger_item"),
    C("pledged", "integer", "承诺", "pledged", unit="of the item", minimum=0),
    C("delivered", "integer", "兑现", "delivered", unit="of the item", minimum=0),
    note_zh="每对关系每年承诺与兑现", note_en="what was promised and what came", room=ROOM,
)  # fmt: skip

coverage = table(
    "coverage", "rule region", "名单完整性", "coverage",
    C("rule", "text", "规则", "rule", example="designated_key_counties"),
    C("region", "code", "地区", "region", foreign="regions.code",
      note_zh="该地区及其下级", note_en="this region and all below it"),
    C("complete", "enum", "完整", "complete", enum="complete", required=True,
      note_zh="yes：没有关系就是缺口；no：可能只是数据缺失；by_design：制度上不结对",
      note_en="yes: a missing link is a gap; no: it may be a hole in our data; by_design: outside the programme"),
    note_zh="缺少的关系是缺口还是数据缺失", note_en="whether a missing link is a gap or a hole in our data", room=ROOM,
)  # fmt: skip

pair_scores = table(
    "pair_scores", "stage supporter recipient", "自带评分", "pair scores",
    C("stage", "enum", "阶段", "stage", enum="stage", example="designation"),
    C("supporter", "code", "帮扶方", "supporter", example="u017",
      note_zh="cadres 阶段为干部编号", note_en="in cadres: the cadre's id"),
    C("recipient", "code", "受扶方", "recipient", example="533325",
      note_zh="cadres 阶段为 村/岗位", note_en="in cadres: village/post"),
    C("cost", "number", "成本", "cost", required=True, example="12.5"),
    C("load", "integer", "负载", "load", minimum=0, default=1, example="1"),
    note_zh="objective = \"scores\" 时取代计算成本，只有列出的组合可选",
    note_en="with objective = \"scores\" this replaces the computed cost; only listed pairs are eligible", room=ROOM,
)  # fmt: skip

TABLES = (units, relations, ledger, coverage, pair_scores)

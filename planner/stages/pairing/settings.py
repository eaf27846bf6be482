"""Policy values of the stage `pairing`, and the columns that it reads."""

from __future__ import annotations

from planner.policy import Setting
from planner.published import settings as published_settings
from planner.stages.pairs import OBJECTIVE_SETTINGS

NAME = "pairing"

_HELD = ("relations.since", "relations.until")
_TAG = ("region_tags.tag",)
_FACT = ("region_facts.value",)
_POINT = ("regions.lon", "regions.lat")

SETTINGS = (
    *OBJECTIVE_SETTINGS,
    Setting("supporters_tag", "text", "supporter", "支援方标签", "tag of supporting regions", rule=False, reads=_TAG),
    Setting("supporters_list", "texts", [], "支援方名单", "further supporting regions", rule=False,
            note_zh="标签之外另加的地区代码", note_en="region codes besides the tagged ones"),
    Setting("recipients_tag", "text", "east_west_recipient", "受援方标签", "tag of recipient regions", rule=False, reads=_TAG),
    Setting("recipients_list", "texts", [], "受援方名单", "further recipient regions", rule=False),
    Setting("recipients_in_force", "boolean", True, "现有受援方均列入", "recipients of a pair in force are listed",
            rule=False, reads=_HELD),
    Setting("cover_recipients", "boolean", True, "名单内受援方全覆盖", "every listed recipient is covered"),
    Setting("cover_ethnic", "boolean", True, "必须结对的地区都有结对", "every region that must be paired is covered", reads=_TAG,
            never_relax=True, note_zh="自身、上级的结对，或对口支援",
            note_en="by a pair of its own or of a place above it, or by counterpart support"),
    Setting("ethnic_tag", "text", "ethnic_prefecture", "必须结对的地区的标签", "tag of the regions that must be paired", rule=False),
    Setting("partners_per_recipient", "range", [1, 2], "每个受援方的支援方数", "partners per recipient", unit="regions",
            minimum=0, with_scores=[1, 1], note_zh="[最少, 最多]", note_en="[at least, at most]"),
    Setting("partners_per_supporter", "range", [1, 4], "每个支援方的受援方数", "partners per supporter", unit="regions", minimum=0),
    Setting("fair_load_tolerance", "number", 1.25, "公平负载容差", "tolerance on the fair load", unit="share", minimum=0,
            reads=_FACT, note_zh="负载 ≤ 按财力应担份额 ×（1 + 容差）",
            note_en="load at most the fair share by fiscal strength × (1 + tolerance)"),
    Setting("least_part", "share", 0.1, "合帮时每方最少份额", "least part that a partner carries", reads=_FACT,
            note_zh="多方帮一地时，每方至少承担其贫困人口的这一比例",
            note_en="where several support one recipient, each carries at least this share of its poor people"),
    Setting("supporter_capacity", "boolean", False, "支援能力（自带评分）", "supporter capacity (own scores)",
            with_scores=True, reads=("units.capacity",), note_zh="仅用于自带评分：负载之和不超过 units.capacity",
            note_en="own scores only: loads at most units.capacity"),
    Setting("changes_max", "integer", 10, "调整上限", "changes at most", unit="pairs", minimum=0, reads=_HELD,
            note_zh="新增与取消的结对各计一次", note_en="a new pair and a dropped pair count one each"),
    Setting("pins", "texts", "off", "指定结对", "pinned pairs", entries="singly", note_zh="支援方>受援方", note_en="supporter>recipient"),
    Setting("bans", "texts", "off", "禁止结对", "forbidden pairs", entries="singly", note_zh="支援方>受援方", note_en="supporter>recipient"),
    Setting("reassign_counterpart", "boolean", False, "重排对口支援", "reassign counterpart support", rule=False, reads=_HELD,
            note_zh="否：援藏援疆等照列不动", note_en="false: Tibet, Xinjiang and the like are shown as they are"),
    Setting("announced_days", "integer", 31, "已公布关系的提前量", "days ahead that count as in force", unit="days",
            minimum=0, rule=False, reads=_HELD, note_zh="此期间内开始的关系也算现有",
            note_en="relations that begin within so many days count as in force"),
    Setting("county_pairs", "boolean", True, "县县结对", "county pairs", note_zh="嵌套在上级结对之内",
            note_en="nested inside their parents' pair"),
    Setting("county_tag", "text", "poor_county_832", "受扶县标签", "tag of recipient counties", rule=False, reads=_TAG),
    Setting("county_level", "text", "county", "县级层级名", "name of the county level", rule=False, reads=("regions.level",)),
    Setting("county_partners_per_recipient", "range", [1, 2], "每个受扶县的支援县数", "county partners per recipient county",
            unit="counties", minimum=0),
    Setting("county_partners_per_supporter", "range", [0, 6], "每个支援县的受扶县数", "recipient counties per supporting county",
            unit="counties", minimum=0),
    Setting("county_pins", "texts", "off", "指定县结对", "pinned county pairs", entries="singly", note_zh="支援县>受扶县", note_en="supporter>recipient"),
    Setting("county_bans", "texts", "off", "禁止县结对", "forbidden county pairs", entries="singly", note_zh="支援县>受扶县", note_en="supporter>recipient"),
    Setting("distance_weight", "number", 1.0, "距离权重", "weight of distance", unit="points per 100 km", minimum=0, reads=_POINT),
    Setting("need_weight", "number", 4.0, "需求与财力权重", "weight of need against strength", unit="points", minimum=0, reads=_FACT),
    Setting("change_weight", "number", 10.0, "变动权重", "weight of change", unit="points", minimum=0, reads=_HELD,
            note_zh="每一对新关系计", note_en="counted for each pair that is not in force"),
    Setting("tie_weight", "number", 3.0, "既有联系权重", "weight of an existing tie", unit="points", minimum=0, reads=_HELD,
            note_zh="双方及其上下级之间没有对口支援或县结对时计",
            note_en="counted where no counterpart support or county pair links the two or places above or below them"),
    Setting("language_weight", "number", 1.0, "语言权重", "weight of language", unit="points", minimum=0, reads=_TAG,
            note_zh="受援方需要民族语言的县所占比例，支援方没有该语言时计",
            note_en="share of the recipient's counties whose language nobody in the supporter speaks"),
    Setting("industry_weight", "number", 2.0, "产业契合权重", "weight of industry fit", unit="points", minimum=0, reads=_TAG,
            note_zh="受援方产业标签中支援方没有的比例", note_en="share of the recipient's industry tags that the supporter lacks"),
    *published_settings("pairs", "pair", "区域结对与县结对：新增与取消的各计一次", "region pairs and county pairs: each new and each ended one counts"),
)  # fmt: skip

READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent", "lon", "lat"),
    "region_tags": ("region", "tag", "since", "until"),
    "region_facts": ("region", "year", "measure", "value"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "units": ("id", "name", "home_region", "capacity"),
    "pair_scores": ("stage", "supporter", "recipient", "cost", "load"),
}

"""Policy values of the stage `inspection`, and the columns that it reads."""

from __future__ import annotations

from planner.policy import Setting
from planner.published import settings as published_settings
from planner.stages.pairs import OBJECTIVE_SETTINGS

NAME = "inspection"
KINDS = ("check", "tour", "cross_check", "third_party", "fund_review", "unannounced")
"""In this order kinds draw their counties; ``tour`` stands in for ``check`` where the last assessment asks for it."""

_LEADS = tuple(f"{kind}>{side}" for kind in KINDS for side in ("unit", "region", "any"))
_UNITS = ("inspection_teams.unit",)
_TAG = ("region_tags.tag",)
_POINT = ("regions.lon", "regions.lat")

SETTINGS = (
    *OBJECTIVE_SETTINGS,
    Setting("kinds", "texts", list(KINDS), "督查类别", "kinds of inspection", rule=False, choices=KINDS,
            note_zh="未列出的类别不安排", note_en="a kind that is not listed does not take place"),
    Setting("year", "integer", "off", "督查年度", "year of inspection", rule=False, minimum=1949, maximum=2100,
            note_zh="off：最近一次考核的次年", note_en="off: the year after the last assessment"),
    Setting("tour_categories", "texts", ["talk_deputy", "talk_principal"], "巡查适用的考核等次", "categories that get a tour",
            reads=("assessments.category",), note_zh="其余一律督查；off：全部督查",
            note_en="all others get a check; off: all get a check"),
    Setting("region_level", "text", "province", "督查对象层级", "level of the inspected regions", rule=False, reads=("regions.level",)),
    Setting("county_level", "text", "county", "县级层级名", "name of the county level", rule=False, reads=("regions.level",)),
    Setting("village_level", "text", "village", "村级层级名", "name of the village level", rule=False, reads=("regions.level",)),
    Setting("county_tag", "text", "poor_county_832", "名单内县标签", "tag of the listed counties", rule=False, reads=_TAG),
    Setting("counties_per_visit", "numbers",
            {"check": 2, "tour": 3, "cross_check": 4, "third_party": 4, "fund_review": 2, "unannounced": 1},
            "每次抽查县数", "counties per visit", rule=False, minimum=0, choices=KINDS, unit="counties"),
    Setting("villages_per_county", "numbers",
            {"check": 2, "tour": 3, "cross_check": 3, "third_party": 4, "fund_review": 1, "unannounced": 2},
            "每县抽查村数", "villages per county", rule=False, minimum=0, choices=KINDS, unit="villages"),
    Setting("households_per_village", "numbers",
            {"check": 10, "tour": 10, "cross_check": 15, "third_party": 20, "fund_review": 5, "unannounced": 8},
            "每村入户数", "households per village", rule=False, minimum=0, choices=KINDS, unit="households", reads=("household_groups.households",)),
    Setting("strata_tags", "texts", ["deep_poverty", "poor_county_832"], "分层标签", "tags that make the strata", reads=_TAG,
            note_zh="县归入其第一个标签的层，其余为一层；off：不分层",
            note_en="a county belongs to its first tag's stratum, the rest form one; off: a single stratum"),
    Setting("visits_per_county", "integer", 2, "每县每年接受督查次数上限", "visits per county and year at most", minimum=0,
            unit="visits", reads=("inspection_visits.year",), note_zh="各类合计，含已发生的",
            note_en="over all kinds, those already made included"),
    Setting("teams_per_visit", "range", [1, 1], "每次督查的组数", "teams per visit", unit="teams", minimum=0, with_scores=[1, 1]),
    Setting("team_size", "numbers",
            {"check": 5, "tour": 7, "cross_check": 6, "third_party": 6, "fund_review": 5, "unannounced": 5},
            "组人数下限", "team size at least", minimum=0, choices=KINDS, unit="persons", reads=("inspection_teams.size",)),
    Setting("led_by", "texts",
            ["check>unit", "tour>unit", "cross_check>region", "third_party>unit", "fund_review>any", "unannounced>any"],
            "牵头方", "led by a unit or a region, as the kind asks", reads=_UNITS, choices=_LEADS, note_zh="类别>unit（单位）、region（地方）或 any",
            note_en="kind>unit, region or any: what leads the team"),
    Setting("team_days", "boolean", True, "组的全年天数", "a team's days in the year", with_scores=True,
            reads=("inspection_teams.days_max",), note_zh="含路途，不超过 days_max", note_en="travel included, at most days_max"),
    Setting("days_per_county", "numbers",
            {"check": 3, "tour": 4, "cross_check": 3, "third_party": 3, "fund_review": 2, "unannounced": 1},
            "每县最少天数", "days per county at least", rule=False, minimum=0, choices=KINDS, unit="days"),
    Setting("households_per_person_day", "number", 4.0, "每人每天入户数", "households per person and day", rule=False,
            unit="households", minimum=0.1, reads=("inspection_teams.size",)),
    Setting("travel_km_per_day", "number", 1500.0, "每天路程", "kilometres travelled per day", rule=False, unit="km",
            minimum=1.0, reads=_POINT),
    Setting("no_own", "boolean", True, "不查本地", "nobody inspects its own region", never_relax=True,
            reads=("inspection_teams.home_region",)),
    Setting("no_paired", "boolean", True, "不查结对地区", "nobody inspects a paired region", never_relax=True,
            reads=("relations.since", "relations.until"), note_zh="现有结对与本方案的结对，双向",
            note_en="pairs in force and this plan's own, both ways"),
    Setting("no_designated", "boolean", True, "不查定点帮扶地区", "nobody inspects where its unit is designated",
            never_relax=True, reads=("relations.since", "relations.until")),
    Setting("no_supervising", "boolean", True, "不查民主监督地区", "nobody inspects where its unit supervises",
            never_relax=True, reads=("relations.since", "relations.until")),
    Setting("no_reciprocal", "boolean", True, "不互查", "no two regions inspect each other", never_relax=True, reads=_UNITS,
            note_zh="同年不互查，上年被对方查过的也不查对方",
            note_en="not in the same year, nor who was inspected by the other the year before"),
    Setting("no_repeat", "boolean", True, "不连续查同一地", "nobody inspects the same place twice running",
            reads=("inspection_visits.team", "inspection_visits.region"), note_zh="上一年与同一年内均不重复",
            note_en="neither after the year before nor again within the year"),
    Setting("balance_tolerance", "number", 1.5, "工作量均衡容差", "tolerance on the balance of work", minimum=0,
            reads=("inspection_teams.days_max",), note_zh="各组天数 ≤ 按 days_max 应担份额 ×（1 + 容差）",
            note_en="a team's days at most its share by days_max × (1 + tolerance)"),
    Setting("travel_weight", "number", 1.0, "路途权重", "weight of travel", unit="points per 100 km", minimum=0, reads=_POINT),
    Setting("language_weight", "number", 3.0, "语言权重", "weight of language", unit="points", minimum=0,
            reads=("inspection_teams.languages", "region_tags.tag"),
            note_zh="县需要民族语言而组内无人会时计", note_en="counted where the county needs a language that the team lacks"),
    *published_settings("visits", "visit", "一个组的一次督查：新增与取消的各计一次", "a team's visit that is new, and one that is ended, count one each"),
)  # fmt: skip

READS: dict[str, tuple[str, ...]] = {
    "regions": ("code", "name", "level", "parent", "lon", "lat"),
    "region_tags": ("region", "tag", "since", "until"),
    "region_facts": ("region", "year", "measure", "value"),
    "household_groups": ("village", "year", "households"),
    "units": ("id", "name", "kind", "home_region"),
    "relations": ("kind", "supporter", "recipient", "since", "until"),
    "assessments": ("region", "year", "category"),
    "inspection_teams": ("id", "unit", "home_region", "size", "days_max", "languages"),
    "inspection_visits": ("team", "region", "year", "kind"),
    "pair_scores": ("stage", "supporter", "recipient", "cost", "load"),
}

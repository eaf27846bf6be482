"""Policy values of the stage `exit`."""

from __future__ import annotations

from planner.policy import Setting
from planner.published import settings as published_settings

PUBLISHED = {"2016": 28, "2017": 125, "2018": 283, "2019": 344, "2020": 52}
"""Counties that exited by year of the result, as published."""

NATIONAL_PATH = {
    "2014": 0.072,
    "2015": 0.057,
    "2016": 0.045,
    "2017": 0.031,
    "2018": 0.017,
    "2019": 0.006,
    "2020": 0.0,
}
"""Rural poverty incidence of the country at the end of each year (published; recalled beyond 2016)."""

STEPS = {"county": 45, "prefecture": 30, "province": 60, "third_party": 60, "announcement": 15}
"""Days of each step after the year's end: assumed; together 210, so that 2016's results came out in 2017."""

CENTRE = {
    "line": 0.02,
    "line_west": 0.03,
    "wrongly_exited_max": 0.02,
    "missed_max": 0.02,
    "approval_min": 0.9,
}
"""The centre's standard for a county's exit."""

SUPPORTS = ("pair", "unit", "team", "funds")
"""What may be kept after exit: a pair, a designated unit, stationed teams, a floor of funds."""

WHO = (
    Setting("counties_tag", "text", "poor_county_832", "名单内县标签", "tag of the counties", rule=False,
            reads=("region_tags.tag",), note_zh="标签，或 标签=值", note_en="a tag, or tag=value"),
    Setting("west_tag", "text", "macro_region=西部", "西部标签", "tag of the west", rule=False,
            reads=("region_tags.tag", "region_tags.value"),
            note_zh="标签，或 标签=值；本县或其上级有即可", note_en="a tag, or tag=value, borne by the county or a region above it"),
    Setting("deep_poverty_tag", "text", "deep_poverty", "深度贫困标签", "tag of deep poverty", rule=False,
            reads=("region_tags.tag",)),
    Setting("horizon_years", "integer", 5, "计划年数", "years planned", rule=False, unit="years", minimum=1, maximum=20,
            note_zh="仅在不设最后期限时用", note_en="used only where no deadline is set"),
    Setting("pins", "numbers", "off", "指定退出年份", "pinned years of exit", entries="singly", note_zh="地区代码 = 年份", note_en="region code = year"),
)  # fmt: skip

PROXY = (
    Setting("incidence_proxy", "choice", "funds", "贫困发生率预测", "incidence ahead (a proxy)", rule=False,
            choices=("funds", "path", "recorded"), reads=("region_facts.value", "register_changes.persons"),
            note_zh="funds：随人均资金快慢；path：按全国路径；recorded：保持现状",
            note_en="funds: faster where more money per poor person goes; path: the national path; recorded: stays as it is"),
    Setting("path", "numbers", NATIONAL_PATH, "全国发生率路径", "national path of incidence", rule=False, unit="share", minimum=0,
            maximum=1, note_zh="年份 = 年末发生率", note_en="year = incidence at its end"),
    Setting("speed", "number", 1.8, "贫困县相对路径的速度", "speed of the poor counties against the path", rule=False, minimum=0,
            maximum=10, note_zh="假定；校准到历年公布的退出数", note_en="assumed; calibrated to the published numbers of exits"),
    Setting("funds_elasticity", "number", 0.3, "资金弹性", "elasticity of the speed to funds per poor person", rule=False,
            minimum=0, maximum=2, note_zh="假定", note_en="assumed"),
)  # fmt: skip

STANDARD = (
    Setting("line", "share", 0.02, "退出线", "line of incidence", reads=("region_facts.value",),
            note_zh="低于此值方可退出", note_en="a county may exit below it"),
    Setting("line_west", "share", 0.03, "西部退出线", "line of incidence in the west",
            reads=("region_facts.value", "region_tags.value")),
    Setting("wrongly_exited_max", "share", 0.02, "错退率上限", "wrongly-exited share below", reads=("region_facts.value",)),
    Setting("missed_max", "share", 0.02, "漏评率上限", "missed share below", reads=("region_facts.value",)),
    Setting("approval_min", "share", 0.9, "认可度下限", "approval at least", reads=("region_facts.value",)),
    Setting("gate_years", "integer", 1, "核查不合格的有效年数", "years for which a failed result counts", rule=False,
            unit="years", minimum=0),
    Setting("standard", "numbers", CENTRE, "中央标准", "the centre's standard", minimum=0, maximum=1, never_relax=True,
            choices=tuple(CENTRE), entries="rules",
            note_zh="各级不得降低，也不得拔高", note_en="levels below may neither lower nor raise it"),
    Setting("planning_level", "choice", "provincial", "编制层级", "level that plans", rule=False,
            choices=("central", "provincial", "prefecture", "county"),
            note_zh="只有中央可以改标准", note_en="only the centre may depart from its standard"),
)  # fmt: skip

GATES = (
    Setting("severe_findings", "boolean", True, "严重问题未销号不得退出", "no exit with an open severe finding",
            reads=("findings.severity", "findings.status", "findings.due", "findings.received")),
    Setting("finding_days", "integer", 180, "逾期问题的整改天数", "days to mend an overdue finding", rule=False, unit="days", minimum=0),
    Setting("deadline", "integer", 2020, "最后期限", "deadline (year of the result)", minimum=1949, maximum=2100,
            note_zh="到该年所有县都已退出", note_en="by that year every county has exited"),
    Setting("steps", "numbers", STEPS, "退出程序天数", "days of the steps", unit="days", minimum=0, maximum=3650,
            choices=tuple(STEPS),
            note_zh="县、市、省、第三方、公告：从年末起算", note_en="county, prefecture, province, third party, announcement; from the year's end"),
    Setting("announce_by", "integer", "off", "最迟公告年份", "announced no later than", minimum=1949, maximum=2100),
    Setting("exits_per_team", "number", 1.5, "每支核查队每年可核查县数", "county exits that one team can verify", unit="counties",
            minimum=0, reads=("capacities.value",)),
    Setting("pace", "choice", "off", "年度节奏", "pace", choices=("published", "given", "even"),
            note_zh="published：公布的 28/125/283/344/52；given：exits_per_year；even：每年相等",
            note_en="published: 28/125/283/344/52; given: exits_per_year; even: equal numbers a year"),
    Setting("exits_per_year", "numbers", PUBLISHED, "每年退出县数", "exits per year", rule=False, unit="counties", minimum=0),
    Setting("pace_tolerance", "share", 0.0, "节奏容差", "tolerance of the pace", rule=False),
)  # fmt: skip

PLEDGES = (
    Setting("pledge_persons", "boolean", True, "责任书：人", "pledges in persons", reads=("pledges.amount", "region_facts.value")),
    Setting("pledge_villages", "boolean", True, "责任书：村", "pledges in villages", reads=("pledges.amount",)),
    Setting("pledge_counties", "boolean", True, "责任书：县", "pledges in counties", reads=("pledges.amount",)),
    Setting("pledge_levels", "texts", ["province"], "责任书层级", "levels whose pledges count", rule=False, reads=("regions.level",)),
    Setting("pledge_tolerance", "share", 0.0, "责任书容差", "tolerance of the pledges", rule=False),
    Setting("pledge_cumulative", "boolean", True, "提前完成计入以后", "what is done early counts later", rule=False),
    Setting("pledge_elastic", "boolean", True, "责任书可欠", "pledges may fall short, at a cost", rule=False),
    Setting("county_short_weight", "number", 20.0, "欠一县的代价", "cost of one county short", unit="points", rule=False, minimum=0),
    Setting("village_short_weight", "number", 0.5, "欠一村的代价", "cost of one village short", unit="points", rule=False, minimum=0),
)  # fmt: skip

VILLAGES = (
    Setting("villages", "boolean", True, "同时安排村", "villages too", rule=False),
    Setting("villages_tag", "text", "poor_village", "贫困村标签", "tag of the villages", rule=False, reads=("region_tags.tag",)),
    Setting("village_sample", "share", 1.0, "表中村所占比例", "share of all villages that the tables hold", rule=False,
            note_zh="责任书按此折算", note_en="pledges in villages are scaled by it"),
    Setting("village_line", "boolean", True, "村也须低于退出线", "villages below the line too", reads=("region_facts.value",)),
    Setting("village_first_share", "share", "off", "县退出前已退出的村", "share of its villages that exits first"),
)  # fmt: skip

AFTER = (
    Setting("keep_after_exit", "texts", list(SUPPORTS), "摘帽不摘帮扶", "support stays after exit", never_relax=True, choices=SUPPORTS,
            reads=("relations.until", "relations.recipient"),
            note_zh="pair 结对、unit 单位、team 驻村队、funds 资金", note_en="pair, unit, team, funds"),
    Setting("keep_until", "integer", 2020, "帮扶保持到", "support stays until the end of", rule=False, minimum=1949, maximum=2100),
    Setting("keep_funds_floor", "share", 0.3, "退出后资金下限", "floor of funds after exit", rule=False,
            note_zh="占退出当年资金的比例", note_en="of the funds of the year of exit"),
)  # fmt: skip

COSTS = (
    Setting("risk_margin", "share", 0.005, "安全余量", "margin under the line", rule=False,
            note_zh="余量更小时计风险", note_en="a smaller margin costs"),
    Setting("risk_weight", "number", 10.0, "风险权重", "weight of risk", unit="points", minimum=0, reads=("region_facts.value",)),
    Setting("results_margin", "share", 0.01, "核查结果余量", "margin of the recorded results", rule=False,
            note_zh="错退、漏评、认可度离线更近时计", note_en="counted where a recorded result lies closer to its limit"),
    Setting("results_weight", "number", 5.0, "核查风险权重", "weight of recorded results", unit="points", minimum=0,
            reads=("region_facts.value",)),
    Setting("late_weight", "number", 3.0, "拖延权重", "weight of lateness", unit="points per year", minimum=0,
            note_zh="达标之后每推迟一年", note_en="for each year after a county is ready"),
    Setting("early_weight", "number", 2.0, "深度贫困过早权重", "weight of earliness in deep poverty", unit="points per year",
            minimum=0, reads=("region_tags.tag",)),
    Setting("village_late_weight", "number", 0.05, "村拖延权重", "weight of lateness of a village", unit="points per year",
            minimum=0),
    Setting("village_early_weight", "number", 0.2, "村过早权重", "weight of earliness of a village", unit="points per year",
            minimum=0),
)  # fmt: skip

AGAINST = published_settings(
    "places",
    "place",
    "县或村的退出年份与公布的不同，各计一次",
    "each county or village whose year is not the published one",
)

SETTINGS = (*WHO, *PROXY, *STANDARD, *GATES, *PLEDGES, *VILLAGES, *AFTER, *COSTS, *AGAINST)

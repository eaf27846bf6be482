"""Closed enumerations: value → titles. A scenario may extend them with ``[enums]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from graph.language import Text
from graph.wording import own_title, own_titles


class Titled(Mapping[str, Text]):
    """Declared values of one enumeration with their titles.

    Where a scenario's own words hold (:mod:`graph.wording`), a title is the scenario's, also that of a value of its own; which
    values are declared is the same everywhere.
    """

    def __init__(self, enum: str, titles: Mapping[str, Text]) -> None:
        self.enum, self._titles = enum, titles

    def __getitem__(self, value: str) -> Text:
        return own_title(self.enum, value) or self._titles[value]

    def __contains__(self, value: object) -> bool:
        return value in self._titles

    def __iter__(self) -> Iterator[str]:
        return iter(self._titles)

    def __len__(self) -> int:
        return len(self._titles)

    def every(self) -> dict[str, Text]:
        """Titles of the declared values, and of those of the scenario that it has titles for."""
        return dict(self) | own_titles(self.enum)


def _values(*rows: tuple[str, str, str]) -> dict[str, Text]:
    return {value: Text(zh, en) for value, zh, en in rows}


_DECLARED: dict[str, dict[str, Text]] = {
    "mark": _values(
        ("recalled", "凭记忆", "recalled"), ("synthetic", "合成", "synthetic"), ("assumed", "假定", "assumed")
    ),
    "level": _values(
        ("province", "省", "province"),
        ("prefecture", "地市", "prefecture"),
        ("county", "县", "county"),
        ("township", "乡镇", "township"),
        ("village", "村", "village"),
    ),
    "name_kind": _values(
        ("full", "全称", "full"),
        ("short", "简称", "short"),
        ("former", "曾用名", "former"),
        ("english", "英文", "English"),
        ("pinyin", "拼音", "pinyin"),
    ),
    "unit_kind": _values(
        ("central_organ", "中央机关", "central organ"),
        ("party", "民主党派", "democratic party"),
        ("soe", "中央企业", "state-owned enterprise"),
        ("bank", "金融机构", "bank or financial institution"),
        ("university", "高校", "university"),
        ("military", "军队武警", "military"),
        ("firm", "民营企业", "private firm"),
        ("province_unit", "省级单位", "provincial unit"),
        ("mass_org", "人民团体", "mass organisation"),
        ("other", "其他", "other"),
    ),
    "relation_kind": _values(
        ("east_west", "东西部协作", "east–west collaboration"),
        ("county_pair", "县县结对", "county pair"),
        ("counterpart", "对口支援", "counterpart support"),
        ("intra_province", "省内结对", "pairing inside a province"),
        ("designated", "定点帮扶", "designated assistance"),
        ("provincial_designated", "省级定点帮扶", "provincial designated assistance"),
        ("village_unit", "单位包村", "unit for a village"),
        ("enterprise", "万企帮万村", "enterprise for a village"),
        ("supervision", "民主监督", "democratic supervision"),
    ),
    "ledger_item": _values(
        ("organisation_meetings", "组织领导：联席会议（次）", "organisation: joint meetings (count)"),
        ("officials_sent", "人才支援：选派干部（人）", "people: officials sent (persons)"),
        ("professionals_sent", "人才支援：专业技术人才（人）", "people: professionals sent (persons)"),
        ("fiscal_funds", "资金支持：财政援助（元）", "funds: fiscal aid (yuan)"),
        ("firms_settled", "产业合作：落地企业（个）", "industry: firms settled (count)"),
        ("investment", "产业合作：实际投资（元）", "industry: investment made (yuan)"),
        ("jobs_placed", "劳务协作：转移就业（人）", "labour: persons placed (persons)"),
        ("counties_paired", "携手奔小康：结对县（个）", "county to county: paired counties (count)"),
        ("money_put_in", "投入帮扶资金（元）", "money put in (yuan)"),
        ("money_brought_in", "引进帮扶资金（元）", "money brought in (yuan)"),
        ("cadres_trained", "培训基层干部（人）", "local cadres trained (persons)"),
        ("technicians_trained", "培训技术人员（人）", "technicians trained (persons)"),
        ("produce_bought", "购买农产品（元）", "produce bought (yuan)"),
        ("produce_sold", "帮助销售农产品（元）", "produce sold (yuan)"),
        ("donations", "社会捐赠（元）", "donations (yuan)"),
    ),
    "skill": _values(
        ("party_building", "党建", "party building"),
        ("industry", "产业", "industry"),
        ("agriculture", "农技", "agriculture"),
        ("education", "教育", "education"),
        ("health", "医疗卫生", "health"),
        ("finance", "金融财会", "finance"),
        ("engineering", "工程建设", "engineering"),
        ("law", "法律", "law"),
        ("e_commerce", "电商", "e-commerce"),
        ("general", "综合", "general"),
    ),
    "role": _values(
        ("first_secretary", "第一书记", "first secretary"), ("member", "驻村队员", "team member")
    ),
    "programme": _values(
        ("industry", "产业扶贫", "industry"),
        ("relocation", "易地搬迁", "relocation"),
        ("labour", "劳务输出", "labour"),
        ("education", "教育扶贫", "education"),
        ("health", "健康扶贫", "health"),
        ("ecology", "生态扶贫", "ecology"),
        ("housing", "危房改造", "housing"),
        ("infrastructure", "基础设施", "infrastructure"),
        ("dibao", "低保兜底", "dibao (minimum income)"),
        ("e_commerce", "电商扶贫", "e-commerce"),
        ("tourism", "旅游扶贫", "tourism"),
        ("photovoltaic", "光伏扶贫", "photovoltaic"),
    ),
    "quantity_unit": _values(
        ("village", "村", "village"),
        ("household", "户", "household"),
        ("person", "人", "person"),
        ("post", "岗位", "post"),
        ("county", "县", "county"),
    ),
    "fund_level": _values(
        ("central", "中央", "central"),
        ("provincial", "省级", "provincial"),
        ("prefecture", "市级", "prefecture"),
        ("county", "县级", "county"),
        ("east_west", "东西部协作", "east–west"),
        ("unit", "定点单位", "designated unit"),
        ("social", "社会", "social"),
    ),
    "instrument": _values(
        ("grant", "拨款", "grant"),
        ("bond", "债券", "bond"),
        ("microcredit", "小额信贷", "microcredit"),
        ("relending", "再贷款", "relending"),
        ("insurance", "保险", "insurance"),
    ),
    "direction": _values(
        ("development", "扶贫发展", "development"),
        ("ethnic_minority", "少数民族发展", "ethnic-minority development"),
        ("work_relief", "以工代赈", "work-relief"),
        ("state_farm", "国有贫困农场", "state poor farms"),
        ("forest_farm", "国有贫困林场", "state poor forest farms"),
    ),
    "flow_stage": _values(
        ("allotted", "下达", "allotted"),
        ("received", "到账", "received"),
        ("spent", "支出", "spent"),
        ("audited", "审计", "audited"),
    ),
    "capacity_kind": _values(("verification_team", "核查队（支·年）", "verification teams (team-years)")),
    "assessment_category": _values(
        ("commended", "表扬", "commended"),
        ("plain", "一般", "plain"),
        ("talk_deputy", "约谈分管负责人", "deputy called in"),
        ("talk_principal", "约谈主要负责人", "principal called in"),
    ),
    "finding_kind": _values(
        ("inspection", "督查巡查", "inspection"),
        ("audit", "审计", "audit"),
        ("hotline", "12317 热线", "hotline"),
        ("assessment", "考核", "assessment"),
        ("third_party", "第三方评估", "third party"),
        ("cross_check", "交叉考核", "cross check"),
        ("party_supervision", "民主监督", "party supervision"),
        ("media", "媒体暗访", "media"),
    ),
    "inspection_kind": _values(
        ("check", "督查", "check"),
        ("tour", "巡查", "inspection tour"),
        ("cross_check", "交叉考核", "cross check"),
        ("third_party", "第三方评估", "third-party evaluation"),
        ("fund_review", "资金审查", "fund review"),
        ("unannounced", "暗访", "unannounced visit"),
    ),
    "severity": _values(("low", "轻微", "low"), ("medium", "一般", "medium"), ("severe", "严重", "severe")),
    "finding_status": _values(
        ("open", "未整改", "open"),
        ("assigned", "已交办", "assigned"),
        ("rectified", "已整改", "rectified"),
        ("rechecked", "已复查", "rechecked"),
        ("closed", "销号", "closed"),
        ("reopened", "重新打开", "reopened"),
    ),
    "register_kind": _values(
        ("listed", "新识别", "listed"),
        ("missed", "漏评补录", "missed, added"),
        ("relapsed", "返贫", "relapsed"),
        ("exited", "脱贫", "exited"),
        ("corrected", "错评清退", "corrected out"),
    ),
    "cause": _values(
        ("illness", "因病", "illness"),
        ("disability", "因残", "disability"),
        ("schooling", "因学", "schooling"),
        ("disaster", "因灾", "disaster"),
        ("no_labour", "缺劳力", "lack of labour"),
        ("no_funds", "缺资金", "lack of funds"),
        ("no_skill", "缺技术", "lack of skill"),
        ("no_land", "缺土地", "lack of land"),
        ("transport", "交通条件落后", "poor transport"),
        ("motivation", "自身发展动力不足", "lack of drive"),
    ),
    "lacking": _values(
        ("food", "吃", "food"),
        ("clothing", "穿", "clothing"),
        ("education", "义务教育", "compulsory education"),
        ("medical", "基本医疗", "basic medical care"),
        ("housing", "住房安全", "safe housing"),
        ("water", "饮水安全", "safe water"),
        ("none", "无", "none"),
    ),
    "pledge_measure": _values(
        ("persons", "人", "persons"), ("villages", "村", "villages"), ("counties", "县", "counties")
    ),
    "complete": _values(
        ("yes", "完整", "complete"), ("no", "不完整", "not complete"), ("by_design", "制度外", "by design")
    ),
    "ended_because": _values(
        ("term_over", "任满", "term over"),
        ("unfit", "不胜任召回", "unfit, recalled"),
        ("illness", "因病", "illness"),
        ("promotion", "提拔", "promoted"),
        ("family", "家庭原因", "family"),
        ("retired", "退休", "retired"),
        ("other", "其他", "other"),
    ),
    "posting_change": _values(
        ("stays", "留任", "stays"), ("comes", "新派", "comes"), ("leaves", "离任", "leaves")
    ),
    "document_kind": _values(
        ("agreement", "协议", "agreement"), ("notice", "公告", "notice"), ("report", "报告", "report")
    ),
    "stage": _values(
        ("pairing", "区域结对", "pairing"),
        ("designation", "定点帮扶", "designation"),
        ("cadres", "驻村选派", "cadres"),
        ("funds", "资金分配", "funds"),
        ("exit", "退出计划", "exit"),
        ("inspection", "督查巡查", "inspection"),
    ),
}

MEASURES: dict[str, tuple[Text, str]] = {
    "poor_population": (Text("贫困人口", "poor population"), "persons"),
    "rural_population": (Text("农村人口", "rural population"), "persons"),
    "population": (Text("户籍人口", "registered population"), "persons"),
    "poverty_incidence": (Text("贫困发生率", "poverty incidence"), "share"),
    "wrongly_exited": (Text("错退率", "wrongly-exited share"), "share"),
    "missed": (Text("漏评率", "missed share"), "share"),
    "approval": (Text("群众认可度", "approval"), "share"),
    "fiscal_revenue": (Text("一般公共预算收入", "general public budget revenue"), "yuan"),
    "fiscal_expenditure": (Text("一般公共预算支出", "general public budget expenditure"), "yuan"),
    "gdp": (Text("地区生产总值", "GDP"), "yuan"),
    "income_per_head": (Text("农村居民人均可支配收入", "rural disposable income per head"), "yuan"),
    "central_special_fund": (Text("中央财政专项扶贫资金", "central special fund"), "yuan"),
    "road_km": (Text("公路里程", "roads"), "km"),
    "exit_year": (Text("脱贫摘帽年度", "year of exit (of the result)"), "year"),
}
_DECLARED["measure"] = {name: title for name, (title, _) in MEASURES.items()}
ENUMS: dict[str, Titled] = {enum: Titled(enum, titles) for enum, titles in _DECLARED.items()}

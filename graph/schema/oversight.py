"""Tables of oversight: capacities, pledges, assessments, teams, findings, policies, documents."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import table

ROOM = "oversight"

capacities = table(
    "capacities", "region year kind", "能力", "capacities",
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("kind", "enum", "类型", "kind", enum="capacity_kind"),
    C("value", "number", "值", "value", minimum=0, required=True),
    note_zh="核查等能力上限", note_en="how much can be verified, and the like", room=ROOM,
)  # fmt: skip

pledges = table(
    "pledges", "region year measure", "责任书", "pledges",
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("measure", "enum", "指标", "measure", enum="pledge_measure"),
    C("amount", "integer", "数量", "amount", minimum=0, required=True, unit="persons / villages / counties"),
    C("signed_on", "date", "签订日期", "signed on"),
    note_zh="下级之和等于上级", note_en="children add up to the parent", room=ROOM,
)  # fmt: skip

assessments = table(
    "assessments", "region year", "考核", "assessments",
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("category", "enum", "结果", "category", enum="assessment_category", required=True),
    note_zh="年度考核结果", note_en="the yearly assessment", room=ROOM,
)  # fmt: skip

inspection_teams = table(
    "inspection_teams", "id", "督查组", "inspection teams",
    C("id", "code", "编号", "id"),
    C("unit", "code", "牵头单位", "unit", foreign="units.id|regions.code"),
    C("home_region", "code", "所在地", "home region", foreign="regions.code"),
    C("size", "integer", "人数", "size", unit="persons", minimum=1, default=5),
    C("days_max", "integer", "最多天数", "days at most", unit="days a year", minimum=0, default=60),
    C("languages", "list", "语言", "languages"),
    note_zh="一行一个督查组", note_en="one row per inspection team", room=ROOM,
)  # fmt: skip

inspection_visits = table(
    "inspection_visits", "team region year kind", "既往督查", "inspection visits",
    C("team", "code", "督查组", "team", foreign="inspection_teams.id"),
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("kind", "enum", "类别", "kind", enum="inspection_kind"),
    note_zh="哪个组哪年查过哪里；同一组不得连续两次查同一地", note_en="who inspected where in which year; nobody goes twice running",
    room=ROOM,
)  # fmt: skip

findings = table(
    "findings", "id", "问题台账", "findings",
    C("id", "code", "编号", "id"),
    C("region", "code", "地区", "region", foreign="regions.code", required=True),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("kind", "enum", "来源类型", "kind", enum="finding_kind", default="inspection"),
    C("programme", "enum", "项目", "programme", enum="programme"),
    C("severity", "enum", "程度", "severity", enum="severity", default="medium"),
    C("received", "date", "收到", "received"),
    C("owner", "text", "责任单位", "owner"),
    C("due", "date", "期限", "due"),
    C("status", "enum", "状态", "status", enum="finding_status", default="open"),
    C("evidence", "text", "佐证", "evidence"),
    C("closed_on", "date", "销号日期", "closed on"),
    note_zh="发现的问题及整改", note_en="what was found and whether it is mended", room=ROOM,
)  # fmt: skip

policies = table(
    "policies", "id", "政策", "policies",
    C("id", "code", "编号", "id"),
    C("issuer", "text", "发文单位", "issuer"),
    C("level", "enum", "层级", "level", enum="fund_level", default="central"),
    C("title", "text", "标题", "title", required=True),
    C("parent", "code", "上位政策", "parent", foreign="policies.id"),
    C("since", "date", "起", "since"),
    C("until", "date", "止", "until"),
    note_zh="场景取值所依据的政策", note_en="what a scenario's values cite", room=ROOM,
)  # fmt: skip

documents = table(
    "documents", "id", "文件", "documents",
    C("id", "code", "编号", "id"),
    C("subject", "code", "对象", "subject"),
    C("title", "text", "标题", "title", required=True),
    C("date", "date", "日期", "date"),
    C("link", "text", "链接", "link"),
    note_zh="协议、公告、报告", note_en="agreements, notices, reports", room=ROOM,
)  # fmt: skip

TABLES = (
    capacities,
    pledges,
    assessments,
    inspection_teams,
    inspection_visits,
    findings,
    policies,
    documents,
)

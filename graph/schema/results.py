"""Tables that a plan holds: what was decided."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import result

pairs = result(
    "pairs", "stage supporter recipient", "结对结果", "pairs",
    C("stage", "enum", "阶段", "stage", enum="stage"),
    C("supporter", "code", "帮扶方", "supporter"),
    C("recipient", "code", "受扶方", "recipient"),
    C("cost", "number", "成本", "cost", required=True, note_zh="各项之和", note_en="the sum of its terms"),
    C("load", "integer", "负载", "load", required=True),
    C("terms", "text", "成本构成", "terms", note_zh="JSON：每一项的值", note_en="JSON: each term of the cost"),
    C("kind", "enum", "关系类型", "kind", enum="relation_kind",
      note_zh="结对阶段：东西部协作、对口支援（仅列示）或县县结对", note_en="pairing: east–west, counterpart (only shown) or county pair"),
    note_zh="谁帮谁", note_en="who supports whom",
)  # fmt: skip

postings = result(
    "postings", "cadre village post", "选派结果", "postings",
    C("cadre", "code", "干部", "cadre"),
    C("village", "code", "村", "village"),
    C("post", "text", "岗位", "post"),
    C("role", "enum", "职务", "role", enum="role"),
    C("cost", "number", "成本", "cost", required=True),
    note_zh="谁去哪个村", note_en="who is posted where",
)  # fmt: skip

allocations = result(
    "allocations", "source region programme year", "资金分配", "allocations",
    C("source", "code", "资金来源", "fund source"),
    C("region", "code", "地区", "region"),
    C("programme", "enum", "项目", "programme", enum="programme"),
    C("year", "integer", "年份", "year"),
    C("amount", "money", "金额", "amount", unit="yuan", required=True),
    C("quantity", "integer", "数量", "quantity", unit="of the need's unit"),
    note_zh="哪笔钱去哪个县哪个项目", note_en="which money goes where",
)  # fmt: skip

exits = result(
    "exits", "region", "退出计划", "exits",
    C("region", "code", "地区", "region"),
    C("year", "integer", "年份", "year", required=True, note_zh="结果年度", note_en="year of the result"),
    C("announced_year", "integer", "公告年份", "announced in", required=True),
    C("incidence", "share", "预计贫困发生率", "incidence expected"),
    C("cost", "number", "成本", "cost", required=True),
    C("terms", "text", "成本构成", "terms", note_zh="JSON：每一项的值", note_en="JSON: each term of the cost"),
    note_zh="哪个县哪一年退出", note_en="the year in which each county exits",
)  # fmt: skip

inspections = result(
    "inspections", "kind year team region", "督查安排", "inspections",
    C("kind", "enum", "类别", "kind", enum="inspection_kind"),
    C("year", "integer", "年份", "year"),
    C("team", "code", "督查组", "team"),
    C("region", "code", "地区", "region"),
    C("days", "integer", "天数", "days", unit="days", required=True),
    C("sample", "text", "抽样", "sample", note_zh="JSON：村与户数", note_en="JSON: villages and households"),
    C("cost", "number", "成本", "cost", required=True, note_zh="各项之和", note_en="the sum of its terms"),
    C("terms", "text", "成本构成", "terms", note_zh="JSON：每一项的值", note_en="JSON: each term of the cost"),
    note_zh="哪个组查哪里", note_en="which team inspects where",
)  # fmt: skip

TABLES = (pairs, postings, allocations, exits, inspections)

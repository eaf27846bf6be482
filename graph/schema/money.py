"""Tables of money: needs, sources, budgets, flows."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import table

ROOM = "money"

needs = table(
    "needs", "region year programme", "需求", "needs",
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("programme", "enum", "项目", "programme", enum="programme"),
    C("amount", "money", "金额", "amount", unit="yuan", minimum=0, default=0),
    C("quantity", "integer", "数量", "quantity", unit="of the unit", minimum=0),
    C("unit", "enum", "计量单位", "unit", enum="quantity_unit"),
    C("unit_cost", "money", "单位成本", "unit cost", unit="yuan", minimum=0),
    note_zh="某县某年某项目要多少", note_en="what a county needs for a programme in a year", room=ROOM,
)  # fmt: skip

fund_sources = table(
    "fund_sources", "id", "资金来源", "fund sources",
    C("id", "code", "编号", "id", example="central_special"),
    C("name", "text", "名称", "name", default="", example="中央财政专项扶贫资金"),
    C("level", "enum", "级次", "level", enum="fund_level", default="central"),
    C("instrument", "enum", "工具", "instrument", enum="instrument", default="grant"),
    C("direction", "enum", "方向", "direction", enum="direction"),
    C("owner_region", "code", "归属地区", "owner region", foreign="regions.code",
      note_zh="空：全国；否则只能用于该地区及其下级（协作资金为出资方）",
      note_en="empty: country-wide; else only for that region and below (east–west money: the payer)"),
    C("programmes", "list", "可用项目", "programmes", enum="programme", note_zh="空：全部", note_en="empty: all"),
    C("poolable", "boolean", "可整合", "poolable", default=False),
    note_zh="一行一笔资金来源", note_en="one row per source of money", room=ROOM,
)  # fmt: skip

fund_budgets = table(
    "fund_budgets", "source year", "资金预算", "fund budgets",
    C("source", "code", "资金来源", "fund source", foreign="fund_sources.id"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("amount", "money", "金额", "amount", unit="yuan", minimum=0, required=True),
    C("carry_over_max", "share", "可结转份额", "carry-over at most", minimum=0, maximum=1, default=0.0),
    note_zh="每年可用多少", note_en="how much there is in a year", room=ROOM,
)  # fmt: skip

fund_flows = table(
    "fund_flows", "source region year stage", "资金流", "fund flows",
    C("source", "code", "资金来源", "fund source", foreign="fund_sources.id"),
    C("region", "code", "地区", "region", foreign="regions.code"),
    C("year", "integer", "年份", "year", minimum=1949, maximum=2100),
    C("stage", "enum", "环节", "stage", enum="flow_stage"),
    C("amount", "money", "金额", "amount", unit="yuan", minimum=0, required=True),
    C("date", "date", "日期", "date"),
    note_zh="下达、到账、支出、审计", note_en="allotted, received, spent, audited", room=ROOM,
)  # fmt: skip

TABLES = (needs, fund_sources, fund_budgets, fund_flows)

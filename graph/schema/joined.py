"""Tables that are worked out of others: nobody writes them, they have no source of their own."""

from __future__ import annotations

from dataclasses import replace

from graph.schema.column import MARK, Column, Table
from graph.schema.people import cadres, postings, village_posts

C = Column
ROOM = "joined"


def _of(table: Table, column: str, name: str = "", zh: str = "", en: str = "") -> Column:
    """A table's own column; it is not asked for here, and may be called otherwise."""
    own = table.by_name[column]
    return replace(own, name=name or own.name, zh=zh or own.zh, en=en or own.en, required=False, default=None)


posted = Table(
    "posted", ("cadre", "village", "post", "since"),
    (
        C("province", "code", "省代码", "province code", foreign="regions.code"), C("province_name", "text", "省", "province"),
        C("county", "code", "县代码", "county code", foreign="regions.code"), C("county_name", "text", "县", "county"),
        _of(postings, "village", zh="村代码", en="village code"), C("village_name", "text", "村", "village"),
        _of(postings, "post"), _of(postings, "role"), _of(postings, "cadre"), _of(postings, "since"), _of(postings, "until"),
        C("due", "date", "任期届满", "term over", note_zh="止期；没有止期的，从起期算最短任期", note_en="its end; where there is none, its beginning and the minimum term"),
        _of(village_posts, "tier"), _of(village_posts, "skill", name="wanted"), _of(cadres, "skill"),
        C("language", "list", "当地语言", "spoken there"), _of(cadres, "languages"),
        _of(cadres, "unit", zh="派出单位代码", en="unit id"), C("unit_name", "text", "派出单位", "unit"),
        _of(postings, "days_in_village"),
        C("change", "enum", "方案变动", "change by the plan", enum="posting_change"), MARK,
    ),
    "在岗人员", "people posted", "谁在哪个村，村、岗位与干部的情况在旁", "who is posted where, with village, post and cadre beside", ROOM,
)  # fmt: skip

JOINED = {posted.name: posted}

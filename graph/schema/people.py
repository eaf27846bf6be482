"""Tables of people: cadres, postings, village posts. No names beside ids."""

from __future__ import annotations

from graph.schema.column import Column as C
from graph.schema.column import table

ROOM = "people"
MOST_SEATS = 1_000_000
"""People at one post at most; sums of seats and their worths stay exact."""

cadres = table(
    "cadres", "id", "干部", "cadres",
    C("id", "code", "编号", "id", example="c000123"),
    C("unit", "code", "派出单位", "unit", foreign="units.id|regions.code", example="u017",
      note_zh="单位编号，或派出它的地方（代码）", note_en="a unit's id, or the code of the place that sends"),
    C("home_region", "code", "家庭所在地", "home region", foreign="regions.code", example="530100"),
    C("skill", "enum", "专长", "skill", enum="skill", default="general", example="agriculture"),
    C("roles", "list", "可任职务", "roles", enum="role", default="member", example="first_secretary;member"),
    C("languages", "list", "语言", "languages", example="lisu"),
    C("available_from", "date", "可派起", "available from"),
    C("available_until", "date", "可派止", "available until"),
    C("seniority_years", "integer", "工龄", "seniority", unit="years", minimum=0, maximum=60, default=0, example="12"),
    C("household", "code", "家庭编号", "household", note_zh="夫妻同派时相同", note_en="equal for spouses who are both posted"),
    note_zh="一行一名干部，不含姓名", note_en="one row per cadre, no names here", room=ROOM,
)  # fmt: skip

cadre_names = table(
    "cadre_names", "id", "干部姓名", "cadre names",
    C("id", "code", "编号", "id", foreign="cadres.id"),
    C("name", "text", "姓名", "name", required=True),
    note_zh="可选，单独存放，未授权时遮盖", note_en="optional, separate, masked unless allowed", room=ROOM,
)  # fmt: skip

postings = table(
    "postings", "cadre village post since", "驻村任职", "postings",
    C("cadre", "code", "干部", "cadre", foreign="cadres.id"),
    C("village", "code", "村", "village", foreign="regions.code"),
    C("post", "text", "岗位", "post"),
    C("since", "date", "起", "since"),
    C("role", "enum", "职务", "role", enum="role", default="member"),
    C("until", "date", "止", "until"),
    C("ended_because", "enum", "结束原因", "ended because", enum="ended_because"),
    C("days_in_village", "integer", "驻村天数", "days in village", unit="days", minimum=0),
    note_zh="谁在哪个村任职", note_en="who is posted where", room=ROOM,
)  # fmt: skip

village_posts = table(
    "village_posts", "village post", "村岗位", "village posts",
    C("village", "code", "村", "village", foreign="regions.code"),
    C("post", "text", "岗位", "post", example="first_secretary"),
    C("role", "enum", "职务", "role", enum="role", default="member", example="first_secretary"),
    C("skill", "enum", "所需专长", "skill wanted", enum="skill", example="agriculture"),
    C("minimum", "integer", "最少", "minimum", unit="persons", minimum=0, maximum=MOST_SEATS, default=0, example="1"),
    C("target", "integer", "目标", "target", unit="persons", minimum=0, maximum=MOST_SEATS, default=1, example="1",
      note_zh="含最少人数", note_en="the minimum included"),
    C("tier", "integer", "优先级", "tier", minimum=1, default=1, example="1", note_zh="1 最先", note_en="1 comes first"),
    note_zh="每个村的岗位与人数", note_en="the posts of each village", room=ROOM,
)  # fmt: skip

TABLES = (cadres, cadre_names, postings, village_posts)

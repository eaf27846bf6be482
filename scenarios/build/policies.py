"""Documents of the programme that a scenario's values cite; recalled."""

from __future__ import annotations

from datetime import date

import polars as pl

from scenarios.build.tables import from_rows

CENTRE = "中共中央、国务院"
OFFICES = "中共中央办公厅、国务院办公厅"
LEADING = "国务院扶贫开发领导小组"

LISTED = (
    ("p2011-outline", CENTRE, "中国农村扶贫开发纲要（2011—2020年）", None, date(2011, 5, 27)),
    ("p2012-key", LEADING + "办公室", "国家扶贫开发工作重点县名单", "p2011-outline", date(2012, 3, 19)),
    ("p2014-register", LEADING + "办公室", "扶贫开发建档立卡工作方案", "p2011-outline", date(2014, 4, 2)),
    ("p2015-decision", CENTRE, "关于打赢脱贫攻坚战的决定", None, date(2015, 11, 29)),
    (
        "p2015-secretaries",
        "中央组织部等",
        "关于做好选派机关优秀干部到村任第一书记工作的通知",
        None,
        date(2015, 4, 29),
    ),
    (
        "p2015-designated",
        LEADING + "办公室等",
        "关于进一步完善定点扶贫工作的通知",
        "p2015-decision",
        date(2015, 8, 21),
    ),
    ("p2016-assess", OFFICES, "省级党委和政府扶贫开发工作成效考核办法", "p2015-decision", date(2016, 2, 9)),
    (
        "p2016-pooling",
        "国务院办公厅",
        "关于支持贫困县开展统筹整合使用财政涉农资金试点的意见",
        "p2015-decision",
        date(2016, 4, 12),
    ),
    ("p2016-exit", OFFICES, "关于建立贫困退出机制的意见", "p2015-decision", date(2016, 4, 23)),
    ("p2016-inspection", OFFICES, "脱贫攻坚督查巡查工作办法", "p2015-decision", date(2016, 7, 17)),
    ("p2016-responsibility", OFFICES, "脱贫攻坚责任制实施办法", "p2015-decision", date(2016, 10, 11)),
    (
        "p2016-east-west",
        OFFICES,
        "关于进一步加强东西部扶贫协作工作的指导意见",
        "p2015-decision",
        date(2016, 12, 7),
    ),
    ("p2016-plan", "国务院", "“十三五”脱贫攻坚规划", "p2015-decision", date(2016, 11, 23)),
    ("p2017-funds", "财政部等", "中央财政专项扶贫资金管理办法", "p2015-decision", date(2017, 3, 13)),
    ("p2017-deep", OFFICES, "关于支持深度贫困地区脱贫攻坚的实施意见", "p2015-decision", date(2017, 9, 25)),
    (
        "p2017-teams",
        OFFICES,
        "关于加强贫困村驻村工作队选派管理工作的指导意见",
        "p2015-decision",
        date(2017, 12, 24),
    ),
)


def policies() -> pl.DataFrame:
    """Title, issuer and date of each document."""
    return from_rows(
        "policies",
        [
            {
                "id": i,
                "issuer": by,
                "level": "central",
                "title": title,
                "parent": up,
                "since": since,
                "source": "recalled",
                "mark": "recalled",
            }
            for i, by, title, up, since in LISTED
        ],
    )


def documents() -> pl.DataFrame:
    """Pages that the sources name for a few well-known pairs."""
    pages = (
        (
            "d001",
            "ew:440400:533300",
            "珠海市—怒江州东西部扶贫协作（2016 年指导意见）",
            date(2016, 12, 7),
            None,
        ),
        (
            "d002",
            "ew:350000:640000",
            "闽宁对口扶贫协作",
            date(2018, 8, 23),
            "news.china.com.cn/2018-08/23/content_59855121_2.htm",
        ),
        (
            "d003",
            "ew:330200:222400",
            "宁波市—延边州东西部扶贫协作（指导意见，宁波日报）",
            date(2016, 12, 8),
            "daily.cnnb.com.cn/nbrb/html/2016-12/08/content_1015203.htm",
        ),
        ("d004", "360881", "井冈山市脱贫公告（2016 年度结果）", date(2017, 2, 26), None),
        ("d005", "410225", "兰考县脱贫公告（2016 年度结果）", date(2017, 3, 27), None),
    )
    return from_rows(
        "documents",
        [
            {
                "id": i,
                "subject": s,
                "title": t,
                "date": d,
                "link": link,
                "source": "recalled" if link is None else link,
                "mark": "recalled" if link is None else None,
            }
            for i, s, t, d, link in pages
        ],
    )

"""``jiedui ask``: who supports whom, and the questions around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import cloup

from api.cli.asked import open_questions
from api.cli.opening import Day, known_option, network_options
from api.cli.screen import (
    all_with_pinyin,
    day_given,
    joined,
    named,
    print_json,
    print_line,
    print_more,
    print_table,
    tagged,
    titled,
    with_pinyin,
)
from api.cli.tie_rows import print_ties
from graph.errors import UsageError
from graph.language import Text
from graph.questions.ask import READS, Card
from graph.questions.protocol import Questions


@cloup.command(
    "ask", help=str(Text("谁帮谁：地区或单位的帮扶关系卡片", "who supports whom: a place's or unit's card"))
)
@cloup.argument("subject", required=False)
@cloup.option_group(
    str(Text("其他问题", "Other questions")),
    cloup.option(
        "--ego",
        type=click.IntRange(1, 10),
        metavar="N",
        help=str(
            Text(
                "N 对关系以内的网络，含上级和下级的",
                "its network within N relations, also of places above and below",
            )
        ),
    ),
    cloup.option(
        "--paths", nargs=2, metavar="A B", help=str(Text("A 与 B 之间的联系", "how A and B hang together"))
    ),
    cloup.option(
        "--between",
        nargs=2,
        metavar="A B",
        help=str(Text("A 与 B 之间历来的关系和台账", "all there was between A and B, and its ledger")),
    ),
    cloup.option(
        "--relation",
        metavar="RELATION",
        help=str(Text("同上，用关系编号", "the same, by the id of a relation")),
    ),
    cloup.option(
        "--terms",
        type=click.IntRange(0, 1200),
        metavar="MONTHS",
        help=str(
            Text(
                "几个月内到期的关系、驻村任期和最短任期（按县汇总）",
                "relations, postings and minimum terms that end within so many months (postings by county)",
            )
        ),
    ),
    cloup.option(
        "--each",
        is_flag=True,
        help=str(Text("与 --terms 合用：逐人列出", "with --terms: a row per posting")),
    ),
    cloup.option("--loads", is_flag=True, help=str(Text("各帮扶方的负担", "load per supporter"))),
    cloup.option(
        "--plan",
        type=click.Path(),
        metavar="PLAN",
        help=str(Text("与 --loads 合用：方案下的负担", "with --loads: also under this plan")),
    ),
    cloup.option("--ledger", is_flag=True, help=str(Text("承诺与兑现", "pledged against delivered"))),
    cloup.option(
        "--flows",
        metavar="LEVEL",
        help=str(Text("资金流，汇总到某一层级", "where the money flows, summed to a level")),
    ),
    cloup.option(
        "--year",
        type=int,
        help=str(Text("与 --ledger、--flows 合用：年份", "with --ledger and --flows: the year")),
    ),
    cloup.option(
        "--structure", is_flag=True, help=str(Text("薄弱处、群落、中心", "weak points, communities, centres"))
    ),
    cloup.option(
        "--difference",
        nargs=2,
        type=Day(),
        metavar="DATE DATE",
        help=str(Text("两个日期之间的变化", "what changed between two days")),
    ),
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=str(Text("每个列表最多几行", "rows per list")),
)
@network_options
@known_option
def command(
    *,
    subject: str | None,
    on: str | None,
    at: datetime | None,
    known_on: datetime | None,
    as_json: bool,
    limit: int,
    **asked: Any,
) -> None:
    """Answer one question."""
    from api.cli.network import QUESTIONS, Question

    chosen = [name for name in QUESTIONS if asked[name] not in (None, False, ())]
    if len(chosen) > 1:
        both = " ".join(f"--{name}" for name in chosen)
        raise UsageError(f"一次只能问一个问题：{both}", f"one question at a time: {both}")
    if chosen:
        QUESTIONS[chosen[0]](Question(subject, on, day_given(at), day_given(known_on), as_json, limit, asked))
        return
    if not subject:
        raise UsageError(
            "请给出要查的地区或单位，例如 jiedui ask 怒江",
            "say which place or unit, for example: jiedui ask 怒江",
        )
    with open_questions(on, READS, day_given(known_on)) as questions:
        card = questions.ask(subject, at=day_given(at))
        if as_json:
            print_json(card.to_dict())
        elif card.sure:
            print_card(questions, card, limit)
        else:
            print_hits(questions, card, limit)


def print_hits(questions: Questions, card: Card, limit: int) -> None:
    """Several places that the words may mean, each with its own supporters."""
    print_line(
        Text("不止一处，请用代码或全名再问一次：", "more than one; ask again with the code or the full name:")
    )
    found = questions.meanings([h.id for h in card.hits[:limit]], card.at)
    above = all_with_pinyin([" ".join(m.place.above) for m in found], questions)
    rows = [
        (
            m.place.id,
            named(m.place),
            where,
            joined(dict.fromkeys(named(t.supporter) for t in m.supported_by)),
            joined(dict.fromkeys(named(t.recipient) for t in m.supports)),
        )
        for m, where in zip(found, above, strict=True)
    ]
    titles = (
        Text("代码", "code"),
        Text("名称", "name"),
        Text("所在", "in"),
        Text("帮扶方", "supported by"),
        Text("受扶方", "supports"),
    )
    print_table("", titles, rows)
    print_more(len(card.hits), limit)


def print_card(questions: Questions, card: Card, limit: int) -> None:
    """The card of one place or unit."""
    place = card.subject
    print_line(
        f"{named(place)}  {place.id}  {_level(place.level)}  {with_pinyin(' '.join(place.above), questions)}"
    )
    print_line(Text(f"截至 {card.at}", f"on {card.at}"))
    if card.tags:
        print_line(f"{Text('标签：', 'tags: ')}{'  '.join(tagged(t) for t in card.tags)}")
    for old, new, since in card.changes:
        print_line(
            Text(
                f"区划变动：{old} → {new}（{since or '日期不详'}）",
                f"code change: {old} → {new} ({since or 'date unknown'})",
            )
        )
    print_ties(Text("谁帮扶它", "Supported by"), card.supported_by, limit)
    print_ties(Text("它帮扶谁", "Supports"), card.supports, limit)
    others = card.hits[1:6]
    if others:
        print_line(
            f"{Text('也可能指：', 'may also mean: ')}{with_pinyin(joined(f'{h.id} {h.name}' for h in others), questions)}"
        )


def _level(level: str) -> str:
    return str(Text("单位", "unit")) if level == "unit" else titled("level", level)

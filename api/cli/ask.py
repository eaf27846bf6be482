"""``jiedui ask``: who supports whom, and the questions around it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
import cloup

from api.cli.opening import Day, network_options, open_network
from api.cli.screen import (
    STATES,
    WAYS,
    day_given,
    joined,
    marked,
    named,
    print_json,
    print_line,
    print_more,
    print_table,
    tagged,
    term,
    titled,
    with_pinyin,
)
from graph.errors import UsageError
from graph.language import Text
from graph.network import Network
from graph.questions.ask import READS, Card, ask
from graph.questions.ties import Tie


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
def command(
    *, subject: str | None, on: str | None, at: datetime | None, as_json: bool, limit: int, **asked: Any
) -> None:
    """Answer one question."""
    from api.cli.network import QUESTIONS, Question

    chosen = [name for name in QUESTIONS if asked[name] not in (None, False, ())]
    if len(chosen) > 1:
        both = " ".join(f"--{name}" for name in chosen)
        raise UsageError(f"一次只能问一个问题：{both}", f"one question at a time: {both}")
    if chosen:
        QUESTIONS[chosen[0]](Question(subject, on, day_given(at), as_json, limit, asked))
        return
    if not subject:
        raise UsageError(
            "请给出要查的地区或单位，例如 jiedui ask 怒江",
            "say which place or unit, for example: jiedui ask 怒江",
        )
    network = open_network(on, READS)
    card = ask(network, subject, at=day_given(at))
    if as_json:
        print_json(card.to_dict())
    elif card.sure:
        print_card(network, card, limit)
    else:
        print_hits(network, card, limit)


def print_hits(network: Network, card: Card, limit: int) -> None:
    """Several places that the words may mean, each with its own supporters."""
    from graph.questions.place import places
    from graph.questions.ties import ties

    print_line(
        Text("不止一处，请用代码或全名再问一次：", "more than one; ask again with the code or the full name:")
    )
    rows = []
    hits = card.hits[:limit]
    for place in places(network, [h.id for h in hits], above=True):
        supporters = [
            t
            for t in ties(network, place.id, "recipient", card.at)
            if t.through == "own" and t.state == "in_force"
        ]
        supported = [
            t
            for t in ties(network, place.id, "supporter", card.at)
            if t.through == "own" and t.state == "in_force"
        ]
        rows.append(
            (
                place.id,
                named(place),
                with_pinyin(" ".join(place.above), network),
                joined(dict.fromkeys(named(t.supporter) for t in supporters)),
                joined(dict.fromkeys(named(t.recipient) for t in supported)),
            )
        )
    titles = (
        Text("代码", "code"),
        Text("名称", "name"),
        Text("所在", "in"),
        Text("帮扶方", "supported by"),
        Text("受扶方", "supports"),
    )
    print_table("", titles, rows)
    print_more(len(card.hits), limit)


def print_card(network: Network, card: Card, limit: int) -> None:
    """The card of one place or unit."""
    place = card.subject
    print_line(
        f"{named(place)}  {place.id}  {_level(place.level)}  {with_pinyin(' '.join(place.above), network)}"
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
    _print_ties(Text("谁帮扶它", "Supported by"), card.supported_by, limit, supporters=True)
    _print_ties(Text("它帮扶谁", "Supports"), card.supports, limit, supporters=False)
    others = card.hits[1:6]
    if others:
        print_line(
            f"{Text('也可能指：', 'may also mean: ')}{with_pinyin(joined(f'{h.id} {h.name}' for h in others), network)}"
        )


def _print_ties(title: Text, found: tuple[Tie, ...], limit: int, *, supporters: bool) -> None:
    if not found:
        print_line(f"\n{title}: {Text('无', 'nobody')}")
        return
    titles = [
        Text("途径", "through"),
        Text("类型", "kind"),
        Text("帮扶方", "supporter"),
        Text("受扶方", "recipient"),
        Text("期限", "term"),
        Text("状态", "state"),
        Text("标记", "mark"),
        Text("来源", "source"),
    ]
    rows = [
        (
            WAYS[t.through],
            titled("relation_kind", t.kind),
            named(t.supporter),
            named(t.recipient),
            term(t.since, t.until),
            f"{STATES[t.state]}{_yielding(t)}",
            marked(t.mark),
            t.source,
        )
        for t in found[:limit]
    ]
    print_line("")
    print_table(f"{title} ({len(found)})", titles, rows)
    print_more(len(found), limit)


def _yielding(tie: Tie) -> str:
    return str(Text("，以更具体的关系为准", ", the more specific one wins")) if tie.yields_to else ""


def _level(level: str) -> str:
    return str(Text("单位", "unit")) if level == "unit" else titled("level", level)

"""``jiedui withdraw``: what breaks when one supporter withdraws."""

from __future__ import annotations

from datetime import datetime

import click
import cloup

from api.cli.asked import open_questions
from api.cli.opening import known_option, network_options
from api.cli.screen import (
    day_given,
    joined,
    marked,
    named,
    print_json,
    print_line,
    print_more,
    print_table,
    titled,
)
from graph.language import Text, several
from graph.questions.rules import RULES
from graph.questions.withdraw import READS, Candidate, Withdrawal


@cloup.command(
    "withdraw",
    help=str(
        Text(
            "某个帮扶方退出，谁会落空，谁能接手",
            "who is left uncovered when a supporter withdraws, and who could take over",
        )
    ),
)
@cloup.argument("supporter")
@cloup.option(
    "--candidates",
    type=click.IntRange(0),
    default=3,
    show_default=True,
    help=str(Text("每处列出几个可接手的", "how many could take over, per place")),
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
    supporter: str,
    candidates: int,
    limit: int,
    on: str | None,
    at: datetime | None,
    known_on: datetime | None,
    as_json: bool,
) -> None:
    """Show what the withdrawal does."""
    with open_questions(on, READS, day_given(known_on)) as questions:
        answer = questions.withdraw(supporter, at=day_given(at), candidates=candidates)
    if as_json:
        print_json(answer.to_dict())
    else:
        print_withdrawal(answer, limit)


def print_withdrawal(answer: Withdrawal, limit: int) -> None:
    """Lost relations with who remains and who could take over; then the rules that break."""
    who = named(answer.supporter)
    if not answer.lost:
        print_line(
            Text(
                f"{who} 在 {answer.at} 没有帮扶任何地方，退出不影响任何地区",
                f"{who} supports nobody on {answer.at}: nobody is left uncovered",
            )
        )
        return
    below = Text("", "")
    if answer.below:
        below = Text(f"（其中下级的 {answer.below} 对）", f" ({answer.below} of them of places below it)")
    print_line(
        Text(
            f"{who} 退出（{answer.at}）：结束 {len(answer.lost)} 对关系{below.zh}，{len(answer.uncovered)} 处落空",
            f"{who} withdraws on {answer.at}: "
            f"{several(len(answer.lost), 'relation ends', 'relations end')}{below.en}, {several(len(answer.uncovered), 'place')} uncovered",
        )
    )
    titles = [
        Text("帮扶方", "supporter"),
        Text("受扶方", "recipient"),
        Text("类型", "kind"),
        Text("同类帮扶仍有", "still has, of that kind"),
        Text("可接手（公里，现负担，成本）", "could take over (km, load now, cost)"),
        Text("标记", "mark"),
    ]
    rows = [
        (
            named(lost.supporter),
            named(lost.recipient),
            titled("relation_kind", lost.kind),
            joined(named(p) for p in lost.remaining) or Text("无：落空", "nobody: uncovered"),
            "\n".join(_candidate(c) for c in lost.candidates),
            marked(lost.mark),
        )
        for lost in answer.lost[:limit]
    ]
    print_table("", titles, rows)
    print_more(len(answer.lost), limit)
    titles_of = {rule.name: rule.title for rule in RULES}
    for rule, fallen in answer.broken_rules.items():
        n = len(fallen)
        lost = Text(f"：{n} 处不再满足", f": no longer holds for {several(n, 'place')}")
        print_line(f"\n{titles_of[rule]} [{rule}]{lost}")
        print_line("  " + joined(named(p) for p in fallen[:limit]))
        print_more(len(fallen), limit)
    if answer.units_stay:
        stay = len(answer.units_stay)
        print_line(
            Text(
                f"所在地在此的 {stay} 个单位不随之退出（单位不等于地方；要问它们，请用单位名）",
                f"{several(stay, 'unit whose home is there stays', 'units whose home is there stay')}: "
                "a unit is not the place (ask for each by its name)",
            )
        )
    print_line(
        Text(
            "成本 = 公里 / 1000 +（负担 + 1）/ 公平负担（能力数，缺则候选方平均负担）；越低越好",
            "cost = km / 1000 + (load + 1) / fair load (capacity, else the candidates' mean); low is good",
        )
    )


def _candidate(c: Candidate) -> str:
    km = Text("距离不详", "distance unknown") if c.distance_km is None else f"{c.distance_km:,.0f} km"
    full = Text("，已满", ", full") if c.full else ""
    of = f"/{c.capacity}" if c.capacity is not None else ""
    return f"{named(c.supporter)}  {km}, {c.load}{of}, {c.cost:.2f}{full}"

"""``jiedui recommend``: the best places for one cadre, unit or source's money, and the other way round."""

from __future__ import annotations

import click
import cloup

from api.cli.main import Everywhere
from api.cli.otherwise import price_words
from api.cli.progress import Progress
from api.cli.screen import all_with_pinyin, print_json, print_line, print_table, with_pinyin
from graph.language import Text
from planner.otherwise import Move, Otherwise
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.otherwise.ranked import Ranked
from planner.plan import Plan, read_plan
from planner.recommend import recommend

MOST = 1000
"""Choices that may be asked for."""


@cloup.command(
    "recommend",
    help=str(
        Text(
            "为一名干部、一个村、一个单位、一项资金或一个县推荐去处",
            "the best choices for one cadre, village, unit, fund or county",
        )
    ),
)
@cloup.argument("plan")
@cloup.argument("subject")
@cloup.option(
    "-n",
    "--top",
    "count",
    type=click.IntRange(1, MOST),
    default=5,
    show_default=True,
    help=str(Text("列出几个", "how many")),
)
@cloup.option(
    "--stage", "stages", multiple=True, metavar="STAGE", help=str(Text("只看这些阶段", "only these stages"))
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, plan: str, subject: str, count: int, stages: tuple[str, ...], as_json: bool) -> None:
    """Rank other choices of one subject by their exact change of the whole objective."""
    read = read_plan(plan)
    with Progress(Everywhere.quiet) as progress:
        found = recommend(read, subject, count, progress, stages=stages or None)
    if as_json:
        print_json(found.as_list())
        return
    if not any(told.change is not None for told in found):
        print_line(Text("没有可去之处：规则不许", "there is nowhere to go: the rules do not allow it"))
    for stage, one in found.ranked.items():
        _print(read, stage, one, count)


COLUMNS = (
    "",
    Text("选择", "choice"),
    Text("总变化", "change in all"),
    Text("另外要动的", "who else moves"),
)


def _print(plan: Plan, stage: str, one: Ranked, count: int) -> None:
    """A stage's choices, and how many more there are; or why there is none."""
    head = plan.stages[stage]["title"]
    title = Text(head["zh"], head["en"])
    chosen = [told for told in one.found if told.change is not None]
    if chosen:
        named = all_with_pinyin([str(told.what) for told in chosen], plan.network)
        rows = [_row(place, *told) for place, told in enumerate(zip(chosen, named, strict=True), start=1)]
        print_table(str(title), COLUMNS, rows)
    for told in [t for t in one.found if t.change is None][:count]:
        print_line(f"\n{title}: {with_pinyin(f'{told.what}{price_words(told)}', plan.network)}")
        for rule in told.forbidden:
            print_line(f"  · {with_pinyin(str(rule), plan.network)}")
    if one.more:
        print_line(
            Text(
                f"共 {one.of:,} 个可选，以上 {len(one.found):,} 个；其余见 --top {min(one.of, MOST)}",
                f"{len(one.found):,} of {one.of:,} choices; for more: --top {min(one.of, MOST)}",
            )
        )
    if one.least is not None and one.least <= 0:
        print_line(Text("工作量已到限：其余可能有更好的", "the work allowed is done: others may be better"))
    elif one.least is not None:
        print_line(
            Text(
                f"工作量已到限：其余可能有更好的（已证明：每个至少差 {one.least:,.3f} 分）",
                f"the work allowed is done: others may be better (proved of each: at least {one.least:,.3f} points worse)",
            )
        )


def _asked(one: Otherwise, move: Move) -> bool:
    """Whether a move is what was asked for itself: of people the first, of pairs the pair."""
    if isinstance(one, PairOtherwise) and isinstance(move, PairMove):
        return (move.supporter, move.recipient) == (one.supporter, one.recipient)
    return move is one.moves[0]


def _moved(move: Move) -> str:
    """Who moves; of a pair whether it comes or goes."""
    if isinstance(move, PairMove):
        return f"{'+' if move.how == 'new' else '−'} {move.who}"
    return move.who


def _row(place: int, one: Otherwise, what: str) -> tuple[str, ...]:
    moves = [_moved(m) for m in one.moves if not _asked(one, m)]
    others = ", ".join(moves[:3])
    more = f" …(+{len(moves) - 3})" if len(moves) > 3 else ""
    told = str(price_words(one)).lstrip("：: ")
    return str(place), what, told, others + more

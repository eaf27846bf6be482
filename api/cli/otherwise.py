"""What it would cost to have something otherwise, on the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from api.cli.main import Everywhere
from api.cli.progress import Progress
from api.cli.screen import print_line, print_more, print_table, with_pinyin
from graph.language import Text
from graph.network import Network
from planner.otherwise import Otherwise, some_otherwise
from planner.otherwise.pair_moves import PairMove
from planner.plan import Plan
from planner.subject import Subject

NOWHERE = Text("无", "none")
UNPROVED = Text(
    "是否还有更好的，没有证明（方案在这里本身没有证明最优）",
    "whether another way is better is not proved (nor is the plan here the best by proof)",
)


def find_otherwise(
    plan: Plan, subject: Subject, stages: Sequence[str] | None, instead: int | None
) -> list[Otherwise]:
    """Solve again with other choices, with progress told."""
    with Progress(Everywhere.quiet) as progress:
        return some_otherwise(plan, subject, stages, progress, instead=instead)


def print_otherwise(found: Sequence[Otherwise], network: Network, limit: int) -> None:
    """Each other choice with its price, and who moves then or which rules forbid it."""
    for one in found:
        print_line(f"\n{with_pinyin(f'{one.what}{price_words(one)}', network)}")
        for rule in one.forbidden:
            print_line(f"  · {with_pinyin(str(rule), network)}")
        _print_moves(one, network, limit)
    for line in cut_words(found):
        print_line(f"\n{line}")


def cut_words(found: Sequence[Otherwise]) -> list[Text]:
    """Of how many choices only these are priced, stage by stage; nothing where it is all."""
    told = Counter(one.stage for one in found if one.of)
    of = {one.stage: one.of for one in found}
    return [
        Text(
            f"共 {of[stage]:,} 个，按自身成本取了 {n} 个定价；其余的可能更好，可以逐个问",
            f"{n} of {of[stage]:,} are priced, picked by their own cost: another may be the better one; ask about it by itself",
        )
        for stage, n in told.items()
    ]


def _print_moves(one: Otherwise, network: Network, limit: int) -> None:
    """Who is somewhere else then; of pairs, which are new and which end."""
    pairs = [m for m in one.moves if isinstance(m, PairMove)]
    columns: tuple[str | Text, ...] = (Text("谁", "who"), Text("现在", "now"), Text("那时", "then"))
    told = [(m.who, m.before or str(NOWHERE), m.after or str(NOWHERE)) for m in one.moves]
    if pairs:
        from api.comparison_words import HOW

        columns = ("", Text("帮扶方", "supporter"), Text("受扶方", "recipient"))
        told = [(str(HOW[m.how]), network.label(m.supporter), network.label(m.recipient)) for m in pairs]
    rows = [tuple(with_pinyin(word, network) for word in row) for row in told]
    if rows:
        print_table("", columns, rows[:limit])
        print_more(len(rows), limit)


def price_words(one: Otherwise, letter: bool = False) -> Text:
    """The change of the whole objective in words; in a ``letter`` what is proved is the end of a range."""
    if one.change is None:
        no = Text("不可以，因为下列规则", "not possible, by these rules")
        late = Text("限定的工作量内没有解", "no solution within the limit of work")
        why = no if one.status == "INFEASIBLE" else late
        return Text(f"：{why.zh}", f": {why.en}")
    if one.tie:
        return Text("：一样好，不多花也不少花（并列）", ": just as good, at no more and no less (a tie)")
    if letter and one.least is not None:
        low, high = sorted((one.least, one.change))
        return Text(
            f"：总共在 {low:+,.3f} 至 {high:+,.3f} 分之间",
            f": between {low:+,.3f} and {high:+,.3f} points in all",
        )
    zh, en = f"：总共 {one.change:+,.3f} 分", f": {one.change:+,.3f} points in all"
    changed = [(t, f"{c:+,.3f}") for t, c in one.parts if round(c, 3)]
    parts = changed or [(t, f"{c:+,.3f}") for t, c in one.parts]  # where no part tells, all stand still
    if parts:
        zh += "（" + "、".join(f"{t.zh} {c}" for t, c in parts) + "）"
        en += " (" + ", ".join(f"{t.en} {c}" for t, c in parts) + ")"
    if one.least is not None:
        zh += f"，已证明至少 {one.least:+,.3f}"
        en += f"; proved: at least {one.least:+,.3f}"
    if one.unproved:
        zh += f"，{UNPROVED.zh}"
        en += f"; {UNPROVED.en}"
    return Text(zh, en)

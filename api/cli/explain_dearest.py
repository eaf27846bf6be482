"""``jiedui explain --dearest`` and ``--swap``: which pairs would be dearest to lose, and what would swap one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from api.cli.explain_letter import write_text
from api.cli.main import Everywhere
from api.cli.otherwise import price_words
from api.cli.progress import Progress
from api.cli.screen import as_word, print_json, print_line, with_pinyin
from api.letter import sealed
from api.letter_words import MOVES
from graph.errors import UsageError
from graph.language import Text, several
from planner.otherwise.choice import Asking
from planner.otherwise.dear import InTheWay, in_the_way_of_less
from planner.otherwise.pair_moves import PairMove, PairOtherwise
from planner.otherwise.pair_ranks import dearest_pairs
from planner.otherwise.pairs import shown_only
from planner.otherwise.posting_threshold import PostingThreshold, posting_threshold, posting_words
from planner.otherwise.quotas import quota_words
from planner.otherwise.thresholds import Threshold, pair_threshold
from planner.otherwise.turn_words import never_words, turn_words
from planner.plan import Plan
from planner.solve.executor import LocalProcesses
from planner.subject import Subject, read_subject

NAMED, SUCH_AS = 8, 3
"""Changes, and supporters, that are named at most."""
STAGES = ("pairing", "designation")
"""Stages that decide pairs."""


def show_dearest(plan: Plan, stage: str, count: int, as_json: bool) -> None:
    """Print the pairs that would be dearest to lose.

    Raises
    ------
    UsageError
        When the stage decides no pairs in this plan.
    """
    (stage,) = _stages(plan, [stage])
    with Progress(Everywhere.quiet) as progress, LocalProcesses() as executor:
        asking = Asking(plan, stage, executor, progress)
        told = [(one, in_the_way_of_less(asking, one)) for one in dearest_pairs(asking, count)]
    if as_json:
        print_json(
            [one.as_dict() | {"in_the_way": [rule.as_dict() for rule in rules]} for one, rules in told]
        )
        return
    for number, (one, rules) in enumerate(told, start=1):
        for line in dear_lines(plan, number, one, rules):
            print_line(with_pinyin(line, plan.network))
    decided = plan.table("pairs").filter(pl.col("stage") == stage, ~shown_only(plan, stage)).height
    if decided > len(told):
        more = f"共 {decided:,} 对，列出最舍不得的 {len(told)} 对；-n 列出更多"
        print_line(
            Text(more, f"{len(told)} of {several(decided, 'pair')}, the dearest to lose; -n lists more")
        )


def dear_lines(plan: Plan, number: int, one: PairOtherwise, rules: Sequence[InTheWay]) -> list[str]:
    """A pair that would be dear to lose: its price, who would support whom then, and the rules that make it dear."""
    label = plan.network.label
    lines = [f"{number}. {label(one.supporter)} → {label(one.recipient)}{price_words(one)}"]
    lines += [f"   · {rule}" for rule in one.forbidden]
    moves = [
        m
        for m in one.moves
        if isinstance(m, PairMove) and (m.supporter, m.recipient) != (one.supporter, one.recipient)
    ]
    if moves:
        lines.append(f"   {Text('那时：', 'then: ')}{_moves(moves)}")
    lines += [f"   {_in_the_way(plan, rule)}" for rule in rules]
    if not rules and one.change is not None:
        lines.append("   " + str(Text("没有规则挡住更便宜的：别的选择自身就贵这么多",
                                      "no rule is in the way of a cheaper one: whoever could take it costs so much more")))  # fmt: skip
    return lines


def _moves(moves: Sequence[PairMove]) -> str:
    shown = [str(Text(f"{MOVES[m.how].zh} {m.who}", f"{MOVES[m.how].en} {m.who}")) for m in moves[:NAMED]]
    rest = len(moves) - len(shown)
    more = Text(f"……共 {len(moves)} 处", f" … {len(moves)} in all") if rest else Text("", "")
    return str(Text("；", "; ")).join(shown) + str(more)


def _in_the_way(plan: Plan, rule: InTheWay) -> Text:
    """A rule with how many it keeps away, and who would cost least."""
    names, n = [plan.network.label(s) for s in rule.supporters[:SUCH_AS]], len(rule.supporters)
    zh = f"{rule.title.zh}（{rule.key}）挡住更便宜的 {n} 个：{'、'.join(names)}{' 等' if n > len(names) else ''}"
    en = f"{rule.title.en} ({rule.key}) keeps {n} cheaper away{', such as' if n > len(names) else ':'} {', '.join(names)}"
    return Text(zh, en)


def show_threshold(
    plan: Plan, subject: str, stages: Sequence[str], form: str | None, out: str | None
) -> None:
    """Tell when one pair would be swapped, in each stage that may choose it: on the screen, as JSON, or as a text or page.

    Raises
    ------
    UsageError
        When the subject is no pair, or none that a stage may choose.
    """
    asked = read_subject(plan, subject)
    check_pair(plan, asked, subject)
    keys = asked.keys
    found = _posting(plan, keys) if _is_cadre(plan, keys[0]) else _thresholds(plan, keys, stages)
    if form == "json":
        print_json([one.as_dict() for one in found])
        return
    lines = [line for one in found for line in threshold_lines(plan, one)]
    if form is not None:
        write_text(plan, sealed(plan, lines), (), form, out)
        return
    for line in lines:
        print_line(with_pinyin(line, plan.network))


def check_pair(plan: Plan, asked: Subject, subject: str) -> None:
    """Thresholds there are of a pair, and of a cadre in a village.

    Raises
    ------
    UsageError
        When the subject is anything else, with what to ask instead.
    """
    teams = set(plan.network.frame("inspection_teams")["id"])
    if asked.special:
        instead = (
            Text(f"年份的价：jiedui explain 方案 {as_word(subject)} --price", f"a year has a price: jiedui explain PLAN {as_word(subject)} --price")
            if asked.exit else
            Text(f"金额的价：jiedui explain 方案 {as_word(subject)} --instead 元", f"an amount has a price: jiedui explain PLAN {as_word(subject)} --instead YUAN")
        )  # fmt: skip
    elif not teams.isdisjoint(asked.keys):
        instead = Text(
            f"督查组没有界限，只有价：jiedui explain 方案 {as_word(subject)} --price",
            f"an inspection team has no threshold, but a price: jiedui explain PLAN {as_word(subject)} --price",
        )
    elif len(asked.keys) != 2:
        instead = Text(
            f"先看它的对：jiedui explain 方案 {as_word(subject)}",
            f"see its pairs first: jiedui explain PLAN {as_word(subject)}",
        )
    else:
        return
    raise UsageError(
        f"--swap 只问一对：帮扶方>受扶方，或 干部>村；{instead.zh}",
        f"--swap is about a pair: supporter>recipient, or cadre>village; {instead.en}",
    )


def _is_cadre(plan: Plan, key: str) -> bool:
    there = "cadres" in plan.stages and plan.stages["cadres"]["objective"] is not None
    return there and bool((plan.network.frame("cadres")["id"] == key).any())


def _posting(plan: Plan, keys: Sequence[str]) -> list[PostingThreshold]:
    with Progress(Everywhere.quiet) as progress, LocalProcesses() as executor:
        return [posting_threshold(Asking(plan, "cadres", executor, progress), keys[0], keys[1])]


def _thresholds(plan: Plan, keys: Sequence[str], stages: Sequence[str]) -> list[Threshold]:
    found, refused = [], list[UsageError]()
    with Progress(Everywhere.quiet) as progress, LocalProcesses() as executor:
        for stage in _stages(plan, stages or [s for s in STAGES if s in plan.stages]):
            try:
                found.append(pair_threshold(Asking(plan, stage, executor, progress), (keys[0], keys[1])))
            except UsageError as error:
                refused.append(error)
    if not found:
        raise refused[0]
    return found


def threshold_lines(plan: Plan, one: Threshold | PostingThreshold) -> list[str]:
    """A threshold line by line: the price, the way, then each number; those that never swap the pair together, last."""
    lines = [f"{one.price.what}{price_words(one.price)}", *(f"  · {rule}" for rule in one.price.forbidden)]
    if isinstance(one, PostingThreshold):
        return lines if one.price.change is None else [*lines, str(posting_words(one))]
    if one.points is not None:
        lines.append(str(threshold_words(one)))
    has = not one.price.forced
    told = [turn for turn in one.turns if turn.state != "never"]
    lines += [f"  · {turn_words(turn, has, plan.network.label)}" for turn in told]
    lines += [f"  · {quota_words(turn, has)}" for turn in one.quotas]
    never = [turn for turn in one.turns if turn.state == "never"]
    return [*lines, f"  · {never_words(never, has)}"] if never else lines


def threshold_words(one: Threshold) -> Text:
    """When the pair would be swapped, in words."""
    has, points = not one.price.forced, f"{one.points or 0:,.3f}"
    if one.km is not None and one.km_then is not None:
        by, now, then = f"{abs(one.km_then - one.km):,.1f}", f"{one.km:,.1f}", f"{one.km_then:,.1f}"
        zh = f"路程再{'长' if has else '短'} {by} 公里以上（现 {now}，到 {then}），就会{'换掉它' if has else '选它'}"
        en = (f"if the way were more than {by} km {'longer' if has else 'shorter'} (now {now}, then {then}) it would be "
              f"{'swapped' if has else 'chosen'}")  # fmt: skip
    else:
        zh = f"成本再{'高' if has else '低'} {points} 分以上，就会{'换掉它' if has else '选它'}"
        en = f"if it cost {points} points {'more' if has else 'less'} and a little, it would be {'swapped' if has else 'chosen'}"
        if one.km is not None:
            zh, en = f"路程为零也不够；{zh}", f"no way at all would not be enough; {en}"
    proof = (
        Text("；两侧各重解一次，已证实", "; solved again on both sides: so it is")
        if one.confirmed
        else Text("；没有证实", "; not confirmed")
    )
    return Text(f"{zh}{proof.zh}", f"{en}{proof.en}")


def _stages(plan: Plan, asked: Sequence[str]) -> list[str]:
    known = [s for s in STAGES if s in plan.stages and plan.stages[s]["objective"] is not None]
    wrong = [s for s in asked if s not in known]
    if wrong or not asked:
        shown = ", ".join(known) or "–"
        raise UsageError(
            f"方案没有决定结对的阶段 {'、'.join(wrong)}；有：{shown}",
            f"the plan has no stage {', '.join(wrong)} that decides pairs; it has: {shown}",
        )
    return list(asked)

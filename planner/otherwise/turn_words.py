"""What a number has to come to before a pair is swapped, in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graph.language import Text
from planner.otherwise.turns import Turn


def turn_words(turn: Turn, has: bool, name: Callable[[str], str]) -> Text:
    """One turn that is not ``never`` in words; ``has``: whether the plan has the pair; ``name``: id → name."""
    number, now = turn.number, f"{turn.number.now:,.6g}"
    zh, en = f"{number.title.zh}（{number.key}，现 {now}）", f"{number.title.en} ({number.key}, now {now})"
    way = Text("高", "above") if turn.up else Text("低", "below")
    then = Text("换掉它", "it would be swapped") if has else Text("选它", "it would be chosen")
    if turn.state == "not_found":
        return Text(
            f"{zh}到 {turn.sure:,.6g} 为止不变（已证明）；再往外没有看",
            f"{en}: nothing {'up' if turn.up else 'down'} to {turn.sure:,.6g} (proved); farther was not looked",
        )
    if turn.state == "regions":
        return Text(
            f"{zh}{way.zh}于 {turn.at:,.6g}，其上级的区域结对先变；在此之前不变",
            f"{en}: {way.en} {turn.at:,.6g} the region pairs themselves change; nothing before",
        )
    if turn.state == "tie":
        zh, en = (
            f"{zh}现在就并列：再{way.zh}一点，就会{then.zh}",
            f"{en}: a tie as it is; a little {'more' if turn.up else 'less'} and {then.en}",
        )
    elif turn.state == "even":
        last = "" if turn.beside is None else f"{turn.beside[1]:,.7g}"
        zh = f"{zh}{way.zh}于 {turn.at:,.6g}，直到 {last} 都并列：{'没有它' if has else '有它'}也一样好"
        en = f"{en}: {way.en} {turn.at:,.6g}, up to {last}, a tie, as good {'without it' if has else 'with it'}"
    else:
        zh, en = f"{zh}{way.zh}于 {turn.at:,.6g}，就会{then.zh}", f"{en}: {way.en} {turn.at:,.6g} {then.en}"
    pairs = turn.instead if has else turn.ended
    if pairs:
        shown = "、".join(f"{name(s)} → {name(r)}" for s, r in pairs[:2])
        zh, en = (
            f"{zh}，{'换成' if has else '不再要'} {shown}",
            f"{en}{', for ' if has else ', in the place of '}{shown.replace('、', ', ')}",
        )
    if turn.beside is None:
        return Text(f"{zh}；重解没有证实", f"{en}; not confirmed by a second solve")
    return Text(f"{zh}；{_sides(turn).zh}", f"{en}; {_sides(turn).en}")


def _sides(turn: Turn) -> Text:
    """What second solves found on either side: which plan is better there, and by how much."""
    assert turn.beside is not None and turn.margins is not None
    one, two = (f"{v:,.7g}" for v in turn.beside)
    before, behind = turn.margins
    zh_one, en_one = _better(before, Text("现在的方案", "the plan as it is"))
    zh_two, en_two = _better(behind, Text("换的方案", "the other plan"))
    return Text(
        f"各重解一次：在 {one} {zh_one}，在 {two} {zh_two}",
        f"solved again at {one}: {en_one}, and at {two}: {en_two}",
    )


def _better(points: float, plan: Text) -> Text:
    if not points:
        return Text("两者一样好", "both are as good")
    return Text(f"{plan.zh}好 {points:,.3f} 分", f"{plan.en} is better by {points:,.3f} points")


def never_words(turns: Sequence[Turn], has: bool) -> Text:
    """Numbers that are ``never`` reason for a swap, upwards, downwards or both ways, in one sentence."""
    ways: dict[str, list[Turn]] = {}
    for turn in turns:
        ways.setdefault(turn.number.key, []).append(turn)
    zh, en = list[str](), list[str]()
    for key, told in ways.items():
        title = told[0].number.title
        only = (
            Text("", "")
            if len(told) == 2
            else Text("再高", " upwards")
            if told[0].up
            else Text("再低", " downwards")
        )
        zh.append(f"{title.zh}（{key}）{only.zh}")
        en.append(f"{title.en} ({key}){only.en}")
    kept = Text("都不会换掉它", "swaps it") if has else Text("都不会选它", "has it chosen")
    return Text(
        f"无论怎么变{kept.zh}（已证明）：{'、'.join(zh)}",
        f"no value {kept.en} (proved) of: {', '.join(en)}",
    )

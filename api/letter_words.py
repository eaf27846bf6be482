"""What a letter puts into plain words: roles instead of posts' codes, rules by their titles, points explained."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from api.cli.otherwise import price_words
from graph.language import Text, current_language
from graph.titles import role_title
from planner.otherwise import Move, Otherwise
from planner.otherwise.pair_moves import PairMove
from planner.plan import Plan
from planner.reason import Explanation, Option
from planner.stages.words import HOW_KNOWN

MONEY = "funds"
"""The stage whose options are amounts, not costs."""
YUAN = Text("元", "yuan")
MOVES = {"new": Text("新结", "new"), "ended": Text("结束", "ended")}
MORE = re.compile(r" ?…\(\+(\d+)\)")


def figure(value: float) -> str:
    """Points as they are told everywhere; whole yuan and large whole numbers without a point."""
    return f"{value:,.0f}" if abs(value) >= 100_000 and value == int(value) else f"{value:,.3f}"


def option_words(one: Explanation, option: Option, terms: Mapping[str, Text]) -> str:
    """An option, what it comes to and of what, and what else is to be said of it."""
    told = _amount(one, option) if one.stage == MONEY else _points(one, option, terms)
    note = f"{Text('；', '; ')}{option.note}" if str(option.note) else ""
    return f"{option.what}{told}{note}{Text('。', '.')}"


def _amount(one: Explanation, option: Option) -> str:
    """Money: how much, of what need; what a million beside it would change is for planners and stays away."""
    need, met = option.terms.get("need_yuan"), option.terms.get("met_share")
    if need is None and not option.chosen:
        return str(_beside_budget(one, option))
    told = Text(f"：{option.total or 0:,.0f} 元", f": {option.total or 0:,.0f} yuan")
    if need:
        told = Text(f"{told.zh}，需求 {need:,.0f} 元，满足 {met or 0:.1%}",
                    f"{told.en} of a need of {need:,.0f} yuan, {met or 0:.1%} met")  # fmt: skip
    return str(told)


def _beside_budget(one: Explanation, option: Option) -> Text:
    """A budget: what more and what less of it would change; or money that is freed of its earmark."""
    if not one.titles:
        return Text(f"：{option.total:+,.0f} 分", f": {option.total:+,.0f} points")
    sides = (Text("多", "more"), option.total), (Text("少", "less"), option.terms.get("million_less"))
    told = [(word, points) for word, points in sides if points is not None]  # what is not known is not told
    zh = "，".join(f"{word.zh}则 {points:+,.0f} 分" for word, points in told)
    en = ", ".join(f"{points:+,.0f} points with {word.en}" for word, points in told)
    return Text(f"：{zh}", f": {en}") if told else Text("", "")


def _points(one: Explanation, option: Option, terms: Mapping[str, Text]) -> str:
    if option.rules and not option.total:  # it is not possible, so nobody has counted what it would cost
        return ""
    parts = [f"{terms.get(k, k)} {figure(v)}" for k, v in option.terms.items() if v]
    total = figure(option.total or 0.0)
    told = str(Text(f"：{one.total.zh} {total} 分", f": {one.total.en} {total} points"))
    made = str(Text("、", ", ")).join(parts)
    return f"{told}{Text(f'（{made}）', f' ({made})')}" if parts else told


def other_words(plan: Plan, other: Otherwise) -> list[str]:
    """Another choice: its price, the rules that forbid it, who would be somewhere else."""
    worse = Text("，方案变差", ", a worse plan") if other.worse and other.change else Text("", "")
    lines = [f"{other.what}{price_words(other, letter=True)}{worse}"]
    unsaid = {str(told) for told in HOW_KNOWN}  # how a solver knows is nothing to whom it concerns
    rules = [str(rule) for rule in other.forbidden if str(rule) not in unsaid]
    lines += [f"  {_rule_title(plan, other.stage, rule)}" for rule in rules]
    return lines + [f"  {_move(other.stage, move)}" for move in other.moves]


def _move(stage: str, move: Move) -> str:
    if isinstance(move, PairMove):
        return str(Text(f"{MOVES[move.how].zh}：{move.who}", f"{MOVES[move.how].en}: {move.who}"))
    none, unit = str(Text("无", "none")), f" {YUAN}" if stage == MONEY else ""
    before, after = (f"{part}{unit}" if part else none for part in (move.before, move.after))
    return str(Text(f"{move.who}：由 {before} 改为 {after}", f"{move.who}: {before} → {after}"))


def _rule_title(plan: Plan, stage: str, rule: str) -> str:
    """A rule's title and the policy that it cites, without its key, its value and where that was set."""
    found = re.match(rf"(.*?) ?[（(]{stage}\.(\w+) = ", rule, re.DOTALL)
    if found is None:
        return rule
    return cited(found[1], plan.head["inputs"]["cites"].get(stage, {}).get(found[2], ""))


def cited(title: str, policy: str) -> str:
    """A title with the policy behind it."""
    return f"{title}{Text(f'（{policy}）', f' ({policy})')}" if policy else title


def notes(plan: Plan, explained: Sequence[Explanation]) -> list[str]:
    """What a reader has to know to understand the rest: numbers instead of names, and what points are."""
    stages, found = [e.stage for e in explained], []
    if "cadres" in stages:
        found.append(
            Text("人员以编号表示，数据中没有姓名。", "People stand by their numbers: the data has no names.")
        )
    if "inspection" in stages:
        found.append(Text("督查组以编号表示。", "Inspection teams stand by their numbers."))
    sense = {_sense(plan, e.stage) for e in explained if e.stage != MONEY and any(o.total for o in e.options)}
    if sense == {"min"}:
        found.append(Text(
            "分数把括号里的各项加在一起，越低越合适。方案使所有人和地方的分数合计尽可能低，所以个别选择的分数不一定最低。",
            "Points add up what stands in brackets; the fewer, the better a choice suits. The plan makes the points of all people "
            "and places together as few as can be, so a single choice need not have the fewest."))  # fmt: skip
    elif "max" in sense:
        found.append(Text(
            "分数来自所给的评分；方案使合计尽可能高，所以个别选择的分数不一定最高。",
            "Points are the scores that were given. The plan makes their sum as high as can be, so a single choice need not have the most."))  # fmt: skip
    return [str(f) for f in found]


def _sense(plan: Plan, stage: str) -> str:
    policy = plan.head["inputs"]["policy"].get(stage, {})
    return str(policy.get("sense", "min")) if policy.get("objective") == "scores" else "min"


def plain(plan: Plan, lines: Sequence[str], explained: Sequence[Explanation]) -> list[str]:
    """Lines with roles instead of the codes of posts, and "and 5 more" instead of "…(+5)"."""
    found = [MORE.sub(lambda m: str(Text(f" 等，另 {m[1]} 处", f" and {m[1]} more")), line) for line in lines]
    if not any(e.stage == "cadres" for e in explained):
        return found
    titles = post_titles(plan)
    if not titles:
        return found
    codes = "|".join(re.escape(code) for code in sorted(titles, key=len, reverse=True))
    at, in_brackets = re.compile(rf"/({codes})(?!\w)"), re.compile(rf"(?<=[（(])({codes})(?=[)）])")
    found = [at.sub(lambda m: _joined_role(m, titles[m[1]]), line) for line in found]
    return [in_brackets.sub(lambda m: str(titles[m[1]]), line) for line in found]


def _joined_role(found: re.Match[str], role: Text) -> str:
    """A role behind the village before it; in Chinese a space stands where Latin letters or digits meet Chinese, as everywhere in a letter."""
    before, after = found.string[: found.start()][-1:], role.zh[:1]
    left, right = (" " if _latin(side) else "" for side in (before, after))
    return str(Text(f"{left}的{right}{role.zh}", f", {role.en}"))


def _latin(character: str) -> bool:
    """Whether it is a letter or digit of a script that is written with spaces."""
    return character.isalnum() and unicodedata.east_asian_width(character) not in ("W", "F")


KEY = re.compile(r" ?[（(][a-z_]+\.[a-z_]+(?:(?:, |、)[a-z_]+\.[a-z_]+)*[)）]")
KEY_BEFORE_MORE = re.compile(r"(?<=[（(])[a-z_]+\.[a-z_]+(?:, |，|; |；)")


def without_keys(line: str) -> str:
    """A line without what rules and columns are called in files: ``(designation.distance_weight, now 1)`` → ``(now 1)``."""
    return KEY_BEFORE_MORE.sub("", KEY.sub("", line))


def post_titles(plan: Plan) -> dict[str, Text]:
    """Code of a post → its role; numbered as the code is, where several posts have the role."""
    rows = plan.network.frame("village_posts").select("post", "role").unique().sort("post", "role").rows()
    roles = [role for _, role in rows]
    found = {}
    for post, role in rows:
        title, number = role_title(role), re.search(r"\d+$", post)
        several = roles.count(role) > 1 and number
        found[post] = (
            Text(f"{title.zh} {number[0]}", f"{title.en} {number[0]}") if number and several else title
        )
    return found


def heading(title: Text) -> str:
    """The line above what one stage decided, where a letter is about several."""
    return f"【{title.zh}】" if current_language() == "zh" else f"— {title.en[:1].upper()}{title.en[1:]} —"

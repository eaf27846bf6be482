"""The text of a new ``scenario.toml``: every policy value that may be changed stands in it as a comment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graph.language import Text
from graph.network import Network
from planner.policy import OFF, Policy, Setting, toml
from planner.scenario_file import FORMAT
from planner.stages import STAGES
from planner.titles import titles_text

SHAPES = {
    "integer": "3",
    "number": "2.5",
    "share": "0.5",
    "boolean": "true",
    "range": "[1, 3]",
    "texts": '["a", "b"]',
    "numbers": "{ a = 1.5 }",
}
HEAD = """\
## 去掉行首的 # 并改值即生效；没写的取底场景的值；规则可写 "off" 关闭。
## Take the # off a line and change its value; what is not written is as in the base; "off" switches a rule off.
"""
OWN_HEAD = """\
## 去掉行首的 # 并改值即生效；没写的取这里所列的缺省值；规则可写 "off" 关闭。表放进 data/：Excel 工作簿或 CSV。
## Take the # off a line and change its value; what is not written is as listed; "off" switches a rule off. Tables go into data/: the workbook, or CSV.
"""
BOTTOM = """
## 改表里的个别数，按顺序生效；整张表可放进 data/ · change single figures, in this order; whole tables go into data/
# [[change]]
# table = "units"
# where = { kind = "bank" }
# scale = { capacity = 0.8 }
"""
OWN = """
## 地区代码：gb2260（国标六位）或 free（任意） · codes of places: gb2260, or free for any
# [regions]
# codes = "free"
# levels = ["province", "prefecture", "county", "township", "village"]

## 自己的取值，加在已有的之外 · values of your own, beside the declared ones
# [enums]
# unit_kind = ["college"]
# skill = ["mathematics"]
# programme = ["textbooks"]

## 自己的叫法：取值、事物、货币 · what you call values, things and money
# [titles.words]
# cadre = { zh = "教师", en = "teacher" }
# [titles.programme]
# textbooks = { zh = "课本", en = "textbooks" }
# [titles.currency]
# zh = "克朗"
# en = "crown"
"""
LIMITS = """
# [limits]
## 求解线程，影响方案编号，与 --workers 无关 · solver threads, part of the plan's id; --workers is not
# solver_threads = 1
## 求解工作量上限的倍数 · multiple of the work that a solve may do
# work = 1.0
"""


def scenario_text(title: str, base: str | None, policies: Mapping[str, Policy] | None) -> str:
    """Write the file of a new scenario.

    Parameters
    ----------
    title : str
        Its title.
    base : str or None
        What it overlays.
    policies : mapping of str to Policy, optional
        The base's values, shown in the comments; by default each setting's default.
    """
    lines = [f"format = {FORMAT}", f"title = {toml(title)}"]
    if base is not None:
        lines.append(f"base = {toml(base)}")
    stages = ", ".join(toml(name) for name in STAGES)
    day = '# date = "2016-12-31"' if base else '# date = "2030-12-31"'
    lines += [f"# stages = [{stages}]", day, "# seed = 0"]
    text = (OWN_HEAD if base is None else HEAD) + "\n".join(lines) + "\n"
    if base is None:
        text += OWN
    for name, stage in STAGES.items():
        values = policies[name].values if policies else {}
        text += (
            "\n".join(["", f"[{name}]  # {both(stage.title)}", *_setting_lines(stage.settings, values)])
            + "\n"
        )
    return text + LIMITS + BOTTOM


def network_text(network: Network, title: str) -> str:
    """Write the file of a scenario whose tables stand beside it: what a network is read with, and nothing else.

    Parameters
    ----------
    network : Network
        Its date, levels, code scheme and own enumeration values are written.
    title : str
        The scenario's title.
    """
    lines = [f"format = {FORMAT}", f"title = {toml(title)}"]
    if network.on is not None:
        lines.append(f"date = {network.on.isoformat()}")
    settings = network.settings
    lines += ["", "[regions]", f"codes = {toml(settings.codes)}", f"levels = {toml(settings.levels)}"]
    if network.enums:
        lines += ["", "[enums]", *(f"{name} = {toml(values)}" for name, values in network.enums.items())]
    return "\n".join([*lines, *titles_text(network.titles)]) + "\n"


def _setting_lines(settings: Iterable[Setting], values: Mapping[str, Any]) -> Iterator[str]:
    for setting in settings:
        yield f"## {described(setting)}"
        yield f"# {setting.key} = {toml(values.get(setting.key, setting.default))}"


def described(setting: Setting) -> str:
    """Titles, unit, bounds or choices, and note of a setting, on one line."""
    told = both(setting.title)
    if setting.unit:
        told += f" [{setting.unit}]"
    allowed = allowed_values(setting)
    if allowed:
        told += f", {allowed}"
    if setting.note_zh:
        told += f": {both(Text(setting.note_zh, setting.note_en))}"
    return told


def allowed_values(setting: Setting) -> str:
    """Choices or bounds; for a rule that is off by default also what a value looks like."""
    if setting.choices:
        return " | ".join(setting.choices)
    low, high = setting.minimum, setting.maximum
    if setting.form == "share":
        low, high = (0 if low is None else low), (1 if high is None else high)
    bounds = [f"≥ {low:g}"] if low is not None else []
    bounds += [f"≤ {high:g}"] if high is not None else []
    if setting.default == OFF and setting.form in SHAPES:
        bounds.append(f"off | {SHAPES[setting.form]}")
    return ", ".join(bounds)


def both(text: Text) -> str:
    """Chinese and English on one line."""
    return text.zh if text.zh == text.en else f"{text.zh} · {text.en}"

"""What the command line library says itself, in both languages: headings of help, wrong use, placeholders.

click looks its messages up by gettext, in catalogues on disk and by the locale; here they follow
``--lang``. :func:`install` puts :func:`wording` in the place of gettext inside click, once. cloup, which
draws the help, has a few words of its own: they pass :class:`Formatter`.
"""

from __future__ import annotations

import importlib
import re
from typing import Any
from unicodedata import east_asian_width

import click
import cloup

from graph.language import Text, current_language, speaking

MESSAGES = {
    "Aborted!": "已中断",
    "deprecated": "已弃用",
    "required": "必填",
    "Missing command.": "缺少命令。",
    "Options": "选项",
    "Other options": "其他选项",
    "Commands": "命令",
    "Other commands": "其他命令",
    "Positional arguments": "参数",
    "Aliases": "别名",
    "Usage:": "用法:",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}": "注意：命令 {name} 已弃用。{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}": "注意：{param_type} {name} 已弃用。{extra_message}",
    "Got unexpected extra argument ({args})": "多出的参数：{args}",
    "Got unexpected extra arguments ({args})": "多出的参数：{args}",
    "Value must be an iterable.": "应为多个值。",
    "env var: {var}": "环境变量：{var}",
    "default: {default}": "缺省：{default}",
    "(dynamic)": "（视情况）",
    "Takes {nargs} values but 1 was given.": "需要 {nargs} 个值，只给了 1 个。",
    "Takes {nargs} values but {len} were given.": "需要 {nargs} 个值，给了 {len} 个。",
    "Do you want to continue?": "继续吗？",
    "Confirm the action without prompting.": "不再询问，直接执行。",
    "%(prog)s, version %(version)s": "%(prog)s 版本 %(version)s",
    "Show the version and exit.": "显示版本。",
    "Show this message and exit.": "显示本帮助。",
    "Did you mean {possibility}?": "是不是 {possibility}？",
    "(Did you mean one of: {possibilities}?)": "（是不是其中之一：{possibilities}？）",
    "Missing argument": "缺少参数",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少{param_type}",
    "unknown error": "不明原因",
    "Invalid value: {message}": "值不对：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Could not open file {filename!r}: {message}": "无法打开文件 {filename}：{message}",
    "Error: {message}": "错误：{message}",
    "Try '{command} {option}' for help.": "用法见：{command} {option}",
    "No such option {name!r}.": "没有选项 {name}。",
    "No such command {name!r}.": "没有命令 {name}。",
    "Option {name!r} does not take a value.": "选项 {name} 不带值。",
    "Option {name!r} requires an argument.": "选项 {name} 后面要有一个值。",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要有 {nargs} 个值。",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要有 {nargs} 个值。",
    "Couldn't detect Bash version, shell completion is not supported.": "查不到 Bash 的版本，不能补全命令。",
    "Shell completion is not supported for Bash versions older than 4.4.": "Bash 低于 4.4 版，不能补全命令。",
    "Press any key to continue...": "按任意键继续……",
    "Repeat for confirmation": "请再输入一次",
    "Error: The two entered values do not match.": "错误：两次输入不一致。",
    "Error: invalid input": "错误：输入无效",
    "file": "文件",
    "directory": "文件夹",
    "path": "路径",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "Choice({choices})": "可选（{choices}）",
    "{value!r} is not {choice}.": "{value!r} 不是 {choice}。",
    "{value!r} is not one of {choices}.": "{value!r} 不在可选之列：{choices}。",
    "{value!r} does not match the format {format}.": "{value!r} 不合格式 {format}。",
    "{value!r} does not match the formats {formats}.": "{value!r} 不合以下任一格式：{formats}。",
    "{value} is not in the range {range}.": "{value} 不在范围 {range} 内。",
    "{value!r} is not a valid boolean. Recognized values: {states}": "{value!r} 不是真假值；可用：{states}",
    "{len_type} values are required, but {len_value} was given.": "需要 {len_type} 个值，给了 {len_value} 个。",
    "{len_type} values are required, but {len_value} were given.": "需要 {len_type} 个值，给了 {len_value} 个。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是{number_type}。",
    "{value!r} is not a valid UUID.": "{value!r} 不是 UUID。",
    "{name} {filename!r} is a file.": "{name} {filename} 是文件。",
    "{name} {filename!r} is a directory.": "{name} {filename} 是文件夹。",
    "{name} {filename!r} is not readable.": "{name} {filename} 不可读。",
    "{name} {filename!r} is not writable.": "{name} {filename} 不可写。",
    "{name} {filename!r} is not executable.": "{name} {filename} 不可执行。",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在。",
}  # fmt: skip
"""Message of click or cloup → Chinese, with the same fields."""

KINDS = {
    "integer": "整数", "integer range": "整数", "float": "数值", "float range": "数值", "argument": "参数",
    "option": "选项", "parameter": "参数",
}  # fmt: skip
"""Values of the fields ``number_type`` and ``param_type``."""

PLACEHOLDERS = {
    "INTEGER RANGE": "整数", "INTEGER": "整数", "FLOAT RANGE": "数值", "FLOAT": "数值", "TEXT": "文本", "PATH": "文件", "OPTIONS": "选项", "COMMAND": "命令",
    "ARGS": "参数", "WORDS": "参数", "SUBJECT": "对象", "SUPPORTER": "帮扶方", "PLANS": "方案", "PLAN": "方案", "SCENARIO": "场景",
    "NETWORK": "场景", "RELATION": "编号", "MONTHS": "月数", "SECONDS": "秒", "LEVEL": "层级", "DATE": "日期", "TABLE": "表", "FILE": "文件", "PORT": "端口", "ADDRESSES": "地址", "ID": "编号",
    "DIR": "文件夹", "STAGE": "阶段", "AIM": "目标", "CELLS": "单元格", "SHARE": "比例", "YUAN": "元", "KEY": "键", "VALUE": "值", "NAME": "名称", "WHAT": "范围", "ADDRESS": "地址",
    "STORE": "存储", "ROW": "行", "COLUMN": "列", "PLACE": "地区", "VERSION": "版本", "FOLDER": "文件夹", "N": "第几条", "STAGE.KEY=VALUE": "阶段.键=值", "CADRES": "干部", "REQUEST": "请求",
    "FIRST": "甲", "SECOND": "乙", "BASE": "原方案", "CANDIDATE": "候选方案", "CONDITION": "条件", "CHANGE": "改动", "VALUES": "各值",
    "YEAR": "年份", "PERSONS": "人数", "POINTS": "分", "REGION": "地区", "DAY": "日期", "DAYS": "天数", "IDS": "编号", "CODES": "代码", "USES": "用途", "STATUS": "状态", "TIME": "时间", "METHOD": "方法", "NUMBER": "编号",
    "ROUTE": "路径",
}  # fmt: skip
"""Placeholders in usage lines and lists of options; single letters stay."""

_MODULES = (
    "core", "decorators", "exceptions", "formatting", "parser", "shell_completion", "termui", "types", "utils"
)  # fmt: skip
_IN_PLACEHOLDERS = re.compile(r"[A-Z]{2,}(?: [A-Z]{2,})*")


class Wording(str):
    """A message of the library in both languages; as text it reads in the language in force."""

    zh: str
    en: str

    def __new__(cls, zh: str, en: str) -> Wording:
        """The text of both, with the wording in force as its characters."""
        made = super().__new__(cls, zh if current_language() == "zh" else en)
        made.zh, made.en = zh, en
        return made

    def __str__(self) -> str:
        return self.zh if current_language() == "zh" else self.en

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def format(self, *args: Any, **fields: Any) -> Wording:
        """Both wordings filled in; fields that are wordings, or kinds of values, go in by language."""
        zh = {k: _in_chinese(k, v) for k, v in fields.items()}
        en = {k: v.en if isinstance(v, Wording) else v for k, v in fields.items()}
        return Wording(self.zh.format(*args, **zh), self.en.format(*args, **en))


def _in_chinese(field: str, value: Any) -> Any:
    if isinstance(value, Wording):
        return value.zh
    return KINDS.get(value, value) if field in ("number_type", "param_type") else value


def wording(message: str) -> Wording:
    """In the place of ``gettext``; a message that is not listed stays English."""
    return Wording(MESSAGES.get(message, message), message)


def wording_of_many(one: str, many: str, n: int) -> Wording:
    """In the place of ``ngettext``."""
    return wording(one if n == 1 else many)


def both(say: Any) -> Text:
    """What ``say()`` gives in each language: for messages that are put together only when they are shown."""
    with speaking("zh"):
        zh = say()
    with speaking("en"):
        en = say()
    return Text(_tidy(zh.zh if isinstance(zh, Wording) else zh), en.en if isinstance(en, Wording) else en)


def _tidy(chinese: str) -> str:
    """The library's own stops and spaces between Chinese sentences, as Chinese has them."""
    return re.sub(r"(?<=[\u4e00-\u9fff'\]])\.(?=\s|$)", "。", chinese).replace("。 ", "。").rstrip()


class Formatter(cloup.HelpFormatter):
    """Help with headings in the language in force."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """``Usage:`` and the line."""
        super().write_usage(prog, args, str(wording("Usage:")) if prefix is None else prefix)

    def write_heading(self, heading: str, newline: bool = True) -> None:
        """A heading; ours are in the language in force already."""
        super().write_heading(str(wording(heading)), newline)


def install() -> None:
    """Let click and cloup speak by :func:`wording`."""
    for name in _MODULES:
        module: Any = importlib.import_module(f"click.{name}")
        for word, ours in (("_", wording), ("ngettext", wording_of_many)):
            if hasattr(module, word):
                setattr(module, word, ours)
    cloup.Context.formatter_class = Formatter
    drawing: Any = importlib.import_module("cloup.formatting._formatter")
    drawing.unstyled_len = columns


def columns(text: str) -> int:
    """Columns of a terminal that a text takes: a Chinese character takes two."""
    return sum(1 + (east_asian_width(c) in "WF") for c in click.unstyle(text))


def say_placeholders(command: click.Command) -> None:
    """Placeholders of a command's usage and options in the language in force."""
    command.options_metavar = Wording("[选项]", "[OPTIONS]")
    if isinstance(command, click.Group):
        command.subcommand_metavar = Wording("命令 [参数]...", "COMMAND [ARGS]...")
    context = click.Context(command)
    for parameter in command.params:
        given = parameter.metavar
        english = given.en if isinstance(given, Wording) else parameter.make_metavar(context)
        parameter.metavar = Wording(in_chinese(english), english)


def in_chinese(placeholder: str) -> str:
    """``[PLAN]`` → ``[方案]``; words that are not listed stay."""

    def replaced(match: re.Match[str]) -> str:
        phrase = match[0]
        return PLACEHOLDERS.get(phrase) or " ".join(PLACEHOLDERS.get(w, w) for w in phrase.split(" "))

    return _IN_PLACEHOLDERS.sub(replaced, placeholder)

"""The command line: one command per file; each is imported only when it is called."""

from __future__ import annotations

from typing import Any

import click
import cloup

from api.cli.lazy import LazyGroup, lazy, sections_of
from api.cli.library_words import say_placeholders
from graph.language import Text

PLAN = Text("规划", "Plan")
ASK = Text("查询", "Ask")
DATA = Text("数据", "Data")
HOUSE = Text("其他", "Other")

COMMANDS: dict[str, tuple[Text, Text]] = {
    "plan": (PLAN, Text("规划一个场景，写出方案文件夹", "plan a scenario and write the plan's folder")),
    "show": (PLAN, Text("一屏看懂一个方案", "a plan on one screen")),
    "verify": (PLAN, Text("不用求解器，逐行复核方案", "re-check a plan row by row, without the solver")),
    "compare": (PLAN, Text("比较方案：指标与变化的行", "compare plans: key figures and changed rows")),
    "plans": (
        PLAN,
        Text(
            "列出方案：场景、改动、指标、采纳、标签",
            "list plans: scenario, changes, figures, adoption, labels",
        ),
    ),
    "diff": (PLAN, Text("两个场景的输入差在哪里", "where two scenarios' inputs differ, row by row")),
    "why-different": (
        PLAN,
        Text(
            "两个方案为何不同：逐项换上变了的输入，每次重新规划",
            "why two plans differ: take the changed inputs over one by one, planning again each time",
        ),
    ),
    "accept": (
        PLAN,
        Text(
            "方案是否可以取代另一个：逐项指标合格与否",
            "whether a plan may take another's place: pass or fail by key figure",
        ),
    ),
    "sweep": (
        PLAN,
        Text(
            "改变几个值，把一个场景规划许多次", "plan a scenario many times, with some of its values varied"
        ),
    ),
    "stability": (
        PLAN,
        Text(
            "稳定的价格：与已公布方案相比至多变动 k 项时的最小代价",
            "the price of stability: the least cost for at most k changes against a published plan",
        ),
    ),
    "alternatives": (
        PLAN,
        Text(
            "同样好（或差不多好）而尽量不同的方案：谁不同，各多少代价",
            "plans nearly as good that differ as much as can be: who differs, and what each costs",
        ),
    ),
    "robust": (
        PLAN,
        Text(
            "输入不确定时：什么不变，哪个方案经得起，一个模型求出的稳健方案",
            "under uncertain inputs: what stays, which plan stands up, robust plans as one model",
        ),
    ),
    "pareto": (
        PLAN,
        Text(
            "两三个目标之间的取舍：全部不被支配的方案",
            "trade off two or three aims: all plans that no other beats in every aim",
        ),
    ),
    "roll": (
        PLAN,
        Text(
            "逐年推演到底：规划、遇上结果、再规划；比较三种眼界",
            "play year after year: plan, meet what comes, plan again; three horizons compared",
        ),
    ),
    "repair": (
        PLAN,
        Text(
            "规则不能同时成立时：最小的冲突，和代价最小的几条出路",
            "where the rules cannot hold together: the smallest clash, and the cheapest ways out",
        ),
    ),
    "explain": (PLAN, Text("为什么是这样：构成、规则、次优", "why it is so: terms, rules, the runner-up")),
    "recommend": (
        PLAN,
        Text(
            "推荐：一名干部、一个村、一项资金、一个县的最佳选择",
            "the best choices for a cadre, village, fund, county",
        ),
    ),
    "ask": (ASK, Text("谁帮谁：地区或单位的卡片", "who supports whom: a place's or unit's card")),
    "gaps": (ASK, Text("哪里缺帮扶", "where support is missing")),
    "withdraw": (ASK, Text("某帮扶方退出会怎样", "what if a supporter withdraws")),
    "alerts": (
        ASK,
        Text(
            "什么要人处理：到期、超负荷、未兑现、逾期",
            "what wants attention: endings, overload, missed, overdue",
        ),
    ),
    "check": (DATA, Text("检查场景的表与设置", "check a scenario's tables and settings")),
    "new": (DATA, Text("新建一个场景", "begin a scenario of your own")),
    "template": (DATA, Text("空白 Excel 模板", "an empty Excel workbook to fill in")),
    "generate": (DATA, Text("生成全国规模的场景", "generate a scenario of the whole country")),
    "export": (DATA, Text("导出网络或方案", "write a network or a plan as files")),
    "graph": (DATA, Text("图数据库：启动、停止、备份", "the graph database: start, stop, back up")),
    "serve": (HOUSE, Text("开成 HTTP 服务", "open it as an HTTP service")),
    "audit": (
        HOUSE,
        Text("服务的审计日志：检查、查看、导出", "the service's audit log: check, show, export"),
    ),
    "token": (HOUSE, Text("服务的令牌：发放、列出、撤销", "tokens of the service: make, list, revoke")),
    "backup": (HOUSE, Text("备份服务的数据", "save the service's data")),
    "restore": (HOUSE, Text("恢复服务的数据", "bring the service's data back")),
    "upgrade": (DATA, Text("转换旧格式", "convert older formats")),
    "doctor": (HOUSE, Text("检查这台机器缺什么", "see what this machine lacks")),
}


def build_group() -> LazyGroup:
    """The command ``jiedui``; its texts are in the language in force now."""

    @cloup.group(
        "jiedui",
        cls=lazy(__name__, COMMANDS),
        sections=sections_of(COMMANDS),
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        help=str(Text("结对：规划谁帮谁、谁去哪、钱给谁——可证明、可解释、可复现。",
                      "Plans paired assistance: who supports whom, who goes where, where the money goes — with proof.")),
    )  # fmt: skip
    @cloup.version_option(package_name="jiedui", prog_name="jiedui")
    @cloup.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        help=str(Text("语言（缺省按系统）", "language (default: the locale's)")),
    )
    @cloup.option("-q", "--quiet", is_flag=True, help=str(Text("不显示进度", "no progress lines")))
    @cloup.option(
        "-v",
        "--verbose",
        is_flag=True,
        help=str(Text("更多细节写到标准错误", "more detail on standard error")),
    )
    @cloup.option(
        "--log-file", type=click.Path(), help=str(Text("每个事件一行 JSON", "a JSON line per event"))
    )
    def group(**_: Any) -> None:
        """Nothing to do before a command: the options were taken by :mod:`api.cli.main`."""

    say_placeholders(group)
    return group  # type: ignore[no-any-return, unused-ignore] # cloup's decorator is typed loosely

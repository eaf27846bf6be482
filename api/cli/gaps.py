"""``jiedui gaps``: which places lack the support that a rule asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click
import cloup
import polars as pl

from api.answers.rules import ask_rules, chosen_rules
from api.cli.asked import open_questions
from api.cli.opening import known_option, network_options
from api.cli.screen import (
    STATES,
    WAYS,
    day_given,
    joined,
    marked,
    name_with,
    named,
    print_json,
    print_line,
    print_more,
    print_table,
    titled,
)
from graph.errors import ReportFailed
from graph.language import Text
from graph.questions.gaps import READS, Gap
from graph.questions.protocol import Questions
from graph.questions.rules_file import read_rules_of
from graph.schema import MEASURES


@cloup.command(
    "gaps",
    help=str(
        Text(
            "哪里缺帮扶：缺口、制度外、数据缺失分开说",
            "where support is missing, and which kind of missing it is",
        )
    ),
)
@cloup.option(
    "--rule",
    "names",
    multiple=True,
    help=str(Text("只问这条规则（可多次给出）", "ask only this rule (may be repeated)")),
)
@cloup.option(
    "--rules",
    "file",
    type=str,
    metavar="FILE",
    help=str(Text("自己的规则（TOML，[[rule]]）", "rules of your own (TOML, [[rule]])")),
)
@cloup.option(
    "--list", "show_covered", is_flag=True, help=str(Text("也列出已覆盖的地区", "list covered places too"))
)
@cloup.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help=str(Text("每个列表最多几行", "rows per list")),
)
@cloup.option("--strict", is_flag=True, help=str(Text("有缺口时以状态 1 结束", "exit 1 when there is a gap")))
@network_options
@known_option
def command(
    *,
    names: tuple[str, ...],
    file: str | None,
    show_covered: bool,
    limit: int,
    strict: bool,
    on: str | None,
    at: datetime | None,
    known_on: datetime | None,
    as_json: bool,
) -> None:
    """Answer every rule, or those named."""
    given = read_rules_of(file) if file else None
    with open_questions(on, READS, day_given(known_on)) as questions:
        rounds = chosen_rules(names, given, () if file else questions.rules)
        answers = ask_rules(questions, rounds, day_given(at))
        if as_json:
            print_json([a.to_dict() for a in answers])
        elif not answers:
            print_line(
                Text("这份数据里没有规则所说的地区", "this network has no places that the rules speak of")
            )
        else:
            labels = _supporter_labels(answers, questions)
            for answer in answers:
                print_gap(answer, labels, limit, show_covered=show_covered or 0 < answer.places <= 40)
    missing = sum(a.counts["uncovered"] for a in answers)
    if strict and missing:
        raise ReportFailed(f"有 {missing} 处缺口", f"{missing} gaps")


def print_gap(answer: Gap, labels: dict[str, str], limit: int, *, show_covered: bool) -> None:
    """One rule: its sums, how the covered are covered, and the places of each kind of nothing."""
    counts = answer.counts
    print_line(
        f"\n{answer.title}  [{answer.rule}]  {answer.at}\n"
        + str(
            Text(
                f"{answer.places} 处中 {counts['covered']} 处已覆盖",
                f"{counts['covered']} of {answer.places} covered",
            )
        )
        + "".join(f"  {STATES[s]} {counts[s]}" for s in ("uncovered", "by_design", "not_in_data"))
    )
    if answer.amounts:
        title, unit = MEASURES.get(answer.measure, (Text(answer.measure, answer.measure), ""))
        told = "  ".join(f"{STATES[s]} {v:,.0f}" for s, v in answer.amounts.items())
        print_line(f"{title} ({unit}): {told}")
    if answer.ways:
        print_line("  ".join(f"{_way(way)} {n}" for way, n in answer.ways.items()))
    if not answer.stated:
        print_line(
            Text(
                "coverage 表没有说明这条规则的名单是否完整，所以缺少的关系不能算缺口",
                "table coverage is silent on this rule: a missing relation cannot be called a gap",
            )
        )
    for state in ("uncovered", "by_design", "not_in_data", *(["covered"] if show_covered else [])):
        rows = answer.rows.filter(pl.col("state") == state)
        if rows.height:
            _print_places(state, rows, labels, answer.places if show_covered else limit)


def _print_places(state: str, rows: pl.DataFrame, labels: dict[str, str], limit: int) -> None:
    titles = [Text("代码", "code"), Text("名称", "name")]
    covered = state == "covered"
    if covered:
        titles += [
            Text("途径", "through"),
            Text("类型", "kind"),
            Text("帮扶方", "supporter"),
            Text("标记", "mark"),
        ]
    elif rows["amount"].is_not_null().any():
        titles.append(Text("数量", "amount"))
    listed = []
    for row in rows.head(limit).iter_rows(named=True):
        cells: list[object] = [row["region"], name_with(row["name"], row["pinyin"])]
        if covered:
            via = "" if row["via"] == row["region"] else f" {labels.get(row['via'], row['via'])}"
            ids = (row["supporters"] or "").split(";")
            shown = joined(labels.get(i, i) for i in ids)
            cells += [
                f"{WAYS[row['way']]}{via}",
                titled("relation_kind", row["kind"]),
                shown,
                _marks(row["mark"]),
            ]
        elif len(titles) == 3:
            cells.append(row["amount"])
        listed.append(cells)
    print_table(f"  {STATES[state]} ({rows.height})", titles, listed)
    print_more(rows.height, limit)


def _marks(marks: str | None) -> str:
    return joined(marked(mark) for mark in (marks or "").split(";") if mark)


def _way(way: str) -> str:
    kind, _, through = way.rpartition("/")
    return f"{titled('relation_kind', kind)} {WAYS[through]}".strip()


def _supporter_labels(answers: Sequence[Gap], questions: Questions) -> dict[str, str]:
    """Names of supporters and of the places whose relations count."""
    ids: set[str] = set()
    for answer in answers:
        ids.update(answer.rows["via"].drop_nulls().to_list())
        ids.update(";".join(answer.rows["supporters"].drop_nulls().unique().to_list()).split(";"))
    return {place.id: named(place) for place in questions.places(sorted(ids - {""}))}

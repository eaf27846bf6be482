"""``jiedui plans``: the plans of a folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click
import cloup

from api.cli.graph.stores import store_option, stored, who
from api.cli.screen import figure, print_json, print_line, print_table
from graph.errors import UsageError
from graph.language import Text
from graph.tables.suggest import unknown
from planner.catalogue import Entry, catalogue, plan_named

if TYPE_CHECKING:
    from graph.office.label import Label


@cloup.command(
    "plans",
    help=str(
        Text(
            "列出方案：场景、改动、指标、采纳、标签",
            "list plans: scenario, changes, figures, adoption, labels",
        )
    ),
)
@cloup.argument("folder", default="plans")
@cloup.option("--kpi", "kpis", multiple=True, metavar="STAGE.KEY",
              help=str(Text("加一列指标（可多次给出）", "a column for this key figure (may be repeated)")))  # fmt: skip
@cloup.option(
    "--scenario", default="", metavar="NAME", help=str(Text("只列这个场景的", "only those of this scenario"))
)
@cloup.option("--label", nargs=2, metavar="PLAN TEXT", default=None,
              help=str(Text("给方案贴标签（空文本：撕去）；存于工作区或 Neo4j", "label a plan (empty text: take it off); kept in the workspace or Neo4j")))  # fmt: skip
@cloup.option(
    "--note", nargs=2, metavar="PLAN TEXT", default=None, help=str(Text("给方案加注", "a note on a plan"))
)
@cloup.option(
    "--by",
    default=None,
    metavar="NAME",
    help=str(Text("谁贴的（缺省：登录名）", "who does it (default: the login name)")),
)
@store_option
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *,
    folder: str,
    kpis: tuple[str, ...],
    scenario: str,
    label: tuple[str, str] | None,
    note: tuple[str, str] | None,
    by: str | None,
    on: str | None,
    as_json: bool,
) -> None:
    """List them, the newest first."""
    for given, field in ((label, "label"), (note, "note")):
        if given is not None:
            stick(folder, given, field, on, by)
    entries, unread = catalogue(folder)
    demand_known(entries, kpis, scenario)
    entries = [e for e in entries if not scenario or e.scenario == scenario]
    labels, adopted = from_store(on)
    if as_json:
        told = [e.to_dict(labels.get(e.plan.id), adopted.get(e.plan.id, ())) for e in entries]
        print_json({"plans": told, "unread": [u.as_dict() for u in unread]})
        return
    if not entries:
        print_line(Text(f"{folder} 中没有方案", f"no plans in {folder}"))
    else:
        print_entries(entries, kpis, labels, adopted)
    for text in unread:
        print_line(Text(f"! {text.zh}", f"! {text.en}"))


def demand_known(entries: Sequence[Entry], kpis: Sequence[str], scenario: str) -> None:
    """Every figure and the scenario that is asked for is in some plan; where there is no plan, nothing is known to be wrong.

    Raises
    ------
    UsageError
        When one is in none.
    """
    figures = {f"{s}.{k['key']}" for e in entries for s, h in e.plan.stages.items() for k in h["kpis"]}
    for kpi in kpis if entries else ():
        if kpi not in figures:
            none = Text("没有方案有指标", "no plan has a key figure")
            raise UsageError(*unknown(none, kpi, sorted(figures), 3))
    scenarios = {e.scenario for e in entries} - {""}
    if entries and scenario and scenario not in scenarios:
        none = Text("没有方案属于场景", "no plan is of a scenario")
        raise UsageError(*unknown(none, scenario, sorted(scenarios), 3))


def stick(folder: str, given: tuple[str, str], field: str, on: str | None, by: str | None) -> None:
    """File a label or a note."""
    from graph.office.label import file_label

    plan = plan_named(folder, given[0])
    with stored(on) as (store, name):
        file_label(store, name, plan.id, by=who(by), **{field: given[1]})


def from_store(on: str | None) -> tuple[dict[str, Label], dict[str, list[dict[str, Any]]]]:
    """Labels, and who adopted which parts of which plan; nothing where no store is set up, unless one was asked for."""
    from graph.errors import JieduiError
    from graph.office.adopted import adoptions, plan_requests
    from graph.office.label import labels_of

    try:
        with stored(on) as (store, name):
            return labels_of(store, name), adoptions(plan_requests(store, name))
    except JieduiError as error:
        if on is not None:
            raise
        if not isinstance(error, UsageError):  # a store is set up and does not answer
            click.echo(
                str(
                    Text(
                        f"! 标签与采纳未读：{error.text.zh}",
                        f"! labels and adoption were not read: {error.text.en}",
                    )
                ),
                err=True,
            )
        return {}, {}


def print_entries(
    entries: Sequence[Entry],
    kpis: Sequence[str],
    labels: Mapping[str, Label],
    adopted: Mapping[str, Sequence[Mapping[str, Any]]],
) -> None:
    """A line for each."""
    rows = []
    for e in entries:
        figures = {f"{s}.{k['key']}": k["plan"] for s, h in e.plan.stages.items() for k in h["kpis"]}
        states = " ".join(f"{s}{'' if h['status'] == 'OPTIMAL' else '*'}" for s, h in e.plan.stages.items())
        label = labels.get(e.plan.id)
        by = ", ".join(
            dict.fromkeys(str(a["by"]) for a in adopted.get(e.plan.id, ()) if not a.get("reverted"))
        )
        rows.append((
            e.plan.id, f"{e.made:%Y-%m-%d %H:%M}", e.scenario, states,
            f"{e.parent.id[:8]}: {e.changed or Text('相同', 'the same')}" if e.parent else "",
            *(figure(figures.get(k)) for k in kpis), by, " · ".join(t for t in ((label.label, label.note) if label else ()) if t),
        ))  # fmt: skip
    print_table("", [
        Text("方案", "plan"), Text("写于（UTC）", "made (UTC)"), Text("场景", "scenario"), Text("阶段（* 未证最优）", "stages (* not proved best)"),
        Text("与哪个相比，改了什么", "against which, what changed"), *kpis, Text("采纳者", "adopted by"), Text("标签", "label"),
    ], rows)  # fmt: skip

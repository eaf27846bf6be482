"""The questions behind the options of ``jiedui ask``: one function each, listed in :data:`QUESTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from api.answers.plain import endings_dict, loads_dict, read_pairs
from api.cli.asked import open_questions
from api.cli.network_words import TITLES, show_frame
from api.cli.opening import network_named
from api.cli.screen import (
    joined,
    marked,
    named,
    print_json,
    print_line,
    print_more,
    print_table,
    titled,
)
from api.cli.term_leaders import Leaders
from api.cli.tie_rows import print_ties
from graph.errors import UsageError
from graph.language import Text, several
from graph.questions import difference, ledger, loads, pair, paths, structure, terms
from graph.questions.protocol import Questions


@dataclass(frozen=True)
class Question:
    """What was typed.

    Parameters
    ----------
    subject : str or None
        The place or unit, where one is named.
    on : str or None
        ``--on``.
    at, known_on : date or None
        ``--at`` and ``--known-on``.
    as_json : bool
        ``--json``.
    limit : int
        ``--limit``.
    options : mapping of str to object
        The other options by name.
    """

    subject: str | None
    on: str | None
    at: date | None
    known_on: date | None
    as_json: bool
    limit: int
    options: Mapping[str, Any]

    def asking(self, tables: Collection[str]) -> AbstractContextManager[Questions]:
        """Of whom it is asked; of files only some tables are read."""
        return open_questions(self.on, tables, self.known_on)


def ask_between(q: Question) -> None:
    """History and ledger of one pair, by two names."""
    _show_pair(q, *q.options["between"])


def ask_relation(q: Question) -> None:
    """The same, by the id of a relation."""
    _show_pair(q, q.options["relation"])


def _show_pair(q: Question, a: str, b: str | None = None) -> None:
    with q.asking(pair.READS) as questions:
        found = questions.pair(a, b, at=q.at)
        if q.as_json:
            print_json(found.to_dict())
            return
        print_line(f"{named(found.a)} — {named(found.b)}")
        print_line(Text(f"截至 {found.at}", f"on {found.at}"))
        print_ties(Text("历来的关系", "Relations"), found.relations, q.limit)
        title = str(Text("\n台账", "\nledger"))
        show_frame(questions, title, found.ledger, "year item pledged delivered ratio mark", q.limit)


def ask_terms(q: Question) -> None:
    """Terms that end soon: relations, and postings by county; ``--each`` lists the postings."""
    from planner.scenario import read_policies

    with q.asking(terms.READS) as questions:
        policy = read_policies(network_named(q.on))["cadres"]
        minimum = policy["minimum_term_years"]
        found = questions.terms_ending(q.options["terms"], q.at, minimum_years=minimum)
        each = bool(q.options["each"])
        if q.as_json:
            print_json(endings_dict(found, minimum, each=each))
            return
        print_line(Text(f"{found.at} 至 {found.by} 到期", f"ending between {found.at} and {found.by}"))
        title = str(Text("关系", "relations"))
        columns = "until kind supporter_name recipient_name mark"
        show_frame(questions, title, found.relations, columns, q.limit)
        leaders = Leaders.of(found.each, str(policy["leader_role"]))
        people = found.each["cadre"].n_unique()
        counties = found.postings["region"].n_unique()
        term = (
            Text("不计", "not counted")
            if minimum is None
            else Text(f"{minimum} 年", several(minimum, "year"))
        )
        title = str(
            Text(
                f"驻村任期：{people} 人{leaders.told.zh}，{counties} 个县；最短任期 {term.zh}",
                f"postings: {several(people, 'person', 'people')}{leaders.told.en} "
                f"in {several(counties, 'county', 'counties')}; minimum term {term.en}",
            )
        )
        if each:
            columns = "due why name village_name role cadre mark"
            show_frame(questions, title, _in_county(questions, found.each), columns, q.limit)
        else:
            columns = f"name why first last postings {leaders.column} villages mark"
            show_frame(
                questions, title, leaders.beside(found.postings), columns, q.limit, {"leaders": leaders.title}
            )


def _in_county(questions: Questions, each: pl.DataFrame) -> pl.DataFrame:
    names = [place.name for place in questions.places(each["region"].to_list())]
    return each.with_columns(pl.Series("name", names, dtype=pl.String))


def ask_loads(q: Question) -> None:
    """Load per supporter, now and under a plan."""
    with q.asking(loads.READS) as questions:
        plan = read_pairs(q.options["plan"]) if q.options["plan"] else None
        found = questions.supporter_loads(at=q.at, plan_pairs=plan)
        index = loads.concentration(found)
        if q.as_json:
            print_json(loads_dict(found))
            return
        show_frame(
            questions,
            str(Text("各帮扶方的负担", "load per supporter")),
            found,
            "name recipients planned kinds capacity over share",
            q.limit,
        )
        print_line(Text(f"集中度（赫芬达尔指数）{index:.4f}", f"concentration (Herfindahl) {index:.4f}"))


def ask_ledger(q: Question) -> None:
    """Pledged against delivered, for one place or unit where it is named."""
    with q.asking((*ledger.READS, "region_successions")) as questions:
        found = questions.pledged_delivered(q.options["year"], subject=q.subject)
        if q.as_json:
            print_json(found.to_dicts())
            return
        columns = "supporter_name recipient_name year item pledged delivered ratio mark"
        show_frame(
            questions,
            str(Text("承诺与兑现，差额大的在前", "pledged against delivered, largest shortfall first")),
            found,
            columns,
            q.limit,
        )


def ask_flows(q: Question) -> None:
    """Money from whom to where."""
    with q.asking(ledger.READS) as questions:
        found = questions.flows(q.options["flows"], q.options["year"])
        if q.as_json:
            print_json(found.to_dicts())
            return
        title = Text(
            "资金流（台账与拨付两个出处不可相加）",
            "flows of money (ledger and fund flows must not be added up)",
        )
        show_frame(questions, str(title), found, "origin year item giver_name taker_name amount", q.limit)


def ask_paths(q: Question) -> None:
    """The shortest connections."""
    with q.asking(paths.READS) as questions:
        found = questions.paths(*q.options["paths"], at=q.at, limit=q.limit)
    if q.as_json:
        print_json([net.to_dict() for net in found])
    elif not found:
        print_line(Text("两者之间没有联系", "nothing connects the two"))
    for net in [] if q.as_json else found:
        print_line(_chain(net))


def _chain(net: paths.Net) -> str:
    """``A ←帮扶— B``: a path as one line."""
    words = [named(net.nodes[0])]
    for step, node in zip(net.steps, net.nodes[1:], strict=True):
        kind = link_name(step.kind)
        mark = f", {marked(step.mark)}" if step.mark else ""
        arrow = f"—[{kind}{mark}]→" if step.target == node.id else f"←[{kind}{mark}]—"
        words += [arrow, named(node)]
    return " ".join(words)


def link_name(kind: str) -> str:
    """A kind of link in words: a relation's kind, or that one place lies in another."""
    return str(Text("位于", "lies in")) if kind == paths.LIES_IN else titled("relation_kind", kind)


def ask_ego(q: Question) -> None:
    """What surrounds one place or unit."""
    if not q.subject:
        raise UsageError(
            "--ego 需要一个地区或单位，例如 jiedui ask 怒江 --ego 2",
            "--ego needs a place or unit: jiedui ask 怒江 --ego 2",
        )
    with q.asking(paths.READS) as questions:
        net = questions.ego(q.subject, q.options["ego"], max(q.limit, 200), at=q.at)
    if q.as_json:
        print_json(net.to_dict())
        return
    node = {n.id: n for n in net.nodes}
    inside = sum(step.kind == paths.LIES_IN for step in net.steps)
    related = len(net.steps) - inside
    title = Text(
        f"{len(net.nodes)} 个节点，{related} 条关系，{inside} 条上下级联系",
        f"{several(len(net.nodes), 'node')}, {several(related, 'relation')}, {several(inside, 'link')} to the place above",
    )
    rows = [
        (named(node[s.source]), link_name(s.kind), named(node[s.target]), marked(s.mark)) for s in net.steps
    ]
    columns = [Text("从", "from"), Text("联系", "link"), Text("到", "to"), TITLES["mark"]]
    print_table(str(title), columns, rows[: q.limit])
    print_more(len(rows), q.limit)
    if net.cut:
        print_line(Text("节点太多，只取最近的一部分", "too many nodes: only the nearest are kept"))


def ask_structure(q: Question) -> None:
    """Where the network is thin."""
    with q.asking(structure.READS) as questions:
        found = questions.structure(at=q.at)
        if q.as_json:
            print_json(found.to_dict())
            return
        nodes, relations, parts = found.size
        print_line(
            Text(
                f"{nodes} 个节点，{relations} 条关系，{parts} 个连通部分",
                f"{several(nodes, 'node')}, {several(relations, 'relation')}, {several(parts, 'part')}",
            )
        )
        cuts = found.articulation_points
        print_line(
            f"\n{Text('关节点（失去即断开）', 'articulation points (their loss splits a part)')} ({len(cuts)})"
        )
        print_line("  " + joined(named(p) for p in cuts[: q.limit]))
        print_line(f"\n{Text('群落', 'communities')} ({len(found.communities)})")
        for group in found.communities[: min(q.limit, 8)]:
            print_line(
                f"  {len(group)}: " + joined(named(p) for p in group[:6]) + ("…" if len(group) > 6 else "")
            )
        show_frame(
            questions, str(Text("\n中心", "\ncentres")), found.centrality, "name degree betweenness", q.limit
        )


def ask_difference(q: Question) -> None:
    """What changed between two days."""
    with q.asking(difference.READS) as questions:
        one, two = (day.date() for day in q.options["difference"])
        found = questions.difference(one, two)
        if q.as_json:
            print_json(found.to_dict())
            return
        begun, ended, kept = found.postings
        print_line(
            Text(
                f"{one} 与 {two}：{found.kept} 条关系不变",
                f"{one} and {two}: {several(found.kept, 'relation')} the same",
            )
        )
        for title, frame in ((Text("新增", "begun"), found.begun), (Text("结束", "ended"), found.ended)):
            show_frame(
                questions,
                f"{title} ({frame.height})",
                frame,
                "kind supporter_name recipient_name since until mark",
                q.limit,
            )
        print_line(
            Text(
                f"驻村任职：新增 {begun}，结束 {ended}，不变 {kept}",
                f"postings: {begun} begun, {ended} ended, {kept} kept",
            )
        )


QUESTIONS: dict[str, Callable[[Question], None]] = {
    "between": ask_between,
    "relation": ask_relation,
    "terms": ask_terms,
    "loads": ask_loads,
    "ledger": ask_ledger,
    "flows": ask_flows,
    "paths": ask_paths,
    "ego": ask_ego,
    "structure": ask_structure,
    "difference": ask_difference,
}
"""Option → who answers it."""

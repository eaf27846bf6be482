"""Relations as rows of a table on a screen."""

from __future__ import annotations

from collections.abc import Sequence

from api.cli.screen import (
    STATES,
    WAYS,
    marked,
    named,
    print_line,
    print_more,
    print_table,
    term,
    titled,
)
from graph.language import Text
from graph.questions.ties import Tie


def print_ties(title: Text, found: Sequence[Tie], limit: int) -> None:
    """The first relations, one a row."""
    if not found:
        print_line(f"\n{title}: {Text('无', 'nobody')}")
        return
    titles = [
        Text("途径", "through"),
        Text("类型", "kind"),
        Text("帮扶方", "supporter"),
        Text("受扶方", "recipient"),
        Text("期限", "term"),
        Text("状态", "state"),
        Text("标记", "mark"),
        Text("来源", "source"),
    ]
    rows = [
        (
            WAYS[t.through],
            titled("relation_kind", t.kind),
            named(t.supporter),
            named(t.recipient),
            term(t.since, t.until),
            f"{STATES[t.state]}{_yielding(t)}",
            marked(t.mark),
            t.source,
        )
        for t in found[:limit]
    ]
    print_line("")
    print_table(f"{title} ({len(found)})", titles, rows)
    print_more(len(found), limit)


def _yielding(tie: Tie) -> str:
    return str(Text("，以更具体的关系为准", ", the more specific one wins")) if tie.yields_to else ""

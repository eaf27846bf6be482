"""What may stand beside the rows: labels and types that are none of ours, and what a writer left behind."""

from __future__ import annotations

from collections.abc import Iterator

from graph.findings import Severity
from graph.language import Text
from graph.schema.model import LEVEL_LABELS, PAST, PROPOSED, SHAPES, WAS
from graph.store.neo4j.checking.probe import UNTIL_OPEN, Probe, row_of
from graph.store.neo4j.claim import Holder, is_dead, look
from graph.store.neo4j.run import Run
from graph.store.told import named, pattern, quoted

SHAPED = (*SHAPES.values(), *PROPOSED.values())
LABELS = {
    *(s.label for s in SHAPED if s.kind != "relationship"), *LEVEL_LABELS.values(),
    PAST, "Network", "Version", "Paper", "PastPaper", "Proposal", "Schema",
}  # fmt: skip
"""Labels that jiedui writes."""
TYPES = {
    *(s.label for s in SHAPED if s.kind == "relationship"), *(link.type for s in SHAPED for link in s.links), WAS, "HAS_VERSION",
}  # fmt: skip
"""Types of relationships that jiedui writes."""
MEND = Text(
    "若是笔误请改正；若是您自己的数据，可放在那里，jiedui 不读它",
    "mend it where it is a slip; data of your own may stay, jiedui does not read it",
)


def foreign_probes(run: Run) -> Iterator[Probe]:
    """Labels and types in the database that jiedui does not write; names come from the database and are quoted."""
    for (label,) in run("CALL db.labels() YIELD label RETURN label ORDER BY label"):
        if label not in LABELS:
            yield _label(str(label))
    for (kind,) in run("CALL db.relationshipTypes() YIELD relationshipType AS t RETURN t ORDER BY t"):
        if kind not in TYPES:
            yield _type(str(kind))
    yield _lost()


def _label(label: str) -> Probe:
    return Probe(
        "unknown-label", label,
        f"MATCH (x:{named(label)}) WHERE coalesce(x.network = $network, true)\nWITH count(*) AS nodes WHERE nodes > 0\n"
        f"RETURN {quoted(label)} AS row, toString(nodes) AS value",
        Text("{value} 个节点有未知的标签 {row}", "nodes with an unknown label {row}: {value}"),
        MEND,
        "warning",
    )  # fmt: skip


def _type(kind: str) -> Probe:
    return Probe(
        "unknown-type", kind,
        f"MATCH ()-[x:{named(kind)}]->() WHERE coalesce(x.network = $network, true)\nWITH count(*) AS ties WHERE ties > 0\n"
        f"RETURN {quoted(kind)} AS row, toString(ties) AS value",
        Text("{value} 条关系有未知的类型 {row}", "relationships of an unknown type {row}: {value}"),
        MEND,
        "warning",
    )  # fmt: skip


def _lost() -> Probe:
    """A row whose label was taken away or changed is read by nobody: that is no data of somebody's own."""
    ours = "|".join(sorted(LABELS))
    return Probe(
        "lost-label", "*",
        f"MATCH (x:!({ours})) WHERE x.network = $network AND x.row IS NOT NULL AND x.recorded_at IS NOT NULL\n"
        "RETURN toStringOrNull(x.row) AS row, reduce(s = '', l IN labels(x) | s + ':' + l) AS value",
        Text("行 {row} 失去了它的标签，现在是“{value}”", "row {row} has lost its label; it has “{value}” now"),
        Text("请把标签改回", "set its label again"),
    )  # fmt: skip


def staged_probes(run: Run, network: str) -> Iterator[Probe]:
    """Rows beyond the head: somebody is writing, or has died at it."""
    claim = look(run, network).claim
    if claim is None:
        severity: Severity = "error"
        mend = Text(
            "没有写入在进行：请删去，或把 recorded_at 改到当前版本以内",
            "no write is going on: remove it, or set recorded_at within the head",
        )
    elif is_dead(claim, Holder()):
        severity = "warning"
        mend = Text(
            "写入者已停止；下一次写入会接着完成或收回它",
            "its writer is gone; the next write finishes it or takes it back",
        )
    else:
        severity, mend = "notice", Text("正在写入，请稍后再查", "somebody is writing; check again later")
    for shape in SHAPES.values():
        since = "changed_at" if shape.kind == "entity" else "recorded_at"
        yield Probe(
            "beyond-head", shape.table,
            f"MATCH {pattern(shape)} WHERE x.network = $network AND "
            f"(x.{since} > v OR (x.superseded_by > v AND x.superseded_by <> {UNTIL_OPEN}))\nRETURN {row_of(shape)} AS row, "
            f"toStringOrNull(x.{since}) + '–' + CASE x.superseded_by WHEN {UNTIL_OPEN} THEN '' ELSE toStringOrNull(x.superseded_by) END AS value",
            Text("{row} 属于当前版本之后（{value}）", "{row} lies beyond the head ({value})"),
            mend,
            severity,
        )  # fmt: skip

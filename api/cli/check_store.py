"""``jiedui check`` on a stored network: whether it is whole, whoever may have changed it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from api.cli.screen import print_json, print_line
from graph.errors import InputError, UsageError
from graph.findings import Finding
from graph.language import Text, several
from graph.tables.report import report_csv, report_json, report_lines

if TYPE_CHECKING:
    from graph.store.protocol import Store

FAILED = 1
SHOWN = 10
"""Findings of one kind that are told one by one on the screen."""


def check_stored(
    address: str, *, csv_file: str | None, strict: bool, as_json: bool, others: Sequence[str]
) -> int:
    """Check the network at an address; 1 on errors, with ``strict`` on warnings, too.

    Raises
    ------
    UsageError
        When options are given that files alone have, or no network is meant.
    """
    from graph.store.opening import opened

    if others:
        told = " ".join(others)
        raise UsageError(
            f"{told} 只用于文件，不用于存储的网络", f"{told} is for files, not for stored networks"
        )
    with opened(address) as (store, name):
        findings = stored_findings(store, name)
        version = head_number(store, name)
    if csv_file:
        report_csv(findings, csv_file)
    kinds = {f.severity for f in findings}
    status = FAILED if "error" in kinds or (strict and "warning" in kinds) else 0
    if as_json:
        print_json({"network": name, "version": version, **report_json(findings)})
        return status
    show(findings, whole_file=bool(csv_file))
    print_line(summary(name, version, findings))
    return status


def head_number(store: Store, name: str) -> int | None:
    """The number of the head; ``None`` where its record cannot be read, which a finding says."""
    try:
        return store.head(name).number
    except InputError:
        return None


def stored_findings(store: Store, name: str) -> list[Finding]:
    """What is wrong with a stored network at its head."""
    from graph.store.workspace.workspace import Workspace

    if isinstance(store, Workspace):
        from graph.store.workspace.faults import restoring
        from graph.tables.checks import check_tables

        way = restoring(store.folder)
        advice = Text(f"请用备份恢复（{way.zh}）", f"bring back a backup ({way.en})")
        broken = [
            Finding("broken-file", "error", "workspace", None, None, str(b.file), b.text, advice) for b in store.check()
        ]  # fmt: skip
        if broken:
            return broken
        network = store.read(name)
        return check_tables(network.frames, network.settings, network.enums)
    from graph.store.neo4j.checking import check_network
    from graph.store.neo4j.store import Neo4jStore

    assert isinstance(store, Neo4jStore)
    return check_network(store, name)


def show(findings: Sequence[Finding], *, whole_file: bool) -> None:
    """Findings by kind, each kind with the Cypher that finds it."""
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.code, finding.table), []).append(finding)
    for found in kinds.values():
        for line in report_lines(found[:SHOWN]):
            print_line(line)
        if len(found) > SHOWN:
            more = len(found) - SHOWN
            print_line(
                Text(
                    f"  ……同类另有 {more} 处（--json 看全部）",
                    f"  … and {more} more of this kind (--json shows all)",
                )
            )
        if found[0].cypher:
            print_line("    " + found[0].cypher.replace("\n", "\n    "))


def summary(name: str, version: int | None, findings: Sequence[Finding]) -> Text:
    """The last line."""
    errors, warnings, notices = (
        sum(f.severity == k for f in findings) for k in ("error", "warning", "notice")
    )
    counts = Text(
        f"{errors} 处错误，{warnings} 条提醒，{notices} 条说明",
        ", ".join((several(errors, "error"), several(warnings, "warning"), several(notices, "notice"))),
    )
    sign = "✗" if errors else "✓"
    which = Text("", "") if version is None else Text(f" 版本 {version}", f" version {version}")
    return Text(f"{sign} {name}{which.zh}：{counts.zh}", f"{sign} {name}{which.en}: {counts.en}")

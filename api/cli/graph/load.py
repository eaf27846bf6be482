"""``jiedui graph load``: a scenario's tables into a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.steps import Steps
from api.cli.graph.stores import by_option, place_of, store_option, unreadable_names, who
from api.cli.main import Everywhere
from api.cli.screen import as_word, print_json, print_line, print_table
from graph.errors import ReportFailed
from graph.language import Text, several

if TYPE_CHECKING:
    from graph.network import Network
    from graph.server.telling import Tell
    from graph.store.load import LoadReport
    from graph.store.neo4j.store import Neo4jStore
    from graph.store.opening import StoreAddress
    from graph.store.protocol import Store


@cloup.command("load", help=str(Text(
    "把场景的表导入存储，成为一个版本；再次导入只存不同之处。之后读回核对",
    "load a scenario's tables into a store, as one version; loaded again, only what differs is stored. Then they are read back "
    "and compared",
)))  # fmt: skip
@cloup.argument("scenario")
@store_option
@cloup.option(
    "--replace",
    is_flag=True,
    help=str(Text("场景没有的表清空", "tables that the scenario does not have lose their rows")),
)
@cloup.option(
    "--import/--no-import", "bulk", default=None,
    help=str(Text(
        "空的私有数据库用 neo4j-admin 整库导入（缺省：行数多时）",
        "fill an empty private database by neo4j-admin import (default: where there are many rows)",
    )),
)  # fmt: skip
@cloup.option("--why", default="", metavar="TEXT", help=str(Text("理由", "why")))
@by_option
@json_option
def command(
    *,
    scenario: str,
    on: str | None,
    replace: bool,
    bulk: bool | None,
    why: str,
    by: str | None,
    as_json: bool,
) -> None:
    """Load, reconcile, and say what changed."""
    from graph.store.opening import demand_address
    from planner.scenario import read_scenario

    network = read_scenario(scenario, stages=(), trust_shipped=True).network
    place = demand_address(place_of(on))
    name, reason = place.network or network.name, why or scenario
    with Steps(Everywhere.quiet) as tell:
        report, imported = load_into(
            place, network, name, by=who(by), why=reason, replace=replace, bulk=bulk, tell=tell
        )
    if as_json:
        print_json(report.to_dict())
    else:
        print_report(report, place.named(name), imported)
    if not report.equal:
        told = report.text
        raise ReportFailed(told.zh, told.en)


def load_into(
    place: StoreAddress,
    network: Network,
    name: str,
    *,
    by: str,
    why: str,
    replace: bool,
    bulk: bool | None,
    tell: Tell,
) -> tuple[LoadReport, bool]:
    """Load by import where that is meant and possible (which is told), else by statements; reconcile in any case."""
    from graph.server.telling import Step
    from graph.store.load import load
    from graph.store.opening import open_store

    with open_store(place, create=True) as store:
        imported = _by_import(store, network, bulk)
        if not imported:
            tell(Step(Text("导入并读回核对", "loading, and reading back to compare")))
            return load(store, network, name, by=by, why=why, replace=replace), False
    _import(network, name, by=by, why=why, tell=tell)
    with open_store(place) as store:
        tell(Step(Text("读回核对", "reading back to compare")))
        return load(store, network, name, by=by, why=why), True


def _by_import(store: Store, network: Network, bulk: bool | None) -> bool:
    """Whether an import is meant and possible.

    Raises
    ------
    UsageError
        When it is asked for and not possible.
    """
    import os

    from graph.bolt.address import URI
    from graph.errors import UsageError

    if bulk is False:
        return False
    from graph.store.workspace.workspace import Workspace

    reason = None
    if isinstance(store, Workspace):
        reason = Text("工作区不需要", "a workspace needs none")
    elif os.environ.get(URI) or not _is_private(store):
        reason = Text("只有私有服务器可以停下来导入", "only the private server can be stopped for it")
    elif not store.is_empty():
        reason = Text("数据库不是空的", "the database is not empty")
    if reason is not None:
        if bulk:
            raise UsageError(f"不能整库导入：{reason.zh}", f"no import is possible: {reason.en}")
        return False
    from graph.store.neo4j.bulk import WORTH_ROWS

    return bool(bulk) or sum(f.height for f in network.frames.values()) >= WORTH_ROWS


def _is_private(store: Store) -> TypeGuard[Neo4jStore]:
    from graph.server.private import PrivateServer
    from graph.store.neo4j.store import Neo4jStore

    status = PrivateServer().status()
    uri = status.uri or ""
    return isinstance(store, Neo4jStore) and bool(uri) and store.address.startswith(uri)


def _import(network: Network, name: str, *, by: str, why: str, tell: Tell) -> None:
    from graph.server.private import PrivateServer
    from graph.store.neo4j.bulk import import_network

    import_network(PrivateServer(), network, name, by=by, why=why, tell=tell)


def print_report(report: LoadReport, address: StoreAddress, imported: bool) -> None:
    """What changed, table by table, and whether it reads back as it was given."""
    version = report.version
    changed = version.counts if imported else report.changed
    rows = sum(put for put, _ in changed.values())
    gone = sum(n for _, n in changed.values())
    other = [] if imported else _besides(report)
    if not rows + gone and not other and not report.new:
        print_line(
            Text(
                f"{address} 已是如此（版本 {version.number}），没有改动",
                f"{address} is so already (version {version.number}); nothing changed",
            )
        )
    else:
        print_line(Text(
            f"{address} 版本 {version.number}：写入 {rows:,} 行，删除 {gone:,} 行",
            f"{address} version {version.number}: {several(rows, 'row')} put, {gone:,} removed",
        ))  # fmt: skip
        for line in other:
            print_line(line)
    if rows + gone:
        from graph.schema import TABLES

        cells = [(str(TABLES[t].title), f"{put:,}", f"{n:,}") for t, (put, n) in changed.items() if put + n]
        print_table("", [Text("表", "table"), Text("写入", "put"), Text("删除", "removed")], cells)
    checked = len(report.tables)
    if report.forgotten:
        told = ", ".join(report.forgotten)
        print_line(Text(f"! 已遗忘，姓名未导入：{told}", f"! forgotten, their names were left out: {told}"))
    if report.unreadable:
        print_line(unreadable_names(report.unreadable))
    if report.equal:
        print_line(
            Text(
                f"✓ {checked} 张表读回核对：行数与校验和都相同",
                f"✓ {several(checked, 'table')} read back: counts and checksums are equal",
            )
        )
        word = as_word(str(address))
        print_line(Text(f"下一步：jiedui ask 地名 --on {word}", f"next: jiedui ask PLACE --on {word}"))


def _besides(report: LoadReport) -> list[Text]:
    """What made a version besides rows: settings, and tables that came."""
    from graph.schema import TABLES

    told = [Text(f"  设置：{t.zh}", f"  settings: {t.en}") for t in report.settings]
    if report.new_tables:
        titles = [TABLES[t].title for t in report.new_tables]
        zh, en = "、".join(t.zh for t in titles), ", ".join(t.en for t in titles)
        told.append(Text(f"  新给出的表：{zh}", f"  tables given for the first time: {en}"))
    return told

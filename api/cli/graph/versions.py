"""``jiedui graph versions``: networks of a store and their versions."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import place_of, store_option
from api.cli.screen import print_json, print_line, print_table
from graph.language import Text

HOWS = {
    "load": Text("导入", "load"),
    "request": Text("请求", "request"),
    "adopt": Text("采纳方案", "plan adopted"),
    "revert": Text("撤回", "taken back"),
    "pull": Text("收回", "pulled"),
    "forget": Text("遗忘", "forgotten"),
}


@cloup.command(
    "versions",
    help=str(Text("存储中的网络；给出网络时列出其版本", "networks of a store; with a network, its versions")),
)
@store_option
@json_option
def command(*, on: str | None, as_json: bool) -> None:
    """List them."""
    from graph.store.opening import demand_address, open_store

    place = demand_address(place_of(on))
    with open_store(place) as store:
        names = [place.network] if place.network else store.networks()
        found = {name: store.versions(name) for name in names}
    if as_json:
        print_json({name: [v.to_dict() for v in versions] for name, versions in found.items()})
        return
    if not found:
        print_line(
            Text(
                f"{place} 还没有网络；导入：jiedui graph load 场景",
                f"{place} holds no network yet; load one: jiedui graph load SCENARIO",
            )
        )
    columns = [
        Text("版本", "version"),
        Text("时间（UTC）", "at (UTC)"),
        Text("方式", "how"),
        Text("谁", "by"),
        Text("理由", "why"),
        Text("改动", "changes"),
    ]
    for name, versions in found.items():
        rows = [
            (v.number, v.at.strftime("%Y-%m-%d %H:%M:%S"), str(HOWS[v.how]), v.by, v.why, _told(v.counts))
            for v in versions
        ]
        print_table(name, columns, rows)


def _told(counts: object) -> str:
    from collections.abc import Mapping

    from graph.schema import TABLES

    assert isinstance(counts, Mapping)
    if len(counts) > 3:
        put, gone = (sum(n[i] for n in counts.values()) for i in (0, 1))
        return str(Text(f"{len(counts)} 张表 +{put:,} −{gone:,}", f"{len(counts)} tables +{put:,} −{gone:,}"))
    return str(Text("；", "; ")).join(
        f"{Text(TABLES[table].title.zh, table)} +{put:,} −{gone:,}" for table, (put, gone) in counts.items()
    )

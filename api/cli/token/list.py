"""``jiedui token list``: who may use the service, until when."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_table
from api.cli.service_folder import folder_options
from api.cli.token.folder import tokens_of
from graph.language import Text

STANDINGS = {
    "valid": Text("有效", "valid"),
    "ended": Text("已撤销", "revoked"),
    "expired": Text("已过期", "expired"),
}

SEES = Text("可见", "seen")


@cloup.command("list", help=str(Text("列出令牌，新的在前；不含其内容", "list the tokens, the newest first; without their secrets")))  # fmt: skip
@folder_options
@json_option
def command(*, data: str | None, config: Path | None, as_json: bool) -> None:
    """Show them."""
    from api.http.models.access import Shown

    with tokens_of(data, config) as (passes, _):
        found, now = passes.all("token"), passes.clock()
    if as_json:
        print_json(
            [Shown.of(kept).model_dump(mode="json") | {"standing": kept.standing(now)} for kept in found]
        )
        return
    cells = [
        (p.id, p.grant.user, p.grant.role.title, ";".join(p.grant.regions), SEES if p.grant.sees_names else "", ",".join(p.grant.scopes), _day(p.expires), _day(p.used), STANDINGS[p.standing(now)], p.label)
        for p in found
    ]  # fmt: skip
    titles = (
        Text("编号", "id"), Text("用户", "user"), Text("角色", "role"), Text("地区", "regions"), Text("姓名", "names"), Text("用途", "scopes"), Text("有效至", "good until"),
        Text("上次使用", "last used"), Text("状态", "state"), Text("说明", "label"),
    )  # fmt: skip
    print_table(str(Text("令牌", "tokens")), titles, cells)


def _day(seconds: float | None) -> str:
    from datetime import UTC, datetime

    return "" if seconds is None else f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"

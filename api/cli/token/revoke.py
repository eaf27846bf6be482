"""``jiedui token revoke``: nobody comes in with it any more."""

from __future__ import annotations

from pathlib import Path

import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line
from api.cli.service_folder import folder_options
from api.cli.token.folder import tokens_of
from graph.errors import UsageError
from graph.language import Text


@cloup.command("revoke", help=str(Text("立即撤销令牌及用它登录的会话", "revoke tokens at once, and the sessions that were opened with them")))  # fmt: skip
@cloup.argument("ids", nargs=-1)
@cloup.option(
    "--user", metavar="NAME", help=str(Text("某人的全部令牌和会话", "all tokens and sessions of somebody"))
)
@folder_options
@json_option
def command(
    *, ids: tuple[str, ...], user: str | None, data: str | None, config: Path | None, as_json: bool
) -> None:
    """End them."""
    if not ids and user is None:
        raise UsageError("请给出令牌编号，或 --user", "give ids of tokens, or --user")
    from api.service.audit.command import commanded
    from api.service.audit.log import Audit

    with tokens_of(data, config) as (passes, settings):
        found = [passes.one(id) for id in ids]  # all are there, or none is ended
        with commanded(Audit(passes.records, settings.data), "jiedui token revoke") as told:
            ended = [passes.end(kept.id).id for kept in found]
            others = 0 if user is None else passes.end_all(user)
            told.update(tokens=ended, user=user, of_user=others)
    if as_json:
        print_json({"revoked": ended, "of_user": others})
    else:
        count = len(ended) + others
        print_line(Text(f"✓ 已撤销 {count} 个", f"✓ {count} revoked"))

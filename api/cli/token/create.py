"""``jiedui token create``: let somebody in."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import cloup

from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line
from api.cli.service_folder import folder_options
from api.cli.token.folder import tokens_of
from api.service.caller import Role
from graph.errors import OutsideError, UsageError
from graph.language import Text
from graph.signs import demand_seen


@cloup.command("create", help=str(Text(
    "为某人发放令牌；只显示这一次，服务只存它的摘要", "make a token for somebody; it is shown this once, the service keeps a digest of it"
)))  # fmt: skip
@cloup.argument("name")
@cloup.option("--role", type=click.Choice([role.name.lower() for role in Role]), default="viewer", show_default=True, help=str(Text("可以做什么", "what they may do")))  # fmt: skip
@cloup.option("--regions", metavar="CODES", default="", help=str(Text("只限这些地区及其下级（代码，以逗号隔开）", "limited to these regions and all below (codes, commas between)")))  # fmt: skip
@cloup.option("--names", is_flag=True, help=str(Text("可以看到干部姓名", "may see names of cadres")))
@cloup.option("--scopes", metavar="USES", default="read,write", show_default=True, help=str(Text("read、write 或两者", "read, write or both")))  # fmt: skip
@cloup.option("--days", type=click.FloatRange(0, min_open=True), default=90, show_default=True, metavar="DAYS", help=str(Text("有效天数", "days that it holds")))  # fmt: skip
@cloup.option("--label", metavar="TEXT", default="", help=str(Text("作何用途", "what it is for")))
@cloup.option("--on", "network", metavar="NETWORK", help=str(Text("服务的网络，据以核对地区（缺省：服务设置里的网络）", "the service's network, against which regions are checked (default: the service's setting network)")))  # fmt: skip
@folder_options
@json_option
def command(
    *, name: str, role: str, regions: str, names: bool, scopes: str, days: float, label: str, network: str | None, data: str | None, config: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Make it and show it."""
    from api.access.grant import LABEL, USES, Grant, demand_user
    from api.access.passes import DAY
    from api.http.models.access import NewToken, Shown
    from api.service.audit.command import commanded
    from api.service.audit.log import Audit

    demand_user(name)
    demand_seen(LABEL, label)
    wanted = words_of(scopes)
    if not wanted or set(wanted) - set(USES):
        raise UsageError(
            f"--scopes 应为 {'、'.join(USES)}，而不是 {scopes}",
            f"--scopes is of {', '.join(USES)}, not {scopes}",
        )
    grant = Grant(
        name, Role[role.upper()], words_of(regions), names, tuple(use for use in USES if use in wanted)
    )
    with tokens_of(data, config) as (passes, settings):
        if days > settings.token_days:
            raise UsageError(
                f"--days 最多 {settings.token_days}（token_days）",
                f"--days is {settings.token_days} at most (token_days)",
            )
        check_regions(network or settings.network, grant.regions)
        with commanded(Audit(passes.records, settings.data), "jiedui token create") as told:
            kept, secret = passes.give("token", grant, by="local", seconds=days * DAY, label=label)
            told.update(token=kept.id, user=name)
    made = NewToken.model_validate(Shown.facts(kept) | {"token": secret.token})
    if as_json:
        print_json(made.model_dump(mode="json"))
        return
    print_line(Text(f"{name}（{grant.role.title.zh}）的令牌，有效至 {made.expires:%Y-%m-%d}；只显示这一次：", f"token of {name} ({role}), good until {made.expires:%Y-%m-%d}; it is shown this once:"))  # fmt: skip
    print(secret.token)


def check_regions(where: str, codes: tuple[str, ...]) -> None:
    """Refuse codes that the service's network has not; say so where they cannot be checked."""
    if not codes:
        return
    from api.service.networks import Networks
    from api.service.regions import demand_regions

    if not where:
        unchecked(Text("没有给出服务的网络（--on 或设置 network）", "the service's network is not known (--on, or the setting network)"))  # fmt: skip
        return
    networks = Networks(where)
    try:
        demand_regions(networks.asked().regions, codes)
    except OutsideError as error:
        unchecked(error.text)
    finally:
        networks.close()


def unchecked(why: Text) -> None:
    """Tell that a slip in a code would not have been noticed."""
    print(
        f"⚠ {Text('未核对地区代码', 'codes of regions are not checked')}{Text('：', ': ')}{why}",
        file=sys.stderr,
    )


def words_of(text: str) -> tuple[str, ...]:
    """What stands between commas, each once."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))

"""``jiedui graph forget``: a person's name is gone for good."""

from __future__ import annotations

import cloup

from api.cli.graph.options import json_option
from api.cli.graph.stores import by_option, store_option, stored, who
from api.cli.screen import print_json, print_line
from graph.language import Text


@cloup.command("forget", help=str(Text(
    "遗忘干部的姓名：销毁其密钥，所有版本、导出和备份中的姓名都不再能读出；记入日志，不可撤回",
    "forget the names of cadres: their keys are destroyed, and the names can be read in no version, export or backup any more; it is "
    "logged and cannot be taken back",
)))  # fmt: skip
@cloup.argument("cadres", nargs=-1, required=True)
@cloup.option("--why", required=True, metavar="TEXT", help=str(Text("依据", "on which ground")))
@store_option
@by_option
@json_option
def command(*, cadres: tuple[str, ...], why: str, on: str | None, by: str | None, as_json: bool) -> None:
    """Forget them."""
    from graph.office.forget import forget

    with stored(on) as (store, name):
        done = forget(store, name, cadres, by=who(by), why=why)
    if as_json:
        version = done.version.number if done.version is not None else None
        print_json(
            {
                "cadres": list(done.cadres),
                "version": version,
                "exports": list(done.exports),
                "elsewhere": list(done.elsewhere),
            }
        )
        return
    n = len(done.cadres)
    print_line(
        Text(f"✓ {n} 人的姓名已遗忘", f"✓ {n} names are forgotten" if n > 1 else "✓ the name is forgotten")
    )
    if done.elsewhere:
        told = ", ".join(done.elsewhere)
        print_line(
            Text(
                f"! {told} 的姓名（或其中一版）用别处的密钥封存：请持有该密钥文件（JIEDUI_KEYS）的人也执行一次",
                f"! the name of {told}, or an earlier one, is sealed under a key that is not here: whoever has that file of keys "
                "(JIEDUI_KEYS) must forget it, too",
            )
        )
    for folder in done.exports:
        print_line(
            Text(
                f"! 曾以明文导出到 {folder}；请销毁其中的姓名",
                f"! it was written in clear to {folder}; destroy the names there",
            )
        )

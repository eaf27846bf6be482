"""``jiedui audit verify``: check that the audit log is as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import cloup

from api.cli.audit.options import opened
from api.cli.graph.options import json_option
from api.cli.screen import print_json, print_line
from api.cli.service_folder import folder_options
from graph.errors import CheckFailed, ReportFailed
from graph.language import Text

if TYPE_CHECKING:
    from api.service.audit.anchor import Head
    from api.service.audit.check import Verdict

SHOWN = 5


@cloup.command("verify", help=str(Text(
    "检查审计日志是否被改动：逐行重算摘要，并与曾记下的末行核对；有问题时退出码为 1",
    "check that the audit log is as it was written: every digest anew, and against rows that were noted; exit status 1 where it is not",
)))  # fmt: skip
@folder_options
@cloup.option("--head", "heads", multiple=True, metavar="NUMBER:HASH",
              help=str(Text("另处记下的末行（可重复）", "a row that was noted elsewhere (may be repeated)")))  # fmt: skip
@cloup.option("--export", "file", type=click.Path(path_type=Path), metavar="FILE",
              help=str(Text("改为检查导出的 JSON 行", "check an export as JSON lines instead")))  # fmt: skip
@json_option
def command(
    *, data: str | None, config: Path | None, heads: tuple[str, ...], file: Path | None, as_json: bool
) -> None:
    """Check it, and say what was found."""
    from api.service.audit.anchor import read_head
    from api.service.audit.check import check, exported

    noted = [read_head(head) for head in heads]
    found = check(exported(file), noted) if file is not None else _of_folder(data, config, noted)
    if as_json:
        print_json(found.as_dict())
    if found.broken is not None and found.why is not None:
        raise (ReportFailed if as_json else CheckFailed)(
            f"审计日志从第 {found.broken} 行起不可信：{found.why.zh}",
            f"the audit log is not to be trusted from row {found.broken} on: {found.why.en}",
        )
    if not as_json:
        _say(found)


def _of_folder(data: str | None, config: Path | None, noted: list[Head]) -> Verdict:
    from api.service.audit.check import check

    with opened(data, config) as (audit, _):
        beside = audit.anchor.noted()  # before the rows: more may come meanwhile
        return check(audit.oldest(), [*([beside] if beside is not None else []), *noted])


def _say(found: Verdict) -> None:
    print_line(
        Text(f"✓ 审计日志完好：{found.rows} 行", f"✓ the audit log is as it was written: {found.rows:,} rows")
    )
    print_line(Text(f"  末行 {found.head}", f"  head {found.head}"))
    if not found.anchored:
        print_line(
            Text(
                "  没有可核对的末行：末尾若被截去，看不出来",
                "  no row was noted: what was cut off at the end would not be missed",
            )
        )
    if found.unfinished:
        names, more = ", ".join(found.unfinished[:SHOWN]), "…" if len(found.unfinished) > SHOWN else ""
        print_line(Text(
            f"  {len(found.unfinished)} 个更改有始无终（正在进行，或服务当时中断）：{names}{more}",
            f"  {len(found.unfinished)} changes without an end (they run now, or the service was cut off): {names}{more}",
        ))  # fmt: skip

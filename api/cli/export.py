"""``jiedui export``: the support network as a file, or a plan's tables."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
import cloup

from api.cli.opening import network_options, open_network
from api.cli.screen import day_given, print_json, print_line
from graph.errors import UsageError
from graph.export import FORMATS, READS, export_network
from graph.language import Text
from graph.tables.suggest import did_you_mean

CERTIFICATE = "certificate"


@cloup.command(
    "export",
    help=str(
        Text(
            "导出方案的各表（给出方案时），或帮扶网络：Excel、CSV、Parquet、GeoJSON、GraphML",
            "write a plan's tables (where PLAN is given) or the support network: Excel, CSV, Parquet, GeoJSON, GraphML",
        )
    ),
)
@cloup.argument("plan", required=False)
@cloup.option(
    "--to",
    "to",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help=str(
        Text(
            "目标文件，格式看扩展名；方案的 CSV、Parquet 写入文件夹",
            "the file; its ending tells the format. CSV and Parquet of a plan go into a folder",
        )
    ),
)
@cloup.option(
    "--format",
    "form",
    type=click.Choice(sorted([*FORMATS.values(), CERTIFICATE])),
    help=str(
        Text(
            "格式；方案的证书附全部成本，不用本软件也能核对",
            "the format; a plan's certificates come with all costs, to be checked without this software",
        )
    ),
)
@network_options
def command(
    *, plan: str | None, to: str, form: str | None, on: str | None, at: datetime | None, as_json: bool
) -> None:
    """Write the relations in force, or everything that a plan holds."""
    if plan is None and form == CERTIFICATE:
        raise UsageError("证书属于方案；请给出方案", "certificates belong to a plan: name one")
    if plan is None:
        files = [write_network(to, form or "", on, at)]
    elif on or at:
        raise UsageError(
            "--on 与 --at 用于导出网络，不能与方案一起给出",
            "--on and --at are for the network; they cannot stand beside a plan",
        )
    else:
        files = write_plan(plan, to, form or "")
    if as_json:
        print_json({"file": files[0]} if plan is None else {"files": files})
    else:
        shown = files[0] if len(files) == 1 else to
        print_line(Text(f"已写入 {shown}", f"written: {shown}"))


def write_network(to: str, form: str, on: str | None, at: datetime | None) -> str:
    """Write the network that ``--on`` names; the path of the file."""
    return str(export_network(open_network(on, READS), to, form=form, at=day_given(at)))


def write_plan(where: str, to: str, form: str) -> list[str]:
    """Write a plan: a workbook, a folder of CSV or Parquet files, or its pairs as GeoJSON or GraphML.

    Raises
    ------
    UsageError
        When a folder is needed and a file's name was given, or the other way round, or the ending is not known.
    """
    from planner.plan import read_plan

    file = Path(to)
    chosen = form or _form_of(file)
    plan = read_plan(where)
    if chosen in ("csv", "parquet", CERTIFICATE):
        from planner.certificate import write_certificates
        from planner.export import write_folder

        if file.suffix.lower() in FORMATS or file.is_file():
            raise UsageError(
                f"方案有多张表；请给一个文件夹，如 --to {file.stem} --format {chosen}",
                f"a plan has several tables: name a folder, as in --to {file.stem} --format {chosen}",
            )
        if chosen == CERTIFICATE:
            return [str(f) for f in write_certificates(plan, file)]
        return [str(f) for f in write_folder(plan, file, "csv" if chosen == "csv" else "parquet")]
    if file.is_dir():
        raise UsageError(f"{to} 是文件夹；请给出文件名", f"{to} is a folder; name a file")
    if chosen == "xlsx":
        from api.workbook import write_plan_workbook

        return [str(write_plan_workbook(plan, file))]
    from planner.export import write_pairs

    return [str(write_pairs(plan, file, chosen))]


def _form_of(file: Path) -> str:
    """The format by the ending; a name without one is a folder for CSV files, as is a folder that is there.

    Raises
    ------
    UsageError
        When the ending is none of those known.
    """
    ending = file.suffix.lower()
    if ending in FORMATS:
        return FORMATS[ending]
    if not ending or file.is_dir():
        return "csv"
    known = ", ".join(FORMATS)
    hint = did_you_mean(ending, FORMATS.keys())
    raise UsageError(
        f"不认识文件 {file} 的扩展名“{ending}”；可用：{known}{hint.zh}（名中带点的文件夹请加 --format csv）",
        f"no format for “{ending}” of {file}; known: {known}{hint.en} (for a folder with a dot in its name add --format csv)",
    )

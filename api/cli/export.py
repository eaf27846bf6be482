"""``jiedui export``: the support network as a file."""

from __future__ import annotations

from datetime import datetime

import click
import cloup

from api.cli.opening import network_options, open_network
from api.cli.screen import day_given, print_json, print_line
from graph.export import FORMATS, READS, export_network
from graph.language import Text


@cloup.command(
    "export",
    help=str(
        Text(
            "导出帮扶网络：GraphML、GeoJSON、CSV、Parquet、Excel",
            "write the support network: GraphML, GeoJSON, CSV, Parquet, Excel",
        )
    ),
)
@cloup.option(
    "--to",
    "to",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help=str(Text("目标文件，格式看扩展名", "the file; its ending tells the format")),
)
@cloup.option(
    "--format", "form", type=click.Choice(sorted(FORMATS.values())), help=str(Text("格式", "the format"))
)
@network_options
def command(*, to: str, form: str | None, on: str | None, at: datetime | None, as_json: bool) -> None:
    """Write the relations in force."""
    file = write_network(to, form or "", on, at)
    if as_json:
        print_json({"file": file})
    else:
        print_line(Text(f"已写入 {file}", f"written: {file}"))


def write_network(to: str, form: str, on: str | None, at: datetime | None) -> str:
    """Write the network that ``--on`` names; the path of the file."""
    return str(export_network(open_network(on, READS), to, form=form, at=day_given(at)))

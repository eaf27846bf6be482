"""``jiedui generate``: a scenario of the whole country, of any size."""

from __future__ import annotations

import math
import sys
from pathlib import Path

import click
import cloup

from api.cli.folder import make_folder
from api.cli.main import Everywhere
from api.cli.screen import as_word, figure, print_json, print_line
from graph.errors import UsageError
from graph.language import Text
from scenarios.generate.china import SEED


@cloup.command("generate", help=str(Text(
    "按公布的总数生成全国场景；生成的数字都带“合成 synthetic”标记",
    "generate a scenario of the whole country from the published totals; what is generated is marked synthetic",
)))  # fmt: skip
@cloup.argument("what", type=click.Choice(["national"]))
@cloup.option("-o", "--out", required=True, type=click.Path(), metavar="DIR",
              help=str(Text("场景写到这个文件夹（须为新的或空的）", "folder of the scenario (new or empty)")))  # fmt: skip
@cloup.option("--scale", type=click.FloatRange(0, 1, min_open=True), default=1.0, show_default=True,
              help=str(Text("村和干部的比例；1 为 19.5 万村、77.5 万人", "share of villages and cadres; 1 is 195,000 villages, 775,000 people")))  # fmt: skip
@cloup.option("--seed", type=click.IntRange(0), default=SEED, show_default=True,
              help=str(Text("随机种子：总数相同，村名人名不同", "another seed: the same totals, other villages")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, what: str, out: str, scale: float, seed: int, as_json: bool) -> None:
    """Generate."""
    from scenarios.generate import generate_national

    if math.isnan(scale):  # lies in every range, as no comparison with it holds
        raise UsageError("--scale 应为 0 到 1 之间的数", "--scale must be a number between 0 and 1")
    target = Path(out)
    refuse_filled(target)
    make_folder(target, lambda place: generate_national(place, scale=scale, seed=seed, progress=tell))
    megabytes = sum(f.stat().st_size for f in target.rglob("*") if f.is_file()) / 1e6
    if as_json:
        print_json({"folder": str(target), "scale": scale, "seed": seed, "megabytes": round(megabytes, 1)})
        return
    print_line(Text(
        f"已写入 {target}（{figure(round(megabytes))} MB）；下一步：jiedui plan {as_word(target)}",
        f"written: {target} ({figure(round(megabytes))} MB); next: jiedui plan {as_word(target)}",
    ))  # fmt: skip


def refuse_filled(target: Path) -> None:
    """Say no to a folder that has something in it: tables of two countries must not mix.

    Raises
    ------
    UsageError
        When ``target`` is a file or a folder with files.
    """
    if target.is_file() or (target.is_dir() and any(target.iterdir())):
        raise UsageError(
            f"{target} 已存在且不空；请给一个新文件夹", f"{target} is there and not empty; name a new folder"
        )


def tell(name: str, share: float) -> None:
    """One line per table on standard error."""
    if not Everywhere.quiet:
        print(f"  {share:4.0%}  {name}", file=sys.stderr, flush=True)

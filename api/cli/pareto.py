"""``jiedui pareto``: all plans of a stage that no other plan beats in every aim."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import cloup

from api.cli.main import Everywhere
from api.cli.not_run import tell_not_run
from api.cli.progress import tell_listener
from api.cli.screen import as_word, joined, print_json, print_line, print_more, print_table
from graph.language import Text, several
from planner.pareto.aims import FEWEST, FILLED, KINDS, read_aims
from planner.pareto.kept import write_study
from planner.pareto.study import ENDED, MUST, POINTS, Study, make_study
from planner.scenario import read_scenario

SHOWN = 60
ABREAST = 4
"""Names of aims between two places where a line of help may end."""


def _known() -> str:
    """Stage by stage the aims there are."""
    found = []
    for stage, kinds in KINDS.items():
        keys = list(kinds)
        few = ("|".join(keys[i : i + ABREAST]) for i in range(0, len(keys), ABREAST))
        found.append(" ".join([f"[{stage}]", *(f"{{{some}}}" for some in few)]))
    return "; ".join(found)


KNOWN = _known()


@cloup.command(
    "pareto",
    help=str(Text("两三个目标之间的取舍：全部不被支配的方案，每个都有证明",
                  "trade off two or three aims: all plans that no other beats in every aim, each with its proof")),
)  # fmt: skip
@cloup.argument("scenario")
@cloup.option("--aim", "aims", multiple=True, metavar="STAGE.AIM",
              help=str(Text(f"要尽量小（标 ↑ 的要尽量大）的目标，两个或三个，同一阶段：{KNOWN}",
                            f"what is to be small (large where marked ↑), two or three of one stage: {KNOWN}")))  # fmt: skip
@cloup.option("--points", type=click.IntRange(2, 10_000), default=POINTS, show_default=True, metavar="N",
              help=str(Text("至多几个点；多于此数时前沿被截短，并会说明", "points at most; a front with more is cut, and that is told")))  # fmt: skip
@cloup.option("-o", "--out", default="fronts", metavar="DIR",
              help=str(Text("写在哪个文件夹下（缺省 [fronts]）", "folder that the front's folder is written into (default: fronts)")))  # fmt: skip
@cloup.option("--set", "settings", multiple=True, metavar="STAGE.KEY=VALUE",
              help=str(Text("改一个政策值（可多次给出）", "change a policy value (may be repeated)")))  # fmt: skip
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(
    *, scenario: str, aims: tuple[str, ...], points: int, out: str, settings: tuple[str, ...], as_json: bool
) -> None:
    """Find the front, keep it, draw it, and tell it."""
    found = read_scenario(scenario, settings=settings)
    tell_not_run(settings, [read_aims(found, aims)[0].stage])
    study = make_study(found, aims, most=points, on_progress=tell)
    folder = write_study(study, out, scenario, settings)
    from api.front_picture import write_picture

    drawn = write_picture(study, folder / "front.svg")
    if as_json:
        print_json({"folder": str(folder), "picture": str(drawn), **study.as_dict()})
    else:
        print_study(study, folder, drawn)


def tell(solves: int) -> None:
    """A line now and then."""
    tell_listener("solves", "", {"solves": solves})
    if solves % 20 == 0 and not Everywhere.quiet:
        print(Text(f"已求解 {solves} 次", f"{solves} solves so far"), file=sys.stderr, flush=True)


def print_study(study: Study, folder: Path, drawn: Path) -> None:
    """The points, how the search ended, and how to plan one of them."""
    rows: list[tuple[Any, ...]] = []
    for n, point in enumerate(study.front.points):
        least = joined(str(study.aims[j].title) for j in point.end_of)
        rows.append(
            (str(n + 1), *study.told(n), *study.open_must[n : n + 1], str(study.tables[n].height), least)
        )
    titles = [f"{a.title} [{a.key}]" for a in study.aims]
    beside = [Text("空缺的必须岗位", "open must-posts")] if study.open_must else []
    print_table(str(Text("前沿", "Front")), [Text("点", "point"), *titles, *beside, Text("决定数", "decisions"), Text("最好的目标", "best of all")],
                rows[:SHOWN])  # fmt: skip
    print_more(len(rows), SHOWN)
    if study.first is not None:
        print_line(filled_words(study, study.first[1]))
    elif any(study.open_must):
        print_line(given_up_words(study))
    n, ended = len(rows), ENDED[study.front.status]
    print_line(Text(f"\n{n} 个点，{study.front.solves} 次求解：{ended.zh}",
                    f"\n{several(n, 'point')}, {several(study.front.solves, 'solve')}: {ended.en}"))  # fmt: skip
    print_line(proof_words(study))
    print_line(Text("各点已不用求解器逐行复核；没有一个点支配另一个",
                    "every point was checked row by row without the solver; none dominates another"))  # fmt: skip
    print_line(Text(f"图：{drawn}", f"picture: {drawn}"))
    table = as_word(folder / f"{study.table}.parquet")
    print_line(Text(f"各点的决定：{table}", f"what each point decides: {table}"))
    if (folder / "points").is_dir():
        one = as_word(folder / "points" / "1")
        print_line(Text(f"做出某一点的方案：jiedui plan {one}", f"plan a point: jiedui plan {one}"))


def filled_words(study: Study, open_posts: int) -> Text:
    """That posts are filled before anything else counts, how far, and how to trade that off, too."""
    zh, en = (
        "\n每个点都先配岗位：没有方案配得更多（按层级加权）",
        "\nposts come first: no plan fills more of them, weighted by tier, than every point does",
    )
    if not open_posts:
        zh, en = "\n每个点都先配岗位：全部配齐", "\nposts come first: all are filled in every point"
    elif any(study.open_must):
        many = _many(study)
        zh, en = f"{zh}；必须岗位仍空 {many} 个名额", f"{en}; {many} seats of must-posts are open"
    return Text(f"{zh}；要拿岗位与其他目标权衡，加 --aim {study.stage}.{FILLED}",
                f"{en}; to trade posts off against the rest add --aim {study.stage}.{FILLED}")  # fmt: skip


def _many(study: Study) -> str:
    """How many seats of must-posts the points leave open."""
    least, most = min(study.open_must), max(study.open_must)
    return f"{least:,}–{most:,}" if least < most else f"{most:,}"


def given_up_words(study: Study) -> Text:
    """That points leave must-posts open, and how to have them held."""
    many = _many(study)
    zh, en = (
        f"\n必须岗位：所列的点各让 {many} 个名额空着",
        f"\nmust-posts: the points leave {many} of their seats open",
    )
    return Text(
        f"{zh}；要把它们作为目标，加 --aim {MUST}；要它们必须配齐，加 --set cadres.must_fill_tier=层级",
        f"{en}; to make that an aim add --aim {MUST}, to have them filled in every point --set cadres.must_fill_tier=TIER",
    )


def proof_words(study: Study) -> Text:
    """What proves the points, and what is known between them."""
    if study.stage != "funds":
        return Text(
            "每个点由两次求解证明（均为最优，界等于值）",
            "each point is proved by two solves (both optimal, bound equal to value)",
        )
    between, three = study.front.between, len(study.aims) > FEWEST
    exact, n = sum(s.exact for s in between), len(between)
    asked = sum(s.solve is not None for s in between)
    line = (
        Text("连接其上各点的平面", "the plane through its points")
        if three
        else Text("连接两点的直线", "the straight line")
    )
    near = Text(f"，另 {asked - exact} 段按求解器容得下的最接近的权重证明", f", {asked - exact} more by the nearest weights that the solver takes") if asked > exact else Text("", "")  # fmt: skip
    return Text(f"每个点由网络流的势证明（界等于值）；{n} 段中 {exact} 段证明没有方案优于{line.zh}{near.zh}",
                f"each point is proved by the potentials of a flow (bound equal to value); of {several(n, 'stretch', 'stretches')} between "
                f"points {exact} are proved to have no plan better than {line.en}{near.en}")  # fmt: skip

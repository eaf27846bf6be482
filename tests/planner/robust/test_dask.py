"""A study whose futures are planned on a real Dask cluster: the same bytes as here."""

from __future__ import annotations

from pathlib import Path

from planner.robust.futures import Futures, make_futures
from planner.robust.kept import write_robust
from planner.robust.study import Options, make_robust
from planner.scenario import Scenario
from planner.sweep.design import design_of
from planner.sweep.rows import PLANS
from tests.planner.dask_cluster import Processes
from tests.planner.sweep.lands import contents

UNCERTAIN = ("units[].strength*=0.1:1.1", "needs[].amount*=0.1:2")


def plans(futures: Futures) -> dict[str, bytes]:
    """Every file of the plans that is compared: all but what tells the machine and its seconds."""
    place = futures.sweep.folder / PLANS
    files = [p for p in place.glob("[!.]*/**/*") if p.is_file() and p.name != "run.json"]
    return {str(p.relative_to(place)): p.read_bytes() for p in files}


def test_the_same_bytes_on_a_cluster(processes: Processes, small: Scenario, tmp_path: Path) -> None:
    design = design_of(small, (), sample=4, seed=3, each_row=UNCERTAIN)
    here = make_futures(small, design, tmp_path / "here", workers=2)
    there = make_futures(small, design, tmp_path / "there", dask=processes.address)
    assert contents(here.sweep) == contents(there.sweep)
    assert plans(here) == plans(there) != {}
    mine, theirs = (
        write_robust(make_robust(f, Options(criteria=("worst",)), dask=d))
        for f, d in ((here, None), (there, processes.address))
    )
    names = sorted(p.name for p in mine.iterdir())
    assert names == sorted(p.name for p in theirs.iterdir())
    assert all((mine / n).read_bytes() == (theirs / n).read_bytes() for n in names)
    assert not list((there.sweep.folder / PLANS).glob(".writing-*"))

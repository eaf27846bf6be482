"""A small land as a plan in a folder, made in this process."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from graph.network import Network
from planner.plan import Plan
from planner.policy import toml
from planner.run import make_plan
from planner.scenario import read_scenario
from planner.solve.pool import InProcess

HEAD = 'format = 1\ntitle = "小地"\ntitle_en = "small land"\ndate = 2016-12-31\nstages = [{stages}]\n\n[regions]\ncodes = "free"\n'


def planned(folder: Path, net: Network, **policies: Mapping[str, Any]) -> Plan:
    """The plan of a network; stages in the order of ``policies``, each with its values."""
    data = folder / "data"
    data.mkdir(parents=True)
    for name in net.frames:
        frame = net.frame(name)
        known = [c for c in frame.columns if frame[c].null_count() < frame.height]
        frame.select(known or frame.columns).write_csv(data / f"{name}.csv")
    text = HEAD.format(stages=", ".join(f'"{s}"' for s in policies))
    for stage, values in policies.items():
        text += f"\n[{stage}]\n" + "".join(f"{k} = {toml(v)}\n" for k, v in values.items())
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return make_plan(read_scenario(folder), folder / "plans", executor=InProcess(), reuse=False)

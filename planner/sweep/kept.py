"""The scenario of a sweep, kept in its folder as it was resolved: whoever makes the runs needs no other file."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from graph.language import Text
from graph.network import Network, RegionSettings
from planner.inputs import PRIVATE
from planner.kept_policy import kept_policies
from planner.plan import completed
from planner.republished import FOLDER as PUBLISHED
from planner.republished import kept_tables, read_kept
from planner.scenario import Scenario
from planner.stage import Limits
from planner.stored import Stored
from planner.sweep.archive import packed

FOLDER, HEAD = "scenario", "scenario.json"


def keep_scenario(scenario: Scenario, sweep: Path) -> None:
    """Write it into the folder of a sweep; names of persons are left out, as no stage reads them."""
    place = sweep / FOLDER
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for name, frame in scenario.network.frames.items():
        if name not in PRIVATE:
            frame.write_parquet(place / f"{name}.parquet", compression="zstd", compression_level=3)
    if scenario.published is not None:
        (place / PUBLISHED).mkdir()
        for name, frame in kept_tables(scenario.published).items():
            frame.write_parquet(
                place / PUBLISHED / f"{name}.parquet", compression="zstd", compression_level=3
            )
    text = json.dumps(_head(scenario), ensure_ascii=False, indent=1)
    (place / HEAD).write_text(text + "\n", encoding="utf-8")


def kept_scenario(sweep: Path) -> Scenario:
    """Read it from there."""
    place = sweep / FOLDER
    head: dict[str, Any] = json.loads((place / HEAD).read_text(encoding="utf-8"))
    frames = {p.stem: completed(p.stem, pl.read_parquet(p)) for p in sorted(place.glob("*.parquet"))}
    on, name = date.fromisoformat(head["date"]), str(head["name"])
    settings = RegionSettings(head["codes"], tuple(head["levels"]))
    enums = {k: tuple(v) for k, v in head["enums"].items()}
    return Scenario(
        name=name,
        title=Text(head["title"]["zh"], head["title"]["en"]),
        on=on,
        seed=int(head["seed"]),
        stages=tuple(head["stages"]),
        policies=kept_policies(
            *({s: p[k] for s, p in head["policies"].items()} for k in ("values", "origins"))
        ),
        limits=Limits(**head["limits"]),
        network=Network(frames, settings, enums, name, on, head.get("titles", {})),
        chain=tuple(head["chain"]),
        origin=Stored(**head["origin"]) if head["origin"] else None,
        published=read_kept(head["published"], place / PUBLISHED) if head.get("published") else None,
    )


def packed_scenario(sweep: Path) -> bytes:
    """The scenario as one archive, for workers elsewhere; ``sweep.json`` comes last."""
    files = sorted(p for p in (sweep / FOLDER).rglob("*") if p.is_file())
    return packed(sweep, [*files, sweep / "sweep.json"])


def _head(scenario: Scenario) -> dict[str, Any]:
    network = scenario.network
    return {
        "name": scenario.name,
        "title": scenario.title.as_dict(),
        "date": scenario.on.isoformat(),
        "seed": scenario.seed,
        "stages": list(scenario.stages),
        "limits": asdict(scenario.limits),
        "codes": network.settings.codes,
        "levels": list(network.settings.levels),
        "enums": {k: list(v) for k, v in network.enums.items()},
        **({"titles": network.titles} if network.titles else {}),
        "chain": list(scenario.chain),
        "origin": scenario.origin.to_dict() if scenario.origin else None,
        "published": scenario.published.plan if scenario.published else None,
        "policies": {
            s: {"values": dict(p.values), "origins": {k: asdict(o) for k, o in p.origins.items()}}
            for s, p in scenario.policies.items()
        },
    }

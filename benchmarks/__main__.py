"""Run benchmarks by name (without one all that do not take very long) and write their pages."""

from __future__ import annotations

import argparse
import importlib
import sys

from benchmarks import peers
from benchmarks.page import write_index

NAMES = ("commands", "people", "funds", "scores", "conflicts", "peers")
LONG = {
    "growth": ("people", "growth"),
    "national": ("national", "run"),
    "answers": ("answers", "run"),
    "compare": ("compare", "run"),
    "profile": ("profile", "run"),
    "graph": ("graph.national", "run"),
    "soak": ("soak", "run"),
    "extremes": ("extremes", "run"),
    "sweep": ("sweep", "run"),
    "frames": ("frames", "run"),
    "http": ("http_answers", "run"),
    "kills": ("killing.pages", "run"),
    "contract": ("contract", "run"),
    "hostile": ("hostile", "run"),
    "service": ("service.measured", "run"),
    "web": ("web", "run"),
    "soak-service": ("service.soak", "run"),
}  # page: its module and function
PARTS = ("people", "assignment", "flows", "generalised")


def main(words: list[str]) -> int:
    """Run and write; 2 for an unknown name."""
    reader = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    reader.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"of {', '.join((*NAMES, *LONG))}; without one all that do not take very long",
    )
    group = reader.add_argument_group("peers")
    group.add_argument(
        "--part", action="append", default=[], choices=PARTS, help="only this part (again for more)"
    )
    group.add_argument(
        "--seconds", type=float, default=60.0, help="limit of each method and size (%(default)s)"
    )
    group.add_argument("--gigabytes", type=float, default=4.0, help="of address space (%(default)s)")
    group.add_argument("--quick", action="store_true", help="fewer sizes")
    group.add_argument("--large", action="store_true", help="generalised assignment up to 1,600 jobs")
    group.add_argument(
        "--render", action="store_true", help="only make the pages anew from what was measured"
    )
    asked = reader.parse_args(words)
    unknown = [n for n in asked.names if n not in (*NAMES, *LONG)]
    if unknown:
        print(f"no benchmark {unknown[0]}; there are: {', '.join((*NAMES, *LONG))}", file=sys.stderr)
        return 2
    for name in asked.names or NAMES:
        if name != "peers":
            module, function = LONG.get(name, (name, "run"))
            page = getattr(importlib.import_module(f"benchmarks.{module}"), function)()
        elif asked.render:
            page = peers.Pages()
        else:
            options = peers.Options(asked.part, asked.seconds, asked.gigabytes, asked.quick, asked.large)
            page = peers.run(options)
        print(f"{name}: {page.write()}")
    write_index()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

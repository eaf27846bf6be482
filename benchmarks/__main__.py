"""Run benchmarks by name (without one all that do not take very long) and write their pages."""

from __future__ import annotations

import importlib
import sys

NAMES = ("commands", "people", "funds", "scores")
LONG = {"growth": "people"}  # page: its module


def main(names: list[str]) -> int:
    """Run and write; 2 for an unknown name."""
    unknown = [n for n in names if n not in (*NAMES, *LONG)]
    if unknown:
        print(f"no benchmark {unknown[0]}; there are: {', '.join((*NAMES, *LONG))}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        module = importlib.import_module(f"benchmarks.{LONG.get(name, name)}")
        page = getattr(module, name if name in LONG else "run")()
        print(f"{name}: {page.write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

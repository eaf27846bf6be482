"""Run benchmarks by name (all without one) and write their pages."""

from __future__ import annotations

import importlib
import sys

NAMES = ("commands", "people", "funds", "scores")


def main(names: list[str]) -> int:
    """Run and write; 2 for an unknown name."""
    unknown = [n for n in names if n not in NAMES]
    if unknown:
        print(f"no benchmark {unknown[0]}; there are: {', '.join(NAMES)}", file=sys.stderr)
        return 2
    for name in names or NAMES:
        page = importlib.import_module(f"benchmarks.{name}").run()
        print(f"{name}: {page.write()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""``python -m scenarios.build [FOLDER]``: rebuild the data of china-2016 from its sources alone."""

from __future__ import annotations

import sys
from pathlib import Path

from scenarios.build.china_2016 import build
from scenarios.build.tables import DATA

if __name__ == "__main__":
    for written in build(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA):
        sys.stdout.write(f"{written.name} {written.stat().st_size}\n")

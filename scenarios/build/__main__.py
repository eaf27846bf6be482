"""``python -m scenarios.build``: rebuild the data of china-2016, of china-2021 above it, and of teachers, in place."""

from __future__ import annotations

import sys

from scenarios.build import china_2016, china_2021, teachers
from scenarios.build.tables import DATA

if __name__ == "__main__":
    for written in (*china_2016.build(DATA), *china_2021.build(), *teachers.build()):
        sys.stdout.write(f"{written.parent.parent.name}/{written.name} {written.stat().st_size}\n")

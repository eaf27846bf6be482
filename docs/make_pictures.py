"""Write docs/pictures/plan.png: the page of a plan (``jiedui show PLAN --html``) as Chromium shows it.

``python docs/make_pictures.py PLAN`` with Debian's ``chromium`` installed. Look at the picture before it is committed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from api.page import write_page
from graph.language import use_language
from planner.plan import read_plan

WIDTH, HEIGHT = 1100, 2500
ONLY = """<style>
.warn:not(:last-of-type), main > figure:not(:has(svg)):not(:nth-of-type(2)),
main > figure:has(svg) ~ figure { display: none }
</style></head>"""
"""One card of key figures and one map are enough for a picture; the note about marked data stays."""


def main(plan: str) -> Path:
    """Draw; the picture's path."""
    use_language("zh")
    target = Path(__file__).parent / "pictures" / "plan.png"
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "plan.html"
        write_page(read_plan(plan), str(page))
        page.write_text(page.read_text(encoding="utf-8").replace("</head>", ONLY, 1), encoding="utf-8")
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                   "--no-first-run", "--hide-scrollbars", f"--user-data-dir={folder}/profile",
                   f"--window-size={WIDTH},{HEIGHT}", f"--screenshot={target}", page.as_uri()]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True)
    return target


if __name__ == "__main__":
    print(main(sys.argv[1]))

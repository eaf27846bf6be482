"""Write docs/pictures/show.svg: ``jiedui show`` of a plan as it looks on a terminal.

``python docs/make_pictures.py PLAN`` — look at the picture before it is committed.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.text import Text

from graph.language import use_language
from planner.plan import read_plan

WIDTH = 132


def main(plan: str) -> Path:
    """Draw; the picture's path."""
    use_language("zh")
    os.environ["COLUMNS"] = str(WIDTH)
    from api.cli import screen
    from api.cli.show import print_plan

    buffer = io.StringIO()
    screen.console = lambda: Console(file=buffer, width=WIDTH, force_terminal=True, highlight=False)  # type: ignore[assignment] # the picture's width, not the terminal's
    with redirect_stdout(buffer):
        print_plan(read_plan(plan))
    picture = Console(record=True, width=WIDTH, file=io.StringIO())
    lines = [f"$ jiedui show {Path(plan).name}", *buffer.getvalue().splitlines()]
    for line in lines[:64]:
        picture.print(Text.from_ansi(line), overflow="crop", no_wrap=True)
    path = Path(__file__).parent / "pictures" / "show.svg"
    path.parent.mkdir(exist_ok=True)
    picture.save_svg(str(path), title="jiedui 结对")
    return path


if __name__ == "__main__":
    print(main(sys.argv[1]))

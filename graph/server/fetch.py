"""Jars by coordinate from Maven repositories, through jgo and with its settings (mirrors, proxies)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import OutsideError
from graph.server.extra import needs

if TYPE_CHECKING:
    from graph.server.parts import Part

AT_ONCE = 8
TRIES = 3
TIMEOUT_SECONDS = 30


def fetch(parts: Sequence[Part], into: Path) -> Iterator[tuple[Part, Path]]:
    """Fetch parts into a folder, several at once; each as soon as it is there with the bytes of the lock.

    Raises
    ------
    OutsideError
        When a part cannot be fetched, or comes with other bytes each time.
    OSError
        When it cannot be written.
    """
    context = maven(into)
    with ThreadPoolExecutor(AT_ONCE) as workers:
        waiting = {workers.submit(_one, part, context): part for part in parts}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        finally:
            workers.shutdown(wait=False, cancel_futures=True)


def maven(into: Path) -> Any:
    """Jgo's view of the repositories: those of its configuration file first, then its own."""
    needs("jgo")
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    logging.getLogger("jgo").addHandler(logging.NullHandler())  # else its warnings go to standard error
    named = GlobalSettings.load().repositories
    own = MavenContext(repo_cache=into).remote_repos
    return MavenContext(repo_cache=into, remote_repos={**named, **{k: v for k, v in own.items() if k not in named}},
                        timeout=TIMEOUT_SECONDS)  # fmt: skip


def _one(part: Part, context: Any) -> Path:
    failed: Exception | None
    for tried in range(TRIES):
        try:
            artifact = (
                context.project(part.group, part.artifact).at_version(part.version).artifact(part.classifier)
            )
            file: Path = artifact.resolve()
        except (OSError, RuntimeError) as error:  # requests' errors are OSErrors without a number
            if getattr(error, "errno", None) is not None:
                raise
            failed = error
        else:
            if part.is_at(file):
                return file
            failed = None
            file.unlink()
        _forget(artifact)
        if tried == TRIES - 1:
            raise _told(part, failed)
    raise AssertionError  # TRIES is no less than one


def _forget(artifact: Any) -> None:
    """Remove what a broken transfer has left: jgo would take it for the jar."""
    if artifact.cached_path is not None:
        artifact.cached_path.unlink(missing_ok=True)


def _told(part: Part, failed: Exception | None) -> OutsideError:
    name = part.coordinate
    if failed is None:
        return OutsideError(
            f"下载的 {name} 与清单的 SHA-256 不符；请检查所用的 Maven 镜像",
            f"{name} came with other bytes than its SHA-256 in the list; look at the Maven mirror in use",
        )
    if isinstance(failed, RuntimeError):
        return OutsideError(
            f"所用的 Maven 仓库中没有 {name}；镜像在 jgo 的设置文件中给出（docs/neo4j.md）",
            f"the Maven repositories in use do not have {name}; mirrors are named in jgo's settings (docs/neo4j.md)",
        )
    return OutsideError(
        f"无法下载 {name}：连不上 Maven 仓库；请检查网络或代理，镜像在 jgo 的设置文件中给出（docs/neo4j.md）",
        f"cannot fetch {name}: no Maven repository can be reached; look at the network or proxy, or name a mirror in jgo's settings (docs/neo4j.md)",
    )

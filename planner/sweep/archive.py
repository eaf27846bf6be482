"""Files of a sweep on their way between machines: its scenario to workers elsewhere, plans back from them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from planner.plan_writer import PlanWriter, disk_error


def packed(folder: Path, paths: Iterable[Path]) -> bytes:
    """Files of a folder as one archive, in the order given."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for path in paths:
            archive.write(path, str(path.relative_to(folder)))
    return body.getvalue()


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        found.extractall(folder)


def packed_plan(plan: Path) -> bytes:
    """A plan's folder as one archive."""
    return packed(plan, sorted(p for p in plan.rglob("*") if p.is_file()))


def put_plan(archive: bytes, plans: Path, name: str) -> None:
    """Write a plan that came as :func:`packed_plan` gave it; it appears whole or not at all.

    Raises
    ------
    OutsideError
        When the disk refuses.
    """
    writer = PlanWriter(plans)
    try:
        unpack(archive, writer.folder)
        writer.publish(name)
    except OSError as error:
        raise disk_error(plans / name, error) from error
    finally:
        writer.discard()

"""Defects of ours, each written down once: where it happened in the code, and what Python said."""

from __future__ import annotations

import hashlib
import traceback
from pathlib import Path

from api.frames import frames

FOLDER = "logs"


def written(error: BaseException, data: Path) -> Path | None:
    """Write a defect into the data folder, under a name that is the same for the same place in the code.

    So who finds a defect cannot fill the disk with it. What Python says may hold what was asked for: the file is for the service's
    own user alone, and nothing of it but :func:`~api.frames.frames` is logged.

    Returns
    -------
    Path or None
        ``None`` where the disk does not take it.
    """
    name = hashlib.sha256("\n".join(frames(error)).encode()).hexdigest()[:16]
    file = data / FOLDER / f"defect-{name}.log"
    try:
        file.parent.mkdir(exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
        file.write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="replace")
    except OSError:
        return None
    return file

"""The folder whose tokens a command is about: the service's, found as ``jiedui serve`` finds it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api.access.passes import Passes
    from api.service.settings import Settings


@contextmanager
def tokens_of(data: str | None, config: Path | None) -> Iterator[tuple[Passes, Settings]]:
    """The tokens of the service's folder; the service may run meanwhile, and sees at once what is done here."""
    from api.access.passes import Passes
    from api.service.records import open_records
    from api.service.settings import read_settings

    settings = read_settings({"data": data}, file=config)
    records = open_records(settings.data)
    try:
        yield Passes(records), settings
    finally:
        records.close()

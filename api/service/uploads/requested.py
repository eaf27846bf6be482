"""An upload as a draft request for change of the stored network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from api.service.uploads.upload import Upload
from graph.errors import CheckFailed
from graph.office.edits import rows_of_files, together
from graph.office.office import Office
from graph.store.keyring import FORGOTTEN, TABLE
from graph.store.protocol import Store


def drafted(
    store: Store, network: str, upload: Upload, tables: Mapping[str, Path], *, by: str, why: str
) -> str:
    """Id of a new request that puts the rows of an upload.

    Raises
    ------
    CheckFailed
        When columns were left out at reading: a request would empty what they are meant to say.
    TableErrors, UsageError, InputError
        When rows do not fit the network, nothing would change, or no reason is given.
    """
    if upload.left_out:
        raise CheckFailed(
            f"上传 {upload.id} 有不认识的列；请删除或改正列名后重新上传",
            f"upload {upload.id} has columns that no table has; remove them or correct their names, then send it again",
        )
    stored = store.read(network, tables=sorted(tables))
    rows = rows_of_files(next(iter(tables.values())).parent, stored)
    if TABLE in rows:  # sealed when it was read; who was forgotten since stays so
        left = [paper.id for paper in store.papers(network, FORGOTTEN)]
        rows[TABLE] = rows[TABLE].filter(~pl.col("id").is_in(left))
    changes = together(rows, removed={})
    return str(Office(store, network).draft(changes, by=by, reason=why).id)

"""An upload as a draft request for change of the stored network."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from api.service.uploads.upload import Upload
from graph.errors import CheckFailed
from graph.office.edits import rows_of_files, together
from graph.office.office import Office
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
    changes = together(rows_of_files(next(iter(tables.values())).parent, stored), removed={})
    return str(Office(store, network).draft(changes, by=by, reason=why).id)

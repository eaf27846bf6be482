"""Fill the empty database of a private server by ``neo4j-admin database import``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from graph.errors import OutsideError, reason_of
from graph.language import Text
from graph.network import Network
from graph.server.backup import replaced
from graph.server.left import IMPORTS
from graph.server.private import PrivateServer
from graph.server.status import DATABASE
from graph.server.telling import Step, Tell, silent
from graph.store.keyring import place_of, seal_network
from graph.store.neo4j.importing import write_import

WORTH_ROWS = 300_000
"""From so many rows on, stopping and starting the server takes less time than it saves."""
HEAP_MB = 1024


def import_network(
    server: PrivateServer, network: Network, name: str, *, by: str, why: str = "", tell: Tell = silent
) -> None:
    """Make a network the first version in an empty database; the server rests meanwhile.

    Whatever happens, the database is as it was, or whole.

    Parameters
    ----------
    server : PrivateServer
        Its database must be empty: :meth:`graph.store.neo4j.store.Neo4jStore.is_empty`.
    network : Network
        All its tables.
    name, by, why : str
        As in :meth:`graph.store.protocol.Store.write`.
    tell : callable
        Told of each step.

    Raises
    ------
    InputError
        When rows name what is not there.
    OutsideError
        When the disk is full or the import fails.
    """
    try:
        with (
            server.turn(),
            tempfile.TemporaryDirectory(prefix=IMPORTS, dir=server.folders.run) as temporary,
        ):
            tell(Step(Text("写出导入文件", "writing the files to import")))
            place = place_of(str(server.folders.home), name)
            sealed, _ = seal_network(network, place)
            files = write_import(sealed, name, Path(temporary), by=by, why=why)
            with replaced(server, tell):
                tell(Step(Text("导入", "importing")))
                server.admin(*files.words(DATABASE), heap_mb=HEAP_MB)
    except OSError as error:
        where, reason = server.folders.run, reason_of(error)
        raise OutsideError(
            f"无法在 {where} 写出导入文件：{reason.zh}",
            f"cannot write the files to import in {where}: {reason.en}",
        ) from error

"""Names of cadres are stored under a key of their own each; without its key a name can be read by nobody, in no copy.

The keys are in one small file apart from every store, so no backup of a store holds them. To forget a person is to remove the
key: from then on the name is gone from every version, export and backup at once.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from graph.errors import OutsideError
from graph.network import Network
from graph.store.changes import Changes

if TYPE_CHECKING:
    import sqlite3

VARIABLE = "JIEDUI_KEYS"
TABLE = "cadre_names"
SEALED = "sealed:"
KEY_BYTES = 32
_MADE = """
CREATE TABLE IF NOT EXISTS keys (
    network TEXT NOT NULL, cadre TEXT NOT NULL, key BLOB, PRIMARY KEY (network, cadre)
) WITHOUT ROWID
"""


def default_file() -> Path:
    """``JIEDUI_KEYS``, else ``names.keys`` in the user's data folder for jiedui."""
    own = os.environ.get(VARIABLE)
    if own:
        return Path(own).expanduser()
    from platformdirs import user_data_path

    return user_data_path("jiedui", appauthor=False) / "names.keys"


class Keyring:
    """The keys of names, in a file that its owner alone may read.

    Parameters
    ----------
    file : Path, optional
        By default :func:`default_file`. Made when the first name is sealed.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = (file or default_file()).absolute()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        try:
            if not self.file.exists():
                self.file.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.file, os.O_CREAT | os.O_WRONLY, 0o600))
            with closing(sqlite3.connect(self.file, timeout=60, isolation_level=None)) as connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute(_MADE)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise OutsideError(
                f"姓名密钥文件 {self.file} 不可用：{error}；可用 {VARIABLE} 指明别处",
                f"the file of name keys {self.file} cannot be used: {error}; name another place by {VARIABLE}",
            ) from error

    def keys(self, network: str, cadres: Collection[str]) -> dict[str, bytes]:
        """Keys of those cadres that have one.

        Raises
        ------
        OutsideError
            When the file cannot be used.
        """
        if not self.file.exists():
            return {}
        with self._opened() as connection:
            found = connection.execute(
                "SELECT cadre, key FROM keys WHERE network = ? AND key IS NOT NULL", (network,)
            )
            wanted = set(cadres)
            return {cadre: key for cadre, key in found if cadre in wanted}

    def forgotten(self, network: str) -> set[str]:
        """Cadres whose names were forgotten."""
        if not self.file.exists():
            return set()
        with self._opened() as connection:
            rows = connection.execute("SELECT cadre FROM keys WHERE network = ? AND key IS NULL", (network,))
            return {cadre for (cadre,) in rows}

    def make(self, network: str, cadres: Iterable[str]) -> None:
        """Give those a key that have none and were not forgotten."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR IGNORE INTO keys VALUES (?, ?, ?)",
                [(network, c, secrets.token_bytes(KEY_BYTES)) for c in cadres],
            )
            connection.execute("COMMIT")

    def forget(self, network: str, cadres: Iterable[str]) -> None:
        """Remove keys for good; such a name is not sealed again."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                "INSERT OR REPLACE INTO keys VALUES (?, ?, NULL)", [(network, c) for c in cadres]
            )
            connection.execute("COMMIT")
            connection.execute("VACUUM")

    def seal(self, network: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows of ``cadre_names`` with sealed names; those of forgotten cadres are left out, sealed ones stay as they are.

        The same name of the same cadre is sealed to the same text, so that loading it again changes nothing.

        Raises
        ------
        OutsideError
            When the file of keys cannot be used.
        """
        plain = rows.filter(~pl.col("name").str.starts_with(SEALED).fill_null(False))
        if plain.is_empty():
            return rows
        gone = self.forgotten(network)
        left = rows.filter(~pl.col("id").is_in(list(gone)))
        cadres = left["id"].to_list()
        self.make(network, cadres)
        keys = self.keys(network, cadres)
        names = [
            name if name is None or name.startswith(SEALED) else _sealed(keys[cadre], cadre, name)
            for cadre, name in left.select("id", "name").iter_rows()
        ]
        return left.with_columns(pl.Series("name", names, dtype=pl.String))

    def unseal(self, network: str, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows whose names can still be read, in clear."""
        keys = self.keys(network, rows["id"].to_list())
        names = [
            _opened(keys.get(cadre), cadre, name) for cadre, name in rows.select("id", "name").iter_rows()
        ]
        return rows.with_columns(pl.Series("name", names, dtype=pl.String)).drop_nulls("name")


def seal_changes(network: str, changes: Changes, keyring: Keyring | None = None) -> Changes:
    """The same changes with names sealed; the very object where there are none in clear.

    Raises
    ------
    OutsideError
        When the file of keys cannot be used.
    """
    rows = changes.put.get(TABLE)
    if rows is None or rows.is_empty():
        return changes
    sealed = (keyring or Keyring()).seal(network, rows)
    return changes if sealed is rows else Changes({**changes.put, TABLE: sealed}, changes.removed)


def seal_network(network: Network, name: str, keyring: Keyring | None = None) -> Network:
    """A network in memory with names sealed for the store in which it is ``name``. Raises as :func:`seal_changes`."""
    if not network.has(TABLE) or network.frame(TABLE).is_empty():
        return network
    sealed = (keyring or Keyring()).seal(name, network.frame(TABLE))
    return replace(network, frames={**network.frames, TABLE: sealed})


def _sealed(key: bytes, cadre: str, name: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return SEALED + base64.urlsafe_b64encode(AESSIV(key).encrypt(name.encode(), [cadre.encode()])).decode()


def _opened(key: bytes | None, cadre: str, name: str | None) -> str | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    if name is None or not name.startswith(SEALED):
        return name
    if key is None:
        return None
    try:
        return (
            AESSIV(key)
            .decrypt(base64.urlsafe_b64decode(name.removeprefix(SEALED)), [cadre.encode()])
            .decode()
        )
    except (InvalidTag, ValueError):
        return None

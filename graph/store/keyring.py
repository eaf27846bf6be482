"""Names of cadres are stored sealed, each under a key of its own; without its key a name can be read by nobody, in no copy.

The keys are in one small file apart from every store, so no backup of a store holds them. A sealed name says which key opens
it. To forget a person is to remove the keys of all that was ever stored of the name: from then on it is gone from every
version, export and backup at once. Whoever has another file of keys sees that there is a name and cannot read it; loading leaves
such a name as it is.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
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
KEY_BYTES, ID_BYTES = 32, 8
FORGOTTEN = "forgotten"
"""Kind of the papers that log who was forgotten."""
_MADE = """
CREATE TABLE IF NOT EXISTS name_keys (id TEXT PRIMARY KEY, key BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS in_use (
    place TEXT NOT NULL, cadre TEXT NOT NULL, id TEXT NOT NULL REFERENCES name_keys, PRIMARY KEY (place, cadre)
) WITHOUT ROWID;
"""


def place_of(address: str, network: str) -> str:
    """What tells a network in a store from all others, for whom keys are made."""
    return f"{address}#{network}"


@dataclass(frozen=True)
class SealedNames:
    """Rows of ``cadre_names``, sealed.

    Parameters
    ----------
    rows : DataFrame
        The rows.
    forgotten : tuple of str
        Cadres whose rows were left out, as they were forgotten.
    unreadable : tuple of str
        Cadres whose stored name stays as it is, as its key is not here.
    """

    rows: pl.DataFrame
    forgotten: tuple[str, ...] = ()
    unreadable: tuple[str, ...] = ()


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
                connection.executescript(_MADE)
                yield connection
        except (OSError, sqlite3.Error) as error:
            raise OutsideError(
                f"姓名密钥文件 {self.file} 不可用：{error}；可用 {VARIABLE} 指明别处",
                f"the file of name keys {self.file} cannot be used: {error}; name another place by {VARIABLE}",
            ) from error

    def keys(self, ids: Collection[str]) -> dict[str, bytes | None]:
        """Keys by their id; ``None`` for those that were removed. What is not in the file is absent.

        Raises
        ------
        OutsideError
            When the file cannot be used.
        """
        if not self.file.exists():
            return {}
        with self._opened() as connection:
            wanted = set(ids)
            return {
                id: key for id, key in connection.execute("SELECT id, key FROM name_keys") if id in wanted
            }

    def in_use(self, place: str, cadres: Iterable[str] = ()) -> dict[str, str]:
        """Cadre → id of the key under which its name is sealed in a place; those named get one where they have none."""
        asked = list(cadres)
        if not asked and not self.file.exists():
            return {}
        with self._opened() as connection:
            statement = "SELECT cadre, id FROM in_use WHERE place = ?"
            known = dict(connection.execute(statement, (place,)))
            new = {c: secrets.token_hex(ID_BYTES) for c in asked if c not in known}
            if new:
                connection.execute("BEGIN IMMEDIATE")
                keys = [(id, secrets.token_bytes(KEY_BYTES)) for id in new.values()]
                connection.executemany("INSERT INTO name_keys VALUES (?, ?)", keys)
                rows = [(place, cadre, id) for cadre, id in new.items()]
                connection.executemany("INSERT OR IGNORE INTO in_use VALUES (?, ?, ?)", rows)
                connection.execute("COMMIT")
                known = dict(connection.execute(statement, (place,)))  # another process may have been earlier
            return known

    def forget(self, place: str, cadres: Collection[str], ids: Iterable[str] = ()) -> None:
        """Remove the keys in use of some cadres, and further keys, for good; such a name is not sealed again there."""
        mine = self.in_use(place, cadres)
        gone = [(mine[cadre],) for cadre in cadres] + [(id,) for id in ids]
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany("UPDATE name_keys SET key = NULL WHERE id = ?", gone)
            connection.execute("COMMIT")
            connection.execute("VACUUM")

    def seal(
        self, place: str, rows: pl.DataFrame, stored: pl.DataFrame | None = None, left: Collection[str] = ()
    ) -> SealedNames:
        """Seal the names among rows of ``cadre_names``; sealed ones stay as they are.

        The same name of the same cadre is sealed to the same text, so that loading it again changes nothing.

        Parameters
        ----------
        place : str
            See :func:`place_of`.
        rows : DataFrame
            The rows.
        stored : DataFrame, optional
            The rows that the store has.
        left : collection of str
            Cadres who were forgotten there.

        Raises
        ------
        OutsideError
            When the file of keys cannot be used.
        """
        plain = rows.filter(~pl.col("name").str.starts_with(SEALED).fill_null(False))
        if plain.is_empty():
            return SealedNames(rows)
        there: dict[str, str] = {}
        if stored is not None:
            told = stored.select("id", "name").iter_rows()
            there = {cadre: name for cadre, name in told if name is not None and key_id(name)}
        used = self.in_use(place)
        ids = {
            cadre: key_id(there[cadre]) if cadre in there else used.get(cadre)
            for cadre in rows["id"].to_list()
        }
        keys = self.keys([id for id in ids.values() if id is not None])
        forgotten = {c for c, id in ids.items() if c in left or (id in keys and keys[id] is None)}
        unreadable = {c for c, id in ids.items() if c in there and id not in keys} - forgotten
        made = self.in_use(place, [c for c, id in ids.items() if id is None and c not in forgotten])
        ids |= {c: made[c] for c, id in ids.items() if id is None and c in made}
        keys |= self.keys([id for id in ids.values() if id is not None and id not in keys])
        kept = rows.filter(~pl.col("id").is_in(list(forgotten)))
        names = [
            name
            if name is None or name.startswith(SEALED)
            else there[cadre]
            if cadre in unreadable
            else _sealed(str(ids[cadre]), keys[str(ids[cadre])], cadre, name)
            for cadre, name in kept.select("id", "name").iter_rows()
        ]
        sealed = kept.with_columns(pl.Series("name", names, dtype=pl.String))
        return SealedNames(sealed, tuple(sorted(forgotten)), tuple(sorted(unreadable)))

    def unseal(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows whose names can still be read, in clear."""
        cells = rows.select("id", "name").rows()
        keys = self.keys([id for _, name in cells if name is not None and (id := key_id(name))])
        names = [_opened(keys, cadre, name) for cadre, name in cells]
        return rows.with_columns(pl.Series("name", names, dtype=pl.String)).drop_nulls("name")

    def unreadable(self, rows: pl.DataFrame) -> list[str]:
        """Cadres whose names nobody has forgotten here and whose keys are not in this file."""
        sealed = {
            cadre: id
            for cadre, name in rows.select("id", "name").iter_rows()
            if name and (id := key_id(name))
        }
        known = self.keys(sealed.values())
        return [cadre for cadre, id in sealed.items() if id not in known]


def key_id(name: str) -> str:
    """Id of the key that a sealed name says; empty for any other text."""
    return name.removeprefix(SEALED).partition(":")[0] if name.startswith(SEALED) else ""


def seal_changes(
    place: str, changes: Changes, keyring: Keyring | None = None, *, left: Collection[str] = ()
) -> Changes:
    """The same changes with names sealed; the very object where there are none in clear. Parameters as :meth:`Keyring.seal`.

    Raises
    ------
    OutsideError
        When the file of keys cannot be used.
    """
    rows = changes.put.get(TABLE)
    if rows is None or rows.is_empty():
        return changes
    sealed = (keyring or Keyring()).seal(place, rows, left=left).rows
    return changes if sealed is rows else Changes({**changes.put, TABLE: sealed}, changes.removed)


def seal_network(
    network: Network,
    place: str,
    keyring: Keyring | None = None,
    *,
    stored: pl.DataFrame | None = None,
    left: Collection[str] = (),
) -> tuple[Network, SealedNames]:
    """A network in memory with names sealed for the place in which it is to be. Parameters as :meth:`Keyring.seal`."""
    if not network.has(TABLE) or network.frame(TABLE).is_empty():
        return network, SealedNames(network.frame(TABLE))
    sealed = (keyring or Keyring()).seal(place, network.frame(TABLE), stored, left)
    return replace(network, frames={**network.frames, TABLE: sealed.rows}), sealed


def _sealed(id: str, key: bytes | None, cadre: str, name: str) -> str:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    assert key is not None
    text = base64.urlsafe_b64encode(AESSIV(key).encrypt(name.encode(), [cadre.encode()])).decode()
    return f"{SEALED}{id}:{text}"


def _opened(keys: Mapping[str, bytes | None], cadre: str, name: str | None) -> str | None:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    if name is None or not name.startswith(SEALED):
        return name
    id, _, text = name.removeprefix(SEALED).partition(":")
    key = keys.get(id)
    if key is None:
        return None
    try:
        return AESSIV(key).decrypt(base64.urlsafe_b64decode(text), [cadre.encode()]).decode()
    except (InvalidTag, ValueError):
        return None

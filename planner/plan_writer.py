"""A plan's folder while it is written: under a temporary name, sealed, synced, then renamed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from graph.errors import OutsideError, reason_of
from graph.tables.write import umask
from planner.seal import file_digest, seal
from planner.unfinished import OLD, Unfinished, turn

SEALED = ("tables", "baseline", "beside", "prices", "resolved", "rules", "published")
"""Parts of a plan whose tables a changed cell is found in."""


class PlanWriter:
    """Writes a plan under a temporary name; :meth:`publish` makes it appear whole, or not at all.

    What writers before it left half-done, as their process was killed, it removes. Seals of its tables are worked out in a
    thread beside what the caller does meanwhile.
    """

    def __init__(self, folder: Path) -> None:
        self.target = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.unfinished = Unfinished(folder)
        except OSError as error:
            raise disk_error(folder, error) from error
        self.folder = self.unfinished.folder
        self._beside = ThreadPoolExecutor(1)
        self._sealing: dict[str, Future[_Seal]] = {}

    def tables(self, part: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Write tables as Parquet."""
        place = self.folder / part
        with _disk(place):
            place.mkdir(exist_ok=True)
            for name, frame in frames.items():
                path = place / f"{name}.parquet"
                frame.write_parquet(path, compression="zstd", compression_level=3)
                if part in SEALED:
                    self._sealing[f"{part}/{path.name}"] = self._beside.submit(_sealed, path)

    def certificates(self, stage: str, arrays: Mapping[str, np.ndarray]) -> None:
        """Write a stage's certificates."""
        if not arrays:
            return
        place = self.folder / "certificates" / stage
        with _disk(place):
            place.mkdir(parents=True, exist_ok=True)
            for name, array in arrays.items():
                np.save(place / f"{name}.npy", array, allow_pickle=False)

    def json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file, keys in the order given."""
        with _disk(self.folder / name):
            text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
            (self.folder / name).write_text(text, encoding="utf-8")

    def seal(self) -> None:
        """Hash every file but ``run.json``, and keep the sums that find a changed cell."""
        with _disk(self.folder):
            (self.folder / "seals").mkdir(exist_ok=True)
            heads = {}
            for name in sorted(self._sealing):
                sealed = self._sealing[name].result()
                heads[name] = {"columns": sealed.columns, "rows": sealed.rows}
                file = name.removesuffix(".parquet").replace("/", ".", 1)
                np.save(self.folder / "seals" / f"{file}.npy", sealed.sums, allow_pickle=False)
        self._beside.shutdown()
        files = {str(p.relative_to(self.folder)): file_digest(p) for p in _files(self.folder)}
        self.json("seal.json", {"files": files, "tables": heads})

    def publish(self, name: str) -> Path:
        """Sync and rename to ``<target>/<name>``; a plan of that name that is there already is replaced."""
        final = self.target / name
        with _disk(final):
            self.folder.chmod(0o777 & ~umask())  # a temporary folder is private; a plan is for colleagues
            for path in _files(self.folder):
                _sync(path)
            with turn(self.target):
                if final.exists():
                    old = Path(tempfile.mkdtemp(prefix=OLD, dir=self.target))
                    os.rename(final, old / name)
                    try:
                        os.rename(self.folder, final)
                    finally:  # Ctrl-C in between: the plan that was there stays
                        if not final.exists():
                            os.rename(old / name, final)
                    shutil.rmtree(old, ignore_errors=True)
                else:
                    os.rename(self.folder, final)
            self.unfinished.close()
            _sync(self.target)
        return final

    def discard(self) -> None:
        """Remove what was written."""
        self._beside.shutdown(wait=False, cancel_futures=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.unfinished.close()


@dataclass(frozen=True)
class _Seal:
    """A table's seal, with its columns and how many rows it has."""

    columns: list[str]
    rows: int
    sums: np.ndarray


def _sealed(path: Path) -> _Seal:
    """Of a table as it was written."""
    frame = pl.read_parquet(path)
    return _Seal(frame.columns, frame.height, seal(frame))


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in ("run.json", "seal.json"))


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def disk_error(path: Path, error: OSError) -> OutsideError:
    """A full disk, a read-only folder and the like in one clear line."""
    why = reason_of(error)
    return OutsideError(f"无法写入 {path}：{why.zh}", f"cannot write {path}: {why.en}")


class _disk:
    """Turns errors of the disk into ours."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            raise disk_error(self.path, error) from error
        if isinstance(error, pl.exceptions.PolarsError) and "os error" in str(error).lower():
            text = str(error)
            raise OutsideError(
                f"无法写入 {self.path}：{text}", f"cannot write {self.path}: {text}"
            ) from error

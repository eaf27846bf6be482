"""A workbook is an archive: how much it unpacks to and what is in it is known before a reader opens it."""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from api.service.refusals import TooLarge
from api.service.uploads.parts import demand_plain_part, demand_plain_xml
from graph.errors import InputError

MOST_ENTRIES = 2_000
LARGEST_RATIO = 250
"""A sheet of equal rows packs to a hundredth and a little less; more is made to burst."""
SLIGHT = 1 << 20
"""Entries that unpack to less may have any ratio."""
STEP = 1 << 20
END = 22
"""Bytes of the end of an archive that has no comment."""
XML = (".xml", ".rels", ".vml")


def demand_workbook(file: Path, most: int) -> None:
    """Let a workbook pass that holds sheets and what belongs to them, and unpacks to at most ``most`` bytes.

    Raises
    ------
    TooLarge
        When it unpacks to more, has too many entries, or an entry bursts.
    InputError
        When it is damaged, has macros, links, entities, formulas or other things than a workbook of values has.
    """
    try:
        with zipfile.ZipFile(file) as archive, file.open("rb") as raw:
            entries = archive.infolist()
            _demand_whole(archive, entries, raw)
            _demand_slight(entries, file.stat().st_size, most)
            for entry in entries:
                demand_plain_part(_plain_name(entry))
                _look_into(entry, raw)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise InputError(
            f"工作簿已损坏（{error}）；请另存一次", f"the workbook is damaged ({error}); save it again"
        ) from error


def _demand_whole(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], raw: BinaryIO) -> None:
    """Nothing stands before the first entry, between them or behind the end; none lies in another."""
    starts = sorted(e.header_offset for e in entries)
    if not entries or starts[0] != 0 or len(set(starts)) < len(starts) or archive.comment:
        raise InputError(
            "工作簿前后藏有别的内容；请另存一次", "something else is hidden in the workbook; save it again"
        )
    raw.seek(-END, 2)
    if not raw.read(4).startswith(b"PK\x05\x06"):
        raise InputError(
            "工作簿后面还有别的内容；请另存一次", "something stands behind the workbook; save it again"
        )
    ends = sorted((e.header_offset, e.header_offset + 30 + e.compress_size) for e in entries)
    if any(end > start for (_, end), (start, _) in pairwise(ends)):
        raise InputError(
            "压缩包中的文件互相重叠；请另存一次", "entries of the archive overlap; save it again"
        )


def _demand_slight(entries: list[zipfile.ZipInfo], size: int, most: int) -> None:
    if len(entries) > MOST_ENTRIES:
        raise TooLarge(
            f"工作簿里有 {len(entries)} 个文件，至多 {MOST_ENTRIES}",
            f"the workbook has {len(entries)} parts, at most {MOST_ENTRIES} are taken",
        )
    whole = sum(e.file_size for e in entries)
    if whole > most:
        raise TooLarge(
            f"工作簿解开有 {whole / 1e6:,.0f} MB，至多 {most / 1e6:,.0f} MB",
            f"the workbook unpacks to {whole / 1e6:,.0f} MB, at most {most / 1e6:,.0f} MB are taken",
        )
    burst = next((e for e in entries if e.file_size > max(SLIGHT, LARGEST_RATIO * e.compress_size)), None)
    if burst is not None:
        raise TooLarge(
            f"工作簿里的 {burst.filename[:80]!r} 压缩了 {burst.file_size / max(1, burst.compress_size):,.0f} 倍；像是压缩炸弹",
            f"{burst.filename[:80]!r} in the workbook is packed {burst.file_size / max(1, burst.compress_size):,.0f} to 1: it is made to burst",
        )
    if sum(e.compress_size for e in entries) > size:
        raise InputError(
            "压缩包中的文件互相重叠；请另存一次", "entries of the archive overlap; save it again"
        )


def _plain_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name, where it is one inside the workbook and the entry a plain file."""
    name = entry.orig_filename
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or "\0" in name:
        raise InputError(
            f"工作簿里有越出其外的路径 {name[:80]!r}",
            f"the workbook has a path that leads out of it: {name[:80]!r}",
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise InputError(f"工作簿里的 {name[:80]!r} 是链接", f"{name[:80]!r} in the workbook is a link")
    if entry.flag_bits & 0x1:
        raise InputError("工作簿已加密；请去掉密码", "the workbook is encrypted; take its password off")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(
            "工作簿用了 Excel 没有的压缩方法；请另存一次",
            "the workbook is packed in a way that Excel does not; save it again",
        )
    return name


def _look_into(entry: zipfile.ZipInfo, raw: BinaryIO) -> None:
    """Unpack an entry piece by piece: it has as many bytes as it says, and its XML is plain."""
    count = 0

    def pieces() -> Iterator[bytes]:
        nonlocal count
        for piece in _unpacked(entry, raw):
            count += len(piece)
            if count > entry.file_size:
                raise TooLarge(
                    f"{entry.filename[:80]!r} 比它所说的大", f"{entry.filename[:80]!r} is larger than it says"
                )
            yield piece

    if entry.filename.lower().endswith(XML):
        demand_plain_xml(entry.filename, pieces())
    else:
        deque(pieces(), maxlen=0)
    if count != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename[:80]!r}")


def _unpacked(entry: zipfile.ZipInfo, raw: BinaryIO) -> Iterator[bytes]:
    """The bytes of an entry, whatever its record says of their number; as a reader in another language would get them."""
    raw.seek(entry.header_offset)
    head = raw.read(30)
    if len(head) < 30 or not head.startswith(b"PK\x03\x04"):
        raise zipfile.BadZipFile(f"{entry.filename[:80]!r}")
    raw.seek(int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little"), 1)
    left = entry.compress_size
    if entry.compress_type == zipfile.ZIP_STORED:
        while left and (piece := raw.read(min(STEP, left))):
            left -= len(piece)
            yield piece
        return
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and not unpack.eof and (packed := raw.read(min(STEP, left))):
        left -= len(packed)
        while packed:
            yield unpack.decompress(packed, STEP)
            packed = unpack.unconsumed_tail
    yield unpack.flush()

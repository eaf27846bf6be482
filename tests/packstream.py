"""PackStream, the bytes of Bolt: what the stub of a server needs of it, written after the published specification."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

BYTES, TEXT, LIST, MAP = 0x70, 0x80, 0x90, 0xA0
LONGER = {
    first + n: (kind, "BHI"[n])
    for kind, first in ((BYTES, 0xCC), (TEXT, 0xD0), (LIST, 0xD4), (MAP, 0xD8))
    for n in range(3)
}
"""Mark of what is longer than 15 → kind, and how its length is written."""


@dataclass(frozen=True)
class Structure:
    """A message or a value with a tag."""

    tag: int
    fields: tuple[Any, ...]


def pack(value: Any) -> bytes:
    """A value as bytes: nothing, truth, whole numbers, floats, text, lists, maps, structures."""
    match value:
        case None:
            return b"\xc0"
        case bool():
            return b"\xc3" if value else b"\xc2"
        case int():
            return b"\xcb" + struct.pack(">q", value)
        case float():
            return b"\xc1" + struct.pack(">d", value)
        case str():
            encoded = value.encode()
            return b"\xd2" + struct.pack(">I", len(encoded)) + encoded
        case list():
            return b"\xd6" + struct.pack(">I", len(value)) + b"".join(map(pack, value))
        case dict():
            pairs = b"".join(pack(k) + pack(v) for k, v in value.items())
            return b"\xda" + struct.pack(">I", len(value)) + pairs
        case Structure():
            return bytes([0xB0 + len(value.fields), value.tag]) + b"".join(map(pack, value.fields))
    raise TypeError(type(value))


class Unpacker:
    """Values from bytes, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def value(self) -> Any:
        """The next one."""
        mark = self._whole("B")
        if mark < 0x80:
            return mark
        if mark >= 0xF0:
            return mark - 0x100
        if mark < 0xC0:
            return self._sized(mark & 0xF0, mark & 0x0F)
        if mark in (0xC0, 0xC2, 0xC3):
            return {0xC0: None, 0xC2: False, 0xC3: True}[mark]
        numbers = {0xC1: "d", 0xC8: "b", 0xC9: "h", 0xCA: "i", 0xCB: "q"}
        if mark in numbers:
            return self._whole(numbers[mark])
        kind, length = LONGER[mark]
        return self._sized(kind, self._whole(length))

    def _sized(self, kind: int, size: int) -> Any:
        if kind == BYTES:
            return self._taken(size)
        if kind == TEXT:
            return self._taken(size).decode()
        if kind == LIST:
            return [self.value() for _ in range(size)]
        if kind == MAP:
            return {self.value(): self.value() for _ in range(size)}
        return Structure(self._whole("B"), tuple(self.value() for _ in range(size)))

    def _whole(self, kind: str) -> Any:
        (value,) = struct.unpack(f">{kind}", self._taken(struct.calcsize(f">{kind}")))
        return value

    def _taken(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]

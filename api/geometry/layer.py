"""One file's shapes as they are kept for the screen, and which file has those of a level."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from api.geometry.shapes import Shape, shapes_of
from api.geometry.simplify import FORM, simplify
from api.geometry.source import Source, stem_of
from api.geometry.written import forget

MAKING = threading.Lock()
"""One at a time: others who want the same wait for it."""
Apart = Callable[..., None]
"""Runs a function in a process of its own, as :class:`api.service.bounded.guard.Guard` does."""


@dataclass(frozen=True)
class Layer:
    """Shapes of one file, simplified.

    Parameters
    ----------
    file : Path
        Its first line says what is there, its second holds the arcs.
    """

    file: Path

    @cached_property
    def head(self) -> dict[str, Any]:
        """``bbox``, ``transform``, ``shapes`` (``code``, ``name``, ``type``, ``arcs``)."""
        with self.file.open("rb") as opened:
            found: dict[str, Any] = json.loads(opened.readline())
            return found

    @property
    def arcs(self) -> bytes:
        """The arcs as JSON."""
        with self.file.open("rb") as opened:
            opened.readline()
            return opened.read()

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of regions that have a shape here."""
        return frozenset(shape["code"] for shape in self.head["shapes"] if shape["code"])

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The same shapes as GeoJSON."""
        return tuple(shapes_of(self.file.with_suffix(".geojson")))


@lru_cache(maxsize=8)
def _layer(file: Path) -> Layer:
    return Layer(file)


def layers(source: Source, kept: Path, apart: Apart) -> Iterator[Layer]:
    """The layers of a source, the widest regions first; each made when it is asked for and not there yet.

    Parameters
    ----------
    source : Source
    kept : Path
        Folder where they are kept.
    apart : callable
        Makes them in a process of its own.

    Raises
    ------
    InputError, OutsideError
        When a file cannot be read or written.
    """
    for given in source.files:
        stem = stem_of(given, FORM)
        file = kept / f"{stem}.layer"
        if not file.is_file():
            with MAKING:
                if not file.is_file():  # nobody has made it meanwhile
                    apart(simplify, given[0], kept, stem)
                    _forget_others(source, kept)
        yield _layer(file)


def layer_for(codes: Collection[str], found: Iterator[Layer]) -> Layer | None:
    """The first layer that has at least half of some codes; the first of all where none has, as what they lie on.

    Parameters
    ----------
    codes : collection of str
        Of the regions at a level.
    found : iterator of Layer
        The widest regions first.
    """
    first: Layer | None = None
    for layer in found:
        first = first or layer
        if codes and 2 * len(layer.codes.intersection(codes)) >= len(codes):
            return layer
    return first


def _forget_others(source: Source, kept: Path) -> None:
    stems = {stem_of(given, FORM) for given in source.files}
    forget(file for file in kept.iterdir() if file.stem not in stems)  # and what an end in the middle left

"""What somebody sees of a part of the page: the colours of its pixels."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

NEAR = 24
"""Colours no further apart in any of red, green and blue (0–255) are the same to the eye, as edges are smoothed."""


@dataclass(frozen=True)
class Picture:
    """Pixels.

    Parameters
    ----------
    pixels : numpy.ndarray
        ``(height, width, 3) uint8``, red, green and blue.
    """

    pixels: np.ndarray

    def at(self, x: float, y: float) -> str:
        """The colour at a place, as ``#rrggbb``; ``x`` from 0 (left) to 1 (right), ``y`` from 0 (top) to 1 (bottom)."""
        height, width, _ = self.pixels.shape
        found = self.pixels[min(int(y * height), height - 1), min(int(x * width), width - 1)]
        return "#" + bytes(found).hex()

    def share(self, colour: str, near: int = NEAR) -> float:
        """How much of it has a colour, from 0 to 1."""
        return float(self._near(colour, near).mean())

    def places(self, colour: str, near: int = NEAR) -> tuple[float, float] | None:
        """The middle of what has a colour, as ``x`` and ``y`` from 0 to 1; ``None`` where nothing has it."""
        rows, columns = np.nonzero(self._near(colour, near))
        if not len(rows):
            return None
        height, width, _ = self.pixels.shape
        return float(columns.mean() / width), float(rows.mean() / height)

    def _near(self, colour: str, near: int) -> np.ndarray:
        wanted = np.frombuffer(bytes.fromhex(colour.removeprefix("#")), np.uint8).astype(np.int16)
        apart: np.ndarray = np.abs(self.pixels.astype(np.int16) - wanted).max(axis=2)
        return apart <= near


def picture_of(part: Locator) -> Picture:
    """A part of the page as it is drawn, canvas and all that lies over it.

    Parameters
    ----------
    part : Locator
        Such as ``page.locator("canvas")``.
    """
    with Image.open(io.BytesIO(part.screenshot())) as image:
        return Picture(np.asarray(image.convert("RGB")))


def same(colour: str, other: str, near: int = NEAR) -> bool:
    """Whether two colours are the same to the eye."""
    one, two = (bytes.fromhex(c.removeprefix("#")) for c in (colour, other))
    return max(abs(a - b) for a, b in zip(one, two, strict=True)) <= near

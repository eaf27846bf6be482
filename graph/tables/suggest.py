"""Nearest known words and codes, for "did you mean"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

FULL_SEARCHES = 100  # comparing one code with all known ones is slow where villages are many


def nearest_word(word: str, choices: Sequence[str], at_least: float = 60.0) -> str | None:
    """The choice most like ``word`` (0–100, at least ``at_least``), ``None`` where nothing is."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(
        word.casefold(), choices, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=at_least
    )
    return None if found is None else str(found[0])


def one_slip(word: str, choices: Iterable[str], shortest: int = 4) -> str | None:
    """The choice that a single slip of the hand makes into ``word``: a letter more, less, another or two in each other's place.

    Words of fewer than ``shortest`` letters are none's slip.
    """
    from rapidfuzz.distance import OSA

    if len(word) < shortest:
        return None
    return next((c for c in choices if c != word and OSA.distance(word, c, score_cutoff=1) == 1), None)


class NearestCode:
    """The known code nearest to a wrong one: fewest edits, then the longest common beginning.

    Codes that share the first four (else two) characters are compared first, because codes of places are read
    from the left.
    """

    def __init__(self, codes: Iterable[str]) -> None:
        self._codes = sorted(set(codes))
        self._found: dict[str, str | None] = {}
        self._full_searches = 0

    def __call__(self, code: str) -> str | None:
        """The nearest known code, ``None`` where nothing is near."""
        if code not in self._found:
            self._found[code] = self._search(code)
        return self._found[code]

    def _search(self, code: str) -> str | None:
        for width in (4, 2):
            near = _best(code, self._beginning(code[:width])) if len(code) > width else None
            if near is not None:
                return near
        self._full_searches += 1
        return _best(code, self._codes) if self._full_searches <= FULL_SEARCHES else None

    def _beginning(self, start: str) -> list[str]:
        return self._codes[bisect_left(self._codes, start) : bisect_left(self._codes, start + "\U0010ffff")]


def _best(code: str, choices: list[str]) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import Levenshtein

    limit = max(1, len(code) // 3)
    found = process.extract(code, choices, scorer=Levenshtein.distance, score_cutoff=limit, limit=50)
    if not found:
        return None
    return str(min(found, key=lambda f: (f[1], -_shared(code, f[0]), f[0]))[0])


def _shared(one: str, other: str) -> int:
    """How many characters both begin with."""
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )

"""Nearest known words and codes, for "did you mean"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping

from graph.language import Text
from graph.schema import TABLES

FULL_SEARCHES = 100  # comparing one code with all known ones is slow where villages are many


Choices = Collection[str] | Mapping[str, Text]
"""Known words; with titles, what may be meant is found by these, too, as jiedui and as the scenario says them."""
LIKE = 60.0
"""How like two words are at least, of 100, for one to be meant by the other."""


def nearest_words(word: str, choices: Choices, most: int = 3, at_least: float = LIKE) -> list[str]:
    """Up to ``most`` choices like ``word`` (0–100, at least ``at_least``), the most like first; big and small letters are one."""
    from rapidfuzz import fuzz, process

    forms = [(form, choice) for choice in choices for form in _forms(choice, choices)]
    words = [form for form, _ in forms]
    found = process.extract(
        word, words, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=at_least, limit=None
    )
    return list(dict.fromkeys(forms[at][1] for *_, at in found))[:most]


def nearest_word(word: str, choices: Choices, at_least: float = LIKE) -> str | None:
    """The choice most like ``word``, ``None`` where nothing is; see :func:`nearest_words`."""
    return next(iter(nearest_words(word, choices, 1, at_least)), None)


def did_you_mean(word: str, choices: Choices, most: int = 1, at_least: float = LIKE) -> Text:
    """``; did you mean …?``, to stand behind what is wrong; empty where nothing is like ``word``."""
    near = nearest_words(word, choices, most, at_least)
    return (
        Text(f"；是不是 {'、'.join(near)}？", f"; did you mean {', '.join(near)}?") if near else Text("", "")
    )


def meant_or_all(word: str, choices: Choices, most: int = 1) -> Text:
    """The same; where nothing is like ``word``, what there is."""
    near, words = did_you_mean(word, choices, most), list(choices)
    if near.en:
        return near
    if not words:
        return Text("；一个也没有", "; there is none")
    return Text(f"；可用：{'、'.join(words)}", f"; there are: {', '.join(words)}")


def unknown(what: Text, word: str, choices: Choices, most: int = 1) -> Text:
    """What to say of a word that is not there: ``no stage pairng; did you mean pairing?``, else what there is.

    Parameters
    ----------
    what : Text
        What is not there, such as ``no stage``.
    word : str
        The word.
    choices : collection of str
        What there is.
    most : int
        How many words may be meant.
    """
    near = meant_or_all(word, choices, most)
    return Text(f"{what.zh} {word}{near.zh}", f"{what.en} {word}{near.en}")


def unknown_key(key: str, choices: Choices) -> Text:
    """The same of a key that is named before."""
    near = meant_or_all(key, choices)
    return Text(f"没有这个键{near.zh}", f"unknown key{near.en}")


def no_such_table(name: str) -> Text:
    """What to say of a table that is not declared."""
    return unknown(Text("没有表", "no table"), name, {n: t.title for n, t in TABLES.items()})


def _forms(choice: str, choices: Choices) -> Iterable[str]:
    """A choice as it may be written: itself, and its titles."""
    title = choices[choice] if isinstance(choices, Mapping) else None
    return dict.fromkeys([choice, *title, *title.as_dict().values()]) if isinstance(title, Text) else [choice]


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

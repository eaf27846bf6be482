"""A scenario's own words, laid over what jiedui says.

jiedui speaks the language of one programme: cadres, counties, east–west collaboration, yuan. A scenario's ``[titles]`` name
what these are in its own. :func:`worded` says that within a block every :class:`~graph.language.Text` reads in its words;
:func:`following` that words follow the scenario or plan that is read. Names in the data and the scenario's own words are never
touched, so that laying the words over a text twice gives what once gives; a word of its own that is a word of jiedui, too,
stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, NamedTuple

import polars as pl

from graph.language import Language, Text, a_or_an, overlay
from graph.phrases import ALONE, FIXED, FIXED_EN, forms_of

Titles = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Section → what is named → ``{"zh": …, "en": …}``, with ``many``, the English plural, where it is not en + s.

Sections are ``words``, ``tag``, ``currency`` (``name``, which may have a ``symbol``, and ``big``, which has a ``size``) and the
enumerations. :func:`planner.titles.title_problems` says what is wrong with them.
"""
CODE_BEFORE, CODE_AFTER = r"(?<![\w\[`./=_>\"-])(?<!stage )(?<!did you mean )", r"(?![\w\]`/=>\"]|\.\w)"
"""What stands in names of files, keys, columns and values (``[cadres]``, ``cadres.skill``, ``"check>unit"``), the stage that is
named, and what may have been meant by a word that was typed, are no words of a text."""
TYPED_LIST = r"\bthere are: [\w, -]+"
"""What may be typed in the place of an unknown word."""
ONE_BEFORE = re.compile(r"(?:\b(?:next|one|each|per|every)|(?<![\d,.])1)\s$", re.IGNORECASE)
"""Money is ``yuan`` whatever its number; a scenario's may have a plural, which it has not behind these."""


class OwnWord(NamedTuple):
    """A title: Chinese, English, English plural."""

    zh: str
    en: str
    many: str


class Wording:
    """A scenario's titles made ready to be laid over texts.

    Parameters
    ----------
    titles : Titles
        As a scenario gives them.
    names : callable
        Gives the names in the data; called when the first text is told.
    """

    def __init__(self, titles: Titles, names: Callable[[], Iterable[str]] = tuple) -> None:
        self.titles, self.names = titles, names
        self._told: dict[tuple[str, Language], str] = {}

    def __call__(self, text: str, language: Language) -> str:
        """The text in the scenario's words."""
        key = (text, language)
        if key not in self._told:
            self._told[key] = self._laid_over(text, language)
        return self._told[key]

    def _laid_over(self, text: str, language: Language) -> str:
        if text in ALONE[language]:
            return text
        if self._symbol:
            text = self._symbol[0][language].sub(self._symbol[1], text)
        return self._patterns[language].sub(self._chinese if language == "zh" else self._english, text)

    @cached_property
    def own(self) -> Mapping[tuple[str, str], OwnWord]:
        """(Section, what is named) → the scenario's word."""
        return {
            (section, key): OwnWord(t["zh"], t["en"], t.get("many") or f"{t['en']}s")
            for section, named in self.titles.items()
            for key, t in named.items()
        }

    @cached_property
    def _symbol(self) -> tuple[dict[Language, re.Pattern[str]], str] | None:
        """Where the sign of money stands: alone or in brackets; and the scenario's."""
        symbol = self.titles.get("currency", {}).get("name", {}).get("symbol")
        if not symbol:
            return None
        zh, en = (re.compile(rf"^{w}(?=$|/)|(?<=[（(]){w}(?=[）)])") for w in ("元", "yuan"))
        return {"zh": zh, "en": en}, symbol.replace("\\", r"\\")

    @cached_property
    def _swaps(self) -> dict[Language, dict[str, OwnWord | str]]:
        """What jiedui says → what the scenario says."""
        found: dict[Language, dict[str, OwnWord | str]] = {"zh": {}, "en": {}}
        for (section, key), own in self.own.items():
            forms = forms_of(section, key)
            found["zh"] |= dict.fromkeys(forms.zh, own.zh)
            for one, many in forms.en:
                found["en"] |= (
                    {one: own.en, many: own.many} if one != many or section != "currency" else {one: own}
                )
        return found

    @cached_property
    def _patterns(self) -> dict[Language, re.Pattern[str]]:
        zh, en = self._swaps["zh"], self._swaps["en"]
        named = [n for n in dict.fromkeys(self.names()) if n and (_holds(n, zh) or _holds(n.lower(), en))]
        symbol = self._symbol[1] if self._symbol else ""
        kept_zh = _any([*named, *FIXED, *(o.zh for o in self.own.values()), symbol])
        own = _any([w for o in self.own.values() for w in (o.en, o.many)])
        kept_en = rf"{TYPED_LIST}|{_any([*named, *FIXED_EN])}|{CODE_BEFORE}(?:{own}){CODE_AFTER}"
        word = rf"{CODE_BEFORE}(?:(?P<article>an?)\s+(?!{kept_en}))?(?P<word>{_any(en)}){CODE_AFTER}"
        return {
            "zh": re.compile(rf"(?P<kept>{kept_zh})|(?P<word>{_any(zh)})"),
            "en": re.compile(rf"(?P<kept>{kept_en})|{word}", re.IGNORECASE),
        }

    def _chinese(self, found: re.Match[str]) -> str:
        return found[0] if found["kept"] is not None else str(self._swaps["zh"][found["word"]])

    def _english(self, found: re.Match[str]) -> str:
        if found["kept"] is not None:
            return found[0]
        said = self._swaps["en"][found["word"].lower()]
        if isinstance(said, OwnWord):
            alone = found["article"] or ONE_BEFORE.search(found.string, 0, found.start())
            said = said.en if alone else said.many
        if found["article"]:
            said = a_or_an(said)
        return said[:1].upper() + said[1:] if found[0][:1].isupper() else said


def _any(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first; one that nothing fits where there are none."""
    return "|".join(re.escape(w) for w in sorted({*words} - {""}, key=lambda w: (-len(w), w))) or "(?!)"


def _holds(name: str, words: Iterable[str]) -> bool:
    return any(word in name for word in words)


_wording: ContextVar[Wording | None] = ContextVar("jiedui_wording", default=None)
_heard: ContextVar[list[Wording] | None] = ContextVar("jiedui_heard", default=None)


def speak(wording: Wording | None) -> None:
    """Say everything in a scenario's words from here on in this thread or task; ``None``: in jiedui's own."""
    _wording.set(wording)
    overlay(wording)


@contextmanager
def worded(wording: Wording | None) -> Iterator[None]:
    """Say everything in a scenario's words within the block; ``None``: in jiedui's own."""
    before = _wording.get()
    speak(wording)
    try:
        yield
    finally:
        speak(before)


@contextmanager
def following() -> Iterator[None]:
    """Within the block words follow what is read: see :func:`heard`."""
    before = _heard.set([])
    try:
        with worded(None):
            yield
    finally:
        _heard.reset(before)


def heard(wording: Wording) -> None:
    """Say that a scenario or plan was read.

    Where words follow what is read, they are its own from here on, as long as everything read has the same titles. Of several
    vocabularies none is right for all: jiedui's own words hold.
    """
    there = _heard.get()
    if there is None:
        return
    there.append(wording)
    same = wording.titles and all(w.titles == wording.titles for w in there)
    speak(Wording(wording.titles, lambda: (n for w in there for n in w.names())) if same else None)


@contextmanager
def unheard() -> Iterator[None]:
    """Within the block words follow nothing: what is read there is gone before anything is told of it."""
    before = _heard.set(None)
    try:
        yield
    finally:
        _heard.reset(before)


def own_word(section: str, key: str) -> OwnWord | None:
    """The scenario's own word for a value, a tag or money; ``None`` where it has none."""
    wording = _wording.get()
    return None if wording is None else wording.own.get((section, key))


def own_title(section: str, key: str) -> Text | None:
    """The same as a text."""
    word = own_word(section, key)
    return None if word is None else Text(word.zh, word.en)


def own_titles(section: str) -> dict[str, Text]:
    """Every title of a section of the scenario's."""
    wording = _wording.get()
    named = wording.titles.get(section, {}) if wording is not None else {}
    return {key: Text(told["zh"], told["en"]) for key, told in named.items()}


def said_columns(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame whose texts for people (columns that end in ``_zh`` and ``_en``) are in the scenario's words."""
    wording = _wording.get()
    if wording is None:
        return frame
    languages: tuple[Language, ...] = ("zh", "en")
    told = [
        (c, x)
        for x in languages
        for c in frame.columns
        if c.endswith(f"_{x}") and frame[c].dtype == pl.String
    ]
    return frame.with_columns(_laid_over(frame[c], wording, language) for c, language in told)


def _laid_over(texts: pl.Series, wording: Wording, language: Language) -> pl.Series:
    distinct = texts.drop_nulls().unique(maintain_order=True).to_list()
    return texts.replace(distinct, [wording(t, language) for t in distinct])


def own_big_money(language: Language) -> tuple[int, str] | None:
    """In what the scenario tells large sums: how many of its currency, and its name; ``None`` where it says nothing of it."""
    wording = _wording.get()
    told = wording.titles.get("currency", {}).get("big") if wording is not None else None
    return (int(told["size"]), str(told[language])) if told else None

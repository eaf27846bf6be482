"""Texts in both languages, side by side, so that neither can be missing.

A :class:`Text` holds the Chinese and the English wording of one message. Everything that people read
(finding, error, title, help) is a ``Text``; :func:`use_language` says in which language ``str(text)`` reads.
Stored data (``plan.json``) keeps both.
"""

from __future__ import annotations

import locale
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Literal, NamedTuple

Language = Literal["zh", "en"]

Overlay = Callable[[str, Language], str]
"""What a scenario's own words make of a wording: :class:`graph.wording.Wording`."""

_language: ContextVar[Language | None] = ContextVar("jiedui_language", default=None)
_overlay: ContextVar[Overlay | None] = ContextVar("jiedui_overlay", default=None)


class Text(NamedTuple):
    """One message in Chinese (``zh``) and English (``en``)."""

    zh: str
    en: str

    def fill(self, **fields: Any) -> Text:
        """Both wordings with ``{name}`` fields put in; a field that is a ``Text`` goes in by language."""
        zh = {k: v.zh if isinstance(v, Text) else v for k, v in fields.items()}
        en = {k: v.en if isinstance(v, Text) else v for k, v in fields.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))

    def __str__(self) -> str:
        language = current_language()
        return _own_words(self.zh if language == "zh" else self.en, language)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def as_dict(self) -> dict[str, str]:
        """``{"zh": …, "en": …}`` for JSON."""
        return {"zh": _own_words(self.zh, "zh"), "en": _own_words(self.en, "en")}


def overlay(own: Overlay | None) -> Overlay | None:
    """Read texts in a scenario's own words from here on, ``None`` in jiedui's; gives back what held before."""
    before = _overlay.get()
    _overlay.set(own)
    return before


def _own_words(text: str, language: Language) -> str:
    own = _overlay.get()
    return text if own is None else own(text, language)


def a_or_an(word: str) -> str:
    """An English word with its article, by its first letter: ``a team``, ``an officer``."""
    return f"{'an' if word[:1].lower() in ('a', 'e', 'i', 'o', 'u') else 'a'} {word}"


def several(count: int, thing: str, things: str = "") -> str:
    """A count with its English noun: ``1 pair``, ``2 pairs``; ``things`` where the plural is not ``thing`` + s."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def use_language(language: Language | None) -> None:
    """Read texts in ``language`` from here on; ``None`` goes back to the locale's."""
    _language.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Read texts in ``language`` within the block."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def current_language() -> Language:
    """The language asked for, else the locale's: Chinese for ``zh*``, English otherwise."""
    return _language.get() or locale_language()


def locale_language() -> Language:
    """Chinese where ``LC_ALL``, ``LC_MESSAGES`` or ``LANG`` (the first that is set) begins with ``zh``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"

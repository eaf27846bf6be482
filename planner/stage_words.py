"""Stages in messages: as they are typed, with what they are called beside it."""

from __future__ import annotations

from collections.abc import Iterable

from graph.language import Text
from planner.stages import STAGES


def typed_stages(stages: Iterable[str]) -> Text:
    """Stages as they are typed, each with its title beside it where that is another word.

    What a scenario calls cadres must not hide that ``cadres`` is to be typed.
    """
    titles = {s: STAGES[s].title for s in stages}
    zh = (f"`{s}`（{title.zh}）" for s, title in titles.items())
    en = (f"`{s}`" if title.en == s else f"`{s}` ({title.en})" for s, title in titles.items())
    return Text("、".join(zh) or "–", ", ".join(en) or "–")

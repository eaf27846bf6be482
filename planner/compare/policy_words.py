"""Policy values that are not the same in two plans, in words: of lists and tables what was added, taken away and changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph.language import Text
from planner.policy import as_written

MOST = 5
"""Entries of a list that are told; of more the number."""
NOTHING = (None, "off", "–")
"""What stands where a plan has no such list."""

Entries = dict[str, Any]


def difference_words(old: Any, new: Any, names: Mapping[str, str]) -> Text:
    """``old → new``; where one is a list or table, which entries are new, gone or other, by name.

    Parameters
    ----------
    old, new : object
        Values of one setting; ``None`` where a plan has none.
    names : mapping of str to str
        Id → name; an id without one stands for itself.
    """
    entries = _both(old, new)
    if entries is None:
        both = f"{_written(old)} → {_written(new)}"
        return Text(both, both)
    was, now = entries
    parts = (
        (Text("新增 ", "added "), [_entry(k, v, names) for k, v in now.items() if k not in was]),
        (Text("去掉 ", "taken away "), [_entry(k, v, names) for k, v in was.items() if k not in now]),
        (Text("改变 ", "changed "), [f"{_name(k, names)} {_written(was[k])} → {_written(now[k])}"
                                     for k in now if k in was and was[k] != now[k]]),
    )  # fmt: skip
    told = [(head, *_cut(listed)) for head, listed in parts if listed]
    return Text(
        "，".join(f"{head.zh}{zh}" for head, zh, _ in told),
        ", ".join(f"{head.en}{en}" for head, _, en in told),
    )


def value_words(value: Any, first: Any, names: Mapping[str, str]) -> Text:
    """A value beside the first plan's: a short list whole and by name, a long one by its length and how it differs."""
    entries = _entries(value)
    if not entries:
        alone = _written(value)
        return Text(alone, alone)
    if len(entries) <= MOST:
        listed = [_entry(k, v, names) for k, v in entries.items()]
        return Text("、".join(listed), ", ".join(listed))
    number = Text(f"{len(entries)} 项", f"{len(entries)} entries")
    if first is value or _both(first, value) is None:
        return number
    told = difference_words(first, value, names)
    return Text(f"{number.zh}：{told.zh}", f"{number.en}: {told.en}") if told.zh else number


def _both(old: Any, new: Any) -> tuple[Entries, Entries] | None:
    """The entries of both, where one is a list and the other a list or nothing; ``None`` for what is no list, or in another order only."""
    was, now = _entries(old), _entries(new)
    if (was is None and old not in NOTHING) or (now is None and new not in NOTHING):
        return None
    if (was is None and now is None) or was == now:
        return None
    return was or {}, now or {}


def _entries(value: Any) -> Entries | None:
    """Entry → its value (``None`` in a list of texts); ``None`` for what is neither a table nor a list of texts."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(v, str) for v in value):
        return dict.fromkeys(value)
    return None


def _entry(key: str, value: Any, names: Mapping[str, str]) -> str:
    return _name(key, names) if value is None else f"{_name(key, names)} = {_written(value)}"


def _name(key: str, names: Mapping[str, str]) -> str:
    """An id, or a pair of ids, by name."""
    return " > ".join(names.get(part.strip(), part.strip()) for part in key.split(">"))


def _cut(listed: list[str]) -> tuple[str, str]:
    zh, en = "、".join(listed[:MOST]), ", ".join(listed[:MOST])
    if len(listed) <= MOST:
        return zh, en
    return f"{zh}……共 {len(listed)} 项", f"{en} … {len(listed)} in all"


def _written(value: Any) -> str:
    return "–" if value is None else as_written(value)

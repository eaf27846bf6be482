"""Names that scenarios made here may have: one plain word of any script, the same in every file system."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from graph.errors import CheckFailed, UsageError

MOST_LETTERS, MOST_BYTES = 64, 200
LONGEST = 240
"""Bytes of a name that a file system takes."""
BESIDE = "-_"
"""What may stand in a name beside letters, marks and digits."""
TAKEN = frozenset(
    [
        "data",
        "con",
        "prn",
        "aux",
        "nul",
        "new",
        "served",
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)),
    ]
)
"""Names that mean something else, here or to some system."""


def is_plausible(name: str) -> bool:
    """Whether a folder could have this name, so that it is worth looking for it."""
    return 0 < len(name.encode("utf-8", "replace")) <= LONGEST and not (
        name.startswith(".") or set(name) & {"/", "\\", "\0"}
    )


def demand_name(name: str) -> None:
    """Let a plain word pass.

    Raises
    ------
    UsageError
        When it is empty, too long, a path, or has other signs than letters, digits, ``-`` and ``_``.
    """
    why = _wrong(name)
    if why is not None:
        zh, en = why
        raise UsageError(f"场景名 {name[:80]!r}：{zh}", f"scenario's name {name[:80]!r}: {en}")


def _wrong(name: str) -> tuple[str, str] | None:
    if not name or len(name) > MOST_LETTERS or len(name.encode("utf-8", "replace")) > MOST_BYTES:
        return f"应为 1–{MOST_LETTERS} 个字符", f"must have 1 to {MOST_LETTERS} characters"
    if unicodedata.normalize("NFC", name) != name:
        return "请用规范组合形式（NFC）书写", "write it in composed form (NFC)"
    strange = next((c for c in name if not _plain(c)), None)
    if strange is not None:
        return (
            f"不能含 {strange!r}；可用文字、数字、- 和 _",
            f"must not have {strange!r}; letters, digits, - and _ may be used",
        )
    if not name[0].isalnum():
        return "应以文字或数字开头", "must begin with a letter or digit"
    if name.casefold() in TAKEN:
        return "这个名称另有用处；请换一个", "this name means something else; take another"
    return None


def _plain(sign: str) -> bool:
    return sign in BESIDE or unicodedata.category(sign)[0] in "LMN"


def demand_free(name: str, there: Iterable[str]) -> None:
    """Let a name pass that no other scenario has, letters big or small.

    Raises
    ------
    CheckFailed
        When one has it.
    """
    other = next((n for n in there if n.casefold() == name.casefold()), None)
    if other is not None:
        raise CheckFailed(
            f"已有场景 {other}；请换个名字", f"there is a scenario {other} already; take another name"
        )

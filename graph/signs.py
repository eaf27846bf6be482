"""Signs that are not seen, or make what stands beside them look like something else: not in texts that stand in lists."""

from __future__ import annotations

import unicodedata

from graph.errors import UsageError
from graph.language import Text

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They change the direction in which text is read: ``a`` and ``b`` may stand the other way round than they are."""
LINES = frozenset("\n\r\t")


def demand_seen(what: Text, text: str, *, lines: bool = False) -> None:
    """Refuse a text with signs that nobody sees.

    Parameters
    ----------
    what : Text
        What the text is.
    text : str
    lines : bool
        Whether it may have several lines, and tabs.

    Raises
    ------
    UsageError
        When it has control characters, line breaks where none may be, halves of characters, or signs that change the direction of reading.
    """
    for place, sign in enumerate(text, 1):
        if sign in TURNING or (
            unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") and not (lines and sign in LINES)
        ):
            raise UsageError(
                f"{what.zh}的第 {place} 个字符（U+{ord(sign):04X}）是换行、控制字符或改变书写方向的字符；请删去",
                f"character {place} of {what.en} (U+{ord(sign):04X}) breaks the line, controls something or turns the direction of reading; leave it out",
            )

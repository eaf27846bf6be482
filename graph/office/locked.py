"""Why rows may not be touched, told to whoever asks as far as it is theirs to see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from graph.errors import CheckFailed
from graph.language import Text, several

SHOWN = 20
"""Reasons that a message names."""


@dataclass(frozen=True)
class Reason:
    """Why a row may not be touched: an approved request holds it, or a place is frozen.

    Parameters
    ----------
    table, row : str
        The row.
    request : str
        Who holds it; empty: a place is frozen.
    region, label : str
        Code and label of the frozen place.
    until : date or None
        The end of the freeze, excluded.
    why : str
        Its reason.
    """

    table: str
    row: str
    request: str = ""
    region: str = ""
    label: str = ""
    until: date | None = None
    why: str = ""

    @property
    def told(self) -> Text:
        """All of it."""
        if self.request:
            return self._of(
                f"已批准的请求 {self.request} 锁定", f"held by the approved request {self.request}"
            )
        until = self.until.isoformat() if self.until else ""
        why_zh, why_en = (f"（{self.why}）", f" ({self.why})") if self.why else ("", "")
        return self._of(
            f"{self.label} 已冻结{f'至 {until}' if until else ''}{why_zh}",
            f"{self.label} is frozen{f' until {until}' if until else ''}{why_en}",
        )

    @property
    def hinted(self) -> Text:
        """That it is so, for those who may not see whose request it is, or which place and why."""
        if self.request:
            return self._of(
                "另一个已批准的请求锁定，它超出您的地区；看得到它的人可以说明",
                "held by another approved request, which reaches beyond your regions; whoever sees it can tell",
            )
        return self._of(
            "所涉的一处地方已冻结，不在您的地区内；看得到那里的人可以说明",
            "a place of it outside your regions is frozen; whoever sees that place can tell",
        )

    def _of(self, zh: str, en: str) -> Text:
        return Text(f"{self.table} {self.row}：{zh}", f"{self.table} {self.row}: {en}")


class Locked(CheckFailed):
    """A change touches what an approved request holds, or a place that is frozen.

    Parameters
    ----------
    reasons : sequence of Reason
    seen : callable
        Whether a reason is told in full; all are by default.
    """

    def __init__(self, reasons: Sequence[Reason], seen: Callable[[Reason], bool] = lambda _: True) -> None:
        self.reasons = tuple(reasons)
        told = [r.told if seen(r) else r.hinted for r in self.reasons[:SHOWN]]
        more = len(self.reasons) - SHOWN
        zh = "\n".join(f"  {t.zh}" for t in told) + (f"\n  ……另有 {more} 处" if more > 0 else "")
        en = "\n".join(f"  {t.en}" for t in told) + (f"\n  … and {more} more" if more > 0 else "")
        super().__init__(
            f"有 {len(self.reasons)} 处不能改动，未作任何更改：\n{zh}",
            f"{several(len(self.reasons), 'place')} may not be touched, nothing was done:\n{en}",
        )

"""On which day a question is asked, and days counted in months."""

from __future__ import annotations

import calendar
from datetime import date

from graph.network import Network


def moment(network: Network, at: date | None) -> date:
    """The day asked for, else the scenario's date, else today."""
    return at or network.on or date.today()


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))

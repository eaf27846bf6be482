"""Refusals that only a service has, beside those of :mod:`graph.errors`."""

from __future__ import annotations

from graph.errors import CheckFailed, JieduiError, UsageError


class NotFound(UsageError):
    """What a path names is not there."""


class NoSuchForm(UsageError):
    """An answer is wanted in no form in which it is given."""


class Refused(JieduiError):
    """The caller may not do this, or has not said who they are (``status`` 401)."""

    def __init__(self, zh: str, en: str, *, status: int = 403) -> None:
        super().__init__(zh, en)
        self.status = status


class Stale(CheckFailed):
    """``If-Match`` names an older state than the one that is there."""


class TooMany(JieduiError):
    """A limit on requests or jobs is reached; ``seconds``: after which it is worth trying again."""

    def __init__(self, zh: str, en: str, *, seconds: int) -> None:
        super().__init__(zh, en)
        self.seconds = seconds

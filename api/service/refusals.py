"""Refusals that only a service has, beside those of :mod:`graph.errors`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.errors import CheckFailed, JieduiError, OutsideError, UsageError


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
    """``If-Match`` names an older state than the one that is there; ``etag``: of that one, where it is known."""

    def __init__(self, zh: str, en: str, *, etag: str = "") -> None:
        super().__init__(zh, en)
        self.etag = etag

    def details(self) -> dict[str, Any]:
        """The state that is there."""
        return {"etag": self.etag} if self.etag else {}


class NoMatch(UsageError):
    """A change has to say by ``If-Match`` which state it was made from, and does not."""


class TooLarge(UsageError):
    """What is sent is larger than what is taken."""


class UnknownForm(UsageError):
    """What is sent is of a form that is not read here."""


class TooMany(JieduiError):
    """A limit on requests or jobs is reached; ``seconds``: after which it is worth trying again."""

    def __init__(self, zh: str, en: str, *, seconds: int) -> None:
        super().__init__(zh, en)
        self.seconds = seconds


class NotReady(OutsideError):
    """The service cannot answer questions; ``failed``: what of it does not work → why."""

    def __init__(self, zh: str, en: str, *, failed: Mapping[str, Any]) -> None:
        super().__init__(zh, en)
        self.failed = failed

    def details(self) -> dict[str, Any]:
        """What does not work."""
        return {"failed": dict(self.failed)}
